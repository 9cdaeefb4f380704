"""Words as people look for them: case and accents aside, cut the same way for tables and for full-text indexes."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")


def cut(written: str) -> list[str]:
    """The words of a text, in reading order, folded.

    >>> cut("Kyiv-based U.N. envoys in San José")
    ['kyiv', 'based', 'u', 'n', 'envoys', 'in', 'san', 'jose']
    """
    if written.isascii():
        return _WORD.findall(written.lower())
    spelled = unicodedata.normalize("NFKD", written.casefold())
    return _WORD.findall("".join(c for c in spelled if not unicodedata.combining(c)).casefold())


def joined(written: str) -> str:
    """The same words, each with a space before it: a word begins with "kher" where " kher" stands in this.

    >>> " kher" in joined("In Kherson.")
    True
    """
    return "".join(f" {word}" for word in cut(written))
