"""A simulated reviewer: how many places are right after 10, 50 and 100 answers, in the inbox's order and at random.

The reviewer knows the gold. Each answer chooses the place of one name for one outlet (or says that it is none), as the
review page offers it. "random" asks about the name of a mention drawn at random, applied to the same outlet just so.
Both ask only about names that have a place, as the inbox of a store does; on the development gold, which holds the
places of events, about those that events rest on, and what counts is where the events lie ("northern Ukraine" is not
Ukraine). "all" is the share once every name is answered, which no order can exceed by much.
"taught" also resolves the rest again with the answers as evidence; `--tune` tries the weights of that evidence, with
answers from every other report. `--homes` tells each outlet's home (the most central of the gold places in every other
report of its own) and prints the share on the remaining reports, without and with homes, for several weights.

    python benchmarks/reviewer.py --lgl ../shared/corpora/lgl.jsonl \
        --gold ../shared/gold/events_dev.jsonl --reports ../shared/gold/reports_dev.jsonl --json
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from geo import inbox, taught
from geo.evaluate.measures import NEAR_KM, great_circle_km
from geo.evaluate.places import corpus
from geo.gazetteer.local import LocalGazetteer
from geo.interfaces import Recogniser
from geo.pipeline import told
from geo.recognise.model import ModelRecogniser
from geo.recognise.plain import PlainRecogniser
from geo.records import Mention, Place, Query, Report
from geo.resolve import resolve
from geo.taught import Decided, Taught

AFTER: Final = (0, 10, 50, 100)
SEEDS: Final = 20
TOWN_KM: Final = 25.0
Key = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Truth:
    """A gold name: where it stands, where it lies (lon, lat), and how near is right, in km."""

    report_id: str
    field: str
    start: int
    end: int
    point: tuple[float, float]
    km: float


@dataclass(slots=True)
class Case:
    """Reports with gold names, the mentions found in them, and which gold name each mention stands for.

    `asked` are the mentions that are asked about: all that have a place, or those that events rest on where `of_events`
    is set, which then lie where their event does.
    """

    name: str
    reports: list[Report]
    truths: list[Truth]
    mentions: list[list[Mention]] = field(default_factory=list)
    of: dict[Key, Truth] = field(default_factory=dict)
    of_events: bool = False
    asked: set[Key] = field(default_factory=set)


def key(mention: Mention) -> Key:
    """What a mention is known by."""
    return mention.report_id, mention.start, mention.field


def lgl(path: Path) -> Case:
    """The Local-Global Lexicon: every name with a point."""
    documents = corpus(path).documents
    truths = [
        Truth(d.report.report_id, "text", g.start, g.end, g.point, NEAR_KM)
        for d in documents
        for g in d.gold
        if g.point is not None
    ]
    return Case("lgl", [d.report for d in documents], truths)


def development(gold: Path, reports: Path) -> Case:
    """The development gold: the places of events, wherever the report writes them."""
    from geo.readers import Refusal, read

    held = {r.report_id: r for r in read([reports]) if not isinstance(r, Refusal)}
    truths = []
    for line in gold.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        report = held[row["id"]]
        seen: set[tuple[str, int]] = set()
        for event in row["events"]:
            if event["level"] == "country" or event["lat"] is None:
                continue
            km = TOWN_KM if event["level"] in ("point", "admin2") else NEAR_KM
            for name, at in _occurrences(report, event["place"]):
                if (name, at) not in seen:
                    seen.add((name, at))
                    point = (event["lon"], event["lat"])
                    truths.append(Truth(report.report_id, name, at, at + len(event["place"]), point, km))
    return Case("development gold", list(held.values()), truths, of_events=True)


def _occurrences(report: Report, words: str) -> Iterator[tuple[str, int]]:
    for name in report.fields:
        text = report.field(name)
        at = text.find(words)
        while at >= 0:
            yield name, at
            at = text.find(words, at + 1)


def find(case: Case, recogniser: Recogniser, gazetteer: LocalGazetteer) -> None:
    """Fill in what the machine finds, and which gold name each mention stands for."""
    case.mentions = resolve(case.reports, recogniser.find(case.reports), gazetteer)
    if case.of_events:
        _of_events(case)
    else:
        case.asked.update(key(m) for found in case.mentions for m in found if m.place is not None)
    by_report: dict[str, list[Truth]] = {}
    for truth in case.truths:
        by_report.setdefault(truth.report_id, []).append(truth)
    for found in case.mentions:
        for m in found:
            for truth in by_report.get(m.report_id, []):
                if truth.field == m.field and truth.start < m.end and m.start < truth.end:
                    case.of[key(m)] = truth


def _of_events(case: Case) -> None:
    """Ask about the names that events rest on, put where the events lie; gold within a longer name is another's."""
    for n, (report, found) in enumerate(zip(case.reports, case.mentions, strict=True)):
        at = {key(claim.mentions[0]): claim.place for claim in reversed(told(report, found).claims)}
        case.asked.update(at)
        case.mentions[n] = [replace(m, place=at.get(key(m), m.place)) for m in found]
        case.truths = [t for t in case.truths if not any(_within(t, m) for m in found)]


def _within(truth: Truth, mention: Mention) -> bool:
    """Whether a gold name is but a part of a longer one, as Kherson is of "Kherson region"."""
    if (truth.report_id, truth.field) != (mention.report_id, mention.field):
        return False
    longer = mention.end - mention.start > truth.end - truth.start
    return longer and mention.start <= truth.start and truth.end <= mention.end


def right(place: Place | None, truth: Truth) -> bool:
    """Whether a place is near enough to the gold one."""
    return place is not None and great_circle_km((place.lon, place.lat), truth.point) <= truth.km


def chosen(mention: Mention, truth: Truth, gazetteer: LocalGazetteer) -> Place:
    """What the reviewer chooses: the nearest candidate, or a mark moved by hand."""
    places = [c.place for c in gazetteer.candidates([Query(name=mention.text, limit=40)])[0]]
    places += [mention.place] if mention.place else []
    near = sorted((p for p in places if right(p, truth)), key=lambda p: great_circle_km((p.lon, p.lat), truth.point))
    lon, lat = truth.point
    by_hand = Place(place_id=f"hand:{lon},{lat}", name=mention.text, level="point", lon=lon, lat=lat, radius_km=5.0)
    return near[0] if near else by_hand


class Reviewer:
    """Answers questions on one case; `places` are the mentions' places after the answers so far."""

    def __init__(self, case: Case, gazetteer: LocalGazetteer) -> None:
        self.case, self.gazetteer = case, gazetteer
        outlets = {r.report_id: r.source for r in case.reports}
        self.groups: dict[tuple[str, str | None], list[Mention]] = {}
        for found in case.mentions:
            for m in (m for m in found if key(m) in case.asked):
                self.groups.setdefault((m.text, outlets[m.report_id]), []).append(m)
        self.open = dict(self.groups)
        self.places: dict[Key, Place | None] = {key(m): m.place for found in case.mentions for m in found}
        self.decided: list[Decided] = []

    def next_in_inbox(self) -> tuple[str, str | None] | None:
        """The name and outlet that the inbox asks about."""
        found = ((m, outlet) for (_, outlet), group in self.open.items() for m in group)
        tasks = inbox.order(inbox.named(found), ())
        singles = inbox.named((m, outlet) for (_, outlet), group in self.open.items() if len(group) == 1 for m in group)
        if tasks and (not singles or tasks[0].gain >= singles[0].doubt):
            return tasks[0].name, tasks[0].outlet
        return (singles[0].name, singles[0].outlet) if singles else None

    def answer(self, asked: tuple[str, str | None]) -> None:
        """Decide one name for one outlet, looking at its most doubtful mention that the gold knows."""
        group = self.open.pop(asked)
        shown = min(group, key=lambda m: (key(m) not in self.case.of, m.confidence or 0.0))
        truth = self.case.of.get(key(shown))
        place = None if truth is None else chosen(shown, truth, self.gazetteer)
        for m in group:
            self.places[key(m)] = place
        if place is not None:
            self.decided += [Decided(name=m.text, outlet=asked[1], place=place) for m in group]

    def taught(self) -> dict[Key, Place | None]:
        """The places once the rest is resolved again with the answers as evidence."""
        again = Taught(self.decided).resolve(self.case.reports, self.case.mentions, self.gazetteer)
        known = {key(m) for name, group in self.groups.items() if name not in self.open for m in group}
        fresh = {key(m): m.place for found in again for m in found}
        return {k: self.places[k] if k in known else p for k, p in fresh.items()}


def share(case: Case, places: dict[Key, Place | None]) -> float:
    """The share of the gold names that are found and rightly placed."""
    good = {truth for k, truth in case.of.items() if right(places[k], truth)}
    return len(good) / len(case.truths)


def run(case: Case, gazetteer: LocalGazetteer, following: Callable[[Reviewer], Any], *, teach: bool) -> dict[int, Any]:
    """The shares after each number of answers."""
    reviewer = Reviewer(case, gazetteer)
    shares = {}
    for n in range(max(AFTER) + 1):
        if n in AFTER:
            now: dict[str, float] = {"share": share(case, reviewer.places)}
            if teach:
                now["taught"] = share(case, reviewer.taught()) if reviewer.decided else now["share"]
            shares[n] = now
        asked = following(reviewer)
        if asked is not None:
            reviewer.answer(asked)
    return shares


def at_random(seed: int) -> Callable[[Reviewer], tuple[str, str | None] | None]:
    """The name and outlet of a mention drawn at random."""
    chance = random.Random(seed)

    def following(reviewer: Reviewer) -> tuple[str, str | None] | None:
        pool = [name for name, group in reviewer.open.items() for _ in group]
        return chance.choice(pool) if pool else None

    return following


def measured(case: Case, gazetteer: LocalGazetteer) -> dict[str, Any]:
    """The shares in the inbox's order, taught, and the mean of random orders."""
    ordered = run(case, gazetteer, Reviewer.next_in_inbox, teach=True)
    everything = Reviewer(case, gazetteer)
    for asked in tuple(everything.open):
        everything.answer(asked)
    shuffled = [run(case, gazetteer, at_random(seed), teach=False) for seed in range(SEEDS)]
    return {
        "reports": len(case.reports),
        "gold_names": len(case.truths),
        "inbox": {n: round(ordered[n]["share"], 3) for n in AFTER},
        "random": {n: round(sum(s[n]["share"] for s in shuffled) / SEEDS, 3) for n in AFTER},
        "taught": {n: round(ordered[n]["taught"], 3) for n in AFTER},
        "names": len(everything.groups),
        "all": round(share(case, everything.places), 3),
    }


def tune(case: Case, gazetteer: LocalGazetteer) -> Iterator[dict[str, Any]]:
    """The share on the reports that were not asked about, for several weights of the evidence."""
    asked = {r.report_id for r in case.reports[::2]}
    half = Case(
        case.name,
        [r for r in case.reports if r.report_id in asked],
        [t for t in case.truths if t.report_id in asked],
        [ms for r, ms in zip(case.reports, case.mentions, strict=True) if r.report_id in asked],
        {k: t for k, t in case.of.items() if t.report_id in asked},
        asked=case.asked,
    )
    reviewer = Reviewer(half, gazetteer)
    for _ in range(max(AFTER)):
        reviewer.answer(reviewer.next_in_inbox() or next(iter(reviewer.open)))
    rest = [r for r in case.reports if r.report_id not in asked]
    theirs = [ms for r, ms in zip(case.reports, case.mentions, strict=True) if r.report_id not in asked]
    others = Case(case.name, rest, [t for t in case.truths if t.report_id not in asked], theirs, {
        k: t for k, t in case.of.items() if t.report_id not in asked
    })  # fmt: skip
    for here, elsewhere, near in TRIED:
        taught.HERE, taught.ELSEWHERE, taught.NEIGHBOURS = here, elsewhere, near  # type: ignore[misc]
        placed = Taught(reviewer.decided).resolve(rest, theirs, gazetteer)
        share_now = share(others, {key(m): m.place for found in placed for m in found})
        yield {"here": here, "elsewhere": elsewhere, "near": near, "share": round(share_now, 4)}


def at_home(case: Case, gazetteer: LocalGazetteer) -> Iterator[dict[str, Any]]:
    """The share on every other report, for several weights of the outlet's home."""
    outlets = {r.report_id: r.source or "" for r in case.reports}
    asked = {r.report_id for r in case.reports[::2]}
    points: dict[str, list[tuple[float, float]]] = {}
    for truth in case.truths:
        if truth.report_id in asked:
            points.setdefault(outlets[truth.report_id], []).append(truth.point)
    homes = {outlet: _central(held) for outlet, held in points.items() if len(held) >= 3}
    rest = [r for r in case.reports if r.report_id not in asked]
    theirs = [ms for r, ms in zip(case.reports, case.mentions, strict=True) if r.report_id not in asked]
    truths = [t for t in case.truths if t.report_id not in asked]
    others = Case(case.name, rest, truths, theirs, {k: t for k, t in case.of.items() if t.report_id not in asked})
    for weight in (0.0, 1.0, 2.0, 3.0, 4.0):
        taught.HOME = weight  # type: ignore[misc]
        placed = Taught([], homes=homes).resolve(rest, theirs, gazetteer)
        share_now = share(others, {key(m): m.place for found in placed for m in found})
        yield {"outlets": len(homes), "home": weight, "share": round(share_now, 4)}


def _central(held: Sequence[tuple[float, float]]) -> Place:
    """The point with the smallest sum of distances to the others, far ones counted as 500 km."""
    best = min(held, key=lambda p: sum(min(500.0, great_circle_km(p, other)) for other in held))
    return Place(place_id="home:", name="home", level="point", lon=best[0], lat=best[1], radius_km=10.0)


TRIED: Final = (
    (0.0, 0.0, 0.0), (2.0, 0.0, 0.0), (4.0, 0.0, 0.0), (6.0, 0.0, 0.0), (4.0, 0.5, 0.0), (4.0, 1.0, 0.0),
    (4.0, 0.5, 1.0), (4.0, 0.5, 2.0), (4.0, 0.5, 3.0), (4.0, 0.5, 4.0),
)  # fmt: skip


def main(given: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lgl", type=Path)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--reports", type=Path)
    parser.add_argument("--model", default="en_core_web_sm", help='a spaCy model, or "none"')
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--tune", action="store_true", help="try weights for the evidence from decisions")
    parser.add_argument("--homes", action="store_true", help="try weights for the home of an outlet")
    arguments = parser.parse_args(given)
    gazetteer = LocalGazetteer.open()
    recogniser = (
        PlainRecogniser(gazetteer) if arguments.model == "none" else ModelRecogniser(gazetteer, arguments.model)
    )
    cases = [lgl(arguments.lgl)] if arguments.lgl else []
    cases += [development(arguments.gold, arguments.reports)] if arguments.gold and arguments.reports else []
    if not cases:
        parser.error("give --lgl, or --gold and --reports")
    measures: dict[str, Any] = {}
    for case in cases:
        find(case, recogniser, gazetteer)
        if arguments.tune or arguments.homes:
            measures[case.name] = list((at_home if arguments.homes else tune)(case, gazetteer))
        else:
            measures[case.name] = measured(case, gazetteer)
    print(json.dumps(measures) if arguments.json or arguments.tune or arguments.homes else table(measures))
    return 0


def table(measures: dict[str, Any]) -> str:
    """The figures as text."""
    lines = []
    for name, figures in measures.items():
        lines.append(f"{name}: {figures['reports']} reports, {figures['gold_names']} gold names; share rightly placed")
        lines.append(f"  all {figures['names']} names answered: {figures['all']:.3f}")
        lines.append("  answers " + "".join(f"{n:>8}" for n in AFTER))
        lines += [
            f"  {order:8}" + "".join(f"{figures[order][n]:8.3f}" for n in AFTER)
            for order in ("inbox", "random", "taught")
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
