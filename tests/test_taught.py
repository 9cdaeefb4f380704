"""Decided names as evidence: strong in their outlet, weak elsewhere, visible, and not against what a report says."""

from making import KHERSON, mention, report

from geo.gazetteer.local import LocalGazetteer
from geo.records import Place
from geo.taught import Decided, Taught

ILLINOIS = Place(
    place_id="geonames:4250542",
    name="Springfield",
    level="point",
    lon=-89.64371,
    lat=39.80172,
    radius_km=8.0,
    country="US",
)
OUTLET = "sj-r.com"
GAZETTEER = LocalGazetteer.open()


def asked(text, name="Springfield", outlet=OUTLET, decided=None):
    """What a name means in a report of an outlet, after these decisions."""
    told = report(text=text, source=outlet)
    taught = Taught([Decided(name="Springfield", outlet=OUTLET, place=ILLINOIS)] if decided is None else decided)
    names = [name] if isinstance(name, str) else name
    (found,) = taught.resolve([told], [[mention(told, words) for words in names]], GAZETTEER)
    return found[0]


PLAIN = "A man was hurt in a fire in Springfield on Monday."


def test_a_name_decided_for_an_outlet_means_that_place_there_again_and_the_reason_says_so():
    assert asked(PLAIN, decided=[]).place.place_id != ILLINOIS.place_id
    again = asked(PLAIN)
    assert again.place.place_id == ILLINOIS.place_id
    assert again.reason.startswith("people chose it for this name in this outlet before (once)")


def test_what_a_report_says_overrules_what_was_decided_before():
    other = asked("A man was hurt in Springfield, Massachusetts on Monday.", ["Springfield", "Massachusetts"])
    assert other.place.admin1 == "Massachusetts"
    assert "people chose" not in other.reason


def test_another_outlet_is_hardly_swayed():
    texas = Place(
        place_id="geonames:4717560",
        name="Paris",
        level="point",
        lon=-95.55551,
        lat=33.66094,
        radius_km=8.0,
        country="US",
    )
    decided = [Decided(name="Paris", outlet="theparisnews.com", place=texas)]
    text = "A man was hurt in a fire in Paris on Monday."
    assert asked(text, "Paris", "theparisnews.com", decided).place.country == "US"
    assert asked(text, "Paris", "elsewhere.com", decided).place.country == "FR"


def test_where_an_outlet_is_at_home_speaks_for_places_near():
    text = "The road to Jacksonville is closed."
    far, near = asked(text, "Jacksonville", decided=[]), asked(
        text, "Jacksonville", decided=[Decided(name=n, outlet=OUTLET, place=ILLINOIS) for n in ("Springfield", "Here")]
    )  # fmt: skip
    assert far.place.admin1 == "Florida"
    lean = next(c.score for c in near.runners_up if c.place.admin1 == "Illinois")
    assert lean > next((c.score for c in far.runners_up if c.place.admin1 == "Illinois"), 0.0)


def test_a_mark_moved_by_hand_is_found_again():
    cabin = Place(place_id="hand:1.00000,2.00000", name="Cabin", level="point", lon=1.0, lat=2.0, radius_km=1.0)
    found = asked(
        "A fire at Hank's Cabin.", "Hank's Cabin", decided=[Decided(name="Hank's Cabin", outlet=OUTLET, place=cabin)]
    )
    assert found.place == cabin


def test_without_decisions_nothing_changes_and_nothing_is_claimed():
    told = report(text="Shells hit Kherson.")
    plain = Taught([])
    assert not plain
    (found,) = plain.resolve([told], [[mention(told, "Kherson")]], GAZETTEER)
    assert found[0].place.place_id == KHERSON.place_id
    assert "people" not in found[0].reason


def test_the_home_of_an_outlet_speaks_for_places_near_it_and_the_reason_says_so():
    told = report(text=PLAIN, source=OUTLET)
    (found,) = Taught([], homes={OUTLET: ILLINOIS}).resolve([told], [[mention(told, "Springfield")]], GAZETTEER)
    assert found[0].place.place_id == ILLINOIS.place_id
    assert found[0].reason.endswith("the outlet is at home near by, in Springfield")
    far = report(text="Shells hit Kherson.", source=OUTLET)
    (kherson,) = Taught([], homes={OUTLET: ILLINOIS}).resolve([far], [[mention(far, "Kherson")]], GAZETTEER)
    assert kherson[0].place.place_id == KHERSON.place_id
    assert "at home" not in kherson[0].reason
