"""How well events are placed, dated and typed: the published measures with intervals, by outlet, and every error told.

A predicted pin matches a gold one of the same report where the level fits (point and admin2; admin1 and region) and the
points are near. Optional gold events are neither asked for nor held against us. The intervals are percentile bootstraps
over reports (Efron 1979), as the events of one report stand or fall together.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Final

from geo import merge
from geo.claims import SKIP_REASONS
from geo.errors import EvaluationError
from geo.evaluate.measures import calibration_error, great_circle_km, prf
from geo.readers import read
from geo.records import Event, Extraction, Mention, Report

Extract = Callable[[Sequence[Report]], Iterable[Extraction]]
"""What turns reports into extractions, in their order: `Pipeline.extract`."""

FITS: Final = {"point": "point", "admin2": "point", "admin1": "area", "region": "area"}
NEAR_KM: Final = {"point": 25.0, "area": 161.0}
ROUNDS: Final = 1000  # of the bootstrap; its own error is then well below the width of the intervals
SEED: Final = 20221112
_LEVEL: Final = 0.95
_WORDS_SHOWN: Final = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A gold event with a place on the map."""

    place: str
    level: str
    lon: float
    lat: float
    first_day: date | None
    last_day: date | None
    type: str
    quote: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """What is counted in one report; the measures are shares of their sums."""

    required: int = 0
    predicted: int = 0
    hits: int = 0
    dated: int = 0
    overlapping: int = 0
    typed: int = 0
    false: int = 0
    reports: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def measures(self) -> dict[str, float | None]:
        """The published measures: F1 of place, of place and days; shares of the matched; false pins a report."""

        def share(n: int) -> float | None:
            return n / self.hits if self.hits else None

        return {
            "where": prf(self.hits, self.predicted, self.required)[2],
            "where_when": prf(self.dated, self.predicted, self.required)[2],
            "when": share(self.dated),
            "when_overlap": share(self.overlapping),
            "type": share(self.typed),
            "false_pins": self.false / self.reports if self.reports else None,
        }


@dataclass(frozen=True, slots=True)
class Judged:
    """One report with its gold pins, the events found, which goes with which, and the counts."""

    extraction: Extraction
    gold: tuple[Pin, ...]
    found: tuple[Event, ...]
    pairs: dict[int, int]
    tally: Tally


def main(gold: Path, reports: Path, extract: Extract) -> str:
    """The whole page: figures with 95 % intervals, also by outlet, and each false and missed pin with its reason."""
    judged = judge(gold, reports, extract)
    return "\n".join((*figures(judged), "", *confusions(judged)))


def judge(gold: Path, reports: Path, extract: Extract) -> list[Judged]:
    """Each report of the gold file with what was found in it, in the gold's order."""
    told = _gold(gold)
    wanted = {r.report_id: r for r in read([reports]) if isinstance(r, Report) and r.report_id in told}
    if missing := sorted(set(told) - set(wanted)):
        raise EvaluationError(
            f"{reports} has no report {missing[0]!r} that {gold} speaks of; give the reports of this gold"
        )
    extractions = extract([wanted[report_id] for report_id in told])
    return [_judged(e, told[e.report.report_id]) for e in extractions]


def _gold(path: Path) -> dict[str, tuple[Pin, ...]]:
    """The pins of each report of a gold file; country-level events are no pins."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise EvaluationError(f"cannot read the gold {path}: {error.strerror}; give a JSON Lines file") from error
    found = {}
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            found[str(row["id"])] = tuple(_pin(e) for e in row["events"] if e["level"] in FITS)
        except (ValueError, KeyError, TypeError) as error:
            raise EvaluationError(f"{path}, line {number}: not a report with id and events ({error})") from error
    return found


def _pin(row: Mapping[str, Any]) -> Pin:
    days = [date.fromisoformat(row[key]) if row[key] else None for key in ("start", "end")]
    return Pin(
        place=str(row["place"]),
        level=str(row["level"]),
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        first_day=days[0],
        last_day=days[1],
        type=str(row["type"]),
        quote=str(row["quote"]),
        optional=bool(row["optional"]),
    )


def _judged(extraction: Extraction, gold: tuple[Pin, ...]) -> Judged:
    shown = (e for e in merge.within(extraction) if (e.modality, e.role) == ("actual", "place"))
    found = tuple(e for e in shown if e.place.level in FITS)
    pairs = match(gold, found)
    asked = [(gold[i], found[j]) for i, j in pairs.items() if not gold[i].optional]
    tally = Tally(
        required=sum(not g.optional for g in gold),
        predicted=len(found) - (len(pairs) - len(asked)),
        hits=len(asked),
        dated=sum(_same_days(g, e) for g, e in asked),
        overlapping=sum(_overlap(g, e) for g, e in asked),
        typed=sum(g.type == e.type for g, e in asked),
        false=len(found) - len(pairs),
        reports=1,
    )
    return Judged(extraction, gold, found, pairs, tally)


def match(gold: Sequence[Pin], found: Sequence[Event]) -> dict[int, int]:
    """Which found event goes with which gold pin, one to one, required ones and those that agree most first."""
    candidates = []
    for i, pin in enumerate(gold):
        for j, event in enumerate(found):
            if _near(pin, event):
                agreement = 4 * _same_days(pin, event) + 2 * _overlap(pin, event) + (pin.type == event.type)
                candidates.append((not pin.optional, agreement, -i, -j))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, i, j in sorted(candidates, reverse=True):
        if -i not in pairs and -j not in taken:
            pairs[-i] = -j
            taken.add(-j)
    return pairs


def _near(pin: Pin, event: Event) -> bool:
    fit = FITS[pin.level]
    if FITS[event.place.level] != fit:
        return False
    return great_circle_km((pin.lon, pin.lat), (event.place.lon, event.place.lat)) <= NEAR_KM[fit]


def _same_days(pin: Pin, event: Event) -> bool:
    return (pin.first_day, pin.last_day) == (event.days.first_day, event.days.last_day)


def _overlap(pin: Pin, event: Event) -> bool:
    days = event.days
    if pin.first_day is None or pin.last_day is None or days.first_day is None or days.last_day is None:
        return _same_days(pin, event)
    return pin.first_day <= days.last_day and days.first_day <= pin.last_day


# --- the figures -----------------------------------------------------------------------------------------------------


def figures(judged: Sequence[Judged]) -> list[str]:
    """The measures of all reports and of each outlet, one line each, with the interval under the first."""
    lines = [f"{'':24}{'reports':>8}{'asked':>7}{'found':>7}" + "".join(f"{name:>14}" for name in _NAMES)]
    lines += _lines("all", [j.tally for j in judged])
    outlets: dict[str, list[Tally]] = {}
    for j in judged:
        outlets.setdefault(j.extraction.report.source or "unknown", []).append(j.tally)
    for outlet in sorted(outlets):
        lines += _lines(outlet, outlets[outlet])
    sure = [(e.confidence, n in j.pairs.values()) for j in judged for n, e in enumerate(j.found)]
    lines.append(f"calibration error of the confidence of {len(sure)} pins: {calibration_error(sure):.3f}")
    return lines


_NAMES: Final = ("where", "where_when", "when", "when_overlap", "type", "false_pins")


def _lines(name: str, tallies: Sequence[Tally]) -> Iterator[str]:
    whole = total(tallies)
    cells = "".join(f"{_figure(whole.measures()[m]):>14}" for m in _NAMES)
    yield f"{name[:24]:24}{whole.reports:>8}{whole.required:>7}{whole.predicted:>7}{cells}"
    spans = intervals(tallies)
    yield f"{'  95 %':46}" + "".join(f"{_figure(spans[m][0]) + '-' + _figure(spans[m][1]):>14}" for m in _NAMES)


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of the counts of some reports."""
    return sum(tallies, start=Tally())


def intervals(tallies: Sequence[Tally], rounds: int = ROUNDS) -> dict[str, tuple[float | None, float | None]]:
    """The 95 % interval of each measure, from samples of the reports with replacement; the same from run to run."""
    chance = random.Random(SEED)  # noqa: S311 - statistics, not secrets
    drawn: dict[str, list[float]] = {name: [] for name in _NAMES}
    for _ in range(rounds):
        for name, value in total(chance.choices(tallies, k=len(tallies))).measures().items():
            if value is not None:
                drawn[name].append(value)
    return {name: _middle(sorted(values)) for name, values in drawn.items()}


def _middle(values: Sequence[float]) -> tuple[float | None, float | None]:
    if not values:
        return None, None
    cut = int(len(values) * (1 - _LEVEL) / 2)
    return values[cut], values[-1 - cut]


# --- the confusion page ----------------------------------------------------------------------------------------------


def confusions(judged: Sequence[Judged]) -> list[str]:
    """Each missed and false pin, and each matched one with wrong days or type, with its sentence and the reason."""
    lines = []
    for j in judged:
        told = [*_missed(j), *_false(j), *_half_right(j)]
        if told:
            report = j.extraction.report
            lines += [f"{report.report_id} ({report.published_day or 'undated'}) {report.title[:80]}", *told]
    return lines


def _missed(j: Judged) -> Iterator[str]:
    for i, pin in enumerate(j.gold):
        if i not in j.pairs and not pin.optional:
            yield f"  missed  {pin.place} ({pin.type}, {_span(pin.first_day, pin.last_day)}): {why_missed(j, pin)}"
            yield f"          {_short(pin.quote)}"


def _false(j: Judged) -> Iterator[str]:
    taken = set(j.pairs.values())
    for number, event in enumerate(j.found):
        if number not in taken:
            claim = event.claims[0]
            days = _span(event.days.first_day, event.days.last_day)
            yield f"  false   {claim.mentions[0].text} ({event.type}, {days}): {_why_false(j, event)}"
            yield f"          {_short(claim.quote.text)}"


def _half_right(j: Judged) -> Iterator[str]:
    for i, number in j.pairs.items():
        pin, event = j.gold[i], j.found[number]
        if pin.optional or (_same_days(pin, event) and pin.type == event.type):
            continue
        if not _same_days(pin, event):
            days = event.days
            told = f"{_span(days.first_day, days.last_day)} ({days.basis}, {days.words!r})"
            yield f"  days    {pin.place}: {told}, not {_span(pin.first_day, pin.last_day)}"
        if pin.type != event.type:
            yield f"  type    {pin.place}: {event.type} (by {event.trigger!r}), not {pin.type}"
        yield f"          {_short(pin.quote)}"


def why_missed(j: Judged, pin: Pin) -> str:
    """In one sentence why a gold pin has no event: not recognised, placed elsewhere, set aside, or not told as done."""
    near = [m for m in j.extraction.mentions if m.text in pin.place or pin.place in m.text]
    if not near:
        return "the name was not recognised"
    here = [m for m in near if m.place and _fits(pin, m)]
    if not here:
        placed = next((m for m in near if m.place), None)
        return f"it was taken for {_called(placed)}" if placed else "the name was not resolved"
    reasons = {s.reason for s in j.extraction.skips if any(s.mention == m for m in here)}
    claims = [c for c in j.extraction.claims if any(m in here for m in c.mentions)]
    other = {c.modality for c in claims} - {"actual"}
    if other:
        return f"it was read as {', '.join(sorted(other))}"
    if claims:
        return "it was joined with another event of the same place"
    return "; ".join(SKIP_REASONS.get(r, r) for r in sorted(reasons)) or "it was taken for a container"


def _fits(pin: Pin, mention: Mention) -> bool:
    place = mention.place
    if place is None or place.level not in FITS or FITS[place.level] != FITS[pin.level]:
        return False
    return great_circle_km((pin.lon, pin.lat), (place.lon, place.lat)) <= NEAR_KM[FITS[pin.level]]


def _called(mention: Mention) -> str:
    place = mention.place
    return f"{place.name}, {place.country} ({place.level})" if place else "nothing"


def _why_false(j: Judged, event: Event) -> str:
    what = f"trigger {event.trigger!r}, taken for {event.place.name}, {event.place.country} ({event.place.level})"
    if any(_near(pin, event) for pin in j.gold):
        return f"told once too often; {what}"
    return f"no gold event there; {what}"


def _span(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return "undated"
    return str(first) if first == last else f"{first}..{last}"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _WORDS_SHOWN else words[: _WORDS_SHOWN - 1] + "…"
