"""Words that speak of time, each with the one-letter class that the grammar is written in.

Each class and what its words carry: M month (its number), A May and March, l the same in lower case, B abbreviated
month, W weekday (Monday 0), w abbreviated weekday, S weekdays in the plural, c cardinal, o ordinal, a the article a,
q vague number, d the, f of, I preposition, C connector, r relation (last, next, this ...), b early, mid or late,
k start, middle or end, u unit and U units (D, W, M, Y ...), p part of the day, t day counted from today, i tonight,
v overnight, g ago, e earlier or later, z before or after, s season, H feast, F fiscal, E each, Q daily and its like,
G loose reference, m a.m. or p.m., Z time zone, J filler between number and unit, h half, N noon or midnight,
V future and moment, j near, P period, X war, + and.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

Entry = tuple[str, object]


@dataclass(frozen=True, slots=True)
class Numeric:
    """A date written in figures. `swapped` is the other reading (month first for day first), None where impossible."""

    first: date
    swapped: date | None = None
    clock: str = ""


_MONTHS: Final = "january february march april may june july august september october november december".split()
_DAYS: Final = "monday tuesday wednesday thursday friday saturday sunday".split()
_ONES: Final = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS: Final = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth"
).split()
_TENTHS: Final = "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth hundredth".split()
_UNITS: Final = {
    "second": "TS",
    "minute": "TM",
    "hour": "TH",
    "day": "D",
    "week": "W",
    "fortnight": "2W",
    "weekend": "WE",
    "month": "M",
    "quarter": "Q",
    "year": "Y",
    "decade": "DE",
    "century": "CE",
}
_WORDS: Final[dict[str, dict[str, object]]] = {
    "a": {"a": 1, "an": 1},
    "d": {"the": None},
    "f": {"of": None},
    "+": {"and": None},
    "C": {"to": None, "through": None, "till": None, "or": None},
    "I": dict.fromkeys("in on at during by since until from between around about for within throughout over".split()),
    "r": {
        **dict.fromkeys(["last", "previous", "past", "preceding", "prior", "next", "following", "coming"]),
        **dict.fromkeys(["upcoming", "this", "that", "same", "current", "recent", "latest"]),
    },
    "b": {
        "early": "early",
        "mid": "mid",
        "late": "late",
    },
    "k": {
        **dict.fromkeys(["beginning", "start", "outset", "onset"], "early"),
        **dict.fromkeys(["middle", "midst"], "mid"),
        "end": "late",
    },
    "j": dict.fromkeys(["near", "foreseeable", "immediate", "distant"]),
    "P": {"period": None},
    "p": {
        **dict.fromkeys(["morning", "dawn", "daybreak", "mornings"], "MO"),
        **dict.fromkeys(["afternoon", "afternoons"], "AF"),
        **dict.fromkeys(["evening", "dusk", "evenings"], "EV"),
        **dict.fromkeys(["night", "nights"], "NI"),
    },
    "t": {"today": 0, "yesterday": -1, "tomorrow": 1},
    "i": {"tonight": None},
    "v": {"overnight": None},
    "g": {"ago": -1},
    "e": {"earlier": -1, "later": 1, "hence": 1, "previously": -1},
    "z": {"before": -1, "after": 1},
    "s": {"summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI", "spring": "SP"},
    "H": dict.fromkeys(["christmas", "thanksgiving", "easter", "halloween"]),
    "F": {"fiscal": None, "financial": None},
    "E": dict.fromkeys(["each", "every", "per"]),
    "Q": {
        "hourly": "PT1H",
        "daily": "P1D",
        "nightly": "P1D",
        "weekly": "P1W",
        "biweekly": "P2W",
        "fortnightly": "P2W",
        "monthly": "P1M",
        "bimonthly": "P2M",
        "quarterly": "P1Q",
        "annual": "P1Y",
        "annually": "P1Y",
        "yearly": "P1Y",
        "biennial": "P2Y",
    },
    "G": {
        **dict.fromkeys(["now", "currently", "nowadays", "presently"], "PRESENT_REF"),
        **dict.fromkeys(["recently", "lately"], "PAST_REF"),
        **dict.fromkeys(["soon"], "FUTURE_REF"),
    },
    "Z": {
        **dict.fromkeys(["utc", "gmt"], "Z"),
        **dict.fromkeys(
            ["est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "et", "cet", "cest", "bst", "eet"], ""
        ),
    },
    "m": {"am": 0, "pm": 12},
    "J": dict.fromkeys(
        "consecutive straight full whole entire trading business calendar working successive more long".split()
    ),
    "h": {"half": None},
    "V": {"future": "FUTURE_REF", "moment": "PRESENT_REF"},
    "N": {"noon": "12:00", "midday": "12:00", "midnight": "24:00"},
    "X": dict.fromkeys(["war", "invasion", "aggression", "opposition", "resistance", "offensive", "conflict", "siege"]),
    "q": dict.fromkeys(["several", "few", "many", "some", "couple", "dozens", "hundreds", "numerous", "various"]),
}


def _cased(word: str) -> set[str]:
    return {word, word.title(), word.upper()}


def _calendar_words() -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for number, name in enumerate(_MONTHS, 1):
        ambiguous = name in ("may", "march")
        found.update(dict.fromkeys((name.title(), name.upper()), ("A" if ambiguous else "M", number)))
        found[name] = ("l" if ambiguous else "M", number)
        for short in {name[:3], "sept"} if name == "september" else {name[:3]}:
            if short != "may":
                found.update(dict.fromkeys((short.title(), short.upper()), ("B", number)))
    for number, name in enumerate(_DAYS):
        found.update(dict.fromkeys(_cased(name), ("W", number)))
        found.update(dict.fromkeys(_cased(name + "s"), ("S", number)))
        for short in (name[:3], name[:4], name[:5]):
            if short in ("mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun"):
                found.update(dict.fromkeys((short.title(), short.upper()), ("w", number)))
    return found


def _number_words() -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for count, word in enumerate(_ONES, 1):
        found.update(dict.fromkeys(_cased(word), ("c", count)))
    for count, word in enumerate(_TENS, 2):
        found.update(dict.fromkeys(_cased(word), ("c", count * 10)))
    found.update(dict.fromkeys(_cased("dozen"), ("c", 12)))
    found.update(dict.fromkeys(_cased("hundred"), ("c", 100)))
    found.update(dict.fromkeys(_cased("single"), ("c", 1)))
    for count, word in enumerate(_ORDINALS, 1):
        found.update(dict.fromkeys(_cased(word), ("o", count)))
    for count, word in enumerate(_TENTHS, 2):
        found.update(dict.fromkeys(_cased(word), ("o", count * 10)))
    found.update(dict.fromkeys(_cased("final"), ("o", -1)))
    return found


@cache
def lexicon() -> dict[str, Entry]:
    """Each known word, in lower case, title case and capitals, with its class and what it carries."""
    found = {case: (code, value) for code, words in _WORDS.items() for w, value in words.items() for case in _cased(w)}
    for unit, code in _UNITS.items():
        plural = "centuries" if unit == "century" else unit + "s"
        if unit != "second":  # "second" is an ordinal in news
            found.update(dict.fromkeys(_cased(unit), ("u", code)))
        found.update(dict.fromkeys(_cased(plural), ("U", code)))
    attacks: Entry = ("D", Numeric(date(2001, 9, 11)))  # "9/11" is a name by now
    return {**found, **_number_words(), **_calendar_words(), "9/11": attacks}


PAST_VERBS: Final = frozenset(
    """was were had did said told went came took made began gave fell rose hit held sent met won lost shot left led
    struck fought broke brought built bought got kept found flew grew knew ran saw sold spent spoke stood swept threw
    woke wrote became burst drove fled put set cut shut became has have been withdrew overran seized""".split()
)
FUTURE_WORDS: Final = frozenset(
    """will shall would should must scheduled expected forecast due upcoming plan plans planned planning hope hopes
    hoped intend intends intended be expects wo ll begins starts opens meets arrives returns leaves expires ends
    resumes deadline slated vowed promised poised until till""".split()
)
BEFORE_TO: Final = frozenset(
    "is are decided agreed agree ready pledged pledges promises wants want aims aim going preparing vows".split()
)
"""Words after which "to" looks ahead: "decided to ban imports from January"."""
NOT_PAST: Final = frozenset(
    "united need needed indeed embed hundred red bed feed seed speed exceed proceed wed".split()
)
