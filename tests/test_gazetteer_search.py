"""The place search of the shell and the app, and the coverage of gold names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geo.errors import EvaluationError, GazetteerError
from geo.evaluate.gazetteer import coverage, main
from geo.gazetteer.local import LocalGazetteer
from geo.gazetteer.search import search, written

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"


@pytest.fixture(scope="module")
def gazetteer():
    return LocalGazetteer.open()


def test_near_kherson_the_blahodatne_of_kherson_oblast_comes_first(gazetteer):
    found = search(gazetteer, "Blahodatne", near="Kherson")
    assert found[0].place.admin1 == "Kherson Oblast"
    assert len(found) > 3
    assert "km away" in found[0].reason
    assert search(gazetteer, "Blahodatne", near=(32.6, 46.6))[0].place == found[0].place


def test_the_table_shows_level_parents_coordinates_population_and_why(gazetteer):
    head, first, *_ = written(search(gazetteer, "Springfield", country="United States", limit=3)).splitlines()
    assert head.split() == ["place", "level", "in", "lat", "lon", "radius", "km", "people", "score", "why"]
    for words in ("Springfield", "point", "US", "people"):
        assert words in first
    assert first.startswith("1 ")


@pytest.mark.parametrize(
    ("name", "country", "why"),
    [
        ("Kherson", "UA", "capital of Kherson Oblast, Ukraine; 66,000 people"),
        ("Paris", "FR", "capital of France; 2,138,551 people"),
        ("Paris", "US", "main town of Lamar County, Texas, United States; 24,782 people"),
        ("Kherson Oblast", "UA", "region, Ukraine"),
        ("Kreuzberg", "DE", "part of a town, Berlin, Germany; 153,135 people"),
    ],
)
def test_what_a_place_is_is_told_in_plain_words(gazetteer, name, country, why):
    assert search(gazetteer, name, country=country, limit=1)[0].reason == why


def test_a_country_by_name_or_code_leaves_the_others_out(gazetteer):
    for country in ("Ukraine", "ua", "UA"):
        assert {one.place.country for one in search(gazetteer, "Kherson", country=country)} == {"UA"}


def test_faults_are_told_in_plain_words(gazetteer):
    assert "No place is called so" in written(search(gazetteer, "Qxzvwkjq"))
    with pytest.raises(GazetteerError, match="no name"):
        search(gazetteer, "  ")
    with pytest.raises(GazetteerError, match="no place is called 'Qxzvwkjq'"):
        search(gazetteer, "Kherson", near="Qxzvwkjq")
    with pytest.raises(GazetteerError, match="no country is called"):
        search(gazetteer, "Kherson", country="Qxzvwkjq")


def test_coverage_counts_a_right_place_and_tells_the_cause_of_a_miss(tmp_path, gazetteer):
    golds = [
        {"phrase": "Kherson", "lat": 46.6, "lon": 32.6, "geonameid": "706448"},
        {"phrase": "Kherson", "lat": 10.0, "lon": 10.0, "geonameid": "706448"},
        {"phrase": "Qxzvwkjq", "lat": 46.6, "lon": 32.6, "geonameid": "1", "fclass": "H"},
        {"phrase": "Lviv", "lat": None, "lon": None},
    ]
    file = tmp_path / "small.jsonl"
    file.write_text(json.dumps({"toponyms": golds}) + "\n", encoding="utf-8")
    found = coverage(file, gazetteer)
    assert (found.names, found.covered) == (3, 1)
    assert found.causes == {
        "known, but its point lies elsewhere": 1,
        "not in the gazetteer: water, and no place is called so": 1,
    }
    assert "1 of 3 gold names (0.333)" in main([file])
    assert json.loads(main([file], json=True))[0]["share"] == pytest.approx(1 / 3)


def test_a_file_that_is_no_corpus_is_refused(tmp_path, gazetteer):
    file = tmp_path / "no.jsonl"
    file.write_text("{}\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="line 1"):
        coverage(file, gazetteer)
    with pytest.raises(EvaluationError, match="cannot be read"):
        coverage(tmp_path / "absent.jsonl", gazetteer)


@pytest.mark.real
@pytest.mark.skipif(not CORPORA.exists(), reason="the corpora are not beside the project, in ../shared")
@pytest.mark.parametrize(("corpus", "floor"), [("lgl", 0.94), ("trnews", 0.95)])
def test_the_right_place_is_among_twenty_candidates(gazetteer, corpus, floor):
    found = coverage(CORPORA / f"{corpus}.jsonl", gazetteer)
    assert found.share >= floor
    assert found.mean_candidates < 10
