"""Text to sentences and paragraphs, by offsets.

A rule-based splitter for news English: fast, the same with and without a language model, and it never moves a
character. Offsets are Python code points, end exclusive; spans are stripped of surrounding blanks.
"""

from __future__ import annotations

import re
from typing import Final

# A full stop after these does not end a sentence. Months and titles as news agencies abbreviate them (AP Stylebook).
_ABBREVIATIONS: Final = frozenset(
    """adm ala apr ariz assn atty aug ave bldg blvd brig bros calif capt cmdr co col colo comdr conn corp cpl dec del
    dept dr e.g fla feb ft gen gov hon hwy i.e ill inc ind jan jr kan ky la lt ltd maj mar mass md messrs mich
    minn miss mo mont mr mrs ms msgr mt n.b neb nev no nos nov oct okla ont ore pa pfc ph.d pl pres prof pvt
    que rd rep reps rev sen sens sept sgt sr st ste supt tenn tex u.k u.n u.s univ va vs vt wash wis wyo al
    etc approx est vol a.m p.m""".split()
)
# After these a stop may also end one, where the next word starts sentences: "in the U.S. He ..."
_MAY_END: Final = frozenset("u.s u.k u.n inc co corp ltd jr sr etc assn bros a.m p.m".split())
_STARTERS: Final = frozenset(
    """The He She It They We I You A An In On At But And However Meanwhile This That These Those His Her Their Its There
    After Before When While If As According Earlier Later Since Some Many Most Police Officials""".split()
)
_STOP: Final = re.compile(r"""[.!?…]+["'”’»)\]]*(?=\s|$)|[.!?]["”»](?=[A-ZА-ЯІЇЄҐ“"])""")
_PARAGRAPH: Final = re.compile(r"\n\s*\n+")
_NEWLINE: Final = re.compile(r"[ \t]*\n[ \t]*")
_WORD_BEFORE: Final = re.compile(r"[\w.’'-]+$")
_NEXT: Final = re.compile(r"""\s*["'“‘«(\[]*(\w+)""")
_WRAPPED_LINE: Final = 55  # characters; a shorter line followed by a capital was a heading or an item, not a wrap

Bounds = tuple[int, int]


def paragraphs(text: str) -> list[Bounds]:
    """The spans of the paragraphs: blocks parted by blank lines, or by lines that do not run on."""
    bounds: list[Bounds] = []
    for start, end in _cut(text, 0, len(text), [(m.start(), m.end()) for m in _PARAGRAPH.finditer(text)]):
        breaks = [
            (m.start(), m.end())
            for m in _NEWLINE.finditer(text, start, end)
            if _line_ends(text, start, m.start(), m.end(), end)
        ]
        bounds += _cut(text, start, end, breaks)
    return bounds


def split(text: str) -> list[Bounds]:
    """The spans of the sentences, in reading order; none crosses a paragraph.

    >>> text = "Shells fell on Nov. 12. The U.S. embassy in Kyiv closed."
    >>> [text[a:b] for a, b in split(text)]
    ['Shells fell on Nov. 12.', 'The U.S. embassy in Kyiv closed.']
    """
    bounds: list[Bounds] = []
    for start, end in paragraphs(text):
        stops = [(m.end(), m.end()) for m in _STOP.finditer(text, start, end) if _ends(text, start, m, end)]
        bounds += _cut(text, start, end, stops)
    return bounds


def _cut(text: str, start: int, end: int, breaks: list[Bounds]) -> list[Bounds]:
    """The stripped, non-empty stretches of text[start:end] between the breaks."""
    edges = [start, *(edge for pair in breaks for edge in pair), end]
    stretches = []
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        words = text[a:b]
        left = len(words) - len(words.lstrip())
        if stripped := words.strip():
            stretches.append((a + left, a + left + len(stripped)))
    return stretches


def _line_ends(text: str, start: int, stop: int, after: int, end: int) -> bool:
    """Whether a single newline parts two paragraphs rather than wraps a line."""
    if after >= end:
        return False
    line = text[text.rfind("\n", start, stop) + 1 : stop].strip() if "\n" in text[start:stop] else text[start:stop]
    follows = text[after]
    if not (follows.isupper() or follows.isdigit() or follows in "\"'“‘«-•*–—(["):
        return False
    return len(line) < _WRAPPED_LINE or line.rstrip()[-1:] in ".!?:\"'”’»…"


def _ends(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    """Whether the punctuation ends a sentence."""
    if stop.end() >= end:
        return True
    follows = _NEXT.match(text, stop.end(), end)
    if follows is None:
        return True
    word = follows.group(1)
    if word[0].islower():
        return False
    if stop.group() != ".":
        return True
    before = _WORD_BEFORE.search(text, max(start, stop.start() - 24), stop.start())
    last = before.group().lower().strip("'’-") if before else ""
    if last in _ABBREVIATIONS:
        return last in _MAY_END and word in _STARTERS
    initial = len(last) == 1 and last.isalpha() and last != "i"
    return not initial or word in _STARTERS
