"""Text to spans that might be place names: runs of capitalised words, and the names the gazetteer knows within them.

Nothing is decided here. A run is a chain of capitalised words joined by spaces, hyphens and a few small words
("Rostov-on-Don", "University of Aleppo"). Within a run the longest names that the gazetteer has are spans, and so are
stretches that end in a word for a place ("Hutcheson Road", "Azot plant") and short runs that it does not know. A text
without capitals is read word by word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from geo.gazetteer.names import fold, fold_token
from geo.recognise.wordlists import NEVER

_UPPER: Final = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶĻĽŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽȘȚА-ЯЁЄІЇҐ"
_LETTER: Final = r"[^\W\d_]"
_TAIL: Final = rf"{_LETTER}*(?:['’‘`ʼ](?![sS]\b){_LETTER}+)*"
_DOTTED: Final = rf"[{_UPPER}]{_LETTER}?\.(?:[{_UPPER}]{_LETTER}{{0,3}}\.)+(?:[{_UPPER}](?!{_LETTER}))?"
_CAPITAL: Final = re.compile(  # the look-behind stands after the first letter: so the search can leap to capitals
    rf"[{_UPPER}](?<![^\W_].)(?:{_LETTER}?\.(?:[{_UPPER}]{_LETTER}{{0,3}}\.)+(?:[{_UPPER}](?!{_LETTER}))?|{_TAIL})",
    re.DOTALL,
)
_PARTICLE: Final = re.compile(r"(?<![^\W_])(?:(?:al|el|ar|as|ash|at|an|az|ad)[-‐‑]|[dl]['’])$")
_ANY: Final = re.compile(rf"(?<![^\W_])(?:{_DOTTED}|{_LETTER}{_TAIL})")
_SMALL_WORDS: Final = (
    "of|the|and|&|de|del|da|do|du|di|la|le|las|los|el|al|an|ar|as|ash|at|on|upon|sur|am|im|der|den|van|y|e|by|under|in"
    "|bin|ibn|abu|es|of the|and the|de la|de los|de las"
)
_PARTICLE_ENDS: Final = frozenset("-‐‑'’")
_PLAIN_GAP: Final = re.compile(r"[ \u00a0\t]{1,3}|[ \u00a0\t]*\n[ \u00a0\t]*|[ ]?[-‐‑/][ ]?|[-‐‑–]")
_BETWEEN_HYPHENS: Final = "i|e|a|o|u|ul|ur|us|ye|sous|sur|bei|nad|pod|lès|les|aux|en|sul|na"
_SMALL_GAP: Final = re.compile(
    rf"[\s\u00a0]+(?:{_SMALL_WORDS})[\s\u00a0]+|[-‐‑](?:{_SMALL_WORDS}|{_BETWEEN_HYPHENS})[-‐‑]"
)
_OWNER_GAP: Final = re.compile(r"['’][sS]?[ \u00a0]")
_DOT_GAP: Final = re.compile(r"\.[ \u00a0]?|\.-")
_BEFORE_DOT: Final = frozenset(
    """
    st ste mt ft pt n s e w co dr mr mrs ms sgt gov sen rep gen col lt capt maj prof rev hon pres sec
    """.split()
)

_CAPITAL_LETTER: Final = re.compile(f"[{_UPPER}]")
_SMALL_LETTER: Final = re.compile("[a-zà-öø-ÿа-яіїєґ]")

BREAK, PLAIN, SMALL, OWNER = range(4)

_SAMPLE: Final = 800  # letters that are enough to tell how a text is written
_LONGEST_UNKNOWN: Final = 4
_LONGEST_GAP: Final = 40  # letters
_PARTING: Final = frozenset((" and ", " in ", " by ", " under ", " on "))
LONGEST_NAME: Final = 6
"""In words; "Democratic Republic of the Congo" has three capitals, "Saint Vincent and the Grenadines" too."""

AREA_WORDS: Final = frozenset(
    """
    region regions oblast oblasts province provinces governorate governorates prefecture raion raions krai
    county counties district districts state states department voivodeship canton peninsula republic territory
    """.split()
)
FACILITY_WORDS: Final = frozenset(
    """
    airport airports airfield airbase bridge dam plant factory steelworks refinery port harbour harbor reservoir
    lake river sea gulf bay strait island islands mountain mountains valley desert forest canal crossing
    checkpoint camp prison hospital university school square street road highway avenue boulevard park station
    base stadium mine cathedral mosque church monastery embassy theatre theater cemetery hills beach creek basin
    coast pass
    """.split()
)
"""Words that, after a name, make it the name of a place, in small letters too."""
_SORTS: Final = AREA_WORDS | FACILITY_WORDS

_ENDINGS: Final = frozenset(
    """
    road street avenue lane drive boulevard highway parkway way square park bridge river creek lake county
    parish township airport station hospital school university college stadium island islands valley mountains
    mountain hills hill beach bay rd st ave blvd dr twp co church cemetery centre center court place trail pike
    plaza mall hall library museum tower theatre theater arena prison jail camp village heights circle terrace
    crescent close expressway freeway turnpike bypass forest desert peninsula gulf sea ocean coast falls springs
    district region province oblast
    """.split()
)


@dataclass(slots=True)
class Word:
    """One capitalised word: offsets, its folded form, and how the gap to the word before it joins them."""

    start: int
    end: int
    key: str
    gap: int
    joint: str


@dataclass(slots=True)
class Span:
    """A stretch of text that might be a place name, with the run of words it stands in.

    `key` is its folded form, `first` and `last` its words' positions in `run`, `known` whether the gazetteer has
    it; `tail` is the small word for a place after it, and `reach` where a mention of it ends if it takes that in
    (0: it does not). `label` is the tagger's for the name span that covers it, `within` how it lies in that
    ("=", "<" at its start, ">" at its end, "-" inside, "+" around it).
    """

    start: int
    end: int
    key: str
    run: list[Word]
    first: int
    last: int
    known: bool
    tail: str = ""
    reach: int = 0
    label: str = ""
    within: str = ""
    outer: tuple[int, int] = (0, 0)


Knows = Callable[[str], bool]


@lru_cache(maxsize=4096)
def _gap(gap: str) -> tuple[int, str]:
    """How a gap between two capitalised words joins them, and what it adds to the folded name."""
    if _PLAIN_GAP.fullmatch(gap):
        return PLAIN, " "
    if _SMALL_GAP.fullmatch(gap):
        return SMALL, f" {fold(gap.replace('-', ' ').strip())} "
    if _OWNER_GAP.fullmatch(gap):
        return OWNER, "s " if gap[1] in "sS" else " "
    return (PLAIN, " ") if gap == " & " else (BREAK, "")


def _joined(text: str, before: Word, start: int) -> tuple[int, str]:
    gap = text[before.end : start]
    if gap[0] == "." and _DOT_GAP.fullmatch(gap):
        written_out = before.key in _BEFORE_DOT or fold_token(text[before.start : before.end]) in {
            "saint",
            "mount",
            "fort",
        }
        return (PLAIN, " ") if written_out else (BREAK, "")
    return _gap(gap)


def runs(text: str) -> list[list[Word]]:
    """The runs of capitalised words of a text, or of all words where it has hardly a capital."""
    found: list[list[Word]] = []
    before: Word | None = None
    for match in (_ANY if written(text) == "small" else _CAPITAL).finditer(text):
        start, end = match.span()
        if start and text[start - 1] in _PARTICLE_ENDS:
            particle = _PARTICLE.search(text, max(0, start - 4), start)
            start = particle.start() if particle else start
        key = fold_token(text[start:end])
        gap, joint = BREAK, ""
        if before and 0 < start - before.end <= _LONGEST_GAP:
            gap, joint = _joined(text, before, start)
        before = Word(start, end, key, gap, joint)
        if gap == BREAK:
            found.append([before])
        else:
            found[-1].append(before)
    return found


@lru_cache(maxsize=8)
def written(text: str) -> str:
    """How a text is written: "small" (hardly a capital), "capitals" (hardly a small letter) or "mixed"."""
    sample = text[:_SAMPLE]
    capitals = len(_CAPITAL_LETTER.findall(sample))
    if capitals * 150 < len(sample) or not capitals:
        return "small"
    small = islice(_SMALL_LETTER.finditer(sample), capitals)  # that many tell
    return "capitals" if capitals > 20 and sum(1 for _ in small) < capitals else "mixed"


def spans(text: str, knows: Knows) -> list[Span]:
    """The stretches of a text that might be place names, in order; they may overlap."""
    found: list[Span] = []
    small = written(text) == "small"
    for run in runs(text):
        if len(run) == 1:  # most are
            found += _alone(run, knows, small=small)
            continue
        known = _known(run, knows)
        found += known
        if not small:
            found += _ending(run)
            found += _rest(run, known)
    found = [span for span in found if span.key not in NEVER]
    for span in found:
        _take_tail(text, span, knows)
    return found


def _span(run: list[Word], first: int, last: int, *, known: bool) -> Span:
    key = run[first].key + "".join(w.joint + w.key for w in run[first + 1 : last + 1])
    return Span(run[first].start, run[last].end, key, run, first, last, known)


def _alone(run: list[Word], knows: Knows, *, small: bool) -> list[Span]:
    """A word by itself: a name of the gazetteer, or one that it does not know where names have capitals."""
    word = run[0]
    known = knows(word.key)
    taken = known or not (small or word.key in _ENDINGS)
    return [Span(word.start, word.end, word.key, run, 0, 0, known)] if taken else []


def _known(run: list[Word], knows: Knows) -> list[Span]:
    """The longest names of the gazetteer in a run of several words, from left to right."""
    found = []
    first = 0
    while first < len(run):
        if run[first].key == "the":
            first += 1
            continue
        keys = [run[first].key]
        for word in run[first + 1 : first + LONGEST_NAME]:
            keys.append(keys[-1] + word.joint + word.key)
        for length in range(len(keys), 0, -1):
            if knows(keys[length - 1]) and (length > 1 or keys[0] not in NEVER):
                last = first + length - 1
                found.append(Span(run[first].start, run[last].end, keys[length - 1], run, first, last, known=True))
                first = last
                break
        first += 1
    return found


def _rest(run: list[Word], known: Sequence[Span]) -> list[Span]:
    """Short stretches without a known name, up to a small word or an owner: "Telwatta" in "Telwatta in Sri Lanka"."""
    taken = {i for span in known for i in range(span.first, span.last + 1)}
    found = []
    begin = 0
    for end in range(1, len(run) + 1):
        if end == len(run) or run[end].gap == OWNER or run[end].joint in _PARTING:
            first = begin + (run[begin].key == "the")
            free = taken.isdisjoint(range(begin, end)) and run[end - 1].key not in _ENDINGS
            if free and first < end <= first + _LONGEST_UNKNOWN:
                found.append(_span(run, first, end - 1, known=False))
            begin = end
    return found


def _ending(run: list[Word]) -> list[Span]:
    """Stretches that end in a word for a place: "South Main Street", "Thomas Memorial Hospital"."""
    found = []
    begin = 0
    for i, word in enumerate(run):
        if word.key == "the":
            begin = i + 1
        if i and (word.gap == OWNER or word.joint == " and "):
            begin = i
        if word.key in _ENDINGS and i > begin:
            found.append(_span(run, begin, i, known=False))
            begin = i + 1
    return found


_SMALL_NEXT: Final = re.compile(r"[ \u00a0]([a-z]+(?:-[a-z]+)?)\b(?:[ ]([a-z]+)\b(?:[ ]([a-z]+)\b)?)?")
_TAKEN_IN: Final = frozenset(
    """
    region oblast province governorate prefecture raion krai county district peninsula municipality
    """.split()
)


def _take_tail(text: str, span: Span, knows: Knows) -> None:
    """Let a span reach over a small word for a place after it: "Kherson region", "Azot plant", "Dnipro river"."""
    match = _SMALL_NEXT.match(text, span.end)
    if match is None or _SORTS.isdisjoint(match.groups()):
        return
    following = [word for word in match.groups() if word]
    for count in range(len(following), 0, -1):
        word = following[count - 1]
        if word not in _SORTS:
            continue
        named = knows(f"{span.key} {' '.join(following[:count]).replace('-', ' ')}")
        if named or (word in FACILITY_WORDS and not span.known and count < 3) or (count == 1 and word in _TAKEN_IN):
            span.tail, span.reach = word, match.end(count)
            return
    if following[0] in _SORTS:
        span.tail = following[0]


def words_of(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """All words of a stretch of text, in small letters too: start, end, folded form."""
    return [(*m.span(), fold_token(m[0])) for m in _ANY.finditer(text, start, end)]
