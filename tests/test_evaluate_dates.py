"""The measures of date expressions, and the figures on the development corpus."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from geo.errors import EvaluationError
from geo.evaluate.dates import Document, Expression, corpus, figures, head, main, ours, run, views

SHARED = Path(__file__).resolve().parents[2] / "shared"
MEANTIME = SHARED / "corpora" / "meantime.jsonl"
SCORER = SHARED / "score" / "dates.py"


def expression(start: int, end: int, value: str, kind: str = "DATE") -> Expression:
    return Expression(start=start, end=end, type=kind, value=value)


def document(*gold: Expression, text: str = "It rained on Monday, not on Tuesday.") -> Document:
    return Document(doc_id="d", text=text, written=date(2022, 11, 12), gold=gold)


def test_a_found_expression_counts_once_and_for_the_gold_that_it_overlaps_most():
    gold = document(expression(13, 19, "2022-11-07"), expression(28, 35, "2022-11-08"))
    got = figures([gold], [[expression(10, 19, "2022-11-07"), expression(28, 35, "2022-11-01")]])
    assert (got.relaxed, got.strict, got.value, got.type, got.calendar_value) == (100.0, 50.0, 50.0, 100.0, 50.0)


def test_nothing_found_and_nothing_asked_are_no_division_by_zero():
    assert figures([], []).relaxed == 0.0
    assert figures([document()], [[]]).calendar_value is None


def test_only_days_weeks_months_and_years_are_calendar_values():
    gold = document(expression(0, 2, "P8M", "DURATION"), expression(3, 9, "PAST_REF"), expression(13, 19, "2022-W45"))
    assert figures([gold], [[expression(13, 19, "2022-W45")]]).calendar_value == 100.0


def test_the_head_of_a_document_keeps_the_gold_in_it():
    whole = document(expression(0, 4, "2014"), expression(5, 9, "2015"), text="2014\n2015\n2016")
    assert head(whole, 1).gold == (expression(0, 4, "2014"),)
    assert head(whole, 1).text == "2014"


def test_our_own_finder_is_judged_against_the_day_of_the_document():
    assert [e.value for e in ours(document())] == ["2022-11-07", "2022-11-08"]


def test_a_line_that_is_no_document_is_refused_with_its_number(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text('{"doc_id": "a", "dct": null, "text": "x", "timexes": []}\n{"doc_id": "b"}\n', encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"bad.jsonl, line 2"):
        corpus(path)
    with pytest.raises(EvaluationError, match="cannot be read"):
        corpus(tmp_path / "absent.jsonl")


def test_a_malformed_day_of_a_document_is_no_day(tmp_path):
    path = tmp_path / "one.jsonl"
    path.write_text('{"doc_id": "a", "dct": "03-02-2009", "text": "x", "timexes": []}\n', encoding="utf-8")
    assert corpus(path)[0].written is None


def test_the_command_prints_one_json_object_a_corpus(tmp_path, capsys):
    path = tmp_path / "one.jsonl"
    timex = {"start": 10, "end": 16, "text": "Monday", "type": "DATE", "value": "2022-11-07"}
    row = {"doc_id": "a", "dct": "2022-11-12", "text": "It rained Monday.", "timexes": [timex]}
    path.write_text(json.dumps(row), encoding="utf-8")
    assert main([path], as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["value"] == 100.0
    assert main([path]) == 0
    assert "one" in capsys.readouterr().out


@pytest.mark.real
@pytest.mark.skipif(not MEANTIME.exists(), reason="MEANTIME is not beside the project (../shared/corpora)")
def test_the_figures_on_meantime_do_not_fall():
    documents = corpus(MEANTIME)
    found, speed = run(documents)
    whole, annotated = (got for _, got in views(MEANTIME, documents, found))
    assert annotated.value >= 86.0
    assert annotated.relaxed >= 93.0
    assert whole.calendar_value >= 92.5
    assert speed > 0.1  # MB/s, on a machine with other work to do


@pytest.mark.real
@pytest.mark.skipif(not SCORER.exists(), reason="the scorer is not beside the project (../shared/score)")
def test_our_measures_equal_those_of_the_common_scorer(tmp_path):
    documents = corpus(MEANTIME)
    found, _ = run(documents)
    path = tmp_path / "dates.jsonl"
    rows = [
        {"report_id": d.doc_id, "start": e.start, "end": e.end, "type": e.type, "value": e.value}
        for d, expressions in zip(documents, found, strict=True)
        for e in expressions
    ]
    path.write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
    done = subprocess.run([sys.executable, SCORER, MEANTIME, path], capture_output=True, text=True, check=True)
    theirs = json.loads(done.stdout)
    got = figures(documents, found)
    assert theirs == {name: getattr(got, name) for name in theirs}
