"""HTML pages: title, day, outlet and text, by trafilatura."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import BinaryIO, Final

from geo.errors import LimitError, ReadError
from geo.readers.plain import decode
from geo.readers.report import Item

# trafilatura and lxml take minutes on, or silently lose, pages beyond these (design notes, trust.md 1.2): 400,000
# attributes took over 60 s, 2,000 nested elements gave an empty text. News pages stay far below.
MAX_TAGS: Final = 60_000
MAX_DEPTH: Final = 400
MAX_TAG_LENGTH: Final = 200_000  # characters between < and >
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_VOID: Final = frozenset(  # never closed, or not always
    "area base br col embed hr img input link meta param source track wbr p li td tr th dt dd".split()
)
_UNREAD: Final = frozenset(["script", "style", "noscript", "template", "head", "nav", "footer", "svg"])
_BLOCKS: Final = frozenset("p div h1 h2 h3 h4 li tr br section article blockquote".split())


def read_html(file: BinaryIO, name: str) -> Iterator[Item]:
    """The one report of a page; ReadError where no text could be taken out of it."""
    page = decode(file)
    _within_limits(page)
    yield _extracted(page) or _fallback(page, name)


def _within_limits(page: str) -> None:
    """Raise LimitError for a page that the parsers would choke on; one linear pass."""
    depth = deepest = previous = 0
    tags = 0
    for tags, tag in enumerate(_TAG.finditer(page), start=1):  # noqa: B007 - the last number is the count
        if tag.group(2).lower() not in _VOID:
            depth += -1 if tag.group(1) else 1
            deepest = max(deepest, depth)
        _short_enough(page, previous, tag.start())
        previous = tag.start()
    _short_enough(page, previous, len(page))
    if tags > MAX_TAGS or deepest > MAX_DEPTH:
        raise LimitError(
            f"the page has {tags:,} tags, {deepest:,} deep, too many to be read safely; save its text as a .txt file"
        )


def _short_enough(page: str, start: int, end: int) -> None:
    """Raise LimitError where a tag runs on from `start` without its closing bracket."""
    if end - start > MAX_TAG_LENGTH and ">" not in page[start : start + MAX_TAG_LENGTH]:
        raise LimitError(f"the page has a tag of over {MAX_TAG_LENGTH:,} characters; save its text as a .txt file")


def _extracted(page: str) -> Item | None:
    import trafilatura
    from trafilatura.settings import Document

    document = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False, include_tables=False)
    if not isinstance(document, Document) or not (document.text or "").strip():
        return None
    return Item(
        text=str(document.text),
        title=document.title or "",
        published=document.date or "",
        url=document.url or "",
        source=document.sitename or document.hostname or "",
    )


def _fallback(page: str, name: str) -> Item:
    """All the words of a page where trafilatura finds no article: better too much than silently nothing."""
    words = _Words()
    words.feed(page)
    text = re.sub(r"[ \t]*\n\s*", "\n\n", "".join(words.parts)).strip()
    if not text:
        raise ReadError(f"no text was found in {name!r}; open it in a browser and save its text as a .txt file")
    return Item(text=text, title=" ".join("".join(words.title).split()))


class _Words(HTMLParser):
    """Collects the text and the title of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.title: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the signature
        if tag in _UNREAD or tag == "title":
            self._open.append(tag)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            del self._open[self._open.index(tag) :]
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if "title" in self._open:
            self.title.append(data)
        elif not self._open:
            self.parts.append(data)
