"""Names become places in the light of the whole report, with a doubt and a reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geo.evaluate.measures import calibration_error, great_circle_km
from geo.evidence import FEATURES, NUMBER, ROUNDS
from geo.gazetteer.local import LocalGazetteer
from geo.interfaces import Geocoder
from geo.records import Candidate, Mention, Place, Query, Report
from geo.resolve import foremost, resolve, weights


@pytest.fixture(scope="module")
def gazetteer() -> LocalGazetteer:
    return LocalGazetteer.open()


def mentions(text: str, *names: str) -> list[Mention]:
    found, at = [], 0
    for name in names:
        start = text.index(name, at)
        at = start + len(name)
        found.append(Mention(report_id="r", field="text", start=start, end=at, text=name))
    return found


def placed(gazetteer: Geocoder, text: str, *names: str) -> list[Mention]:
    return resolve([Report(report_id="r", text=text)], [mentions(text, *names)], gazetteer)[0]


def test_a_state_after_a_comma_says_which_town_it_is(gazetteer):
    text = "The fire in Paris, Texas, was seen for miles."
    paris, texas = placed(gazetteer, text, "Paris", "Texas")
    assert (paris.place.country, paris.place.admin1) == ("US", "Texas")
    assert texas.place.level == "admin1"
    assert "Texas" in paris.reason


def test_two_towns_of_one_name_are_told_apart_by_what_follows(gazetteer):
    text = "He flew from Paris, Texas, to Paris, France, on Monday."
    found = placed(gazetteer, text, "Paris", "Texas", "Paris", "France")
    assert [m.place.country for m in found] == ["US", "US", "FR", "FR"]


def test_the_word_region_asks_for_the_region_and_holds_its_villages(gazetteer):
    text = "Footage from the village of Blahodatne in the Kherson region shows weapons left behind."
    village, region = placed(gazetteer, text, "Blahodatne", "Kherson region")
    assert region.place.level == "admin1"
    assert village.place.admin1 == region.place.admin1
    assert village.runners_up or village.confidence < 0.9
    assert "Kherson region" in village.reason


def test_a_list_says_its_word_once_for_all(gazetteer):
    text = "Missiles struck the Donetsk and Luhansk regions overnight."
    found = placed(gazetteer, text, "Donetsk", "Luhansk")
    assert [m.place.level for m in found] == ["admin1", "admin1"]


@pytest.mark.parametrize(
    ("text", "names", "level"),
    [
        ("Ferries link Belgium, the Netherlands and Luxembourg.", ["Belgium", "Netherlands", "Luxembourg"], "country"),
        ("Growers in Oregon, Idaho and Washington lost cherries.", ["Oregon", "Idaho", "Washington"], "admin1"),
        ("Traders in London, New York and Tokyo sold.", ["London", "New York", "Tokyo"], "point"),
        ("Blasts were heard in Odesa, Mykolaiv and Zaporizhzhia.", ["Odesa", "Mykolaiv", "Zaporizhzhia"], "point"),
        ("Gunmen raided Zamfara, Kaduna and Niger states.", ["Zamfara", "Kaduna", "Niger"], "admin1"),
    ],
)
def test_the_names_of_one_list_are_of_one_level(gazetteer, text, names, level):
    assert [m.place.level for m in placed(gazetteer, text, *names)] == [level] * len(names)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Bombs fell on Vovchansk and Lyptsi, north of Kharkiv.", ["Vovchansk", "Lyptsi", "Kharkiv"]),
        ("Marines landed near Krynky and shells hit Kherson.", ["Krynky", "Kherson"]),
        ("A depot burned in Belgorod, and so did houses in Shebekino.", ["Belgorod", "Shebekino"]),
        ("The blaze in Moscow drew engines from Khimki and Podolsk.", ["Moscow", "Khimki", "Podolsk"]),
    ],
)
def test_a_city_is_not_its_region_because_towns_of_the_region_are_named(gazetteer, text, names):
    assert [m.place.level for m in placed(gazetteer, text, *names)] == ["point"] * len(names)


@pytest.mark.parametrize(
    ("text", "name", "level"),
    [
        ("The Quebec government banned it.", "Quebec", "admin1"),
        ("The governor of Luhansk spoke.", "Luhansk", "admin1"),
        ("The mayor of Luhansk spoke.", "Luhansk", "point"),
        ("Zaporizhzhia regional officials wrote of five strikes.", "Zaporizhzhia", "admin1"),
        ("Luxembourg lawmakers voted on it.", "Luxembourg", "country"),
    ],
)
def test_who_governs_a_place_tells_its_level(gazetteer, text, name, level):
    (found,) = placed(gazetteer, text, name)
    assert found.place.level == level


@pytest.mark.parametrize(
    "text",
    [
        "They shelled the town from across the Dnipro at night.",
        "Boats reached the Dnipro's left bank before dawn.",
        "Mines drifted along the Dnipro last spring.",
        "Villages on the left bank of the Dnipro were flooded.",
    ],
)
def test_a_river_is_told_from_its_city_by_article_and_banks(gazetteer, text):
    (found,) = placed(gazetteer, text, "Dnipro")
    assert found.place.kind == "river"


@pytest.mark.parametrize(
    "text", ["Rescuers in Dnipro dug all night.", "The Dnipro mayor spoke.", "Debris fell across Dnipro."]
)
def test_a_city_that_a_river_is_named_for_stays_a_city(gazetteer, text):
    (found,) = placed(gazetteer, text, "Dnipro")
    assert found.place.level == "point"


@pytest.mark.parametrize(
    ("text", "name", "meant"),
    [
        ("The White House welcomed the withdrawal.", "White House", "White House"),
        ("Two people were hurt in Sloviansk.", "Sloviansk", "Slovyansk"),
        ("A strike on Mykolaiv killed two.", "Mykolaiv", "Mykolayiv"),
        ("The fair in Frankfurt opened.", "Frankfurt", "Frankfurt am Main"),
    ],
)
def test_a_place_whose_own_name_is_alike_goes_before_one_only_called_so(gazetteer, text, name, meant):
    (found,) = placed(gazetteer, text, name)
    assert found.place.name == meant


def test_neighbours_decide_where_nothing_else_does(gazetteer):
    text = "Crews from Arlington, Fort Worth and Dallas helped in Mansfield."
    found = placed(gazetteer, text, "Arlington", "Fort Worth", "Dallas", "Mansfield")
    assert {m.place.admin1 for m in found} == {"Texas"}


def test_one_name_has_one_sense_in_a_report(gazetteer):
    text = "Athens, Georgia, is growing. Mayors met in Athens on Monday."
    first, _, again = placed(gazetteer, text, "Athens", "Georgia", "Athens")
    assert first.place == again.place


def test_a_name_that_nobody_knows_stays_open_with_a_reason(gazetteer):
    (found,) = placed(gazetteer, "They met in Qzxwvy.", "Qzxwvy")
    assert found.place is None
    assert "Qzxwvy" in found.reason


def test_company_and_order_change_nothing(gazetteer):
    texts = ["Springfield, Illinois, voted.", "Tripoli, Lebanon, saw protests.", "Rain in Georgia and Armenia."]
    names = [("Springfield", "Illinois"), ("Tripoli", "Lebanon"), ("Georgia", "Armenia")]
    reports = [Report(report_id=str(i), text=t) for i, t in enumerate(texts)]
    found = [mentions(t, *n) for t, n in zip(texts, names, strict=True)]
    together = resolve(reports, found, gazetteer)
    assert together == [resolve([r], [f], gazetteer)[0] for r, f in zip(reports, found, strict=True)]
    assert together == resolve(reports[::-1], found[::-1], gazetteer)[::-1]


def test_confidences_are_shares_and_runners_up_come_best_first(gazetteer):
    (found,) = placed(gazetteer, "A man was hurt in Springfield.", "Springfield")
    assert 0 <= found.confidence <= 1
    scores = [c.score for c in found.runners_up]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) <= 4


@pytest.mark.parametrize(
    ("text", "names", "reason"),
    [
        ("Troops left Blahodatne in the Kherson region.", ["Blahodatne", "Kherson region"], "is named beside it;"),
        ("Russian shells fell.", ["Russian"], "Russian is said of what belongs to Russia"),
        ("The governor of Luhansk spoke.", ["Luhansk"], "the words in or around it ask for a province"),
        ("Ferries link Belgium, the Netherlands and Luxembourg.", ["Luxembourg"], "called Luxembourg"),
    ],
)
def test_a_reason_is_one_true_sentence(gazetteer, text, names, reason):
    assert reason in placed(gazetteer, text, *names)[0].reason


PASSAGES = Path(__file__).with_name("passages_places.txt")
MARK = re.compile(r"\{([^|}]+)\|([^|}]+)\|([^|}]+)(?:\|([^}]+))?\}")


def meant(place: Place | None, levels: str, countries: str, point: str | None) -> bool:
    """Whether a place is what a passage's mark says, within 161 km or, for water and land, its own radius."""
    if place is None or place.level not in levels.split("/") or (countries != "?" and place.country not in countries):
        return False
    if point is None:
        return place.level == "country"
    lat, lon = map(float, point.split(","))
    return great_circle_km((place.lon, place.lat), (lon, lat)) <= max(161, place.radius_km)


def test_our_own_passages_are_placed_level_and_all(gazetteer):
    lines = [line.partition("\t")[2] for line in PASSAGES.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    told, wrong = [], []
    for line in lines:
        marks, text = MARK.findall(line), MARK.sub(r"\1", line)
        for m, (name, *mark) in zip(placed(gazetteer, text, *(name for name, *_ in marks)), marks, strict=True):
            right = meant(m.place, *mark[:2], mark[2] or None)
            told.append((m.confidence or 0.0, right))
            wrong += [] if right else [f"{name}: {m.place and (m.place.name, m.place.level)} in {text[:60]}"]
    assert len(wrong) / len(told) <= 0.025, "\n".join(wrong)
    assert calibration_error(told) <= 0.05


def test_any_ranking_can_take_the_place_of_ours(gazetteer):
    text = "The fire in Paris, Texas, was seen for miles."
    report = Report(report_id="r", text=text)
    found = resolve([report], [mentions(text, "Paris", "Texas")], gazetteer, foremost)[0]
    assert found[0].place.country == "FR"


class OneTown:
    """A geocoder that knows one town."""

    def candidates(self, queries):
        town = Place(place_id="own:1", name="Town", level="point", lon=1.0, lat=2.0, radius_km=1.0, country="XX")
        return [[Candidate(place=town, score=0.8)] if q.name == "Town" else [] for q in queries]


_: type[Geocoder] = OneTown


def test_any_geocoder_will_do():
    town, other = placed(OneTown(), "From Town to Elsewhere.", "Town", "Elsewhere")
    assert town.place is not None
    assert town.place.place_id == "own:1"
    assert other.place is None
    assert OneTown().candidates([Query(name="x")]) == [[]]


def test_every_round_has_weights_and_every_weight_is_documented():
    assert len(weights()) == ROUNDS
    assert all(len(w) == len(FEATURES) == len(NUMBER) for w in weights())


@pytest.mark.parametrize(
    ("text", "name", "level"),
    [
        ("A fire broke out on the island of Lesbos on Monday.", "Lesbos", "admin2"),
        ("A storm hit the Greek island of Chios on Monday.", "Chios", "admin2"),
        ("Fighting went on in the Crimea peninsula.", "Crimea peninsula", "admin1"),
        ("A tanker burned off the island of Socotra.", "Socotra", "region"),
    ],
)
def test_an_island_may_be_a_division_or_none(gazetteer, text, name, level):
    (found,) = placed(gazetteer, text, name)
    assert found.place.level == level
    assert found.confidence > 0.8


def test_a_report_of_very_many_names_is_weighed_in_parts(gazetteer, monkeypatch):
    text = "Fires burned in Paris, Texas, in Odessa, Texas, in Kherson, in Kharkiv, in Suva and in Lima."
    names = ("Paris", "Texas", "Odessa", "Texas", "Kherson", "Kharkiv", "Suva", "Lima")
    whole = placed(gazetteer, text, *names)
    monkeypatch.setattr("geo.resolve.MOST_NAMES", 2)
    found = placed(gazetteer, text, *names)
    assert [m.text for m in found] == list(names)
    assert (found[0].place.admin1, found[0].place) == ("Texas", whole[0].place)
    assert all(m.place is not None and 0 <= m.confidence <= 1 and m.reason for m in found)


def test_a_report_without_names_is_fine(gazetteer):
    assert resolve([Report(report_id="r", text="Nothing.")], [[]], gazetteer) == [[]]
