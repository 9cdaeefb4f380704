"""Event types: which of the thirteen, by what words, and their crosswalk to the field's taxonomies.

The words stand in `lexicons/kinds.txt`. Precedence: a word that names the happening (weight 3: shelling, arrested,
earthquake) goes before one that tells it (2), and both before a mere consequence (1: killed, damaged) or a vague verb
(0.5: opened). Among equals the first in reading order wins, as it is nearest to the main verb. A bare "attack" takes
its type from what else the text says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, cast

from geo import lexicons
from geo.clauses import Token, tokens
from geo.records import EVENT_TYPES, EventType, Modality

_NO_TYPE: Final = "none - 0"  # the section of phrases that only look like triggers; they go before the others
_NAMES_IT: Final = 3.0  # the weight of words that name the happening
_CONSEQUENCE: Final = 1.0
_CAUSES: Final = frozenset({"strike", "explosion", "disaster", "fighting"})
_BODILY: Final = frozenset(EVENT_TYPES) - {"arrest", "diplomacy", "other"}
_SCORE: Final = re.compile(r"\d{1,3} [-–] \d{1,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What kind of happening: type and finer subtype, the trigger words at start..end, and their weight as score."""

    type: EventType
    subtype: str
    trigger: str
    start: int
    end: int
    score: float

    @property
    def names_it(self) -> bool:
        """Whether the words name the happening itself, not only a consequence of it."""
        return self.score > _CONSEQUENCE


def find(text: str, found: Sequence[Token] | None = None) -> list[Kind]:
    """All trigger words of a text (or of these tokens of it), in reading order."""
    found = tokens(text) if found is None else found
    words = [token.lower for token in found]
    labour = not lexicons.words("labour", "beside").isdisjoint(words)
    told = [
        _kind(text, _label(words, match, labour=labour), found, match)
        for match in lexicons.phrases("kinds", _NO_TYPE).find(words)
        if match.label != _NO_TYPE and not _is_figure(words, match) and not _is_name(found, match)
    ]
    return [kind for kind in told if not _is_play(kind)] if _tells_sport(words) else told


def _label(words: Sequence[str], match: lexicons.Match, *, labour: bool) -> str:
    """The section of a trigger: a strike of workers is a protest, and a headline that opens with "Fire at" a blaze."""
    if labour and words[match.first] in _strikes():
        return _STOPPAGE
    blaze = match.first == 0 and words[0] == "fire" and match.label.startswith("strike")
    return _BLAZE if blaze else match.label


def _is_name(found: Sequence[Token], match: lexicons.Match) -> bool:
    """Whether a trigger is part of a name: "Underdogs Rescue"; storms have names of their own."""
    first = found[match.first]
    if match.last - match.first > 1 or match.label.startswith("disaster") or not first.capital:
        return False
    beside = (*found[max(0, match.first - 1) : match.first], *found[match.last : match.last + 1])
    named = match.first > 0 and any(token.capital and token.lower.isalpha() for token in beside)
    letters = [token for token in found if token.lower.isalpha()]
    return named and 2 * sum(token.capital for token in letters) < len(letters)


def _is_figure(words: Sequence[str], match: lexicons.Match) -> bool:
    """Whether the trigger is a figure of speech: "the battle against inflation", "sales exploded", "fell to 3"."""
    name, subtype, _ = match.label.split()
    if name == "control" and words[match.last - 1] == "to" and words[match.last : match.last + 1]:
        return words[match.last][0].isdigit()
    if name not in _BODILY or subtype == "outbreak":
        return False
    return _object_of(words, match, name) in _abstract() or _subject_of(words, match) in _abstract()


def _object_of(words: Sequence[str], match: lexicons.Match, name: str) -> str:
    """The noun right after a trigger, past "of", "on", "the" and their like, "" where there is none."""
    links = lexicons.words("figures", "links of protest" if name == "protest" else "links")
    linked = match.last < len(words) and words[match.last] in links
    if name == "protest" and not linked:
        return ""  # "protesters" may stand before anything
    rest = (w for w in words[match.last + linked :] if w not in lexicons.words("figures", "determiners"))
    return next(rest, "")


def _subject_of(words: Sequence[str], match: lexicons.Match) -> str:
    """The noun right before a trigger and its auxiliaries, "" where there is none."""
    return next((w for w in reversed(words[: match.first]) if w not in _auxiliaries()), "")


def _abstract() -> frozenset[str]:
    return lexicons.words("figures", "abstract")


def _auxiliaries() -> frozenset[str]:
    return lexicons.words("figures", "auxiliaries")


def _tells_sport(words: Sequence[str]) -> bool:
    """Whether a sentence is about a match, and nothing befell anybody in earnest."""
    sport = len(lexicons.words("figures", "sport").intersection(words))
    scored = any(_SCORE.fullmatch(" ".join(words[i : i + 3])) for i in range(len(words) - 2))
    return sport + scored > 1 and lexicons.words("figures", "in earnest").isdisjoint(words)


def _is_play(kind: Kind) -> bool:
    """Whether sport has the same word for what is no such happening."""
    return kind.type in {"fighting", "control", "movement"} or (kind.type == "strike" and kind.score < _NAMES_IT)


def classify(text: str, *, context: str = "") -> Kind | None:
    """The kind of happening that a text tells, None where no word tells one; `context` settles a bare "attack".

    >>> kind = classify("Seven people were killed when a shell hit a market.")
    >>> kind.type, kind.trigger
    ('strike', 'shell hit')
    """
    best = choose(find(text))
    around = find(context or text)
    return best and settle(best, around, war=is_war(around, (t.lower for t in tokens(context or text))))


def choose(found: Iterable[Kind]) -> Kind | None:
    """The kind that takes precedence: the heaviest trigger, the first among equals; None where there is none."""
    return max(found, key=lambda kind: (kind.score, -kind.start), default=None)


def settle(kind: Kind, around: Iterable[Kind], *, war: bool = False) -> Kind:
    """The same kind, or what the triggers around it make of a word that leaves the type open.

    People are killed and houses damaged by a strike, a bomb, a quake; an "attack" is a strike where missiles are named
    nearby; a bombing is a strike in a `war`, a bomb elsewhere; what "hits" a town beside a storm is the storm.
    """
    trigger = kind.trigger.lower()
    if war and _is_bombing(kind):
        return replace(kind, type="strike", subtype="air")
    around = list(around)
    if trigger in lexicons.forms("clash~") and any(k.type == "protest" and k.names_it for k in around):
        return replace(kind, type="protest", subtype="violent")
    if kind.type == "explosion" and not kind.subtype:
        kind = _blast(kind, around, war=war)
    cause = next((k for k in around if k.score >= _NAMES_IT and k.type in _CAUSES), None)
    if cause is None:
        return kind if war else _at_peace(kind, around)
    hit = kind.type == "strike" and kind.score < _NAMES_IT and cause.type == "disaster" and not war
    lasting = kind.subtype == "restored" or (kind.subtype == "outage" and cause.type != "disaster")
    effect = kind.type == "damage" and not lasting and cause.type != "fighting"
    open_word = kind.score <= _CONSEQUENCE and kind.type in _EFFECTS
    if not (hit or effect or open_word):
        return kind
    return replace(cause, type="strike", subtype="air") if war and _is_bombing(cause) else cause


def _is_bombing(kind: Kind) -> bool:
    return kind.type == "explosion" and kind.trigger.lower() in lexicons.forms("bomb~") | {"bombings", "bombs"}


def _blast(kind: Kind, around: Iterable[Kind], *, war: bool) -> Kind:
    """What an explosion was: an accident where gas exploded, in a war a strike where shelling is told of."""
    if any(_is_accident(k) for k in around):
        return replace(kind, type="damage", subtype="accident")
    return replace(kind, type="strike") if war and any(_is_strike(k) for k in around) else kind


def _is_accident(kind: Kind) -> bool:
    return kind.subtype == "accident" and kind.trigger.lower().endswith(("explosion", "explosions", "blast", "blasts"))


def _is_strike(kind: Kind) -> bool:
    return kind.type == "strike" and kind.score >= _NAMES_IT


def _at_peace(kind: Kind, around: Iterable[Kind]) -> Kind:
    """What a word that leaves the type open means where nobody is at war and no cause is told."""
    harm = any(k.type in {"violence", "arrest"} and k.subtype != "death" for k in around)
    if kind.subtype == "death" and not harm:
        return replace(kind, type="other", subtype="")
    attack = harm and kind.trigger.lower() in lexicons.forms("attack~")
    return replace(kind, type="violence", subtype="") if attack else kind


_EFFECTS: Final = frozenset({"fighting", "violence", "damage", "humanitarian", "disaster"})


def is_war(triggers: Iterable[Kind], words: Iterable[str] = ()) -> bool:
    """Whether a report tells of a war: armies fight, shell or take towns in it, or its words speak of one."""
    fought = any(k.type in {"fighting", "strike", "control", "movement"} and k.score >= _NAMES_IT for k in triggers)
    return fought or not lexicons.words("war", "words").isdisjoint(words)


def _strikes() -> frozenset[str]:
    return lexicons.forms("strike~")


_STOPPAGE: Final = "protest labour 3"
_BLAZE: Final = "damage fire 3"


def _kind(text: str, label: str, found: Sequence[Token], match: lexicons.Match) -> Kind:
    name, subtype, weight = label.split()
    start, end = found[match.first].start, found[match.last - 1].end
    return Kind(
        type=cast("EventType", name),
        subtype="" if subtype == "-" else subtype,
        trigger=text[start:end],
        start=start,
        end=end,
        score=float(weight),
    )


@cache
def _rows() -> dict[tuple[str, str], tuple[str, ...]]:
    table = (line.split(";") for line in lexicons.sections("crosswalk")[""])
    return {(row[0].strip(), row[1].strip()): tuple(cell.strip() for cell in row[2:]) for row in table}


def crosswalk(type: EventType, subtype: str = "", modality: Modality = "actual") -> dict[str, str]:  # noqa: A002 - the field's own word
    """The export columns for ACLED (event and sub-event type) and PLOVER (event type), "" where they have none.

    Both code what happened: a plan, a denial or a supposition has only PLOVER's THREATEN, or nothing.

    >>> crosswalk("control", "retaken")["acled_sub_event_type"]
    'Government regains territory'
    """
    rows = _rows()
    event, sub_event, plover = rows.get((type, subtype)) or rows[(type, "")]
    if modality == "planned" and type in _THREATS:
        return {"acled_event_type": "", "acled_sub_event_type": "", "plover_event_type": "THREATEN"}
    if modality != "actual":
        return {"acled_event_type": "", "acled_sub_event_type": "", "plover_event_type": ""}
    return {"acled_event_type": event, "acled_sub_event_type": sub_event, "plover_event_type": plover}


_THREATS: Final = frozenset({"fighting", "strike", "explosion", "violence"})
