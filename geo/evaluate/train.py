"""Learns the weights of recognition and of ranking from annotated corpora; keeps numbers only, no text.

Run as `python -m geo.evaluate.train CORPUS.jsonl...`: it writes `geo/recognise/judge.json` and
`geo/resolve_weights.json`, which say which data they came from.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.evaluate.learn import choice, logistic
from geo.evaluate.measures import NEAR_KM, great_circle_km, pair_up
from geo.evaluate.places import Document, Gold, GoldRecogniser
from geo.evidence import FEATURES, ROUNDS, Home
from geo.gazetteer.local import LocalGazetteer
from geo.options import lookup
from geo.recognise import judge
from geo.recognise.finding import Look, found
from geo.records import Mention
from geo.resolve import _groups, as_weights, shares_of, table_of

log = logging.getLogger(__name__)

_FOLDS_WITHIN: Final = 3
_PULL: Final = 1.0
_LEAST: Final = 4


# -- recognition ----------------------------------------------------------------------------------------------------


def truths(document: Document, look: Look) -> list[bool]:
    """For each span of a document's look whether it is the best span for a gold name."""
    seen = [one for part in look.values() for one in part]
    title = len(look["title"])
    right = [False] * len(seen)
    for gold in document.gold:
        best, most = None, 0.0
        for i, one in enumerate(seen[title:], start=title):
            overlap = min(gold.end, one.span.end) - max(gold.start, one.span.start)
            share = overlap / (max(gold.end, one.span.end) - min(gold.start, one.span.start))
            if share > most:
                best, most = i, share
        if best is not None:
            right[best] = True
    return right


def judge_weights(
    documents: Sequence[Document], looks: Sequence[Look], *, least: int = _LEAST, pull: float = _PULL
) -> judge.Weights:
    """Weights of both passes of the judge, learned from annotated documents; titles count as context only."""
    seen = [[one for part in look.values() for one in part] for look in looks]
    titles = [len(look["title"]) for look in looks]
    right = [truths(d, look) for d, look in zip(documents, looks, strict=True)]

    def first(of: Iterable[int]) -> dict[str, float]:
        of = list(of)
        rows = [one.features for i in of for one in seen[i][titles[i] :]]
        return logistic(rows, [r for i in of for r in right[i][titles[i] :]], least=least, pull=pull)[0]

    everything = range(len(documents))
    for fold in range(_FOLDS_WITHIN):  # the second pass must learn from judgements of texts not learned from
        weights = judge.Weights(first=first(i for i in everything if i % _FOLDS_WITHIN != fold), second={})
        for i in everything:
            if i % _FOLDS_WITHIN == fold:
                judge.first_pass(seen[i], weights)
    rows, logits, truth = [], [], []
    for i in everything:
        features = judge.second_features(seen[i])
        rows += features[titles[i] :]
        logits += [one.logit for one in seen[i][titles[i] :]]
        truth += right[i][titles[i] :]
    second, slope = logistic(rows, truth, least=least, pull=pull, numbers=np.array(logits))
    return judge.Weights(first=first(everything), second={**second, "logit": round(slope, 3)})


# -- ranking --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Lesson:
    """One document ready to learn ranking from: its table, which rows are right, how much each name counts."""

    table: Any
    right: NDArray[np.bool_]
    weight: NDArray[np.float64]
    shares: NDArray[np.float64] | None = None


def lessons(
    documents: Sequence[Document], mentions: Sequence[Sequence[Mention]], gazetteer: LocalGazetteer
) -> list[_Lesson]:
    """What there is to learn from mentions of annotated documents; a mention that is no gold name is "none of these"."""
    names = lookup(gazetteer)
    made = []
    for document, some in zip(documents, mentions, strict=True):
        groups = _groups(document.report, some)
        if groups:
            table = table_of(groups, names, Home())
            gold = _gold_of(document, some)
            right, weight = _right(table, groups, gold)
            made.append(_Lesson(table, right, weight))
    return made


def _gold_of(document: Document, mentions: Sequence[Mention]) -> dict[int, Gold | None]:
    """The gold name of each mention in the text; None for a false alarm."""
    positions = [i for i, m in enumerate(mentions) if m.field == "text"]
    spans = [(mentions[i].start, mentions[i].end) for i in positions]
    pairs, _ = pair_up([(g.start, g.end) for g in document.gold], spans)
    gold: dict[int, Gold | None] = dict.fromkeys(positions)
    for g, j in pairs.items():
        gold[positions[j]] = document.gold[g]
    return gold


def _right(
    table: Any, groups: Sequence[Any], gold: dict[int, Gold | None]
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    right = np.zeros(table.rows, bool)
    weight = np.zeros(len(groups))
    for i, group in enumerate(groups):
        told = [gold[at] for at in group.mentions if at in gold]
        placed = [g for g in told if g is not None and g.point is not None]
        if not told or (not placed and any(g is not None for g in told)):
            continue  # in the title only, or names without coordinates: nothing to learn
        weight[i] = max(1, len(placed)) ** 0.5
        rows = table.span(i)
        fits = np.zeros(len(rows), bool)
        if placed:
            fits = _fits(table, i, placed[0])
        if fits.any():
            right[rows[fits]] = True
        else:
            right[table.starts[i] + table.counts[i]] = True
    return right, weight


def _fits(table: Any, i: int, gold: Gold) -> NDArray[np.bool_]:
    places = [table.names[i].options.place(k) for k in range(int(table.counts[i]))]
    same = np.array([p.place_id == gold.place_id for p in places], bool)
    if same.any() or gold.point is None:
        return same
    return np.array([great_circle_km((p.lon, p.lat), gold.point) <= NEAR_KM for p in places], bool)


def rank_weights(taught: Sequence[_Lesson], *, pull: float = 1.0) -> list[dict[str, float]]:
    """The weights of each round of ranking, learned one round after the other."""
    rounds: list[dict[str, float]] = []
    for lesson in taught:
        lesson.shares = None
    for number in range(ROUNDS):
        evidence = [lesson.table.evidence(lesson.shares, number) for lesson in taught]
        groups = np.concatenate([lesson.table.of_name for lesson in taught])
        offsets = np.cumsum([0, *(len(lesson.table.names) for lesson in taught)])[:-1]
        groups = groups + np.repeat(offsets, [lesson.table.rows for lesson in taught])
        weights = choice(
            np.concatenate([e.features for e in evidence]),
            groups,
            np.concatenate([lesson.right for lesson in taught]),
            np.concatenate([lesson.weight for lesson in taught]),
            pull=pull,
        )
        rounds.append({name: round(float(w), 3) for name, w in zip(FEATURES, weights, strict=True)})
        vector = as_weights(rounds)[-1]
        for lesson, e in zip(taught, evidence, strict=True):
            lesson.shares = shares_of(e, e.features @ vector)
    return rounds


# -- the files that are kept ----------------------------------------------------------------------------------------


def say_data(names: Iterable[str], documents: int) -> str:
    """Which data weights came from, in words."""
    return f"{', '.join(sorted(names))}: {documents} annotated documents; numbers only, no text of theirs is kept"


def write_judge(path: Path, learned: dict[str, judge.Weights], data: str) -> None:
    """Keep the weights of the judge, for texts with ("tagged") and without ("plain") a tagger's labels."""
    kept: dict[str, Any] = {"about": "log-odds that a span names a place, by feature; geo/recognise/judge.py", "data": data}
    for name, weights in learned.items():
        kept[name] = {"first": dict(sorted(weights.first.items())), "second": dict(sorted(weights.second.items()))}
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def write_rank(path: Path, rounds: Sequence[dict[str, float]], data: str) -> None:
    """Keep the weights of ranking by round."""
    kept = {"about": "weight of each kind of evidence by round; geo/evidence.py says what they are", "data": data}
    path.write_text(json.dumps({**kept, "rounds": list(rounds)}, indent=1) + "\n", encoding="utf-8")
