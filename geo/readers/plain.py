"""Plain text and Markdown: one report a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO, Final

from geo.errors import ReadError
from geo.readers.report import Item

# " date 2022-11-12 The White House ..." and "Date: 2022-11-12" alike; a header of `key: value` lines may come first.
_DATE: Final = re.compile(r"\s*date:?\s+(\d{4}-\d{2}-\d{2}(?:T[\d:.+Z-]+)?)\s+", re.IGNORECASE)
_HEADER: Final = re.compile(
    r"[ \t]*(title|date|published|url|link|source|outlet|id)[ \t]*:[ \t]*(.*)\n+", re.IGNORECASE
)
_FIELD: Final = {"date": "published", "link": "url", "outlet": "source", "id": "report_id"}
_LONGEST_TITLE: Final = 200  # characters

_FENCE: Final = re.compile(r"^(```|~~~).*$", re.MULTILINE)
_IMAGE: Final = re.compile(r"!\[([^\]\n]*)\]\([^)\n]*\)")
_LINK: Final = re.compile(r"\[([^\]\n]+)\]\([^)\n]*\)")
_MARKS: Final = re.compile(r"(\*\*\*|\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`)")
_LINE_START: Final = re.compile(r"^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+)", re.MULTILINE)
_HEADING: Final = re.compile(r"\s*#[ \t]+(.+?)[ \t#]*\n")
_FRONT: Final = re.compile(r"\s*---\n(.*?)\n---\n", re.DOTALL)


def decode(file: BinaryIO) -> str:
    """The text of a UTF-8 file (UTF-16 with its mark is read too); ReadError names the first bad line."""
    data = file.read()
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReadError(f"it is not UTF-8 text (line {line}); save it as UTF-8") from error


def read_plain(file: BinaryIO, _name: str) -> Iterator[Item]:
    """The one report of a text file: an optional header, an optional title line, and the words."""
    yield _item(decode(file))


def read_markdown(file: BinaryIO, _name: str) -> Iterator[Item]:
    """The one report of a Markdown file: front matter, the first heading as title, and the words without marks."""
    text = decode(file)
    header = ""
    if front := _FRONT.match(text):
        header, text = front.group(1).replace('"', "") + "\n", text[front.end() :]
    title = ""
    if heading := _HEADING.match(text):
        title, text = _unmark(heading.group(1)), text[heading.end() :]
    item = _item(header + "\n" + _unmark(text))
    yield item if item.title else replace(item, title=title)


def _item(text: str) -> Item:
    fields: dict[str, Any] = {}
    text = text.lstrip("\n")
    while header := _HEADER.match(text):
        key = header.group(1).lower()
        fields.setdefault(_FIELD.get(key, key), header.group(2).strip())
        text = text[header.end() :]
    if (dated := _DATE.match(text)) and "published" not in fields:
        fields["published"] = dated.group(1)
        text = text[dated.end() :]
    if "title" not in fields:
        fields["title"], text = _title(text)
    return replace(Item(text=text.strip()), **fields)


def _title(text: str) -> tuple[str, str]:
    """The first line, where a blank line sets it apart and it does not end as a sentence does; and the rest."""
    first, blank, rest = text.strip().partition("\n\n")
    is_title = blank and rest.strip() and "\n" not in first and len(first) <= _LONGEST_TITLE
    if is_title and not first.rstrip("\"'”’").endswith((".", "!", "?", ":")):
        return first.strip(), rest
    return "", text


def _unmark(text: str) -> str:
    text = _FENCE.sub("", text)
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    return _MARKS.sub("", _LINE_START.sub("", text))
