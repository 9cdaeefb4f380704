"""Place names made comparable: one folded form for all spellings that a reader would call the same name.

Folding drops case, accents, apostrophes and dots, turns hyphens and commas into spaces, drops a leading "the" and
writes "St.", "Mt." and "Ft." out. It keeps the script; `spellings` bridges transliterations (Київ, Kyyiv, Kyiv).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Final

_APOSTROPHES = "'’‘`´ʹʺʻʼʽˈ′″\"“”«»„.·•\u0640\u200b\u200c\u200d\u200e\u200f\ufeff"
_SPACES = "-‐‑‒–—―_,;/\\()[]{}|:!?+*\u00a0"
_LETTERS: Final = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a", "ħ": "h", "ŋ": "n",
    "&": " and ", "ĸ": "k", "ß": "ss", "ʿ": "", "ʾ": "",
}  # fmt: skip
_TABLE: Final = str.maketrans({**dict.fromkeys(_APOSTROPHES, ""), **dict.fromkeys(_SPACES, " "), **_LETTERS})
# Combining marks of scripts in which a name is often written without them; Japanese and Indic marks change the word.
_MARKS: Final = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u06d6-\u06ed]")
_WORDS: Final = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "sv": "sveti"}
_SHORT: Final = frozenset(_WORDS)

# Lower-case words that may open a name ("al-Bab", "el-Geneina", "ar-Raqqa", "de Bilt").
PARTICLES: Final = frozenset("al el ar as ash at az an ad deir de la le les los las san".split())

# English words that are also villages somewhere; alone they are never taken for a name in a running text.
COMMON: Final = frozenset(
    "a about above across after again against all almost along already also although always am among an and "
    "another any "
    "are around as at away back be because been before behind being below between both but by came can could "
    "did do does "
    "during each even every few first for from get go had has have he her here him his how however i if in "
    "indeed into is "
    "it its just last later less like many may me meanwhile might mine more moreover most much must my near "
    "neither never "
    "new next no nor not nothing now of off officials often on once one only or other our out over own perhaps police "
    "quite rather same says second see several she should since so some soon still such than that the their them then "
    "there therefore these they this those though three through thus to today together tomorrow too toward two under "
    "until up upon us very was way we well were what when where whether which while who whom whose why will "
    "with within "
    "without would yes yesterday yet you your mr mrs ms dr sir lord lady king queen president minister "
    "secretary general "
    "major captain colonel january february march april june july august september october november december monday "
    "tuesday wednesday thursday friday saturday sunday".split()
)

CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
_RUSSIAN: Final = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўј",
        "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch  y  e yu ya e i yi ye g w j".split(" "),
        strict=True,
    )
)
_UKRAINIAN: Final = {**_RUSSIAN, "г": "h", "и": "y", "й": "i", "ї": "i", "є": "ie", "ю": "iu", "я": "ia", "щ": "shch"}

# Pairs that transliterations of the same name differ by. Each is tried both ways, one or two at a time.
_PAIRS: Final = (
    ("yiv", "iv"), ("yi", "i"), ("iy", "y"), ("iy", "i"), ("ii", "i"), ("yy", "y"), ("y", "i"), ("ya", "ia"),
    ("yu", "iu"), ("ye", "e"), ("ie", "e"), ("kh", "h"), ("h", "g"), ("zh", "j"), ("dj", "j"), ("ou", "u"),
    ("w", "v"), ("oo", "u"), ("ee", "i"), ("ks", "x"), ("tz", "ts"), ("q", "k"), ("ck", "k"), ("eh", "e"),
    ("ei", "e"), ("ay", "ai"), ("ey", "ei"), ("aa", "a"), ("sh", "ch"), ("ah", "a"), ("eh", "a"), ("o", "u"),
    ("skyi", "sky"), ("skiy", "sky"), ("ivka", "ovka"), ("hir", "gor"), ("pil", "pol"), ("e", "i"), ("dh", "d"),
    ("gh", "g"), ("th", "t"), ("ss", "s"), ("ll", "l"), ("nn", "n"), ("tt", "t"), ("mm", "m"), ("zz", "z"),
)  # fmt: skip
_MANY: Final = 240


def fold(name: str) -> str:
    """The folded form of a name, the key under which the gazetteer keeps it; "" where nothing is left.

    >>> fold("Ivano-Frankivs’k"), fold("The Hague"), fold("St. Louis"), fold("U.S."), fold("Düsseldorf")
    ('ivano frankivsk', 'hague', 'saint louis', 'us', 'dusseldorf')
    """
    if name.isascii():
        text = name.lower()
        if text.isalpha():
            return text
        if not text.replace(" ", "").isalpha():
            text = text.translate(_TABLE)
    else:
        text = unicodedata.normalize("NFKD", name.casefold())
        text = unicodedata.normalize("NFC", _MARKS.sub("", text)).translate(_TABLE)
    words = text.split()
    if len(words) > 1 and words[0] == "the":
        del words[0]
    if len(words) > 1 and not _SHORT.isdisjoint(words):
        words = [_WORDS.get(word, word) for word in words]
    return " ".join(words)


@lru_cache(maxsize=65536)
def fold_token(token: str) -> str:
    """The folded form of one word of a running text, "st" written out too."""
    folded = fold(token)
    return _WORDS.get(folded, folded)


def is_abbreviation(name: str) -> bool:
    """Whether a name only counts in capitals: "US", "U.S.", "DRC", "NYC", but not "Oslo".

    >>> is_abbreviation("U.S."), is_abbreviation("UAE"), is_abbreviation("Oslo"), is_abbreviation("Calif.")
    (True, True, False, False)
    """
    letters = name.replace(".", "")
    return 1 < len(letters) <= 4 and letters.isascii() and letters.isalpha() and letters.isupper()


def latin(name: str) -> tuple[str, ...]:
    """The folded Latin forms of a name in Cyrillic, Ukrainian reading first; () where it has no Cyrillic letter.

    >>> latin("Київ"), latin("Николаев")
    (('kyiv', 'kiyiv'), ('nykolaev', 'nikolaev'))
    """
    if not CYRILLIC.search(name):
        return ()
    plain = unicodedata.normalize("NFC", name.lower())
    forms = ("".join(table.get(letter, letter) for letter in plain) for table in (_UKRAINIAN, _RUSSIAN))
    return tuple(dict.fromkeys(fold(form) for form in forms))


def spellings(folded: str) -> Iterator[str]:
    """Other transliterations of a folded Latin name, nearest first, at most a few hundred.

    >>> "mykolaiv" in set(spellings("mykolayiv"))
    True
    """
    once = list(dict.fromkeys(_swapped(folded)))
    yield from once
    seen = {folded, *once}
    for form in islice((twice for one in once for twice in _swapped(one)), _MANY):
        if form not in seen:
            seen.add(form)
            yield form


def _swapped(folded: str) -> Iterator[str]:
    for left, right in _PAIRS:
        if left in folded:
            yield folded.replace(left, right)
        if right in folded:
            yield folded.replace(right, left)
