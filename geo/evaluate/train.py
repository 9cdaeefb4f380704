"""Learns the weights of recognition and of ranking from annotated corpora; keeps numbers only, no text.

Run as `python -m geo.evaluate.train CORPUS.jsonl... [--only judge]`: it writes `geo/recognise/judge.json` and
`geo/resolve_weights.json`, which say which data they came from. Recognition also learns from `passages.txt`: short
texts of our own about outbreaks, wars and disasters, and about people, teams and ships that are called like places.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.evaluate.learn import Rows, choice, logistic
from geo.evaluate.measures import NEAR_KM, great_circle_km, pair_up
from geo.evaluate.places import Document, Gold, Setup, corpus, gold_mentions, samples
from geo.evidence import EXPECTED, FEATURES, ROUNDS, Home
from geo.gazetteer.local import LocalGazetteer
from geo.options import lookup
from geo.recognise import judge
from geo.recognise.finding import Look, found
from geo.recognise.model import ModelRecogniser
from geo.recognise.plain import PlainRecogniser
from geo.records import Mention, Report
from geo.resolve import WEIGHTS as RANK_WEIGHTS
from geo.resolve import Rank, as_weights, groups_of, resolve, shares_of, table_of

log = logging.getLogger(__name__)

OWN: Final = 3
"""How many times each of our own sample reports counts: they are few, and like what the program is for."""
PASSAGES: Final = Path(__file__).with_name("passages.txt")
PASSAGE: Final = 2
"""How many times each passage of our own counts: in cross-validation once and twice differ by 0.002 at most."""
_MARKED: Final = re.compile(r"\[\[(.+?)\]\]")
_FOLDS_WITHIN: Final = 2
_PULL: Final = 1.5
_HOLD: Final = 15.0
_LEAST: Final = 8


def passages(path: Path = PASSAGES) -> list[Document]:
    """Our own short texts in which each [[name]] of a place is marked; paragraphs of the file, after its first."""
    return [_passage(i, body) for i, body in enumerate(path.read_text(encoding="utf-8").strip().split("\n\n")[1:])]


def _passage(number: int, body: str) -> Document:
    text, gold, at = "", [], 0
    for match in _MARKED.finditer(body):
        text += body[at : match.start()]
        gold.append(Gold(start=len(text), end=len(text) + len(match[1]), phrase=match[1], point=None))
        text, at = text + match[1], match.end()
    report = Report(report_id=f"passage-{number}", text=text + body[at:], language="en")
    return Document(report=report, gold=tuple(gold))


# -- recognition ----------------------------------------------------------------------------------------------------


def truths(document: Document, look: Look) -> list[bool]:
    """For each span of a document's text whether it is the best span for a gold name."""
    right = [False] * len(look["text"])
    for gold in document.gold:
        best, most = None, 0.0
        for i, one in enumerate(look["text"]):
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
    seen = [list(look["text"]) for look in looks]
    titles = [list(look["title"]) for look in looks]
    right = [truths(d, look) for d, look in zip(documents, looks, strict=True)]
    truth = np.array([r for some in right for r in some], bool)
    document = np.repeat(np.arange(len(seen)), [len(some) for some in seen])
    rows = Rows.of(one.features for some in seen for one in some)

    for fold in range(_FOLDS_WITHIN):  # the second pass must learn from judgements of texts not learned from
        of = np.flatnonzero(document % _FOLDS_WITHIN != fold)
        weights = judge.Weights(first=logistic(rows.take(of), truth[of], least=least, pull=pull)[0], second={})
        for i in range(fold, len(seen), _FOLDS_WITHIN):
            judge.first_pass(titles[i] + seen[i], weights)
    others = Rows.of(
        part.features
        for title, some in zip(titles, seen, strict=True)
        for part in judge.second_parts(title + some)[len(title) :]
    )
    logits = np.array([one.logit for some in seen for one in some])
    second, slope = logistic(others, truth, least=least, pull=pull, numbers=logits)
    first = logistic(rows, truth, least=least, pull=pull)[0]
    return judge.Weights(first=first, second={**second, "logit": round(slope, 3)})


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
    """What mentions of annotated documents teach; a gold name that no candidate fits is "none of these"."""
    names = lookup(gazetteer)
    made = []
    for document, some in zip(documents, mentions, strict=True):
        groups = groups_of(document.report, some, names)
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
        if not placed:
            continue  # in the title only, a false alarm, or without coordinates: nothing to learn
        weight[i] = len(placed) ** 0.5
        rows = table.span(i)
        fits = _fits(table, i, placed[0])
        if fits.any():
            right[rows] = fits
        else:
            right[rows.stop] = True
    return right, weight


def _fits(table: Any, i: int, gold: Gold) -> NDArray[np.bool_]:
    places = [table.names[i].options.place(k) for k in range(int(table.counts[i]))]
    same = np.array([p.place_id == gold.place_id for p in places], bool)
    if same.any() or gold.point is None:
        return same
    reach = [
        max(NEAR_KM, p.radius_km) if p.level == "region" else NEAR_KM for p in places
    ]  # a river's point is anywhere
    away = [great_circle_km((p.lon, p.lat), gold.point) for p in places]
    return np.array([km <= far for km, far in zip(away, reach, strict=True)], bool)


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
            pull=np.array([_HOLD if name in EXPECTED else pull for name in FEATURES]),
            toward=np.array([EXPECTED.get(name, 0.0) for name in FEATURES]),
        )
        rounds.append({name: round(float(w), 3) for name, w in zip(FEATURES, weights, strict=True)})
        vector = as_weights(rounds)[-1]
        for lesson, e in zip(taught, evidence, strict=True):
            lesson.shares = shares_of(e, e.features @ vector)
    return rounds


# -- cross-validation -----------------------------------------------------------------------------------------------


def folds(documents: Sequence[Document], count: int) -> list[list[int]]:
    """The documents' positions in `count` folds, by a hash of their ids, so that they never depend on the order."""
    order = sorted(range(len(documents)), key=lambda i: hashlib.sha256(documents[i].report.report_id.encode()).digest())
    return [order[k::count] for k in range(count)]


def cross_validated(documents: Sequence[Document], setup: Setup, gazetteer: LocalGazetteer) -> list[list[Mention]]:
    """The placed mentions of each document, with weights learned from the other folds and our own texts."""
    tested, own = range(len(documents)), list(samples().documents) * OWN
    documents = [*documents, *own]
    reports = [d.report for d in documents]
    names = [gold_mentions(d) for d in documents]
    looks, extra, extra_looks = [], passages() * PASSAGE, []
    if not setup.gold_spans:
        finder = looker(setup.model, gazetteer)
        looks, extra_looks = finder.look(reports), finder.look([d.report for d in extra])
    answers: list[list[Mention]] = [[] for _ in tested]
    for number, test in enumerate(folds(documents[: len(tested)], setup.folds)):
        held_out = set(test)
        rest = [i for i in range(len(documents)) if i not in held_out]
        if not setup.gold_spans:
            weights = judge_weights([documents[i] for i in rest] + extra, [looks[i] for i in rest] + extra_looks)
            names = [found(r, look, weights) for r, look in zip(reports, looks, strict=True)]
        rank = ranking(rank_weights(taught_by([documents[i] for i in rest], [names[i] for i in rest], gazetteer)))
        placed = resolve([reports[i] for i in test], [names[i] for i in test], gazetteer, rank)
        for i, mentions in zip(test, placed, strict=True):
            answers[i] = mentions
        log.info("fold %d of %d done", number + 1, setup.folds)
    return answers


def looker(model: str, gazetteer: LocalGazetteer) -> ModelRecogniser | PlainRecogniser:
    """The recogniser by its name in the settings."""
    return PlainRecogniser(gazetteer) if model == "none" else ModelRecogniser(gazetteer, model)


def taught_by(
    documents: Sequence[Document], mentions: Sequence[Sequence[Mention]], gazetteer: LocalGazetteer
) -> list[_Lesson]:
    """Lessons from the gold names by themselves and among all that was found."""
    return lessons(documents, [gold_mentions(d) for d in documents], gazetteer) + lessons(
        documents, mentions, gazetteer
    )


def ranking(rounds: Sequence[dict[str, float]]) -> Rank:
    """The ranking with these weights."""
    vectors = as_weights(rounds)
    return lambda evidence: evidence.features @ vectors[evidence.round]


# -- the files that are kept ----------------------------------------------------------------------------------------


def say_data(names: Iterable[str], documents: int) -> str:
    """Which data weights came from, in words."""
    return f"{', '.join(sorted(names))}: {documents} annotated documents; numbers only, no text of theirs is kept"


def write_judge(path: Path, learned: dict[str, judge.Weights], data: str) -> None:
    """Keep the weights of the judge, for texts with ("tagged") and without ("plain") a tagger's labels."""
    kept: dict[str, Any] = {
        "about": "log-odds that a span names a place, by feature; geo/recognise/judge.py",
        "data": data,
    }
    for name, weights in learned.items():
        kept[name] = {"first": dict(sorted(weights.first.items())), "second": dict(sorted(weights.second.items()))}
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def write_rank(path: Path, rounds: Sequence[dict[str, float]], data: str) -> None:
    """Keep the weights of ranking by round."""
    kept = {"about": "weight of each kind of evidence by round; geo/evidence.py says what they are", "data": data}
    path.write_text(json.dumps({**kept, "rounds": list(rounds)}, indent=1) + "\n", encoding="utf-8")


def main(paths: Sequence[Path], *, model: str = "en_core_web_sm", only: str = "") -> None:
    """Learn all weights from annotated corpora, or `only` those of the "judge", and keep them for the program."""
    corpora = [*(corpus(path) for path in paths), samples()]
    documents = [d for c in corpora[:-1] for d in c.documents] + list(corpora[-1].documents) * OWN
    gazetteer = LocalGazetteer.open()
    extra = passages() * PASSAGE
    learned, names = {}, []
    for kind, name in (("tagged", model), ("plain", "none")):
        finder = looker(name, gazetteer)
        looks, extra_looks = finder.look([d.report for d in documents]), finder.look([d.report for d in extra])
        learned[kind] = judge_weights(documents + extra, [*looks, *extra_looks])
        names.append([] if only == "judge" else halves(documents, looks))
        log.info("learned %d weights (%s)", len(learned[kind].first), kind)
    count, said = sum(len(c.documents) for c in corpora), [c.name for c in corpora]
    write_judge(judge.WEIGHTS, learned, say_data([*said, "passages"], count + len(extra) // PASSAGE))
    if only != "judge":
        taught = taught_by(documents, names[0], gazetteer) + lessons(documents, names[1], gazetteer)
        write_rank(RANK_WEIGHTS, rank_weights(taught), say_data(said, count))


def halves(documents: Sequence[Document], looks: Sequence[Look]) -> list[list[Mention]]:
    """The mentions found in each half of the documents with weights learned from the other half."""
    mentions: list[list[Mention]] = [[] for _ in documents]
    for half in (0, 1):
        weights = judge_weights(documents[1 - half :: 2], looks[1 - half :: 2])
        for i in range(half, len(documents), 2):
            mentions[i] = found(documents[i].report, looks[i], weights)
    return mentions


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("corpora", type=Path, nargs="+")
    told.add_argument("--only", choices=["judge"], default="")
    chosen = told.parse_args()
    main(chosen.corpora, only=chosen.only)
