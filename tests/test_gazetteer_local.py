"""The embedded gazetteer: hard names, the Geocoder contract, numbers in place of Places, shapes, and damage told."""

from __future__ import annotations

import csv
import json
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from contract_geocoder import keeps_the_contract

from geo.distance import km
from geo.errors import GazetteerError
from geo.gazetteer.compiled import Compiled
from geo.gazetteer.local import SHIPPED, LocalGazetteer, moved
from geo.interfaces import Geocoder
from geo.records import LEVELS, Query

_: type[Geocoder] = LocalGazetteer

HARD = list(csv.DictReader((Path(__file__).parent / "hard_names.csv").read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def gazetteer():
    return LocalGazetteer.open()


def first(gazetteer, name, **around):
    return gazetteer.candidates([Query(name=name, **around)])[0][0]


def test_the_table_of_hard_names_is_long_and_covers_all_continents():
    assert len(HARD) >= 150
    for west, south, east, north in [(-20, -35, 50, 35), (60, 0, 150, 55), (-10, 36, 40, 70), (-130, 15, -60, 60)]:
        assert sum(west <= float(r["lon"]) <= east and south <= float(r["lat"]) <= north for r in HARD) > 10
    assert sum(float(r["lat"]) < -10 and float(r["lon"]) < -30 for r in HARD) >= 2
    assert sum(float(r["lat"]) < -20 and float(r["lon"]) > 110 for r in HARD) >= 4


def test_every_hard_name_resolves_as_listed(gazetteer):
    wrong = []
    for row in HARD:
        around = {"country": row["country"] or None, "container": row["container"] or None}
        place = first(gazetteer, row["name"], **around).place
        away = float(km(place.lon, place.lat, float(row["lon"]), float(row["lat"])))
        right = away <= float(row["within_km"]) and row["level"] in {"", place.level}
        if not right or row["place_id"] not in {"", place.place_id}:
            wrong.append((row["name"], place.place_id, place.name, place.level, round(away)))
    assert wrong == []


def test_every_springfield_of_500_people_is_in_the_table(gazetteer):
    rows = gazetteer.lookup("Springfield")
    facts = gazetteer.facts(rows)
    names = [gazetteer.place_at(row).name for row in rows]
    mine = [
        f"geonames:{number}"
        for number, name, country, people, level in zip(
            [gazetteer.place_at(row).place_id.split(":")[1] for row in rows], names, facts.country.tolist(),
            facts.population.tolist(), facts.level.tolist(), strict=True,
        )
        if name == "Springfield" and country == "US" and people >= 500 and LEVELS[level] == "point"
    ]  # fmt: skip
    assert len(mine) >= 20
    assert set(mine) <= {row["place_id"] for row in HARD}


def test_it_keeps_the_contract_of_a_geocoder(gazetteer):
    keeps_the_contract(gazetteer, known="Kherson", country="UA")


def test_a_bare_name_means_the_town_and_the_generic_word_asks_for_the_division(gazetteer):
    city, oblast = first(gazetteer, "Kherson"), first(gazetteer, "Kherson region")
    assert (city.place.level, oblast.place.level) == ("point", "admin1")
    assert oblast.match == "generic"
    assert oblast.place.place_id in city.place.parents


def test_a_city_under_an_alternate_name_outranks_a_village_of_that_name(gazetteer):
    city, *others = gazetteer.candidates([Query(name="Makiivka")])[0]
    assert city.place.population > 300_000
    assert any(other.place.name.startswith("Makiivka") for other in others)


def test_the_country_in_play_decides(gazetteer):
    assert first(gazetteer, "Georgia").place.country == "GE"
    assert first(gazetteer, "Georgia", country="US").place.level == "admin1"
    assert first(gazetteer, "Paris", container="Texas").place.admin1 == "Texas"
    assert first(gazetteer, "Tripoli", near=(35.5, 33.9)).place.country == "LB"


def test_a_slip_of_spelling_is_found_only_in_the_country_in_play_and_trusted_less(gazetteer):
    slip = first(gazetteer, "Kramatorks", country="UA")
    assert (slip.place.name, slip.match) == ("Kramatorsk", "fuzzy")
    assert slip.score < first(gazetteer, "Kramatorsk", country="UA").score
    assert not any(c.match == "fuzzy" for c in gazetteer.candidates([Query(name="Kramatorks")])[0])


def test_demonyms_and_abbreviations_say_that_they_are(gazetteer):
    assert (first(gazetteer, "Ukrainians").place.country, first(gazetteer, "Ukrainians").match) == ("UA", "demonym")
    assert first(gazetteer, "Calif.").place.name == "California"
    assert first(gazetteer, "Londoners").place.name == "London"
    for people in ("Israeli", "German", "Iraqi", "Pakistani", "Swiss"):
        assert first(gazetteer, people).match == "demonym"


def test_the_capital_of_a_people_or_a_country_is_a_town(gazetteer):
    told = ("the Nigerian capital", "Somali capital", "capital of France", "Kazakhstan's capital", "capital of Peru")
    assert [first(gazetteer, name).place.name for name in told] == ["Abuja", "Mogadishu", "Paris", "Astana", "Lima"]
    assert not gazetteer.candidates([Query(name="venture capital")])[0]


@pytest.mark.parametrize(
    ("phrase", "level", "radius"),
    [
        ("northern Kharkiv region", "admin1", (40, 90)),
        ("southern Paraguay", "region", (150, 300)),
        ("near Bakhmut", "point", (20, 30)),
        ("30 km north-east of Kupyansk", "point", (3, 15)),
        ("outskirts of Bakhmut", "point", (1, 15)),
        ("between Kherson and Mykolaiv", "region", (20, 40)),
    ],
)
def test_a_phrase_says_by_level_and_radius_what_is_really_known(gazetteer, phrase, level, radius):
    found = first(gazetteer, phrase)
    assert (found.match, found.place.level) == ("phrase", level)
    assert radius[0] <= found.place.radius_km <= radius[1]


def test_a_place_said_by_a_phrase_can_be_asked_for_again_by_its_id(gazetteer):
    for phrase in ("northern Kharkiv region", "30 km north-east of Kupyansk", "between Kherson and Mykolaiv"):
        place = first(gazetteer, phrase).place
        again = gazetteer.place(place.place_id)
        assert (again.lon, again.lat, again.level) == (place.lon, place.lat, place.level)


@pytest.mark.parametrize(
    ("phrase", "lon", "lat"),
    [
        ("southern Ukraine", (32, 35), (45.5, 47.2)),
        ("eastern Ukraine", (36, 39), (47.8, 49.2)),
        ("northern Nigeria", (6, 11), (11, 13)),
        ("western United States", (-118, -110), (36, 45)),
        ("southern Norway", (6, 11), (59, 62)),
    ],
)
def test_a_part_of_a_country_lies_in_the_middle_of_that_third_of_it(gazetteer, phrase, lon, lat):
    place = first(gazetteer, phrase).place
    assert lon[0] <= place.lon <= lon[1]
    assert lat[0] <= place.lat <= lat[1]


def test_the_outline_of_a_part_is_its_half(gazetteer):
    whole, part = gazetteer.polygon("geonames:706482"), gazetteer.polygon("geonames:706482#part-0")
    assert 0.2 < part.area / whole.area < 0.8
    assert part.centroid.y > whole.centroid.y
    assert gazetteer.polygon("geonames:706482#near") is None


def test_an_unknown_id_is_told_in_plain_words(gazetteer):
    for place_id in ("geonames:999999999", "dateline:nowhere", "geonames:x", "geonames:706448#sideways"):
        with pytest.raises(GazetteerError, match=r"no place"):
            gazetteer.place(place_id)


def test_crimea_and_sevastopol_lie_in_ukraine_and_kosovo_is_a_country(gazetteer):
    import shapely

    ukraine, russia = gazetteer.polygon("geonames:690791"), gazetteer.polygon("geonames:2017370")
    for lon, lat in [(34.1, 45.0), (33.6, 44.65)]:
        assert ukraine.contains(shapely.Point(lon, lat))
        assert not russia.contains(shapely.Point(lon, lat))
    assert gazetteer.place("geonames:694423").country == "UA"
    assert gazetteer.place("geonames:831053").country == "XK"
    assert gazetteer.polygon("geonames:831053") is not None


@pytest.mark.parametrize(
    ("name", "people", "town"),
    [("Crimea", "Crimean", "Simferopol"), ("Canary Islands", "Canarian", "El Paso"), ("Sicily", "Sicilian", "Catania")],
)
def test_a_region_that_is_a_division_too_is_one_place_that_holds_its_towns(gazetteer, name, people, town):
    (found,) = [c.place for c in gazetteer.candidates([Query(name=name)])[0] if c.place.name == name]
    assert found.level == "admin1"
    assert gazetteer.polygon(found.place_id) is not None
    assert gazetteer.candidates([Query(name=people)])[0][0].place == found
    towns = gazetteer.candidates([Query(name=town, country=found.country)])[0]
    assert towns[0].place.admin1 == name


def test_the_region_of_a_city_does_not_take_its_name(gazetteer):
    assert gazetteer.candidates([Query(name="Paris region")])[0][0].place.name == "Île-de-France"
    assert "Île-de-France" not in [c.place.name for c in gazetteer.candidates([Query(name="Paris")])[0]]


def test_countries_and_states_stand_where_geonames_puts_them(gazetteer):
    for place_id, lon, lat in [("geonames:2017370", 100, 60), ("geonames:6252001", -98.5, 39.76)]:
        place = gazetteer.place(place_id)
        assert (place.lon, place.lat) == (lon, lat)
        assert gazetteer.point_kind(place_id) == "geonames"
    assert gazetteer.point_kind("geonames:706442").startswith("derived")


def test_numbers_agree_with_places(gazetteer):
    rows = gazetteer.lookup("Kherson")
    facts = gazetteer.facts(rows)
    for index, row in enumerate(rows):
        place = gazetteer.place_at(row)
        assert (round(float(facts.lon[index]), 5), LEVELS[facts.level[index]]) == (place.lon, place.level)
        assert (str(facts.country[index]) or None) == place.country
        assert int(facts.population[index]) == (place.population or 0)
        assert facts.admin1[index] == 0 or place.admin1
    assert len(gazetteer.facts([]).lon) == 0


def test_every_row_is_a_valid_place_with_known_parents(gazetteer):
    rng = np.random.default_rng(7)
    for row in [*range(300), *rng.integers(0, gazetteer.rows, 2000).tolist()]:
        place = gazetteer.place_at(row)
        assert place.name
        assert place.place_id not in place.parents
        levels = [LEVELS.index(gazetteer.place(parent).level) for parent in place.parents]
        assert levels == sorted(levels)
        assert gazetteer.has(place.place_id)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Shells hit Kherson’s port and New York.", ["Kherson", "New York"]),
        ("He flew from St. Louis to Port-au-Prince.", ["St. Louis", "Port-au-Prince"]),
        ("The U.S. and al-Bab, said the US; but not us or Us.", ["U.S.", "al-Bab", "US"]),
        ("In May, however, police in Ivano-Frankivsk said so.", ["Ivano-Frankivsk"]),
        ("Бої за Херсон тривають.", ["Херсон"]),
        ("", []),
    ],
)
def test_the_longest_names_are_found_in_running_text(gazetteer, text, names):
    found = gazetteer.find_names(text)
    assert [text[start:end] for start, end in found] == names
    assert all(one[1] <= other[0] for one, other in pairwise(found))


def test_a_missing_damaged_or_foreign_gazetteer_is_told(tmp_path):
    with pytest.raises(GazetteerError, match="no gazetteer in"):
        LocalGazetteer.open(tmp_path)
    copy = tmp_path / "copy"
    shutil.copytree(SHIPPED, copy)
    (copy / "lon.npy").write_bytes(b"nonsense")
    with pytest.raises(GazetteerError, match=r"lon\.npy is missing or damaged"):
        LocalGazetteer.open(copy)
    meta = json.loads((SHIPPED / "meta.json").read_text(encoding="utf-8"))
    (copy / "meta.json").write_text(json.dumps(meta | {"format": 99}), encoding="utf-8")
    with pytest.raises(GazetteerError, match="format 99"):
        Compiled(copy)
    (copy / "meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(GazetteerError, match="damaged"):
        Compiled(copy)


def test_moving_a_point_goes_the_way_that_was_said():
    lon, lat = moved(32.6, 46.6, 45, 30)
    assert float(km(32.6, 46.6, lon, lat)) == pytest.approx(30, abs=0.01)
    assert lon > 32.6
    assert lat > 46.6
    assert moved(179.9, 0, 90, 100)[0] < -179
