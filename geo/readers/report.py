"""What every reader yields, and how it becomes a Report: identity, day, link and language."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

from geo.errors import LimitError, ReadError
from geo.language import detect
from geo.records import Report

MAX_TEXT: Final = 1_000_000  # characters of one report: a long book; a news report has 2,000
NO_WORDS: Final = "it is empty: there is no text in it"
_DAY_FORMATS: Final = ("%d.%m.%Y", "%d.%m.%Y %H:%M", "%Y/%m/%d", "%Y%m%d")
_NUMBERS: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_LETTERED: Final = (
    (re.compile(r"\b([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b"), ("%B %d %Y", "%b %d %Y")),
    (re.compile(r"\b(\d{4}) ([A-Za-z]{3,9})\.? (\d{1,2})\b"), ("%Y %B %d", "%Y %b %d")),
    (re.compile(r"^(\d{4}-\d{2}-\d{2})\b"), ("%Y-%m-%d",)),
    (re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9})\.?,? (\d{4})\b"), ("%d %B %Y", "%d %b %Y")),
)
_BARE_LINK: Final = re.compile(r"[\w-]+(\.[\w-]+)+(/|$)")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """The fields of one report as the file gives them; `line` is where it stands, counted from 1."""

    text: str
    title: str = ""
    published: str = ""
    url: str = ""
    source: str = ""
    report_id: str = ""
    line: int | None = None


class DateError(ReadError):
    """The date of a report cannot be read; its words still can."""


class RowError(ReadError):
    """One row of a file could not be read."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def make(item: Item) -> Report:
    """The Report of an item; ReadError where it has no words, an unreadable date, or is too long."""
    if max(len(item.text), len(item.title)) > MAX_TEXT:
        raise LimitError(f"the text has {len(item.text):,} characters, more than {MAX_TEXT:,}; split it into reports")
    text, title = _clean(item.text), " ".join(_clean(item.title).split())
    if not text.strip():
        text, title = title, ""
    if not text.strip():
        raise ReadError(NO_WORDS if item.line is None else "the row has no text; fill in its `text` or its `title`")
    published = instant(item.published)
    return Report(
        report_id=item.report_id or identity(title, text, published),
        text=text,
        title=title,
        published=published,
        url=link(item.url),
        source=item.source.strip() or host(link(item.url)),
        language=detect(f"{title}\n{text}"),
    )


def identity(title: str, text: str, published: datetime | None) -> str:
    """The id of a report that brings none: a hash of its words and day, the same wherever it is read."""
    words = "\x1f".join((title, text, published.isoformat() if published else ""))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def instant(written: str) -> datetime | None:
    """The UTC instant that a date field names, midnight where it names a day; None where it is empty.

    >>> instant("2022-11-12")
    datetime.datetime(2022, 11, 12, 0, 0, tzinfo=datetime.timezone.utc)
    """
    words = written.strip()
    if not words:
        return None
    moment = _iso(words) or _mail(words) or _other(words)
    if moment is None:
        raise DateError(f"the date {words[:40]!r} cannot be read, so the report counts as undated; write YYYY-MM-DD")
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if not 1000 <= moment.year <= 9000:
        raise DateError(f"the date {words[:40]!r} is in no year that a report can have, so it counts as undated")
    return moment


def link(url: str) -> str | None:
    """The address if it is http or https (https is supposed where the scheme is left out), None otherwise.

    >>> link("tass.com/emergencies/1437443")
    'https://tass.com/emergencies/1437443'
    >>> link("javascript:alert(1)") is None
    True
    """
    words = url.strip()
    if not words or any(c.isspace() or ord(c) < 32 for c in words):
        return None
    if _BARE_LINK.match(words):
        words = f"https://{words}"
    try:
        parts = urlsplit(words)
    except ValueError:
        return None
    return words if parts.scheme.lower() in {"http", "https"} and parts.hostname else None


def host(url: str | None) -> str | None:
    """The host of an address without "www.", as the name of the outlet; None without an address."""
    return (urlsplit(url).hostname or "").removeprefix("www.") or None if url else None


def _unambiguous(one: int, two: int, year: int) -> datetime | None:
    """The day of 28/11/2016 or 11/28/2016; None where either number may be the month."""
    day, month = max(one, two), min(one, two)
    if (day <= 12 and day != month) or month == 0:
        return None
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _clean(words: str) -> str:
    return _CONTROLS.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))


def _iso(words: str) -> datetime | None:
    try:
        return datetime.fromisoformat(words)
    except ValueError:
        return None


def _mail(words: str) -> datetime | None:
    try:
        return parsedate_to_datetime(words)
    except (ValueError, IndexError, TypeError):
        return None


def _other(words: str) -> datetime | None:
    """Day-first with dots, or the month in letters with whatever stands around it; "03-02-2009" stays unknown."""
    for form in _DAY_FORMATS:
        try:
            return datetime.strptime(words, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    if (numbers := _NUMBERS.fullmatch(words)) and (day := _unambiguous(*map(int, numbers.groups()))):
        return day
    for pattern, forms in _LETTERED:
        if found := pattern.search(words):
            plain = " ".join(found.groups())
            for form in forms:
                try:
                    return datetime.strptime(plain, form).replace(tzinfo=UTC)
                except ValueError:
                    continue
    return None
