"""The sample reports and our own gold for them: their form, their offsets, and that the words are ours."""

import gzip
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

PROJECT = Path(__file__).resolve().parents[1]
SHARED = Path(__file__).resolve().parents[2] / "shared"
ROLES = {"place", "said", "actor", "demonym", "origin", "target", "background"}
LEVELS = {"point", "admin2", "admin1", "region", "country"}
TYPES = {
    "fighting",
    "strike",
    "explosion",
    "control",
    "violence",
    "arrest",
    "protest",
    "movement",
    "humanitarian",
    "damage",
    "disaster",
    "diplomacy",
    "other",
}
BASES = {"publication", "text", "none"}
RUN_WORDS = 8


def rows(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON Lines file, plain or gzipped."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in data.decode("utf-8").split("\n") if line.strip()]


REPORTS = rows(PROJECT / "data" / "samples.jsonl")
GOLD = rows(PROJECT / "data" / "samples_gold.jsonl")
BY_ID = {report["id"]: report for report in REPORTS}


def runs(text: str) -> Iterator[tuple[str, ...]]:
    """Yield every run of eight words, in lower case and without punctuation."""
    words = re.findall(r"\w+", text.lower())
    for i in range(len(words) - RUN_WORDS + 1):
        yield tuple(words[i : i + RUN_WORDS])


def test_there_are_at_least_sixty_reports_with_ids_of_their_own() -> None:
    assert len(REPORTS) >= 60
    assert len(BY_ID) == len(REPORTS)


def test_gold_covers_at_least_thirty_known_reports_once_each() -> None:
    ids = [line["id"] for line in GOLD]
    assert len(ids) >= 30
    assert len(set(ids)) == len(ids)
    assert set(ids) <= set(BY_ID)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report["id"])
def test_a_report_has_a_title_a_readable_length_and_a_link_to_its_outlet(report: dict[str, Any]) -> None:
    assert report["title"].strip() == report["title"] != ""
    assert 60 <= len(report["text"].split()) <= 250
    link = urlsplit(report["url"])
    assert link.scheme in {"http", "https"}
    assert link.netloc.removeprefix("www.") == report["source"]
    assert not re.search(r"\s", report["url"])


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report["id"])
def test_a_day_of_publication_is_a_real_day_that_has_passed(report: dict[str, Any]) -> None:
    if "published" in report:
        assert date.fromisoformat(report["published"]) <= date.today()  # noqa: DTZ011 - any zone will do


def test_exactly_one_report_carries_no_day_of_publication() -> None:
    assert [report["id"] for report in REPORTS if "published" not in report] == ["sample-075"]


@pytest.mark.parametrize("line", GOLD, ids=lambda line: line["id"])
def test_gold_names_stand_where_their_offsets_say(line: dict[str, Any]) -> None:
    report = BY_ID[line["id"]]
    spans = []
    for name in line["toponyms"]:
        assert report[name["field"]][name["start"] : name["end"]] == name["phrase"]
        assert -90 <= name["lat"] <= 90
        assert -180 <= name["lon"] <= 180
        assert name["role"] in ROLES
        assert name["geonameid"] is None or name["geonameid"] > 0
        spans.append((name["field"], name["start"], name["end"]))
    for (field, _, end), (next_field, start, _) in zip(sorted(spans), sorted(spans)[1:], strict=False):
        assert field != next_field or end <= start


@pytest.mark.parametrize("line", GOLD, ids=lambda line: line["id"])
def test_gold_events_quote_the_report_and_use_our_words(line: dict[str, Any]) -> None:
    report = BY_ID[line["id"]]
    for event in line["events"]:
        assert event["quote"]
        assert event["quote"] in report["title"] or event["quote"] in report["text"]
        assert event["place"] in report["title"] or event["place"] in report["text"]
        assert event["level"] in LEVELS
        assert event["type"] in TYPES
        assert event["date_basis"] in BASES
        assert isinstance(event["optional"], bool)
        assert (event["start"] is None) == (event["end"] is None) == (event["date_basis"] == "none")
        if event["start"] is not None:
            assert date.fromisoformat(event["start"]) <= date.fromisoformat(event["end"])
        if event["date_basis"] == "publication":
            assert event["start"] == event["end"] == report["published"]
        if event["level"] == "country":
            assert event["optional"]


@pytest.mark.real
def test_no_run_of_eight_words_is_taken_from_the_material_beside_the_project() -> None:
    if not SHARED.is_dir():
        pytest.skip("the material beside the project (../shared) is absent, so there is nothing to compare with")
    ours = {run: report["id"] for report in REPORTS for run in runs(report["title"] + "\n" + report["text"])}
    theirs = [
        *rows(SHARED / "reports" / "ruwa_2022.jsonl.gz"),
        *rows(SHARED / "corpora" / "meantime.jsonl"),
        *rows(SHARED / "corpora" / "lgl.jsonl"),
        *rows(SHARED / "corpora" / "trnews.jsonl"),
        *rows(SHARED / "gold" / "reports_dev.jsonl"),
        {"text": (SHARED / "reports" / "rferl_kherson_2022-11-12.txt").read_text(encoding="utf-8")},
    ]
    taken = {
        (ours[run], " ".join(run))
        for other in theirs
        for run in runs(other.get("title", "") + "\n" + other["text"])
        if run in ours
    }
    assert taken == set()
