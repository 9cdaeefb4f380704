"""How well place names are found and placed: published measures, errors by cause, a gate that may only rise."""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from geo.errors import EvaluationError
from geo.evaluate.measures import NEAR_KM, calibration_error, great_circle_km, log_auc, pair_up, prf
from geo.evaluate.readme import put
from geo.gazetteer.local import LocalGazetteer
from geo.interfaces import Geocoder, Recogniser
from geo.recognise.model import ModelRecogniser
from geo.recognise.plain import PlainRecogniser
from geo.records import Candidate, Mention, Place, Query, Report
from geo.resolve import resolve

log = logging.getLogger(__name__)

FLOORS: Final = Path(__file__).with_name("places_floors.json")
SAMPLES: Final = Path(__file__).resolve().parents[2] / "data"
CAUSES: Final = ("right", "not found", "not in the gazetteer", "left open", "wrong level", "wrong candidate")
GATED: Final = ("overlap_f1", "found_and_placed", "placed")
_SHOWN: Final = {
    "overlap_f1": "overlap F1",
    "found_and_placed": "found and placed",
    "calibration_error": "calib. error",
}

PEERS: Final[dict[str, dict[str, tuple[float | None, float | None]]]] = {
    "best published geoparser, as known to us; not run by us": {"lgl": (0.77, 0.47), "trnews": (0.84, 0.53)},
    "spaCy's small model alone, its tags as they are": {"lgl": (0.671, None), "trnews": (0.773, None)},
}
"""(overlap F1, found and placed) of others by corpus, each with where its figures are from."""
OURS: Final = {
    "en_core_web_sm, 5 folds": "Dateline, small spaCy model",
    "no model, 5 folds": "Dateline, no model (`--model none`)",
    "gold spans, 5 folds": "Dateline, told the spans (`--gold-spans`)",
}
"""The settings that the README's table shows, each with what it is called there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """One place name that an annotator marked; `point` is (lon, lat), None where the corpus gives none."""

    start: int
    end: int
    phrase: str
    point: tuple[float, float] | None
    place_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report with its gold place names, all in its text."""

    report: Report
    gold: tuple[Gold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """A gold corpus and the fingerprint of the file it was read from."""

    name: str
    sha256: str
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured on one corpus; the first ten fields are those of the published scorer."""

    documents: int
    gold: int
    found: int
    exact: tuple[float, float, float]
    overlap: tuple[float, float, float]
    found_and_placed: float | None
    placed: float | None
    mean_km: float | None
    median_km: float | None
    auc: float | None
    calibration_error: float
    causes: dict[str, int]
    by_country: dict[str, tuple[int, int]]
    by_level: dict[str, tuple[int, int]]

    def published(self) -> dict[str, Any]:
        """The figures as the published scorer prints them, rounded the same way."""

        def to3(x: float | None) -> float | None:
            return None if x is None else round(x, 3)

        return {
            "documents": self.documents,
            "gold": self.gold,
            "found": self.found,
            "exact": [round(x, 3) for x in self.exact],
            "overlap": [round(x, 3) for x in self.overlap],
            "found_and_placed": to3(self.found_and_placed),
            "placed": to3(self.placed),
            "mean_km": None if self.mean_km is None else round(self.mean_km),
            "median_km": None if self.median_km is None else round(self.median_km, 1),
            "auc": to3(self.auc),
        }

    def gated(self) -> dict[str, float]:
        """The three figures that the gate holds, to three digits."""
        return {
            "overlap_f1": round(self.overlap[2], 3),
            "found_and_placed": round(self.found_and_placed or 0.0, 3),
            "placed": round(self.placed or 0.0, 3),
        }


def corpus(path: Path) -> Corpus:
    """A gold corpus from JSON Lines `{doc_id, text, toponyms: [{start, end, phrase, lat, lon, geonameid}]}`."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise EvaluationError(
            f"cannot read the corpus {path}: {error.strerror}; give the path of a JSON Lines file"
        ) from error
    documents = []
    for number, line in enumerate(raw.decode("utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            documents.append(_document(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise EvaluationError(
                f"{path}, line {number}: not a document with doc_id, text and toponyms ({error}); correct or remove it"
            ) from error
    return Corpus(name=path.stem, sha256=hashlib.sha256(raw).hexdigest(), documents=tuple(documents))


def samples(folder: Path = SAMPLES) -> Corpus:
    """Our own sample reports with our own gold, as a corpus; small, but of the kind of text the program is for."""
    rows = (folder / "samples.jsonl").read_bytes()
    gold = (folder / "samples_gold.jsonl").read_bytes()
    marked = {row["id"]: row["toponyms"] for row in map(json.loads, gold.decode("utf-8").strip().split("\n"))}
    documents = []
    for row in map(json.loads, rows.decode("utf-8").strip().split("\n")):
        if row["id"] in marked:
            report = Report(report_id=row["id"], title=row["title"], text=row["text"], language="en")
            names = tuple(_gold(t, report.text) for t in marked[row["id"]] if t["field"] == "text")
            documents.append(Document(report=report, gold=names))
    return Corpus(name="samples", sha256=hashlib.sha256(rows + gold).hexdigest(), documents=tuple(documents))


def _document(row: dict[str, Any]) -> Document:
    text, title = str(row["text"]), str(row.get("title") or "").strip()
    if text.lstrip().startswith(title):
        title = ""  # the text repeats it, and the gold offsets count from the text's start
    report = Report(
        report_id=str(row["doc_id"]),
        text=text,
        title=title,
        url=row.get("url"),
        source=row.get("source"),
        language="en",
    )
    return Document(report=report, gold=tuple(_gold(t, text) for t in row["toponyms"]))


def _gold(row: dict[str, Any], text: str) -> Gold:
    start, end = int(row["start"]), int(row["end"])
    point = None if row.get("lat") is None or row.get("lon") is None else (float(row["lon"]), float(row["lat"]))
    place_id = f"geonames:{row['geonameid']}" if row.get("geonameid") else None
    return Gold(start=start, end=end, phrase=text[start:end], point=point, place_id=place_id)


@dataclass(frozen=True, slots=True)
class _Judged:
    """One gold name with what became of it."""

    gold: Gold
    mention: Mention | None
    cause: str
    error_km: float | None
    truth: Place | None


def figures(
    documents: Sequence[Document], found: Sequence[Sequence[Mention]], geocoder: Geocoder | None = None
) -> Figures:
    """The measures of mentions against gold; the causes of errors only where a geocoder tells its candidates."""
    found = [sorted((m for m in ms if m.field == "text"), key=lambda m: (m.start, m.end)) for ms in found]
    judged: list[_Judged] = []
    exact_n = overlap_n = 0
    for document, mentions in zip(documents, found, strict=True):
        pairs, exact = pair_up([(g.start, g.end) for g in document.gold], [(m.start, m.end) for m in mentions])
        exact_n += len(exact)
        overlap_n += len(pairs)
        judged += _judge(document.gold, mentions, pairs, geocoder)
    gold_n, found_n = sum(len(d.gold) for d in documents), sum(map(len, found))
    errors = sorted(j.error_km for j in judged if j.error_km is not None)
    with_point = [j for j in judged if j.gold.point]
    right = sum(e <= NEAR_KM for e in errors)
    causes = Counter(j.cause for j in with_point)
    causes["false alarm"] = found_n - overlap_n
    return Figures(
        documents=len(documents),
        gold=gold_n,
        found=found_n,
        exact=prf(exact_n, found_n, gold_n),
        overlap=prf(overlap_n, found_n, gold_n),
        found_and_placed=right / len(with_point) if with_point else None,
        placed=right / len(errors) if errors else None,
        mean_km=sum(errors) / len(errors) if errors else None,
        median_km=errors[len(errors) // 2] if errors else None,
        auc=log_auc(errors),
        calibration_error=calibration_error(
            [
                (j.mention.confidence or 0.0, j.error_km <= NEAR_KM)
                for j in judged
                if j.mention and j.error_km is not None
            ]
        ),
        causes={cause: causes[cause] for cause in (*CAUSES, "false alarm")},
        by_country=_tally(with_point, lambda j: (j.truth.country or "none") if j.truth else "unknown"),
        by_level=_tally(with_point, lambda j: j.truth.level if j.truth else "unknown"),
    )


def _judge(
    gold: Sequence[Gold], mentions: Sequence[Mention], pairs: dict[int, int], geocoder: Geocoder | None
) -> list[_Judged]:
    names = [mentions[pairs[i]].text if i in pairs else g.phrase for i, g in enumerate(gold)]
    known = geocoder.candidates([Query(name=n) for n in names]) if geocoder else [[] for _ in names]
    return [_judge_one(g, mentions[pairs[i]] if i in pairs else None, known[i]) for i, g in enumerate(gold)]


def _judge_one(gold: Gold, mention: Mention | None, known: Sequence[Candidate]) -> _Judged:
    near = [c.place for c in known if gold.point and great_circle_km((c.place.lon, c.place.lat), gold.point) <= NEAR_KM]
    truth = next((p for p in near if p.place_id == gold.place_id), near[0] if near else None)
    error_km = None
    if mention and mention.place and gold.point:
        error_km = great_circle_km((mention.place.lon, mention.place.lat), gold.point)
    if mention is None:
        cause = "not found"
    elif error_km is not None and error_km <= NEAR_KM:
        cause = "right"
    elif truth is None:
        cause = "not in the gazetteer"
    elif mention.place is None:
        cause = "left open"
    else:
        cause = "wrong candidate" if mention.place.level in {p.level for p in near} else "wrong level"
    return _Judged(gold, mention, cause, error_km, truth)


def _tally(judged: Iterable[_Judged], key: Callable[[_Judged], str]) -> dict[str, tuple[int, int]]:
    """For each key how many gold names there are and how many are right, most frequent first."""
    total: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for j in judged:
        total[key(j)] += 1
        right[key(j)] += j.cause == "right"
    return {k: (n, right[k]) for k, n in sorted(total.items(), key=lambda item: (-item[1], item[0]))}


def gold_mentions(document: Document) -> list[Mention]:
    """The gold spans as mentions, as if a recogniser had found them all, longer ones before those they contain."""
    mentions: list[Mention] = []
    for g in sorted(document.gold, key=lambda g: (g.start, -g.end)):
        if not mentions or g.start >= mentions[-1].end:
            mentions.append(
                Mention(
                    report_id=document.report.report_id,
                    field="text",
                    start=g.start,
                    end=g.end,
                    text=g.phrase,
                    label="gold",
                )
            )
    return mentions


class GoldRecogniser:
    """Finds exactly the gold spans of known documents: what resolution alone can reach."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._spans = {d.report.report_id: gold_mentions(d) for d in documents}

    def find(self, reports: Sequence[Report]) -> list[list[Mention]]:
        """The gold mentions of each report; none for a report that is not in the corpus."""
        return [list(self._spans.get(r.report_id, [])) for r in reports]


# -- the gate -------------------------------------------------------------------------------------------------------


def check(measured: dict[str, Figures], corpora: Iterable[Corpus], *, setting: str, floors: Path = FLOORS) -> list[str]:
    """What fell below its pinned floor, in words; an unknown or changed corpus is an error of its own."""
    pinned = _load_floors(floors)
    failures = []
    for c in corpora:
        floor = pinned.get(f"{c.name}/{setting}")
        if floor is None:
            failures.append(f"{c.name}: no floor is pinned for {setting!r}; run with --raise to pin one")
        elif floor["sha256"] != c.sha256:
            failures.append(f"{c.name}: the corpus has changed since its floor was pinned (sha256 {c.sha256})")
        else:
            got = measured[c.name].gated()
            failures += [
                f"{c.name}: {k} is {got[k]:.3f}, below its floor {floor[k]:.3f}" for k in GATED if got[k] < floor[k]
            ]
    return failures


def raise_floors(
    measured: dict[str, Figures], corpora: Iterable[Corpus], *, setting: str, floors: Path = FLOORS
) -> list[str]:
    """Write each figure that is better than its floor; the names of those that rose. A floor never sinks.

    Under "latest" stand the figures as measured last, which the README shows.
    """
    pinned = _load_floors(floors)
    rose = []
    for c in corpora:
        key = f"{c.name}/{setting}"
        old = pinned.get(key, {})
        if old and old["sha256"] != c.sha256:
            raise EvaluationError(f"{c.name} is another file than the pinned one; remove {key!r} from {floors} by hand")
        new: dict[str, Any] = {"sha256": c.sha256}
        for name, value in measured[c.name].gated().items():
            new[name] = max(value, old.get(name, 0.0))
            if value > old.get(name, -1.0):
                rose.append(f"{key} {name} {value:.3f}")
        new["latest"] = _latest(measured[c.name])
        pinned[key] = new
    floors.write_text(json.dumps(pinned, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return rose


def _latest(measured: Figures) -> dict[str, float]:
    gated = measured.gated()
    shown = {name: gated[name] for name in _SHOWN if name in gated}
    return shown | {"calibration_error": round(measured.calibration_error, 3)}


def _load_floors(path: Path) -> dict[str, dict[str, Any]]:
    if not path.exists():
        return {}
    loaded: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


# -- the command ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """How to measure: which recogniser ("none" is the model-free one), gold spans, folds of cross-validation (0: none).

    Without folds the shipped weights are used; they were learned from LGL and TR-News, so figures on those two say
    only that nothing broke.
    """

    model: str = "en_core_web_sm"
    gold_spans: bool = False
    folds: int = 0

    def __str__(self) -> str:
        finder = "gold spans" if self.gold_spans else "no model" if self.model == "none" else self.model
        return finder + (f", {self.folds} folds" if self.folds else ", shipped weights")


def measure(corpora: Sequence[Corpus], setup: Setup, gazetteer: LocalGazetteer) -> dict[str, Figures]:
    """The figures of each corpus; cross-validation learns from the other folds of all corpora together."""
    from geo.evaluate import train

    documents = [d for c in corpora for d in c.documents]
    if setup.folds:
        found = train.cross_validated(documents, setup, gazetteer)
    else:
        reports = [d.report for d in documents]
        found = resolve(reports, _recogniser(documents, setup, gazetteer).find(reports), gazetteer)
    measured, at = {}, 0
    for c in corpora:
        measured[c.name] = figures(c.documents, found[at : at + len(c.documents)], gazetteer)
        at += len(c.documents)
    return measured


def _recogniser(documents: Sequence[Document], setup: Setup, gazetteer: LocalGazetteer) -> Recogniser:
    if setup.gold_spans:
        return GoldRecogniser(documents)
    return PlainRecogniser(gazetteer) if setup.model == "none" else ModelRecogniser(gazetteer, setup.model)


def main(
    paths: Sequence[Path],
    *,
    setup: Setup | None = None,
    own: bool = False,
    as_json: bool = False,
    gate: bool = False,
    raise_floor: bool = False,
    write: Callable[[str], object] = sys.stdout.write,
) -> int:
    """Measure corpora, with `own` our samples too, and write the tables; 1 where a figure fell below its floor.

    With `raise_floor` what rose is pinned, and the README's table is written anew from what was measured last.
    """
    setup = setup or Setup()
    corpora = [corpus(path) for path in paths] + ([samples()] if own else [])
    measured = measure(corpora, setup, LocalGazetteer.open())
    if as_json:
        write(json.dumps({name: f.published() | _extra(f) for name, f in measured.items()}) + "\n")
    else:
        for name, f in measured.items():
            write(table(name, str(setup), f))
    if raise_floor:
        for line in raise_floors(measured, corpora, setting=str(setup)):
            write(f"raised {line}\n")
        put("places", readme_table())
    failures = check(measured, corpora, setting=str(setup)) if gate else []
    for line in failures:
        write(f"BELOW THE FLOOR {line}\n")
    return 1 if failures else 0


def _extra(f: Figures) -> dict[str, Any]:
    return {
        "calibration_error": round(f.calibration_error, 3),
        "causes": f.causes,
        "by_country": f.by_country,
        "by_level": f.by_level,
    }


def table(name: str, setting: str, f: Figures, *, countries: int = 12) -> str:
    """The figures of one corpus as text: the measures, the errors by cause, by country and by level."""
    p = f.published()
    placed = sum(f.causes[c] for c in CAUSES)
    lines = [
        f"{name} ({setting}): {f.documents} documents, {f.gold} gold names, {f.found} found",
        *(f"  {k:18}{p[k]}" for k in ("exact", "overlap", "found_and_placed", "placed", "mean_km", "median_km", "auc")),
        f"  {'calibration error':18}{f.calibration_error:.3f}",
        "  what became of the gold names with coordinates",
        *(
            f"    {cause:24}{n:6}{n / placed:8.1%}"
            for cause, n in f.causes.items()
            if cause != "false alarm" and placed
        ),
        f"    {'false alarms':24}{f.causes['false alarm']:6}",
        "  by level: gold, right",
        *(f"    {level:24}{n:6}{right / n:8.1%}" for level, (n, right) in f.by_level.items()),
        "  by country: gold, right",
        *(f"    {code:24}{n:6}{right / n:8.1%}" for code, (n, right) in list(f.by_country.items())[:countries]),
    ]
    return "\n".join(lines) + "\n"


def readme_table(*, floors: Path = FLOORS) -> str:
    """The README's table of place names as Markdown: the latest cross-validated figures under those of the peers."""
    pinned = _load_floors(floors)
    corpora = {"lgl": "LGL", "trnews": "TR-News"}
    heads = [f"{shown} {what}" for shown in corpora.values() for what in _SHOWN.values()]
    lines = [f"| | {' | '.join(heads)} |", "|---|" + "---|" * len(heads)]
    for label, known in PEERS.items():
        cells = [x for corpus in corpora for x in (*known[corpus], None)]
        lines.append(f"| {label} | {' | '.join(map(_cell, cells))} |")
    for setting, label in OURS.items():
        rows = [pinned.get(f"{corpus}/{setting}", {}).get("latest", {}) for corpus in corpora]
        told = {"overlap_f1"} if setting.startswith("gold") else set()
        cells = [None if what in told else row.get(what) for row in rows for what in _SHOWN]
        lines.append(f"| {label} | {' | '.join(map(_cell, cells))} |")
    return "\n".join(lines)


def _cell(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.3f}"
