"""Place names in their sentences: what a name hangs on, what it says the place of, and where a dateline stands.

The governor of a name is the word that it hangs on: the first one to its left that is no adjective, article, "city of",
container or sibling in a list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from geo import lexicons
from geo.clauses import Clause, Sentence, read
from geo.distance import km
from geo.meant import place_of
from geo.records import LEVELS, Mention, Place, Report

_ADJECTIVE_ENDINGS: Final = ("ian", "ish", "ese", "-occupied", "-held", "-controlled", "-backed", "-torn", "ern", "ans")
_SHORT_WORD: Final = 4  # letters up to which an ending makes no adjective ("fern")
_FINE: Final[dict[str, int]] = {level: rank for rank, level in enumerate(LEVELS)}  # point is finest
_VAST_KM: Final = 1000.0  # the radius from which a region is a part of the world rather than a place
_TOWN_KM: Final = 30.0  # a facility "in" a town lies no further from its middle
_JOINTS: Final = frozenset({",", "in", "of", "("})
_SETTLEMENTS: Final = frozenset({"town", "city", "village", "settlement", "port"})
_CLOSES: Final = frozenset({",", ".", ";", ":", ")", "-", "–", "—", "?", "!", ""})
_DATELINE: Final = 40  # characters of the longest dateline
_DATELINE_ENDS: Final = frozenset({"-", "--", "–", "—", "_", ":", ")"})


def among(section: str, word: str) -> bool:
    """Whether a word is in a section of the list of roles."""
    return word in lexicons.words("roles", section)


@dataclass(frozen=True, slots=True)
class View:
    """A mention in its sentence: tokens first..last (excluded), the place meant there, and all mentions around it."""

    mention: Mention
    place: Place | None
    sentence: Sentence
    words: Sequence[str]
    first: int
    last: int
    ends: Mapping[int, View]
    starts: Mapping[int, View]

    @property
    def clause(self) -> Clause:
        """The clause in which the name stands."""
        return self.sentence.clause(self.first)

    @property
    def level(self) -> str:
        """The level of the place, "" where unresolved."""
        return self.place.level if self.place else ""

    @property
    def wide(self) -> bool:
        """Whether the name is a country's or a continent's, which acts more often than it is a scene."""
        place = self.place
        return self.level == "country" or (
            place is not None and place.level == "region" and place.radius_km >= _VAST_KM
        )

    @property
    def seat(self) -> bool:
        """Whether the name often stands for a government or a body that sits there."""
        return among("seats", self.written) or self.wide

    @property
    def written(self) -> str:
        """The name in lower case, its words joined by hyphens, as the lists of single words have it."""
        return self.mention.text.lower().replace(" ", "-")

    def word(self, index: int) -> str:
        """The word at this index of the sentence, "" beyond its ends."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def after(self) -> int:
        """The index after the name and the nouns that belong to it ("Kherson region", "Bakhmut direction")."""
        index = self.last
        while among("after nouns", self.word(index)):
            index += 1
        return index

    def beyond(self) -> int:
        """The index after the name and a container set off by commas ("Amherst, N.Y., police")."""
        index = self.after()
        outer = self.starts.get(index + 1) if self.word(index) in {",", "("} else None
        if outer is None or outer.mention.label == "demonym" or not holds(outer, self):
            return index
        end = outer.after()
        return end + 1 if self.word(end) in {",", ")"} else end


def views(report: Report, mentions: Sequence[Mention]) -> list[View | None]:
    """Each mention in its sentence; None for one that stands in none."""
    found: list[View | None] = [None] * len(mentions)
    by_field: dict[str, list[int]] = {}
    for number, mention in enumerate(mentions):
        by_field.setdefault(mention.field, []).append(number)
    for sentence in read(report):
        ends: dict[int, View] = {}
        starts: dict[int, View] = {}
        words = sentence.words
        for number in by_field.get(sentence.field, ()):
            mention = mentions[number]
            if sentence.start <= mention.start < sentence.end:
                first = sentence.index(mention.start)
                last = min(sentence.index(mention.end - 1) + 1, len(words))  # a name may run on past its sentence
                place = place_of(mention, words, first, last)
                view = View(mention, place, sentence, words, first, last, ends, starts)
                found[number] = starts[first] = ends[last] = view
    return found


def containers(seen: Sequence[View | None]) -> dict[int, int]:
    """Which mention only says where another lies: its number to the number of the mention that it holds.

    "Izyum in the Kharkiv region", "Avdiivka, Donetsk region", "Ukraine's Donetsk region", "the town in the X region".
    None holds, itself or by others, one that it lies in: of two that nothing is known of, the first named is the outer.
    """
    numbers = {id(view): number for number, view in enumerate(seen) if view}
    found: dict[int, int] = {}
    for number, view in enumerate(seen):
        if view is None or view.mention.label == "demonym":
            continue
        held = _held_before(view) or _held_after(view) or _held_as_town(view)
        inner = None if held is None else numbers.get(id(held))
        if inner is not None and not leads_to(found, inner, number):
            found[number] = inner
    return found


def leads_to(containers: Mapping[int, int], number: int, other: int) -> bool:
    """Whether a mention is another one, or holds it, or holds one that does.

    >>> leads_to({1: 2, 2: 3}, 1, 3), leads_to({1: 2, 2: 3}, 3, 1)
    (True, False)
    """
    while number != other and number in containers:
        number = containers[number]
    return number == other


def _held_before(view: View) -> View | None:
    """The finer place just before that this one contains: "X, <name>", "X in the <name>", "the town in <name>"."""
    index, joined, common = view.first - 1, "", False
    while index >= 0 and _between(view, index):
        word = view.word(index)
        if word in _JOINTS or word in {"on", "off"}:
            joined = word
        common = common or (joined in {"in", "of"} and word in _SETTLEMENTS and view.word(index - 1) in {"the", "this"})
        outer = view.ends.get(index) if word == "'s" else None
        index = outer.first - 1 if outer else index - 1
    if not joined:
        return None
    if common:
        return _before(view, index)
    held = set_off(view, index + 1)
    return held if held is not None and held is not view and holds(view, held, joined) else None


def _before(view: View, index: int) -> View | None:
    """The last finer place named before this word, to which "the town" refers."""
    earlier = [v for first, v in sorted(view.starts.items()) if first <= index and holds(view, v)]
    return earlier[-1] if earlier else None


def _between(view: View, index: int) -> bool:
    word = view.word(index)
    if index + 1 in view.ends:
        return False
    shore = word in {"on", "off"} and view.level == "region"  # "Poti on the Black Sea"
    return word in _JOINTS or word == "'s" or shore or _skippable(view, index)


def set_off(view: View, index: int) -> View | None:
    """The mention before this index where only the nouns that belong to it stand between ("Svatove city, ...")."""
    while index > 0 and among("after nouns", view.word(index - 1)) and index not in view.ends:
        index -= 1
    return view.ends.get(index)


def _held_after(view: View) -> View | None:
    """The finer place after a possessive that this one contains: "<name>'s Donetsk region"."""
    if view.word(view.after()) != "'s":
        return None
    index = view.after() + 1
    while index not in view.starts and (_skippable(view, index) or view.word(index) == "of"):
        index += 1
    held = view.starts.get(index)
    return held if held and holds(view, held) else None


def _held_as_town(view: View) -> View | None:
    """The finer place of which this one only says where it is: "the Hunan city of Yueyang"."""
    noun = view.after()
    if view.word(noun + 1) != "of" or not among("place nouns", view.word(noun)):
        return None
    held = view.starts.get(noun + 2)
    return held if held and holds(view, held) else None


def holds(outer: View, inner: View, joined: str = ",") -> bool:
    """Whether the one place may contain the other, as far as both are known; `joined` is the word between them."""
    big, small = outer.place, inner.place
    if big is None or small is None:
        return big is None or (joined == "in" and outer.level != "point")  # the town stands for an unknown street
    if big.place_id == small.place_id or big.place_id in small.parents:
        return big.place_id != small.place_id
    if outer.level == inner.level == "point":
        return joined in {"in", "of"} and float(km(big.lon, big.lat, small.lon, small.lat)) <= _TOWN_KM
    if inner.level == "region" and outer.level in {"admin1", "country"}:
        return joined == "in" or outer.level == "country"
    coarser = _FINE[outer.level] > _FINE[inner.level]
    return coarser and (outer.level == "region" or big.country in {None, small.country})


def governor(view: View) -> int:
    """The index of the word that the name hangs on; -1 where it opens its clause, or the clause's opener."""
    return _governor(view, view.first - 1, 0)


def _governor(view: View, index: int, depth: int) -> int:
    start = view.clause.first
    while index >= start:
        word = view.word(index)
        sibling = _sibling(view, index) if depth < len(view.ends) else None
        if sibling is not None:
            return _governor(sibling, sibling.first - 1, depth + 1)
        container = view.ends.get(index) if word == "'s" else None
        people = view.ends.get(index + 1)
        if container is not None:
            index = container.first - 1
        elif people is not None and people.mention.label == "demonym":
            index = people.first - 1
        elif word == "," and index == view.first - 1 and _names(view, index - 1):
            index -= 1
        elif word == "of" and among("place nouns", view.word(index - 1)) and not _lies_off(view, index - 1):
            index -= 2
            outer = view.ends.get(index + 1)
            index = outer.first - 1 if outer else index
        elif _skippable(view, index):
            index -= 1
        else:
            return index
    return -1


def _names(view: View, index: int) -> bool:
    """Whether the name, set off by commas, is that of what this word stands for: "in the capital, Nairobi"."""
    return among("place nouns", view.word(index)) and view.word(view.after()) in _CLOSES


def _lies_off(view: View, index: int) -> bool:
    """Whether a direction only says where another place lies: "Kingston, south of Brisbane"."""
    return among("directions", view.word(index)) and view.word(index - 1) == "," and index - 1 in view.ends


def _skippable(view: View, index: int) -> bool:
    word = view.word(index)
    if word.endswith("ed") and "-" not in word and _is_verb(view, index):
        return False
    return among("skip before", word) or among("place nouns", word) or _adjective(word) or word.isdigit()


def _is_verb(view: View, index: int) -> bool:
    """Whether a word in -ed has a subject before it: "soldiers captured X", not "in captured X"."""
    before = view.word(index - 1)
    return index > view.clause.first and before.isalpha() and not among("before adjectives", before)


def _adjective(word: str) -> bool:
    return word.endswith(_ADJECTIVE_ENDINGS) and len(word) > _SHORT_WORD


def _sibling(view: View, index: int) -> View | None:
    """The mention before "," or "and" of which this one is a companion in a list."""
    if not among("list marks", view.word(index)):
        return None
    commas = view.word(index) == ","
    while index > 0 and index not in view.ends and (among("list marks", view.word(index)) or _skippable(view, index)):
        commas = commas and view.word(index) == ","
        index -= 1
    before = view.ends.get(index) or view.ends.get(index + 1)
    return before if before and (not commas or _list_goes_on(view) or _list_before(before)) else None


def _list_goes_on(view: View) -> bool:
    """Whether another mention follows after "," or "and"."""
    index = view.after()
    if not among("list marks", view.word(index)):
        return index >= len(view.words) or view.sentence.part == "title"
    while among("list marks", view.word(index)) or _skippable(view, index):
        if index in view.starts:
            return True
        index += 1
    return index in view.starts


def _list_before(view: View) -> bool:
    """Whether this mention itself follows another one in a list."""
    return among("list marks", view.word(view.first - 1)) and view.first - 1 in view.ends


def is_dateline(view: View) -> bool:
    """Whether the name opens the report as agencies do: "NAIROBI, Kenya (AP) _", "WASHINGTON, August 8 (Xinhua) --"."""
    sentence, opening = view.sentence, view.starts.get(0)
    if sentence.field != "text" or sentence.paragraph > 1 or view.mention.start - sentence.start > _DATELINE:
        return False
    if opening is None or not opening.mention.text.isupper() or "." in opening.mention.text:
        return False
    return not _DATELINE_ENDS.intersection(view.words[: view.first])  # "KYIV (Reuters) - A man was killed in Odesa"
