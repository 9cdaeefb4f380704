"""The measures of events: what counts as found, the intervals, and the page that explains the errors."""

import json
import sys
from datetime import date
from pathlib import Path

import pytest
from marked import marked

from geo import pipeline
from geo.errors import EvaluationError
from geo.evaluate import events

SHARED = Path(__file__).resolve().parents[2] / "shared"
TEXTS = {
    "a": "Shells hit [Nikopol] on November 9.",
    "b": "Protesters rallied in [Minsk]. A fire broke out in [Leeds].",
    "c": "The minister likes cheese.",
}


def gold_event(name: str, *, optional: bool = False, **changed) -> dict:
    _, (mention,) = marked(f"[{name}]")
    point = {"lat": mention.place.lat, "lon": mention.place.lon, "level": "point", "start": None, "end": None}
    return {"place": name, **point, "type": "strike", "quote": name, "optional": optional, **changed}


@pytest.fixture
def files(tmp_path):
    gold = [
        {"id": "a", "events": [gold_event("Nikopol", start="2022-11-09", end="2022-11-09")]},
        {"id": "b", "events": [gold_event("Minsk", type="protest", optional=True), gold_event("Sumy")]},
        {"id": "c", "events": []},
    ]
    reports = [
        {"id": key, "title": "", "text": marked(text)[0].text, "published": "2022-11-12"} for key, text in TEXTS.items()
    ]
    for name, rows in (("gold", gold), ("reports", reports)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return tmp_path / "gold.jsonl", tmp_path / "reports.jsonl"


def extract(reports):
    for report in reports:
        _, mentions = marked(TEXTS[report.report_id])
        yield pipeline.told(report, mentions)


def test_optional_pins_are_neither_asked_for_nor_held_against_us(files):
    tally = events.total(j.tally for j in events.judge(*files, extract))
    assert (tally.required, tally.predicted, tally.hits, tally.false) == (2, 2, 1, 1)
    assert tally.measures()["where"] == 0.5
    assert tally.measures()["when"] == 1.0


def test_the_page_says_of_each_error_where_it_comes_from(files):
    page = events.main(*files, extract)
    assert "missed  Sumy (strike, undated): the name was not recognised" in page
    assert "false   Leeds (damage, 2022-11-12): no gold event there" in page
    assert "A fire broke out in Leeds." in page


def test_the_figures_stand_there_for_all_and_for_each_outlet_with_intervals(files):
    page = events.main(*files, extract)
    assert page.count("95 %") == 2
    assert "where_when" in page


def test_intervals_are_the_same_from_run_to_run_and_hold_the_figure(files):
    tallies = [j.tally for j in events.judge(*files, extract)]
    first, second = events.intervals(tallies, rounds=200), events.intervals(tallies, rounds=200)
    assert first == second
    low, high = first["where"]
    assert low <= events.total(tallies).measures()["where"] <= high


def test_a_gold_report_that_is_not_there_is_named(files):
    gold, reports = files
    reports.write_text('{"id": "a", "text": "x"}', encoding="utf-8")
    with pytest.raises(EvaluationError, match="'b'"):
        events.judge(gold, reports, extract)


def test_a_broken_gold_line_is_named(files):
    gold, reports = files
    gold.write_text('{"id": "a", "events": [{}]}', encoding="utf-8")
    with pytest.raises(EvaluationError, match="line 1"):
        events.judge(gold, reports, extract)


def test_a_place_found_at_another_level_is_missed_with_that_reason(files):
    gold, reports = files
    row = {"id": "a", "events": [gold_event("Nikopol", level="admin1")]}
    gold.write_text(json.dumps(row), encoding="utf-8")
    assert "it was taken for Nikopol, UA (point)" in events.main(gold, reports, extract)


@pytest.mark.real
def test_the_measures_are_those_of_the_published_scorer(files):
    if not SHARED.exists():
        pytest.skip(f"the published scorer is not there: {SHARED}")
    sys.path.insert(0, str(SHARED / "score"))
    import events as published

    gold, _ = files
    judged = events.judge(*files, extract)
    features = [
        {
            "geometry": {"coordinates": [e.place.lon, e.place.lat]},
            "properties": {
                "report_id": j.extraction.report.report_id,
                "level": e.place.level,
                "first_day": e.days.first_day and e.days.first_day.isoformat(),
                "last_day": e.days.last_day and e.days.last_day.isoformat(),
                "type": e.type,
            },
        }
        for j in judged
        for e in j.found
    ]
    theirs = published.score([json.loads(line) for line in gold.read_text().splitlines()], features)
    ours = events.total(j.tally for j in judged).measures()
    assert theirs["where"][2] == round(ours["where"], 3)
    assert theirs["where_when"][2] == round(ours["where_when"], 3)
    assert (theirs["when"], theirs["type"]) == (ours["when"], ours["type"])
    assert theirs["false_pins"] == round(ours["false_pins"], 2)


def test_a_pin_keeps_its_days(files):
    (pin,) = events.judge(*files, extract)[0].gold
    assert (pin.first_day, pin.last_day) == (date(2022, 11, 9), date(2022, 11, 9))
