"""At a glance: the counts are those of the selection, the change is told with its sign, and words stay words."""

from datetime import date

from crowds import crowd

from geo.app import words
from geo.app.overview import html, overview
from geo.filters import Filter
from geo.index import Index

EVENTS = crowd(500)
INDEX = Index.of(EVENTS)
ONE = Filter(first_day=date(2021, 1, 1), last_day=date(2021, 12, 31))
TWO = Filter(first_day=date(2022, 1, 1), last_day=date(2022, 12, 31))


def test_every_type_and_province_is_counted_as_the_filter_counts_it():
    told = overview(INDEX, INDEX.rows(ONE), countries={"UA": "Ukraine"})
    kept = ONE(EVENTS)
    assert told.all.now == len(kept)
    assert {line.name: line.now for line in told.types} == {
        words.TYPES[t]: n for t, n in kept["type"].value_counts().items()
    }
    assert sum(told.types[0].course) == int((kept["first_day"].notna() & (kept["type"] == most(kept))).sum())
    ukraine = kept[(kept["country"] == "UA") & kept["admin1"].isna()]
    assert [line.now for line in told.provinces if line.name == "Ukraine"] == [len(ukraine)]


def most(kept):
    counts = kept["type"].value_counts()
    return min(counts.index, key=lambda t: (-counts[t], t))


def test_two_periods_stand_side_by_side_with_the_change():
    told = overview(INDEX, INDEX.rows(ONE), INDEX.rows(TWO))
    line = told.types[0]
    name = next(t for t, said in words.TYPES.items() if said == line.name)
    assert (line.now, line.then) == tuple(int((f(EVENTS)["type"] == name).sum()) for f in (ONE, TWO))
    shown = html(told, "x")
    assert f">{line.now}<" in shown
    assert f">{line.then}<" in shown
    assert "dl-curve" not in shown


def test_hostile_provinces_and_countries_are_shown_as_text():
    hostile = "<img src=x onerror=alert(1)>{{7*7}}${1}"
    events = EVENTS.iloc[:40].reset_index(drop=True).assign(admin1=hostile)
    shown = html(overview(index := Index.of(events), index.rows(Filter()), countries={"UA": hostile}), hostile)
    assert "<img" not in shown
    assert "{{" not in shown
    assert "${" not in shown
    assert "&lt;img" in shown


def test_a_selection_of_nothing_is_told_too():
    assert "<table" not in html(overview(INDEX, INDEX.rows(Filter(min_confidence=1.0, types=("arrest",)))[:0]), "x")
