"""The measures of place names agree with the published ones, and the gate only rises."""

from __future__ import annotations

import importlib.util
import json
import random
from pathlib import Path

import pytest

from geo.errors import EvaluationError
from geo.evaluate import places
from geo.evaluate.measures import calibration_error
from geo.evaluate.places import Document, Gold, corpus, figures, gold_mentions
from geo.evaluate.readme import get
from geo.records import Mention, Place, Report

SHARED = Path(__file__).resolve().parents[2] / "shared"
TEXT = "From Paris to Rome by way of Milan and Turin."


def document(*gold: tuple[int, int, float, float]) -> Document:
    marked = tuple(Gold(start=s, end=e, phrase=TEXT[s:e], point=(lon, lat)) for s, e, lon, lat in gold)
    return Document(report=Report(report_id="d", text=TEXT), gold=marked)


def mention(start: int, end: int, lon: float | None = None, lat: float = 0.0, confidence: float = 0.9) -> Mention:
    place = None
    if lon is not None:
        place = Place(place_id=f"own:{start}", name="x", level="point", lon=lon, lat=lat, radius_km=1.0)
    return Mention(
        report_id="d", field="text", start=start, end=end, text=TEXT[start:end], place=place, confidence=confidence
    )


def test_found_and_placed_counts_only_what_is_near():
    got = figures(
        [document((5, 10, 2.35, 48.85), (14, 18, 12.5, 41.9))], [[mention(5, 10, 2.4, 48.8), mention(14, 18, 0)]]
    )
    assert (got.found_and_placed, got.placed) == (0.5, 0.5)
    assert got.causes["right"] == 1


def test_a_title_is_passed_over_and_a_false_alarm_is_counted():
    title = Mention(report_id="d", field="title", start=0, end=4, text="Rome")
    got = figures([document((5, 10, 2.35, 48.85))], [[title, mention(29, 34, 9.0, 45.0), mention(5, 10, 2.35, 48.85)]])
    assert got.found == 2
    assert got.causes["false alarm"] == 1


def test_a_title_that_the_text_repeats_is_dropped(tmp_path):
    row = {"doc_id": "a", "title": "From Paris", "text": TEXT, "toponyms": []}
    path = tmp_path / "c.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert corpus(path).documents[0].report.title == ""


def test_a_line_that_is_no_document_is_named(tmp_path):
    path = tmp_path / "c.jsonl"
    path.write_text('{"doc_id": "a", "text": "x", "toponyms": []}\n{"doc_id": "b"}\n', encoding="utf-8")
    with pytest.raises(EvaluationError, match="line 2"):
        corpus(path)


def test_a_missing_corpus_is_told_plainly(tmp_path):
    with pytest.raises(EvaluationError, match="cannot read"):
        corpus(tmp_path / "none.jsonl")


def test_floors_rise_and_never_sink(tmp_path):
    floors = tmp_path / "floors.json"
    one = places.Corpus(name="c", sha256="1", documents=(document((5, 10, 2.35, 48.85)),))
    good = {"c": figures(one.documents, [[mention(5, 10, 2.35, 48.85)]])}
    bad = {"c": figures(one.documents, [[mention(5, 10, 9.0)]])}
    assert places.check(good, [one], setting="s", floors=floors) == [
        "c: no floor is pinned for 's'; run with --raise to pin one"
    ]
    assert len(places.raise_floors(good, [one], setting="s", floors=floors)) == 3
    assert places.raise_floors(bad, [one], setting="s", floors=floors) == []
    assert places.check(good, [one], setting="s", floors=floors) == []
    assert json.loads(floors.read_text())["c/s"]["latest"]["found_and_placed"] == 0.0
    assert "found_and_placed is 0.000, below its floor 1.000" in " ".join(
        places.check(bad, [one], setting="s", floors=floors)
    )


def test_a_changed_corpus_fails_the_gate(tmp_path):
    floors = tmp_path / "floors.json"
    one = places.Corpus(name="c", sha256="1", documents=())
    places.raise_floors({"c": figures([], [])}, [one], setting="s", floors=floors)
    changed = places.Corpus(name="c", sha256="2", documents=())
    assert "changed" in places.check({"c": figures([], [])}, [changed], setting="s", floors=floors)[0]
    with pytest.raises(EvaluationError):
        places.raise_floors({"c": figures([], [])}, [changed], setting="s", floors=floors)


def test_calibration_error_is_nothing_where_confidences_are_true():
    assert calibration_error([(1.0, True), (0.0, False)]) == 0
    assert calibration_error([(1.0, False)]) == 1
    assert calibration_error([]) == 0


def test_our_samples_are_found_and_placed_as_well_as_ever():
    written: list[str] = []
    assert places.main([], setup=places.Setup(model="none"), own=True, gate=True, write=written.append) == 0, written
    assert "overlap" in written[0]
    assert "by country" in written[0]


def test_the_readme_table_has_the_peers_and_ours(tmp_path):
    floors = tmp_path / "floors.json"
    pinned = {"overlap_f1": 0.9, "found_and_placed": 0.8, "calibration_error": 0.04}
    floors.write_text(json.dumps({"lgl/no model, 5 folds": {"latest": pinned}}), encoding="utf-8")
    table = places.readme_table(floors=floors)
    assert "| 0.770 | 0.470 |  | 0.840 | 0.530 |  |" in table
    assert "(`--model none`) | 0.900 | 0.800 | 0.040 |  |" in table


def test_the_readme_shows_what_was_measured_last():
    assert get("places") == places.readme_table()


@pytest.mark.real
@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared with the corpora and scorers")
def test_our_figures_are_those_of_the_published_scorer():
    spec = importlib.util.spec_from_file_location("shared_places", SHARED / "score" / "places.py")
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)
    path = SHARED / "corpora" / "trnews.jsonl"
    documents = corpus(path).documents
    rng, found = random.Random(5), []
    for d in documents:
        jittered = []
        for m in gold_mentions(d):
            if rng.random() < 0.8:
                start = m.start + rng.choice([0, 0, 0, 1])
                place = Place(
                    place_id="own:1",
                    name="x",
                    level="point",
                    lon=rng.uniform(-180, 180),
                    lat=rng.uniform(-80, 80),
                    radius_km=1,
                )
                text = d.report.text[start : m.end]
                if text:
                    jittered.append(
                        Mention(
                            report_id=d.report.report_id, field="text", start=start, end=m.end, text=text, place=place
                        )
                    )
        found.append(jittered)
    rows = [
        {"report_id": m.report_id, "start": m.start, "end": m.end, "lat": m.place.lat, "lon": m.place.lon}
        for ms in found
        for m in ms
    ]
    gold = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    assert figures(documents, found).published() == theirs.score(gold, rows)


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared with the corpora and scorers")
@pytest.mark.parametrize(("model", "names"), [("none", ("lgl", "trnews")), ("en_core_web_sm", ("trnews",))])
def test_the_corpora_beside_us_are_found_and_placed_as_well_as_ever(model, names):
    written: list[str] = []
    paths = [SHARED / "corpora" / f"{name}.jsonl" for name in names]
    assert places.main(paths, setup=places.Setup(model=model), gate=True, write=written.append) == 0, written
