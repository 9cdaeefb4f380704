"""Which place a name means once the words beside it are read."""

import pytest

from geo.clauses import tokens
from geo.meant import also_meant, place_of
from geo.records import Candidate, Mention, Place

UKRAINE = Place(
    place_id="geonames:690791", name="Ukraine", level="country", lon=32, lat=49, radius_km=436, country="UA"
)
OBLAST = Place(
    place_id="geonames:706482", name="Kharkiv", level="admin1", lon=36.46, lat=49.47, radius_km=100, country="UA"
)
CITY = Place(
    place_id="geonames:706483",
    name="Kharkiv",
    level="point",
    lon=36.25,
    lat=49.98,
    radius_km=12,
    country="UA",
    population=1_400_000,
    parents=("geonames:706482", "geonames:690791"),
)


def meant(text, name, place, *others):
    words = tuple(token.lower for token in tokens(text))
    first = words.index(name.lower())
    runners = tuple(Candidate(place=other, score=0.1) for other in others)
    mention = Mention(
        report_id="r", field="text", start=0, end=len(name), text=name, label="GPE", place=place, runners_up=runners
    )
    return place_of(mention, words, first, first + 1)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Fighting in eastern Ukraine.", "east Ukraine"),
        ("In the southern regions of Ukraine, shells fell.", "south Ukraine"),
        ("Shells fell in the west of Ukraine.", "west Ukraine"),
        ("Shells fell in Ukraine's north.", "north Ukraine"),
    ],
)
def test_a_part_of_a_country_is_a_region_of_its_own(text, name):
    place = meant(text, "Ukraine", UKRAINE)
    assert (place.name, place.level) == (name, "region")
    assert place.place_id.startswith("geonames:690791#part-")


def test_a_country_without_such_words_stays_one():
    assert meant("Shells fell in Ukraine.", "Ukraine", UKRAINE) == UKRAINE
    assert meant("North of Ukraine lies Belarus.", "Ukraine", UKRAINE) == UKRAINE


def test_a_bare_name_is_the_town_and_not_its_division():
    assert meant("Troops shelled Kharkiv.", "Kharkiv", OBLAST, CITY) == CITY


@pytest.mark.parametrize(
    "text", ["Troops shelled Kharkiv region.", "Shelling of Donetsk, Kharkiv and Sumy regions.", "In Izium, Kharkiv."]
)
def test_a_name_that_is_called_a_region_or_contains_one_before_it_is_the_division(text):
    assert meant(text, "Kharkiv", OBLAST, CITY) == OBLAST


def test_a_town_that_is_called_a_region_is_the_division():
    assert meant("Troops shelled Kharkiv region.", "Kharkiv", CITY, OBLAST) == OBLAST


def test_a_part_of_a_town_is_still_the_town():
    assert meant("Shells hit eastern Kharkiv.", "Kharkiv", CITY) == CITY


def test_what_is_unresolved_stays_so():
    assert meant("Shells hit Kharkiv.", "Kharkiv", None) is None


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Fighting in eastern and southern Ukraine.", "east Ukraine"),
        ("Fighting in the eastern and southern parts of Ukraine.", "east Ukraine"),
        ("Fighting in the south and east of Ukraine.", "south Ukraine"),
        ("Fighting in southern Ukraine.", None),
        ("Fighting in Poland and southern Ukraine.", None),
    ],
)
def test_both_parts_are_meant_where_two_are_named(text, other):
    words = tuple(token.lower for token in tokens(text))
    mention = Mention(report_id="r", field="text", start=0, end=7, text="Ukraine", label="GPE", place=UKRAINE)
    found = also_meant(mention, words, words.index("ukraine"))
    assert (found.name if found else None) == other
