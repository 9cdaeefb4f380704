"""What is said around a name: "Kherson region", "northern X", "30 km north-east of X", "between X and Y", "X, Texas".

`parse` takes the words apart; it does not know whether such a place exists. `geo.gazetteer.local` asks it only after
the full name, for "North Carolina", "Kansas City" and "West Bank" are names of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from geo.gazetteer.names import fold
from geo.records import Level

Relation = Literal["is", "part", "near", "away", "outskirts", "between", "capital"]

# Words that say what sort of place a name is, with the levels they ask for, best first.
_FIRST: Final[tuple[Level, ...]] = ("admin1", "region", "admin2")
_SECOND: Final[tuple[Level, ...]] = ("admin2", "admin1", "region")
_TOWN: Final[tuple[Level, ...]] = ("point",)
_WATER: Final[tuple[Level, ...]] = ("region", "point")
_ISLAND: Final[tuple[Level, ...]] = ("region", "admin1", "admin2", "point")  # many a division is an island
GENERIC: Final[dict[str, tuple[Level, ...]]] = {
    **dict.fromkeys(
        "region oblast province governorate state prefecture voivodeship voivodship krai kray republic "
        "territory emirate "
        "land canton department departement governate wilayat wilayah wilaya vilayet muhafazah muhafazat "
        "estado provincia prov "
        "provincie provinz region region departamento canton gobernacion oblast oblasti viloyat welayat velayat "
        "administrative+region autonomous+region autonomous+republic special+administrative+region federal+district "
        "federal+territory union+territory capital+territory".split(),
        _FIRST,
    ),
    **dict.fromkeys(
        "district raion rayon rajon county parish municipality borough commune subdistrict sub+district okrug powiat "
        "kreis landkreis arrondissement tehsil taluk taluka upazila kabupaten regency comune municipio "
        "municipal+district "
        "prefecture metropolitan+borough metropolitan+district census+area local+government+area lga township "
        "co cnty twp dist metropolitan+municipality local+municipality regional+municipality regional+district "
        "subprefecture".split(),
        _SECOND,
    ),
    **dict.fromkeys("city town village settlement hamlet".split(), _TOWN),
    **dict.fromkeys("metropolitan+area metro+area area metro area urban+area".split(), ("point", "admin2", "admin1")),
    **dict.fromkeys("river lake sea mountains mountain valley desert".split(), _WATER),
    **dict.fromkeys("island islands peninsula".split(), _ISLAND),
}  # fmt: skip
_GENERIC: Final = {words.replace("+", " "): levels for words, levels in GENERIC.items()}
# Longest first, so that "autonomous region" goes before "region".
_WORDS: Final = sorted(_GENERIC, key=len, reverse=True)
_AFTER: Final = re.compile(rf"^(?P<base>.+?) (?P<word>{'|'.join(_WORDS)})s?$")
_BEFORE: Final = re.compile(rf"^(?P<word>{'|'.join(_WORDS)})(?: of)?(?: the)? (?P<base>.+)$")

_BEARINGS: Final[dict[str, float]] = {
    "north": 0, "northeast": 45, "east": 90, "southeast": 135, "south": 180, "southwest": 225, "west": 270,
    "northwest": 315, "n": 0, "ne": 45, "e": 90, "se": 135, "s": 180, "sw": 225, "w": 270, "nw": 315,
}  # fmt: skip
_POINTS: Final = r"(?:north|south)[ ]?(?:east|west)|north|south|east|west"
_PART: Final = re.compile(
    rf"^(?P<way>(?:{_POINTS})(?:ern(?:most)?)?|central|upper|lower|far (?:{_POINTS})|downtown|mid|middle|rural|greater|"
    rf"inner|outer|occupied|temporarily occupied|mainland|coastal|old)(?: part)?(?: of)?(?: the)? (?P<base>.+)$",
)
_SIDE: Final = re.compile(rf"^(?P<way>{_POINTS}|cent(?:er|re)|heart)(?: part| side)? of (?:the )?(?P<base>.+)$")
_NEAR: Final = re.compile(
    r"^(?:near|nearby|close to|around|outside|outside of|off|next to|in the vicinity of|vicinity of|the area of|"
    r"area of|just outside|towards?) (?:the )?(?P<base>.+)$",
)
_OUTSKIRTS: Final = re.compile(
    rf"^(?:(?:{_POINTS})(?:ern)? )?(?:outskirts|suburbs?|edge|environs|approaches) (?:of|to) (?:the )?(?P<base>.+)$"
    r"|^suburban (?P<base2>.+)$|^(?P<base3>.+) (?:outskirts|suburbs?)$",
)
_AWAY: Final = re.compile(
    rf"^(?:(?:about|around|some|roughly|approximately|nearly|over|just|more than|less than) )*"
    rf"(?P<number>\d+(?: \d+)?|a few|several|dozens of) ?(?P<unit>km|kms|kilomet(?:er|re)s?|miles?|mi) "
    rf"(?:(?:to )?(?:the )?(?P<way>(?:{_POINTS})|ne|nw|se|sw)(?:ern)? (?:of|from)|from|off|outside|away from|of) "
    rf"(?:the )?(?P<base>.+)$",
)
_SIDE_AWAY: Final = re.compile(rf"^(?:to )?(?:the )?(?P<way>{_POINTS}) (?:of|from) (?:the )?(?P<base>.+)$")
_BETWEEN: Final = re.compile(r"^between (?:the )?(?P<base>.+?) and (?:the )?(?P<other>.+)$")
_CAPITAL: Final = re.compile(
    r"^(?:the )?(?P<base>.+?) capital(?: city)?$|^(?:the )?capital(?: city)? of (?:the )?(?P<base2>.+)$"
)
_ITS_CAPITAL: Final = re.compile(r"['’]s (?=capital\b)")
_THE_SIDE: Final = re.compile(rf"(?i)^the (?:{_POINTS}|cent(?:er|re)) of ")
_MILE_KM: Final = 1.609344
_SOME_KM: Final = {"a few": 5.0, "several": 8.0, "dozens of": 36.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A name with what is said around it. `base` and `other` are folded; `levels` are what a generic word asks for.

    `relation` "is": the place itself; "part": its part towards `bearing` degrees (None: its middle or an unnamed part);
    "near" and "outskirts": about it; "capital": the seat of that country; "away": `km` from it towards `bearing`;
    "between": between it and `other`.
    """

    base: str
    relation: Relation = "is"
    levels: tuple[Level, ...] = ()
    bearing: float | None = None
    km: float | None = None
    other: str = ""
    container: str = ""
    way: str = ""


def parse(name: str) -> Phrase | None:
    """The phrase that a name is, None where nothing is said around it.

    >>> parse("30 km north-east of Kupyansk")
    Phrase(base='kupyansk', relation='away', levels=(), bearing=45, km=30.0, other='', container='', way='northeast')
    >>> parse("Kherson region").levels[0], parse("northern Kharkiv region").relation, parse("Kherson")
    ('admin1', 'part', None)
    """
    head, comma, tail = name.rpartition(",")
    if comma and fold(head) and fold(tail) and not re.search(r"\d", tail):
        return Phrase(base=fold(head), container=tail.strip())
    text = fold(_numbered(_ITS_CAPITAL.sub(" ", name)))
    if text and _THE_SIDE.match(name):
        text = text.replace(" of ", " part of ", 1)
    for read in (_between, _away, _outskirts, _near, _capital, _generic, _part):
        found = read(text)
        if found:
            return found
    return None


def _numbered(name: str) -> str:
    """A name with "1,200" as 1200 and "1.5" as "1 5", which folding leaves alone."""
    return re.sub(r"(?<=\d)[.,](?=\d)", " ", re.sub(r"(?<=\d),(?=\d{3}\b)", "", name))


def strip_generic(folded: str) -> tuple[str, tuple[Level, ...]]:
    """A folded name without its generic word, and the levels that word asks for; () where it has none.

    >>> strip_generic("kherson oblast")[0], strip_generic("city of london")[0], strip_generic("london")
    ('kherson', 'london', ('london', ()))
    """
    for pattern in (_AFTER, _BEFORE):
        match = pattern.match(folded)
        if match:
            return match["base"], _GENERIC[match["word"]]
    return folded, ()


def _between(text: str) -> Phrase | None:
    match = _BETWEEN.match(text)
    return Phrase(base=match["base"], relation="between", other=match["other"]) if match else None


def _away(text: str) -> Phrase | None:
    match = _AWAY.match(text)
    if match:
        number = match["number"]
        km = _SOME_KM.get(number) or float(number.replace(" ", "."))
        km *= _MILE_KM if match["unit"].startswith("mi") else 1.0
        way = _plain(match["way"] or "")
        return Phrase(base=match["base"], relation="away", km=km, bearing=_BEARINGS.get(way), way=way)
    match = _SIDE_AWAY.match(text)
    if match:
        way = _plain(match["way"])
        return Phrase(base=match["base"], relation="near", bearing=_BEARINGS[way], way=way)
    return None


def _outskirts(text: str) -> Phrase | None:
    match = _OUTSKIRTS.match(text)
    base = match and (match["base"] or match["base2"] or match["base3"])
    return Phrase(base=base, relation="outskirts") if base else None


def _near(text: str) -> Phrase | None:
    match = _NEAR.match(text)
    return Phrase(base=match["base"], relation="near") if match else None


def _capital(text: str) -> Phrase | None:
    match = _CAPITAL.match(text)
    base = match and (match["base"] or match["base2"])
    return Phrase(base=base, relation="capital", levels=("country",)) if base else None


def _generic(text: str) -> Phrase | None:
    base, levels = strip_generic(text)
    if not levels:
        return None
    part = _part(base)
    if part:
        return Phrase(base=part.base, relation="part", levels=levels, bearing=part.bearing, way=part.way)
    return Phrase(base=base, levels=levels)


def _part(text: str) -> Phrase | None:
    match = _SIDE.match(text) or _PART.match(text)
    if not match:
        return None
    way = _plain(match["way"])
    base, levels = strip_generic(match["base"])
    return Phrase(base=base, relation="part", levels=levels, bearing=_BEARINGS.get(way), way=way)


def _plain(way: str) -> str:
    return re.sub(r"ern(most)?$", "", way.removeprefix("far ").replace(" ", ""))
