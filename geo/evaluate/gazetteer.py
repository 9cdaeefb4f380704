"""How often the gazetteer knows the right place of a gold name: the share among 20 candidates, misses by cause."""

from __future__ import annotations

import json as json_
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from geo.distance import km
from geo.errors import EvaluationError
from geo.gazetteer.local import LocalGazetteer
from geo.records import Candidate, Query

NEAR_KM: Final = 161.0  # 100 miles, the bound that geoparsing research counts as right
FIRST: Final = 20
_FEATURES: Final = {
    "A": "division or country", "H": "water", "L": "area or park", "P": "settlement", "R": "road",
    "S": "building or spot",    "T": "mountain or island", "V": "forest", "U": "undersea",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a corpus showed. `covered` counts gold names with the right place within 161 km among 20 candidates."""

    corpus: str
    names: int
    covered: int
    share: float
    first: float
    mean_candidates: float
    causes: dict[str, int] = field(default_factory=dict)
    misses: list[dict[str, Any]] = field(default_factory=list)


def coverage(path: Path, gazetteer: LocalGazetteer) -> Coverage:
    """The coverage of one corpus of `{doc_id, text, toponyms}` lines; names without gold coordinates are left out."""
    golds = list(_golds(path))
    known = {name: gazetteer.candidates([Query(name=name, limit=FIRST)])[0] for name in {g["phrase"] for g in golds}}
    causes: Counter[str] = Counter()
    missed: Counter[tuple[str, str, str]] = Counter()
    covered = first = 0
    for gold in golds:
        candidates = known[gold["phrase"]]
        near = [_away(candidate, gold) <= NEAR_KM for candidate in candidates]
        covered += any(near)
        first += near[:1] == [True]
        if not any(near):
            cause = _cause(gold, candidates, gazetteer)
            causes[cause] += 1
            missed[(gold["phrase"], str(gold.get("name") or gold.get("geonameid") or ""), cause)] += 1
    return Coverage(
        corpus=path.stem, names=len(golds), covered=covered, share=covered / max(len(golds), 1),
        first=first / max(len(golds), 1),
        mean_candidates=sum(len(known[gold["phrase"]]) for gold in golds) / max(len(golds), 1),
        causes=dict(causes.most_common()),
        misses=[
            {"phrase": phrase, "gold": name, "cause": cause, "times": times}
            for (phrase, name, cause), times in missed.most_common()
        ],
    )  # fmt: skip


def _golds(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").strip("\n").split("\n")
    except OSError as error:
        raise EvaluationError(
            f"the corpus {path} cannot be read ({error.strerror}); give the path of a .jsonl file"
        ) from None
    for number, line in enumerate(lines, 1):
        try:
            document = json_.loads(line)
            yield from (gold for gold in document["toponyms"] if gold["lat"] is not None)
        except (ValueError, KeyError, TypeError):
            raise EvaluationError(f"{path}, line {number}: not a document with toponyms that have lat, lon") from None


def _away(candidate: Candidate, gold: dict[str, Any]) -> float:
    return float(km(candidate.place.lon, candidate.place.lat, gold["lon"], gold["lat"]))


def _cause(gold: dict[str, Any], candidates: list[Candidate], gazetteer: LocalGazetteer) -> str:
    place_id = f"geonames:{gold.get('geonameid')}"
    if any(candidate.place.place_id == place_id for candidate in candidates):
        return "known, but its point lies elsewhere"
    if gazetteer.has(place_id):
        return "known, but ranked behind 20 others" if len(candidates) == FIRST else "known, but not by this name"
    sort = _FEATURES.get(str(gold.get("fclass") or ""), "place")
    return f"not in the gazetteer: {sort}" + ("" if candidates else ", and no place is called so")


def main(paths: Sequence[Path], *, json: bool = False) -> str:
    """The coverage of each corpus as a text table, or as JSON with the misses."""
    gazetteer = LocalGazetteer.open()
    results = [coverage(path, gazetteer) for path in paths]
    if json:
        return json_.dumps([asdict(result) for result in results], ensure_ascii=False, indent=1)
    return "\n\n".join(_table(result) for result in results)


def _table(result: Coverage) -> str:
    summary = (
        f"{result.corpus}: {result.covered} of {result.names} gold names ({result.share:.3f}) have the right place "
        f"(within {NEAR_KM:.0f} km) among their first {FIRST} candidates; the first candidate is right for "
        f"{result.first:.3f}; {result.mean_candidates:.1f} candidates a name."
    )
    lines = [
        summary,
        "misses by cause:",
        *(f"  {times:5d}  {cause}" for cause, times in result.causes.items()),
        "most frequent misses:",
        *(f"  {m['times']:5d}  {m['phrase']} ({m['gold']}): {m['cause']}" for m in result.misses[:15]),
    ]
    return "\n".join(lines)
