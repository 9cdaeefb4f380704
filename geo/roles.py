"""Did it happen there, was it said there, or does the name stand for a government: the role of each place name.

Surface rules over words, clauses and word lists (`lexicons/roles.txt`); no parser. The governor of a name is the word
that it hangs on: the first one to its left that is no adjective, article, "city of", container or sibling in a list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from geo import lexicons
from geo.clauses import Clause, Sentence, read
from geo.distance import km
from geo.records import LEVELS, Mention, Modality, Report, Role

_ADJECTIVE_ENDINGS: Final = ("ian", "ish", "ese", "-occupied", "-held", "-controlled", "-backed", "-torn", "ern", "ans")
_FINE: Final[dict[str, int]] = {level: rank for rank, level in enumerate(LEVELS)}  # point is finest
_CUE_REACH: Final = 9  # words before a trigger in which a cue of its modality may stand
_INFINITIVE_REACH: Final = 5  # words before "to" that may govern it: "forced the Russian military to retreat"
_DENIAL_REACH: Final = 3
_DIVISIONS: Final = frozenset({"region", "oblast", "province", "governorate"})
_VAST_KM: Final = 1000.0  # the radius from which a region is a part of the world rather than a place
_TOWN_KM: Final = 30.0  # a facility "in" a town lies no further from its middle


def _in(section: str, word: str) -> bool:
    return word in lexicons.words("roles", section)


@dataclass(frozen=True, slots=True)
class View:
    """A mention in its sentence: tokens first..last (excluded), and all mentions of the sentence by their tokens."""

    mention: Mention
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
        """The level of the place, "" where unresolved; "X region" is one whatever was made of X."""
        if self.word(self.last) in _DIVISIONS and self.mention.place and self.mention.place.level == "point":
            return "admin1"
        return self.mention.place.level if self.mention.place else ""

    @property
    def wide(self) -> bool:
        """Whether the name is a country's or a continent's, which acts more often than it is a scene."""
        place = self.mention.place
        return self.level == "country" or (
            place is not None and place.level == "region" and place.radius_km >= _VAST_KM
        )

    @property
    def seat(self) -> bool:
        """Whether the name often stands for a government or a body that sits there."""
        return _in("seats", self.mention.text.lower()) or self.wide

    def word(self, index: int) -> str:
        """The word at this index of the sentence, "" beyond its ends."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def after(self) -> int:
        """The index after the name and the nouns that belong to it ("Kherson region", "Bakhmut direction")."""
        index = self.last
        while _in("after nouns", self.word(index)):
            index += 1
        return index

    def beyond(self) -> int:
        """The index after the name and a container set off by commas ("Amherst, N.Y., police")."""
        index = self.after()
        outer = self.starts.get(index + 1) if self.word(index) in {",", "("} else None
        if outer is None or not holds(outer, self):
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
                view = View(mention, sentence, words, first, last, ends, starts)
                found[number] = starts[first] = ends[last] = view
    return found


def assign(report: Report, mentions: Sequence[Mention]) -> list[Mention]:
    """The same mentions with role and modality filled in."""
    inside = containers(report, mentions)
    seen = views(report, mentions)
    roles = [role(view) if view else "background" for view in seen]
    for number, held in inside.items():
        roles[number] = roles[held]
    return [
        replace(mention, role=given, modality=_modality_at(view))
        for mention, given, view in zip(mentions, roles, seen, strict=True)
    ]


def _modality_at(view: View | None) -> Modality:
    return modality(view.sentence, view.first) if view else "actual"


def containers(report: Report, mentions: Sequence[Mention]) -> dict[int, int]:
    """Which mention only says where another lies: its number to the number of the mention that it holds.

    "Izyum in the Kharkiv region", "Avdiivka, Donetsk region", "Ukraine's Donetsk region", "the town in the Kharkiv region".
    """
    seen = views(report, mentions)
    numbers = {id(view): number for number, view in enumerate(seen) if view}
    found: dict[int, int] = {}
    for number, view in enumerate(seen):
        if view is None:
            continue
        held = _held_before(view) or _held_after(view)
        if held is not None and id(held) in numbers:
            found[number] = numbers[id(held)]
    return found


def _held_before(view: View) -> View | None:
    """The finer place just before that this one contains: "X, <name>", "X in the <name>", "the town in <name>"."""
    index, joined, common = view.first - 1, "", False
    while index >= 0 and _between(view, index):
        word = view.word(index)
        if word in _JOINTS:
            joined = word
        common = common or (joined in {"in", "of"} and word in _SETTLEMENTS and view.word(index - 1) in {"the", "this"})
        outer = view.ends.get(index) if word == "'s" else None
        index = outer.first - 1 if outer else index - 1
    if not joined:
        return None
    if common:
        return _before(view, index)
    held = view.ends.get(index + 1) or _ends_with_noun(view, index + 1)
    return held if held is not None and held is not view and holds(view, held, joined) else None


_JOINTS: Final = frozenset({",", "in", "of", "("})
_SETTLEMENTS: Final = frozenset({"town", "city", "village", "settlement", "port"})


def _before(view: View, index: int) -> View | None:
    """The last finer place named before this word, to which "the town" refers."""
    earlier = [v for first, v in sorted(view.starts.items()) if first <= index and holds(view, v)]
    return earlier[-1] if earlier else None


def _between(view: View, index: int) -> bool:
    word = view.word(index)
    if index + 1 in view.ends:
        return False
    return word in _JOINTS or word == "'s" or _skippable(view, index)


def _ends_with_noun(view: View, index: int) -> View | None:
    """The mention before this index where only the nouns that belong to it stand between."""
    while index > 0 and _in("after nouns", view.word(index - 1)) and index not in view.ends:
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


def holds(outer: View, inner: View, joined: str = ",") -> bool:
    """Whether the one place may contain the other, as far as both are known."""
    big, small = outer.mention.place, inner.mention.place
    if big is None or small is None:
        return big is None or joined == "in"
    if big.place_id == small.place_id:
        return False
    if big.place_id in small.parents:
        return True
    if outer.level == inner.level == "point":
        return joined in {"in", "of"} and float(km(big.lon, big.lat, small.lon, small.lat)) <= _TOWN_KM
    if inner.level == "region" and outer.level in {"admin1", "country"}:
        return joined == "in" or outer.level == "country"
    if _FINE[outer.level] <= _FINE[inner.level]:
        return False
    return outer.level == "region" or big.country in {None, small.country}


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
        if container is not None:
            index = container.first - 1
        elif word == "of" and _in("place nouns", view.word(index - 1)):
            index -= 2
        elif _skippable(view, index):
            index -= 1
        else:
            return index
    return -1


def _skippable(view: View, index: int) -> bool:
    word = view.word(index)
    return _in("skip before", word) or _in("place nouns", word) or _adjective(word) or word.isdigit()


def _adjective(word: str) -> bool:
    return word.endswith(_ADJECTIVE_ENDINGS) and len(word) > len("ern") + 1


def _sibling(view: View, index: int) -> View | None:
    """The mention before "," or "and" of which this one is a companion in a list."""
    if not _in("list marks", view.word(index)):
        return None
    commas = view.word(index) == ","
    while index > 0 and index not in view.ends and (_in("list marks", view.word(index)) or _skippable(view, index)):
        commas = commas and view.word(index) == ","
        index -= 1
    before = view.ends.get(index) or view.ends.get(index + 1)
    return before if before and (not commas or _list_goes_on(view) or _list_before(before)) else None


def _list_goes_on(view: View) -> bool:
    """Whether another mention follows after "," or "and"."""
    index = view.after()
    if not _in("list marks", view.word(index)):
        return index >= len(view.words) or view.sentence.part == "title"
    while _in("list marks", view.word(index)) or _skippable(view, index):
        if index in view.starts:
            return True
        index += 1
    return index in view.starts


def _list_before(view: View) -> bool:
    """Whether this mention itself follows another one in a list."""
    return _in("list marks", view.word(view.first - 1)) and view.first - 1 in view.ends


def role(view: View) -> Role:
    """What the place name does in its sentence."""
    if _is_demonym(view.mention):
        return "demonym"
    if view.sentence.part == "furniture":
        return "background"
    if is_dateline(view):
        return "said"
    if _in_apposition(view):
        return "background"
    at = governor(view)
    word = view.word(at) if at >= 0 else ""
    right = _by_what_follows(view, word)
    return right or _by_governor(view, at, word)


def _is_demonym(mention: Mention) -> bool:
    unplaced = mention.runners_up[0].match if mention.runners_up and mention.place is None else ""
    return "demonym" in {mention.label, unplaced}


def is_dateline(view: View) -> bool:
    """Whether the name opens the report as agencies do: "NAIROBI, Kenya (AP) _", "WASHINGTON, August 8 (Xinhua) --"."""
    sentence = view.sentence
    if sentence.field != "text" or sentence.paragraph > 1 or view.first > 6:  # noqa: PLR2004 - a dateline is short
        return False
    head = view.sentence.tokens[0]
    if not view.words or view.mention.start - sentence.start > 40:  # noqa: PLR2004
        return False
    opening = view.starts.get(0)
    return opening is not None and head.capital and opening.mention.text.isupper() and "." not in opening.mention.text


def _in_apposition(view: View) -> bool:
    """Whether the name only explains another: "Svatove, a city north of X", "Y, a town in Russia's push for X"."""
    for index in range(view.first - 1, view.clause.first, -1):
        if view.word(index) == ",":
            explained = view.ends.get(index) or _ends_with_noun(view, index)
            words = view.words[index + 1 : min(view.first, index + 8)]
            return bool(explained and words and words[0] in {"a", "an", "the", "once", "one"}) and any(
                _in("place nouns", w) for w in words
            )
    return False


def _by_what_follows(view: View, word: str) -> Role | None:
    """The role that the words after the name decide, None where they decide nothing."""
    after = view.after()
    follows = view.word(after)
    if view.word(view.first - 1) == "the" and any(_in("event nouns", view.word(after + i)) for i in (0, 1)):
        return "background"
    if _in("vessels", follows) or _in("vessels", view.word(after + 1)):
        return "actor"
    tail = view.sentence.tokens[view.last - 1]
    if tail.end > view.mention.end + 1:  # inside a compound: "Sloviansk-based", "Buffalo-area", "US-led"
        return _compound(view, tail.lower)
    if follows == "'s":
        return _possessive(view, after + 1, word)
    if _in("titles", view.word(view.beyond())) and not (_in("inside", word) and view.beyond() == view.after()):
        return "actor"
    if _in("always actors", view.mention.text.lower()) and word not in {"in", "at", "near", "outside", "inside"}:
        return "actor"
    return None


def _compound(view: View, word: str) -> Role:
    """What a compound makes of the name in it."""
    if word.endswith("-bound"):
        return "target"
    if word.endswith(("-born", "-made", "-educated", "-trained", "-registered")):
        return "origin"
    if _in("persons", view.word(view.last)) or _in("titles", view.word(view.last)):
        return "origin"
    return "actor" if view.seat else "place"


def _possessive(view: View, index: int, word: str) -> Role | None:
    """Whether it is there ("Mariupol's theatre") or a deed of its government ("Russia's army", "Kyiv's drive")."""
    following = [view.word(i) for i in range(index, index + 3)]
    if any(_in("titles", w) for w in following[:2]):
        return "actor"
    if _in("deed nouns", following[0]) and not _in("titles", following[1]):
        return None if _in("inside", word) or not view.seat else "place"
    return "actor" if view.seat else None


def _by_governor(view: View, at: int, word: str) -> Role:
    if at < 0 or (at == view.clause.first and view.clause.opener == word and not _in("inside", word)):
        return _subject(view)
    if word == "of":
        return _of(view, at)
    if word == "from":
        return _from(view, at)
    if word == "to":
        return _to(view, at)
    if word == "for":
        return _for(view, at)
    if word in {"by", "with", "among", "than", "like", "as", "without", "about", "including", "include", "both"}:
        return "actor" if view.seat else "place"
    if _in("inside", word):
        return _inside(view, at, word)
    if _in("take objects", word):
        return "place"
    return _other(view, at, word)


def _subject(view: View) -> Role:
    after = view.after()
    follows = view.word(after)
    if view.seat:
        undergoes = _in("undergo", follows) and not view.wide and not _in("reporting", view.word(after + 1))
        active = _in("undergo", follows) and view.word(after + 1).endswith("ing")
        return "place" if undergoes and not active else "actor"
    return "actor" if _in("reporting", follows) and not _in("take objects", follows) else "place"


def _of(view: View, at: int) -> Role:
    head = view.word(at - 1)
    if _in("titles", head):
        return "actor"
    if _background_before(view, at):
        return "background"
    if _in("directions", head):
        return "place" if _only(view) else "background"
    if _in("origin heads", head) and view.seat:
        return "actor"
    return "place" if not view.wide or _in("done to", head) else "actor"


def _from(view: View, at: int) -> Role:
    before = view.words[max(view.clause.first, at - 8) : at]
    if before and _in("footage", before[-1]):
        return "place"
    if any(_in("leave from", w) for w in before):
        return "place" if not view.seat or not view.wide else "actor" if _in("origin heads", before[-1]) else "place"
    return "origin"


def _to(view: View, at: int) -> Role:
    before = view.words[max(view.clause.first, at - 6) : at]
    if before and before[-1] in {"according", "thanks", "due", "owing"}:
        return "actor"
    if any(_in("hand over", w) for w in before[-3:]):
        return "target"
    if _destination(view, at):
        return "target"
    if any(_in("move to", w) for w in before):
        return "place"
    if before and before[-1] in {"next", "close", "adjacent", "near"}:
        return "place"
    if any(_in("hand over", w) or _in("titles", w) for w in before):
        return "target"
    return "target" if view.seat else "place"


def _destination(view: View, at: int) -> bool:
    """Whether people are only on their way there: "evacuating from X towards Y"."""
    come_from = [v for v in view.starts.values() if at - 4 <= v.last <= at and view.word(governor(v)) == "from"]
    fleeing = any(_in("leave from", w) for w in view.words[view.clause.first : at])
    return bool(come_from) and fleeing


def _for(view: View, at: int) -> Role:
    head = view.word(at - 1)
    if head in {"battle", "battles", "fight", "fighting", "fights"}:
        return "place"
    return "target"


def _inside(view: View, at: int, word: str) -> Role:
    before = view.words[max(view.clause.first, at - 4) : at]
    if _background_before(view, at):
        return "background"
    if word in {"toward", "towards", "against"} and (view.seat or _destination(view, at)):
        return "target"
    if word == "over" and view.seat and any(_in("disputes", w) for w in before):
        return "actor"
    if word in {"on", "between", "under", "behind", "via"} and view.seat and not _deed_on(before):
        return "actor"
    if word in {"in", "at"} and before and _in("speech places", before[-1]):
        return "said"
    if any(_in("speech places", w) for w in before[-2:]) and word in {"in", "at"}:
        return "said"
    if before and before[-1] in {"office", "bureau"} and "by" in before:
        return "said"
    speaks = any(_in("saying", w) for w in view.words[view.beyond() : view.beyond() + 3])
    return "said" if speaks and before and _in("titles", before[-1]) else "place"


def _deed_on(before: Sequence[str]) -> bool:
    return any(
        w.startswith(("advanc", "march", "attack", "strike", "strik", "fire", "bomb", "shell", "assault", "raid"))
        for w in before
    )


def _background_before(view: View, at: int) -> bool:
    before = view.words[max(view.clause.first, at - 6) : at + 1]
    if any(_in("background before", w) for w in before[:-1]):
        return True
    pairs = zip(before, before[1:], strict=False)
    return any(
        _in("background before of", w) and (follows in {"of", "the"} or follows == before[-1]) for w, follows in pairs
    )


def _other(view: View, at: int, word: str) -> Role:
    """A name after some other word: an indirect object, an apposition, a modifier of what follows."""
    if _in("reporting", word) or _in("object acts against states", word):
        return "actor" if view.seat else "place"
    if view.seat:
        return "place" if view.sentence.part == "body" and _modifies(view) else "actor"
    return "actor" if _in("titles", word) else "place"


def _modifies(view: View) -> bool:
    """Whether a noun of the place's own follows: "a Moscow court", "the Brussels summit"."""
    return _in("own nouns", view.word(view.after()))


def _only(view: View) -> bool:
    """Whether no other place name stands before it in the sentence."""
    return all(first >= view.first for first in view.starts)


def modality(sentence: Sentence, index: int) -> Modality:
    """Whether what stands at this word is told as done, planned, denied or only supposed."""
    clause = sentence.clause(index)
    words = sentence.words
    if clause.opener in {"if", "unless", "whether", "lest"}:
        return "hypothetical"
    if sentence.words[-1:] == ["?"] and sentence.part == "title":
        return "hypothetical"
    before = words[max(clause.first, index - _CUE_REACH) : index]
    return _by_infinitive(sentence, before) or _by_cue(before) or _by_governing_clause(sentence, clause)


def _by_infinitive(sentence: Sentence, before: Sequence[str]) -> Modality | None:
    """What "to" right before the word says: tried to, plans to, in order to."""
    if "to" not in before[-2:]:
        return None
    at = len(before) - 1 - list(reversed(before)).index("to")
    for word in reversed(before[max(0, at - _INFINITIVE_REACH) : at]):
        if _in("actual before to", word):
            return "actual"
        if _in("planned", word):
            return "planned"
        if _in("hypothetical", word):
            return "hypothetical"
    return "planned" if sentence.part == "title" else _by_cue(before) or "hypothetical"


def _by_cue(before: Sequence[str]) -> Modality | None:
    for position in range(len(before) - 1, -1, -1):
        word = before[position]
        if _in("denied", word) and len(before) - position <= _DENIAL_REACH:
            follows = before[position + 1] if position + 1 < len(before) else ""
            if not _in("not denied", follows):
                return "denied"
        if _in("will", word):
            return "planned"
        if _in("may", word):
            return "planned" if position and _in("will", before[position - 1]) else "hypothetical"
    return None


def _by_governing_clause(sentence: Sentence, clause: Clause) -> Modality:
    """What the clause before says of a "that" clause: "denied that ..."."""
    if clause.opener != "that":
        return "actual"
    before = sentence.words[: clause.first]
    if any(_in("denying", w) for w in before[-3:]):
        return "denied"
    return "hypothetical" if any(_in("fearing", w) for w in before[-3:]) else "actual"
