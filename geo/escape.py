"""The only way from foreign words to HTML: text that stays text, and links that are links or nothing."""

from __future__ import annotations

import html
from typing import Final
from urllib.parse import urlsplit

# Marks that turn the direction of what follows, and so can make a sentence read as another one.
_TURNS: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C], None)
# Controls that no text needs; the NUL would end a string in some viewers.
_CONTROLS: Final = dict.fromkeys([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F], " ")
# What means something to Markdown, and to the colours, icons and formulas that Streamlit's labels know.
_MARKDOWN: Final = {ord(c): f"\\{c}" for c in "\\`*_{}[]()<>#+-.!|:$~&^="}
# What means something to JavaScript's and Jinja's templates, should text ever come to stand in one.
_TEMPLATES: Final = {ord(c): f"&#{ord(c)};" for c in "`${}\\"}


def plain(text: str) -> str:
    """The text without direction overrides and control characters, for places that show plain text.

    >>> plain("abc" + chr(0x202E) + "def" + chr(0))
    'abcdef '
    """
    return text.translate(_TURNS | _CONTROLS)


def label(text: str) -> str:
    r"""The text for a widget's label, which Streamlit reads as Markdown: shown as it stands.

    >>> print(label("**A** [b](c)"))
    \*\*A\*\* \[b\]\(c\)
    """
    return plain(text).translate(_MARKDOWN)


def escaped(text: str) -> str:
    """The text as HTML that shows it and does nothing else, in an element or a quoted attribute.

    >>> escaped('<b onclick="x">${1+1} {{7*7}}')
    '&lt;b onclick=&quot;x&quot;&gt;&#36;&#123;1+1&#125; &#123;&#123;7*7&#125;&#125;'
    """
    return html.escape(plain(text), quote=True).translate(_TEMPLATES)


def link(url: str | None) -> str | None:
    """The address, escaped, if it is a whole http or https one; None for anything else.

    >>> link("https://example.org/a?b=1&c=2")
    'https://example.org/a?b=1&amp;c=2'
    >>> link("javascript:alert(1)") is None
    True
    """
    if not url or any(ord(c) <= 0x20 for c in url):  # browsers drop blanks and controls inside a scheme
        return None
    try:
        told = urlsplit(url)
    except ValueError:
        return None
    return escaped(url) if told.scheme in ("http", "https") and told.hostname else None
