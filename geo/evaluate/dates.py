"""How well date expressions are found and understood: the TempEval-3 measures against gold TIMEX3 annotations."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from geo.dates import find
from geo.errors import EvaluationError
from geo.records import Report, Timex

ANNOTATED_LINES: Final = {"meantime": 6}
"""Corpora whose annotators stopped early: MEANTIME is annotated in the first six lines of each text, whose first two
are headline and date. What is found below them counts as false in the plain figures, so a second row leaves it out."""

_CALENDAR: Final = re.compile(r"\d{4}(-W?\d{2}(-\d{2})?)?(T.*)?$")
"""Values that name a calendar day, week, month or year, the ones a map needs."""

_ROW: Final = "{:<40} {:>5} {:>6} {:>8} {:>7} {:>6} {:>6} {:>9} {:>7}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """One date expression, gold or found: code-point offsets into the text, TIMEX3 type and value."""

    start: int
    end: int
    type: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One annotated text; `written` is its day of publication, None where the corpus gives none or a malformed one."""

    doc_id: str
    text: str
    written: date | None
    gold: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """F1 in percent for relaxed (any overlap), strict (same span), value and type; recall of calendar values."""

    documents: int
    gold: int
    found: int
    relaxed: float
    strict: float
    value: float
    type: float
    calendar_value: float | None


Finder = Callable[[Document], list[Expression]]


def corpus(path: Path) -> list[Document]:
    """The documents of a date corpus, one JSON object a line: doc_id, dct, text, timexes."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise EvaluationError(
            f"{path}: the corpus cannot be read ({error.strerror}); give the path of a file"
        ) from error
    return [_document(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _document(path: Path, number: int, line: str) -> Document:
    try:
        row: dict[str, Any] = json.loads(line)
        gold = tuple(
            Expression(start=t["start"], end=t["end"], type=t["type"], value=t["value"] or "") for t in row["timexes"]
        )
        return Document(doc_id=row["doc_id"], text=row["text"], written=_written(row.get("dct")), gold=gold)
    except (ValueError, KeyError, TypeError) as error:
        raise EvaluationError(
            f"{path}, line {number}: not a document of a date corpus ({error!r}); "
            "each line needs doc_id, dct, text and timexes with start, end, type and value"
        ) from error


def _written(stamp: str | None) -> date | None:
    try:
        return date.fromisoformat((stamp or "")[:10])
    except ValueError:
        return None


def ours(document: Document) -> list[Expression]:
    """What `geo.dates` finds in a document."""
    day = document.written
    published = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
    return [_as_expression(t) for t in find(Report(report_id=document.doc_id, text=document.text, published=published))]


def _as_expression(timex: Timex) -> Expression:
    return Expression(start=timex.start, end=timex.end, type=timex.type, value=timex.value)


def head(document: Document, lines: int) -> Document:
    """The first lines of a document with the gold in them."""
    text = "\n".join(document.text.split("\n")[:lines])
    return Document(
        doc_id=document.doc_id,
        text=text,
        written=document.written,
        gold=tuple(g for g in document.gold if g.end <= len(text)),
    )


def figures(documents: Sequence[Document], found: Sequence[Sequence[Expression]]) -> Figures:
    """The measures over documents and what was found in each; a found expression is matched once at most."""
    hits = dict.fromkeys(("relaxed", "strict", "value", "type", "calendar", "asked"), 0)
    for document, expressions in zip(documents, found, strict=True):
        _judge(document, sorted(expressions, key=lambda e: e.start), hits)
    gold, total = sum(len(d.gold) for d in documents), sum(len(f) for f in found)

    def f1(name: str) -> float:
        return round(200 * hits[name] / (gold + total), 1) if gold + total else 0.0

    return Figures(
        documents=len(documents),
        gold=gold,
        found=total,
        relaxed=f1("relaxed"),
        strict=f1("strict"),
        value=f1("value"),
        type=f1("type"),
        calendar_value=round(100 * hits["calendar"] / hits["asked"], 1) if hits["asked"] else None,
    )


def _judge(document: Document, found: list[Expression], hits: dict[str, int]) -> None:
    taken: set[int] = set()
    for gold in document.gold:
        asked = gold.type in ("DATE", "TIME") and bool(_CALENDAR.match(gold.value))
        hits["asked"] += asked
        best = _most_overlap(gold, found, taken)
        if best is None:
            continue
        taken.add(best)
        match = found[best]
        same = match.value == gold.value
        hits["relaxed"] += 1
        hits["strict"] += (match.start, match.end) == (gold.start, gold.end)
        hits["type"] += match.type == gold.type
        hits["value"] += same
        hits["calendar"] += same and asked


def _most_overlap(gold: Expression, found: Sequence[Expression], taken: set[int]) -> int | None:
    overlaps = [(min(gold.end, f.end) - max(gold.start, f.start), -i) for i, f in enumerate(found) if i not in taken]
    most, minus_i = max(overlaps, default=(0, 0))
    return -minus_i if most > 0 else None


def run(documents: Sequence[Document], finder: Finder = ours) -> tuple[list[list[Expression]], float]:
    """What a finder finds in each document, and its speed in MB of text a second of wall time."""
    begun = time.perf_counter()
    found = [finder(document) for document in documents]
    spent = time.perf_counter() - begun
    size = sum(len(d.text.encode()) for d in documents)
    return found, size / max(spent, 1e-9) / 1e6


def views(
    path: Path, documents: Sequence[Document], found: Sequence[Sequence[Expression]]
) -> Iterable[tuple[str, Figures]]:
    """The figures over whole texts, and over the annotated part where only a part is."""
    yield path.stem, figures(documents, found)
    lines = ANNOTATED_LINES.get(path.stem)
    if lines:
        heads = [head(document, lines) for document in documents]
        inside = [[e for e in f if e.end <= len(h.text)] for h, f in zip(heads, found, strict=True)]
        yield f"{path.stem}, first {lines} lines (annotated)", figures(heads, inside)


def title() -> str:
    """The head of the table that `row` fills."""
    return _ROW.format("corpus", "docs", "gold", "relaxed", "strict", "value", "type", "calendar", "MB/s")


def row(name: str, got: Figures, speed: float) -> str:
    """One line of the table."""
    calendar = "-" if got.calendar_value is None else got.calendar_value
    return _ROW.format(
        name, got.documents, got.gold, got.relaxed, got.strict, got.value, got.type, calendar, f"{speed:.4g}"
    )


def main(paths: Sequence[Path], *, as_json: bool = False) -> int:
    """Print the figures of our own finder on each corpus, as a table or one JSON object a line; 0."""
    lines = [] if as_json else [title()]
    for path in paths:
        documents = corpus(path)
        found, speed = run(documents)
        for name, got in views(path, documents, found):
            as_object = {"corpus": name, **asdict(got), "mb_per_second": round(speed, 3)}
            lines.append(json.dumps(as_object) if as_json else row(name, got, speed))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0
