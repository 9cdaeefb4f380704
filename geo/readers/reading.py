"""Reading paths and bytes into reports: what could be read, and what was refused and why.

Nothing is raised for one bad file or row among good ones: it becomes a Refusal that names the file, the line and the
remedy, and the good rest is read.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from geo.errors import LimitError, ReadError
from geo.readers.html import read_html
from geo.readers.plain import read_markdown, read_plain
from geo.readers.report import NO_WORDS, DateError, Item, make
from geo.readers.rows import read_csv, read_json, read_jsonl
from geo.records import Report

MEGABYTE: Final = 1_000_000
MAX_DOCUMENT: Final = 5 * MEGABYTE  # one text, Markdown or HTML file
MAX_TABLE: Final = 2_000 * MEGABYTE  # rows are read one by one, so a table may be large


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What could not be read: the file, the line in it if there is one, why, and what to do about it."""

    file: str
    why: str
    line: int | None = None

    def __str__(self) -> str:
        """One message for people: file, line, reason and remedy."""
        where = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{where}: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The reports of some files, and what was refused."""

    reports: tuple[Report, ...] = ()
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """How a kind of file is read, and how large it may be (bytes, unpacked)."""

    items: Callable[[BinaryIO, str], Iterable[Item | ReadError]]
    limit: int


READERS: Final[dict[str, Format]] = {
    ".txt": Format(read_plain, MAX_DOCUMENT),
    ".text": Format(read_plain, MAX_DOCUMENT),
    ".md": Format(read_markdown, MAX_DOCUMENT),
    ".markdown": Format(read_markdown, MAX_DOCUMENT),
    ".html": Format(read_html, MAX_DOCUMENT),
    ".htm": Format(read_html, MAX_DOCUMENT),
    ".jsonl": Format(read_jsonl, MAX_TABLE),
    ".ndjson": Format(read_jsonl, MAX_TABLE),
    ".json": Format(read_json, 100 * MEGABYTE),
    ".csv": Format(read_csv, MAX_TABLE),
    ".tsv": Format(read_csv, MAX_TABLE),
}


def read(paths: Iterable[Path]) -> Iterator[Report | Refusal]:
    """Every report in these files and folders (with all their sub-folders), in name order, and what was refused."""
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and _format_of(p.name) is not None)
            if not inside:
                yield Refusal(file=str(path), why=f"the folder holds no file of a known kind ({_known()})")
            yield from read(inside)
            continue
        try:
            with path.open("rb") as file:
                yield from _read(file, path.name, str(path))
        except FileNotFoundError:
            yield Refusal(file=str(path), why="there is no such file; check the path")
        except OSError as error:
            yield Refusal(file=str(path), why=f"it could not be opened: {error.strerror}")


def read_bytes(name: str, data: bytes) -> Reading:
    """The reports in the bytes of one file; the name serves only to tell the format and to name the file."""
    return _gathered(_read(io.BytesIO(data), name, name))


def _gathered(items: Iterable[Report | Refusal]) -> Reading:
    found = list(items)
    return Reading(
        reports=tuple(f for f in found if isinstance(f, Report)),
        refused=tuple(f for f in found if isinstance(f, Refusal)),
    )


def paste(text: str, *, title: str = "", published: datetime | None = None, url: str = "", source: str = "") -> Reading:
    """The report made of pasted words; refused where there are none."""
    day = published.isoformat() if published else ""
    item = Item(text=text, title=title, published=day, url=url, source=source)
    return _gathered(_made(item, "pasted text"))


def _made(item: Item, shown: str) -> Iterator[Report | Refusal]:
    """The report; where only its date cannot be read, the report without one, and the refusal of the date."""
    try:
        yield make(item)
    except DateError as error:
        yield make(replace(item, published=""))
        yield Refusal(file=shown, line=item.line, why=str(error))
    except ReadError as error:
        yield Refusal(file=shown, line=item.line, why=str(error))


def _read(file: BinaryIO, name: str, shown: str) -> Iterator[Report | Refusal]:
    kind = _format_of(name)
    if kind is None:
        yield Refusal(file=shown, why=f"files of this kind are not read; known are {_known()}")
        return
    packed = name.lower().endswith(".gz")
    stream = io.BufferedReader(_Capped(gzip.GzipFile(fileobj=file) if packed else file, kind.limit))
    try:
        items = kind.items(stream, name) if stream.peek(1) else [ReadError(NO_WORDS)]
        for item in items:
            if isinstance(item, ReadError):
                yield Refusal(file=shown, line=getattr(item, "line", None), why=str(item))
                continue
            yield from _made(item, shown)
    except ReadError as error:
        yield Refusal(file=shown, line=getattr(error, "line", None), why=str(error))
    except (OSError, EOFError) as error:
        yield Refusal(file=shown, why=f"it is damaged and cannot be unpacked ({error}); copy it again from its source")


def _format_of(name: str) -> Format | None:
    return READERS.get(Path(name.lower().removesuffix(".gz")).suffix)


def _known() -> str:
    return ", ".join(READERS) + ", each also with .gz"


class _Capped(io.RawIOBase):
    """A byte stream that raises LimitError once more than `limit` bytes have been read from it."""

    def __init__(self, stream: BinaryIO | gzip.GzipFile, limit: int) -> None:
        self._stream, self._limit, self._left = stream, limit, limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(min(len(buffer), self._left + 1))
        self._left -= len(data)
        if self._left < 0:
            raise LimitError(
                f"it is over {self._limit // MEGABYTE} MB unpacked; split it, or put the reports in a .jsonl file"
            )
        buffer[: len(data)] = data
        return len(data)
