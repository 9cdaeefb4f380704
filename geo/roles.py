"""Did it happen there, was it said there, or does the name stand for a government: the role of each place name.

Surface rules over words, clauses and word lists (`lexicons/roles.txt`); no parser. The rules are asked in turn, the
first that answers decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile
from typing import Final

from geo.clauses import Clause, Sentence
from geo.records import Mention, Modality, Report, Role
from geo.views import View, among, containers, governor, is_dateline, set_off, views

_CUE_REACH: Final = 14  # words before a trigger in which a cue of its modality may stand
_INFINITIVE_REACH: Final = 5  # words before "to" that may govern it: "forced the Russian military to retreat"
_DENIAL_REACH: Final = 3
_NAME_REACH: Final = 3  # words of a body's name after the place in it
_PREDICATE_REACH: Final = 9  # words after a noun in which "is expected" is said of it
_DENYING_REACH: Final = 5  # words between "debunked" and what was denied
_GOVERNING_REACH: Final = 3  # words before "that" in which its verb stands
BACK_REACH: Final = 6
"""Words before a name or a trigger in which "in connection with" may stand."""
_FROM_REACH: Final = 8
_TO_REACH: Final = 6
_IN_REACH: Final = 4
_APPOSITION_REACH: Final = 8

Rule = Callable[[View, int, str], Role | None]
"""A rule: the name, the index of the word that it hangs on (-1 for none) and that word; None where it cannot say."""


def assign(report: Report, mentions: Sequence[Mention]) -> list[Mention]:
    """The same mentions with role and modality filled in; a container has the role of the place that it holds."""
    seen = views(report, mentions)
    roles = [role(view) if view else "background" for view in seen]
    for number, held in containers(seen).items():
        roles[number] = roles[held]
    return [
        replace(mention, role=given, modality=modality(view.sentence, view.first) if view else "actual")
        for mention, given, view in zip(mentions, roles, seen, strict=True)
    ]


def role(view: View) -> Role:
    """What the place name does in its sentence."""
    at = governor(view)
    word = view.word(at) if at >= 0 else ""
    return next((found for rule in _RULES if (found := rule(view, at, word))), "place")


def _actor_or(view: View, other: Role) -> Role:
    """An actor where the name often stands for a government, the other role where not."""
    return "actor" if view.seat else other


# --- what the name itself, and what follows it, says -----------------------------------------------------------------


def _by_itself(view: View, _at: int, _word: str) -> Role | None:
    best = view.mention.runners_up[0].match if view.mention.runners_up and view.place is None else ""
    if "demonym" in {view.mention.label, best}:
        return "demonym"
    if view.sentence.part == "furniture" or _in_apposition(view) or _tells_where(view):
        return "background"
    return "said" if is_dateline(view) else None


def _described(view: View, _at: int, _word: str) -> Role | None:
    """A clause that tells what happened there follows at once: "sent monitors to Izium, where graves were found"."""
    after = view.beyond()
    return "place" if "where" in {view.word(after), view.word(after + 1)} and not view.wide else None


def _in_apposition(view: View) -> bool:
    """Whether the name only explains another: "Svatove, a city north of X", "Y, a town in Russia's push for X"."""
    comma = next((i for i in range(view.first - 1, view.clause.first, -1) if view.word(i) == ","), 0)
    explained = comma and set_off(view, comma)
    words = view.words[comma + 1 : min(view.first, comma + _APPOSITION_REACH)]
    opens = bool(words) and words[0] in {"a", "an", "the", "once", "one"}
    return bool(explained) and opens and any(among("place nouns", word) for word in words)


def _tells_where(view: View) -> bool:
    """Whether the name only says where another place lies: "the city, which is in the occupied part of X"."""
    clause = view.clause
    opening = view.words[clause.first + 1 : view.first]
    return clause.opener == "which" and opening[:1] in (("is",), ("lies",)) and "in" in opening[1:3]


def _known_event(view: View, _at: int, _word: str) -> Role | None:
    """A happening that is taken as known ("the Katyn massacre"), or a vessel ("the Moskva cruiser")."""
    after = view.after()
    following = (view.word(after), view.word(after + 1))
    if among("accords", following[0]):
        return "background"
    known = following if following[0].isalpha() else ()
    if view.word(view.first - 1) == "the" and any(among("event nouns", word) for word in known):
        return "background"
    before = view.first - 1 - (view.word(view.first - 1) in {"named", "called", "ship"})
    afloat = (*following, view.word(view.first - 1), view.word(before))
    return "actor" if any(among("vessels", word) for word in afloat) or _is_thing(view) else None


def _is_thing(view: View) -> bool:
    """Whether an article makes the name of a town one of a ship or the like: "the missile that hit the Moskva"."""
    own = view.place is not None and not view.place.name.lower().startswith("the ")
    bare = among("after a thing", view.word(view.last)) or view.last >= len(view.words)
    return own and bare and view.level == "point" and view.word(view.first - 1) == "the" and view.last - view.first == 1


def _compound(view: View, _at: int, _word: str) -> Role | None:
    """What a compound makes of the name in it: "Sloviansk-based", "Gaza-bound", "US-led"."""
    token = view.sentence.tokens[view.last - 1]
    if token.end <= view.mention.end + 1:
        someone = among("someone", view.word(view.last)) and view.word(view.first - 1) in {"a", "an", "the", "two"}
        return "origin" if someone and view.level == "point" else None
    if token.lower.endswith("-bound"):
        return "target"
    follows = view.word(view.last)
    if among("makings", token.lower.rpartition("-")[2]) or among("persons", follows) or among("titles", follows):
        return "origin"
    return _actor_or(view, "place")


def _possessive(view: View, _at: int, word: str) -> Role | None:
    """Whether it is there ("Mariupol's theatre") or a deed of its government ("Russia's army", "Kyiv's drive")."""
    index = view.after()
    if view.word(index) != "'s":
        return None
    first, second = view.word(index + 1), view.word(index + 2)
    if among("titles", first) or among("titles", second):
        return "actor"
    if view.seat and among("directions", first.removesuffix("ern")) and among("event nouns", second):
        return "actor"
    if among("deed nouns", first) or _is_facility(view, index + 1):
        return "place" if view.seat and not among("inside", word) else None
    return "actor" if view.seat else None


def _actor_or_victim(view: View) -> Role:
    """An official acts, unless something befell him, which is mostly in his own town: "X's mayor was abducted"."""
    clause = range(view.clause.first, view.clause.last)
    said = next((i for i in clause if among("saying", view.word(i))), view.clause.last)
    befell = any(
        among("befalls", view.word(i)) and (i < view.first or _is_passive(view, i)) for i in clause if i < said
    )
    local = view.level in {"point", "admin2"} and not view.seat
    return "place" if befell and local and view.sentence.tokens[view.first].capital else "actor"


def _is_organisation(view: View) -> bool:
    """Whether a name opens that of a body: "Zaporizhzhia Regional Center for Disease Control"."""
    tokens = view.sentence.tokens[view.last : view.last + _NAME_REACH]
    capitals = tuple(takewhile(lambda token: token.capital, tokens))
    return view.sentence.part == "body" and any(among("organisations", token.lower) for token in capitals)


def _is_passive(view: View, index: int) -> bool:
    """Whether a participle follows "was" or its like."""
    return any(view.word(i) in {"was", "were", "been", "being", "is", "are", "be"} for i in (index - 1, index - 2))


def _is_facility(view: View, index: int) -> bool:
    """Whether a name that ends in a noun of a facility stands here: "Ottawa's Macdonald International Airport"."""
    tokens = view.sentence.tokens
    while index < len(tokens) and tokens[index].capital:
        if among("deed nouns", tokens[index].lower) and view.sentence.part != "title":
            return True
        index += 1
    return False


def _title(view: View, _at: int, word: str) -> Role | None:
    """A name before a title ("Kherson mayor", "Kharkiv police"), or one that is always an actor ("the Kremlin")."""
    if _is_facility(view, view.last) and not _is_organisation(view):
        return None  # "Kharkiv TV Tower"
    beyond = view.beyond()
    body = beyond
    while among("between", view.word(body)) and not among("titles", view.word(body)):
        body += 1
    if among("titles", view.word(body)) and not (among("inside", word) and beyond == view.after()):
        return _actor_or_victim(view)
    beside = view.word(view.first - 1)
    beside = view.word(view.first - 2) if beside == "the" else beside
    indoors = beside in {"in", "at", "near", "outside", "inside"}
    if not indoors and _is_organisation(view):
        return "actor"
    return "actor" if among("always actors", view.written) and not indoors else None


# --- what governs it -------------------------------------------------------------------------------------------------


def _subject(view: View, at: int, word: str) -> Role | None:
    """Who opens a clause acts, unless something is done to it: "Kyiv said", "Kyiv was shelled"."""
    if at >= 0 and (at != view.clause.first or view.clause.opener != word or among("inside", word)):
        return None
    verb, after = view.word(view.after()), view.word(view.after() + 1)
    if not view.seat:
        return "actor" if among("reporting", verb) and not among("take objects", verb) else "place"
    undergoes = among("undergo", verb) and not view.wide and not among("reporting", after)
    return "place" if undergoes and not after.endswith("ing") else "actor"


def _of(view: View, at: int, _word: str) -> Role:
    head = view.word(at - 1)
    if head == "instead":
        return "target"
    if among("titles", head):
        return _actor_or_victim(view)
    if _told_before(view, at):
        return "background"
    if among("directions", head):
        return "place" if min(view.starts) == view.first else "background"
    if view.seat and (among("origin heads", head) or among("acts of", head)):
        return "actor"
    return "place" if not view.wide or among("done to", head) else "actor"


def _from(view: View, at: int, _word: str) -> Role:
    before = _before(view, at, _FROM_REACH)
    if before and among("footage", before[-1]):
        return "place"
    if not any(among("leave from", word) for word in before):
        return "origin"
    return "actor" if view.wide and among("origin heads", before[-1]) else "place"


def _to(view: View, at: int, _word: str) -> Role:
    before = _before(view, at, _TO_REACH)
    if any(among("journeys", word) for word in _before(view, at, _CUE_REACH)):
        return "place"
    last = before[-1] if before else ""
    if last in {"according", "thanks", "due", "owing"}:
        return "actor"
    if any(among("hand over", word) for word in before[-3:]) or _destination(view, at):
        return "target"
    if any(among("move to", word) for word in before) or last in {"next", "close", "adjacent", "near"}:
        return "place"
    handed = any(among("hand over", word) or among("titles", word) for word in before)
    return "target" if handed or view.seat else "place"


def _for(view: View, at: int, _word: str) -> Role:
    return "place" if any(among("fights", word) for word in _before(view, at, _IN_REACH)) else "target"


def _by(view: View, _at: int, _word: str) -> Role:
    return _actor_or(view, "place")


def _inside(view: View, at: int, word: str) -> Role | None:
    if not among("inside", word):
        return None
    before = _before(view, at, _IN_REACH)
    if _told_before(view, at) or (view.level == "region" and before and among("spots", before[-1])):
        return "background"
    if among("reference points", word) and not view.wide and _names_a_spot(view.ends.get(at)):
        return "background"
    if word in {"toward", "towards", "against"} and (view.seat or _destination(view, at)):
        return "target"
    if view.seat and _between_states(word, before):
        return "actor"
    return "said" if word in {"in", "at"} and _is_said(view, before) else "place"


def _names_a_spot(view: View | None) -> bool:
    return view is not None and view.level == "point" and view.mention.label != "demonym"


def _between_states(word: str, before: Sequence[str]) -> bool:
    """Whether a preposition joins states rather than places them: "talks between X and Y", "sanctions on X"."""
    if word == "over":
        return any(among("disputes", w) for w in before)
    return among("weak inside", word) and not any(among("deeds on", w) for w in before)


def _is_said(view: View, before: Sequence[str]) -> bool:
    """Whether it is where one speaks: "told reporters in X", "the embassy in X said", "by the FBI office in X"."""
    if any(among("speech places", word) for word in before[-2:]):
        return True
    last = before[-1] if before else ""
    if last in {"office", "bureau"} and "by" in before:
        return True
    beyond = view.beyond()
    says = any(among("saying", word) or word in {"called", "described"} for word in view.words[beyond : beyond + 2])
    return says and (among("titles", last) or any(among("titles", word) for word in before))


def _object(_view: View, _at: int, word: str) -> Role | None:
    return "place" if among("take objects", word) else None


def _other(view: View, _at: int, word: str) -> Role:
    """A name after some other word: an indirect object, a modifier of what follows ("a Moscow court")."""
    if among("reporting", word) or among("object acts against states", word):
        return _actor_or(view, "place")
    if view.seat:
        own = view.sentence.part == "body" and among("own nouns", view.word(view.after()))
        return "place" if own else "actor"
    return "actor" if among("titles", word) else "place"


_PREPOSITIONS: Final[Mapping[str, Callable[[View, int, str], Role]]] = {
    "of": _of,
    "from": _from,
    "to": _to,
    "for": _for,
    **dict.fromkeys(
        ("by", "with", "among", "than", "like", "as", "without", "about", "including", "include", "both"), _by
    ),
}


def _preposition(view: View, at: int, word: str) -> Role | None:
    rule = _PREPOSITIONS.get(word)
    return rule(view, at, word) if rule else None


_RULES: Final[tuple[Rule, ...]] = (
    _by_itself,
    _described,
    _known_event,
    _compound,
    _possessive,
    _title,
    _subject,
    _preposition,
    _inside,
    _object,
    _other,
)


def _before(view: View, at: int, reach: int) -> Sequence[str]:
    """The words of the clause before this index, no more than `reach`."""
    return view.words[max(view.clause.first, at - reach) : at]


def _destination(view: View, at: int) -> bool:
    """Whether people are only on their way there: "evacuating from X towards Y"."""
    start = [v for v in view.starts.values() if at - _IN_REACH <= v.last <= at and view.word(governor(v)) == "from"]
    return bool(start) and any(among("leave from", word) for word in view.words[view.clause.first : at])


def _told_before(view: View, at: int) -> bool:
    """Whether it is named only to explain: "charged in connection with the bombing in X", "the anniversary of"."""
    before = _before(view, at, BACK_REACH)
    verb = max((i for i, word in enumerate(before) if among("goes on", word)), default=-1)
    before = before[verb + 1 :]
    if any(among("background before", word) for word in before):
        return True
    if "about" in before and any(among("works", word) for word in before):
        return True
    words = (*before, view.word(at))
    return any(among("background before of", w) and (n in {"of", "the"} or n == words[-1]) for w, n in pairwise(words))


# --- modality --------------------------------------------------------------------------------------------------------


def modality(sentence: Sentence, index: int) -> Modality:
    """Whether what stands at this word is told as done, planned, denied or only supposed."""
    clause = sentence.clause(index)
    asked = sentence.part == "title" and sentence.words[-1:] == ("?",)
    if asked or clause.opener in {"if", "unless", "whether", "lest"}:
        return "hypothetical"
    before = sentence.words[max(clause.first, index - _CUE_REACH) : index]
    if any(among("seen", word) for word in sentence.words[index + 1 : index + 1 + _DENIAL_REACH]):
        return "denied" if by_cue(before[-_DENIAL_REACH:]) == "denied" else "actual"
    cued = _by_infinitive(sentence, before) or by_cue(before) or _by_predicate(sentence, index, clause)
    return cued or _by_governing_clause(sentence, clause)


def _by_infinitive(sentence: Sentence, before: Sequence[str]) -> Modality | None:
    """What "to" right before the word says: tried to, plans to, in order to."""
    if "to" not in before[-2:] or _goes_to_a_name(sentence, before):
        return None
    at = len(before) - 1 - list(reversed(before)).index("to")
    for word in reversed(before[max(0, at - _INFINITIVE_REACH) : at]):
        if among("actual before to", word):
            return "actual"
        if among("planned", word):
            return "planned"
        if among("hypothetical", word):
            return "hypothetical"
    return "planned" if sentence.part == "title" else by_cue(before) or "hypothetical"


def _goes_to_a_name(sentence: Sentence, before: Sequence[str]) -> bool:
    """Whether "to" before the last word is a preposition: "a train from X to Y left the rails"."""
    lower = {token.lower: token.capital for token in sentence.tokens}
    if before[-1] != "to" and among("to a thing", before[before.index("to", len(before) - 2) + 1]):
        return True
    return before[-1] != "to" and lower.get(before[-1], False) and sentence.part != "title"


def by_cue(before: Sequence[str]) -> Modality | None:
    """What the nearest cue before the word says: will, may, not."""
    for position in range(len(before) - 1, -1, -1):
        word = before[position]
        back = len(before) - position
        if back <= _DENYING_REACH and among("denying", word):
            return "denied"
        near = back <= _DENIAL_REACH
        if (
            near
            and among("denied", word)
            and not any(among("not denied", w) for w in before[position + 1 : position + 2])
        ):
            return "denied"
        if among("will", word):
            return "planned"
        if word == "for" and position and among("calling for", before[position - 1]):
            return "hypothetical"
        if among("may", word) and not _is_month(before, position):
            return "planned" if position and among("will", before[position - 1]) else "hypothetical"
    return None


def _is_month(before: Sequence[str], position: int) -> bool:
    """Whether "may" is the month: "in May", "May 9"."""
    following = before[position + 1 : position + 2]
    named = position > 0 and among("before a month", before[position - 1])
    return before[position] == "may" and (named or bool(following and following[0][0].isdigit()))


def _by_predicate(sentence: Sentence, index: int, clause: Clause) -> Modality | None:
    """What is said of a noun that names the happening: "a strike is planned", "snow is expected"."""
    words = sentence.words[index + 1 : min(clause.last, index + _PREDICATE_REACH)]
    told = any(a in {"is", "are", "was", "were"} and among("expected of it", b) for a, b in pairwise(words))
    return "planned" if told and not _is_verb(sentence.words[index]) else None


def _is_verb(word: str) -> bool:
    return word.endswith(("ed", "ing"))


def _by_governing_clause(sentence: Sentence, clause: Clause) -> Modality:
    """What the clause before says of a "that" clause: "denied that ..."."""
    before = sentence.words[max(0, clause.first - _GOVERNING_REACH) : clause.first] if clause.opener == "that" else ()
    if any(among("denying", word) for word in before):
        return "denied"
    return "hypothetical" if any(among("fearing", word) for word in before) else "actual"
