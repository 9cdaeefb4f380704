"""The place that is meant once the words beside its name are read: "X region", the bare name of a town, "eastern X".

A resolver gives a name one place for the whole report; the words beside each mention say which level of it is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from geo import lexicons
from geo.gazetteer.local import derive
from geo.records import Mention, Place

_BEARINGS: Final = {
    "north": 0.0, "northeast": 45.0, "east": 90.0, "southeast": 135.0,
    "south": 180.0, "southwest": 225.0, "west": 270.0, "northwest": 315.0,
}  # fmt: skip
_TOWN_PEOPLE: Final = 50_000  # a smaller town does not take a name from its division
_BARE_STATES: Final = frozenset({"US", "CA", "AU"})  # "Oklahoma", "Quebec": the state, not its town
_LIST_REACH: Final = 12  # words in which "Donetsk, Luhansk and Kherson regions" comes to its noun


def place_of(mention: Mention, words: Sequence[str], first: int, last: int) -> Place | None:
    """The place meant by the mention at words first..last (excluded) of its sentence; None where unresolved."""
    place = mention.place
    if place is None or place.level == "admin2" or "#" in place.place_id:
        return place
    bearing = _bearing(words, first, last) if place.level != "point" else None
    if bearing is not None:
        return derive(place, f"part-{bearing:g}")
    division = _is_division(mention.text.lower(), words, last)
    if place.level == "point" and division:
        return _runner_up(mention, place, "admin1") or place
    called = first > 1 and words[first - 1] == "of" and words[first - 2] in lexicons.words("meant", "divisions")
    if place.level == "admin1" and not (division or called) and not _is_state(mention, place, words, first):
        town = _runner_up(mention, place, "point")
        return town if town and (town.population or 0) >= _TOWN_PEOPLE else place
    return place


def also_meant(mention: Mention, words: Sequence[str], first: int) -> Place | None:
    """The other part of a place that is named with the one: the east in "eastern and southern X"."""
    place = mention.place
    at = None if place is None or place.level == "point" else _way_before(words, first)
    if place is None or at is None or at < 2 or words[at - 1] != "and":
        return None
    other = _bearing_of(words[at - 2], noun=False)
    other = _bearing_of(words[at - 2], noun=True) if other is None and not words[at].endswith("ern") else other
    return None if other is None else derive(place, f"part-{other:g}")


def _bearing(words: Sequence[str], first: int, last: int) -> float | None:
    """The bearing of the part that the words name: "eastern X", "southern parts of X", "the west of X", "X's south"."""
    at = _way_before(words, first)
    if at is not None:
        return _bearing_of(words[at], noun=True)
    own = words[last + 1] if words[last : last + 1] == ("'s",) and last + 1 < len(words) else ""
    return _BEARINGS.get(own.replace("-", ""))


def _way_before(words: Sequence[str], first: int) -> int | None:
    """The index of the word that names a part of what stands at `first`; None where none does."""
    index = first - 1
    noun = False
    while index > 0 and words[index] in lexicons.words("meant", "parts"):
        noun = noun or words[index] == "of"
        index -= 1
    if index < 0:
        return None
    if _bearing_of(words[index], noun=False) is not None:
        return index
    named = noun and index > 0 and words[index - 1] in {"the", "and"}
    return index if named and _bearing_of(words[index], noun=True) is not None else None


def _bearing_of(word: str, *, noun: bool) -> float | None:
    """The bearing of "southern", and of "south" where a noun may stand."""
    plain = word.replace("-", "")
    if plain.endswith("ern"):
        return _BEARINGS.get(plain.removesuffix("ern"))
    return _BEARINGS.get(plain) if noun else None


def _is_division(name: str, words: Sequence[str], last: int) -> bool:
    """Whether the name, or the list that it belongs to, is one of divisions: "X region", "X, Y and Z regions"."""
    nouns = lexicons.words("meant", "divisions")
    if not nouns.isdisjoint(name.split()) or (last < len(words) and words[last] in nouns):
        return True
    for before, word in pairwise(("", *words[last : last + _LIST_REACH])):
        if word in lexicons.words("meant", "plural divisions"):
            if before == "and":
                return False  # "X, Y and regions"
            return "and" in words[last : last + _LIST_REACH]
        if not (word in {",", "and"} or word.isalpha()) or word in lexicons.words("meant", "ends a list"):
            return False
    return False


def _is_state(mention: Mention, place: Place, words: Sequence[str], first: int) -> bool:
    """Whether the bare name is the division all the same: after a comma, or where states are called by bare names."""
    return (first > 0 and words[first - 1] == ",") or place.country in _BARE_STATES or mention.text.isupper()


def _runner_up(mention: Mention, place: Place, level: str) -> Place | None:
    """The best of the other candidates of this level in the same country, the town inside the division."""
    for candidate in mention.runners_up:
        other = candidate.place
        if other.level != level or other.country != place.country:
            continue
        inner, outer = (other, place) if level == "point" else (place, other)
        if outer.place_id in inner.parents or inner.admin1 == outer.name or not inner.parents:
            return other
    return None
