"""JSON Lines, JSON and CSV of reports: one report a row, read row by row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final

from geo.errors import ReadError
from geo.readers.report import Item, RowError

# Our field: the names under which files bring it, the first that is there counts.
NAMES: Final[dict[str, tuple[str, ...]]] = {
    "report_id": ("id", "doc_id", "report_id"),
    "text": ("text", "body", "content"),
    "title": ("title", "headline"),
    "published": ("published", "date", "dct", "published_at"),
    "url": ("url", "link"),
    "source": ("source", "outlet", "publisher"),
}
_LONGEST_LINE: Final = 8_000_000  # bytes of one row


def read_jsonl(file: BinaryIO, _name: str) -> Iterator[Item | ReadError]:
    """One report a line; a line that is no report is one ReadError with its number."""
    number = 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        if len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
            raise RowError(f"the line is longer than {_LONGEST_LINE // 1_000_000} MB; split the report", number)
        if line.strip():
            yield _from_json(line, number)


def read_json(file: BinaryIO, _name: str) -> Iterator[Item | ReadError]:
    """A JSON array of reports, or one report."""
    try:
        data = json.loads(file.read())
    except (ValueError, RecursionError) as error:
        raise ReadError(f"it is not JSON ({error}); if it has one object a line, name it .jsonl") from error
    for number, row in enumerate(data if isinstance(data, list) else [data], start=1):
        yield _item(row, number)


def read_csv(file: BinaryIO, name: str) -> Iterator[Item | ReadError]:
    """One report a row, under a header row that names at least `text` or `title`."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    csv.field_size_limit(_LONGEST_LINE)
    rows = csv.DictReader(text, delimiter="\t" if ".tsv" in name.lower() else ",", strict=True)
    try:
        header = [h.strip().lower() for h in rows.fieldnames or []]
        if not set(header) & {*NAMES["text"], *NAMES["title"]}:
            raise RowError(
                f"no column is named `text` or `title` in the header row ({', '.join(header[:8])}); name one", 1
            )
        rows.fieldnames = header
        for row in rows:
            if None in row or None in row.values():
                yield RowError(f"the row has not the {len(header)} cells of the header; quote commas", rows.line_num)
            else:
                yield _item(row, rows.line_num)
    except UnicodeDecodeError as error:
        raise RowError("it is not UTF-8 text; save it as UTF-8", rows.line_num + 1) from error
    except csv.Error as error:
        raise RowError(
            f"it is not CSV ({error}); quote cells that hold commas or line breaks", rows.line_num
        ) from error


def _from_json(line: bytes, number: int) -> Item | ReadError:
    try:
        return _item(json.loads(line.decode("utf-8-sig")), number)
    except UnicodeDecodeError:
        return RowError("the line is not UTF-8 text; save the file as UTF-8", number)
    except (ValueError, RecursionError) as error:
        return RowError(f"the line is not a JSON object ({error}); write one object a line", number)


def _item(row: Any, number: int) -> Item | ReadError:
    if not isinstance(row, Mapping):
        return RowError(
            f"the row is {type(row).__name__}, not an object with `text`; write one object a report", number
        )
    fields = {}
    for ours, names in NAMES.items():
        value = next((row[n] for n in names if row.get(n) not in (None, "")), "")
        if not isinstance(value, str | int | float):
            return RowError(f"`{ours}` is {type(value).__name__}, not words; write it as text", number)
        fields[ours] = str(value)
    return Item(line=number, **fields)
