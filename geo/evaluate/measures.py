"""Measures that more than one evaluation uses: pairing of spans, precision and recall, errors in km, calibration.

The pairing and the figures are those of the published scorers for geoparsing (overlap or exact spans one to one,
share within 161 km, area under the log-scaled error curve; Gritta et al. 2020), so that figures can be compared.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

NEAR_KM: Final = 161.0
"""100 miles: an answer within this distance counts as right (Cheng et al. 2010 and everybody since)."""
FARTHEST_KM: Final = 20039.0
"""Half the equator: the largest error there can be."""
EARTH_KM: Final = 6371.0088

Offsets = tuple[int, int]


def great_circle_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The great-circle distance in km of two (lon, lat) points, on the sphere that the published measures use.

    >>> round(great_circle_km((30.52, 50.45), (32.61, 46.64)))
    451
    """
    lon1, lat1, lon2, lat2 = (math.radians(x) for x in (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


def pair_up(gold: Sequence[Offsets], found: Sequence[Offsets]) -> tuple[dict[int, int], set[int]]:
    """Which found span goes with which gold span, one to one, and the gold spans met exactly.

    Equal spans are paired first, then each gold span takes the free found span that it overlaps most.

    >>> pair_up([(0, 5), (10, 20)], [(0, 5), (8, 12), (11, 20)])
    ({0: 0, 1: 2}, {0})
    """
    pairs: dict[int, int] = {}
    free = set(range(len(found)))
    for i, span in enumerate(gold):
        equal = next((j for j in sorted(free) if found[j] == span), None)
        if equal is not None:
            pairs[i] = equal
            free.discard(equal)
    exact = set(pairs)
    for i, (start, end) in enumerate(gold):
        if i in pairs:
            continue
        overlaps = [(min(end, found[j][1]) - max(start, found[j][0]), -j) for j in free]
        most, minus_j = max(overlaps, default=(0, 0))
        if most > 0:
            pairs[i] = -minus_j
            free.discard(-minus_j)
    return pairs, exact


def prf(hits: int, predicted: int, gold: int) -> tuple[float, float, float]:
    """Precision, recall and F1; 0 where there is nothing to divide by.

    >>> prf(3, 4, 6)
    (0.75, 0.5, 0.6)
    """
    precision = hits / predicted if predicted else 0.0
    recall = hits / gold if gold else 0.0
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0


def log_auc(errors_km: Sequence[float]) -> float | None:
    """The area under the log-scaled error curve, 0 is perfect, 1 the other end of the world; None without errors."""
    if not errors_km:
        return None
    return sum(math.log(e + 1) / math.log(FARTHEST_KM) for e in errors_km) / len(errors_km)


def calibration_error(answers: Sequence[tuple[float, bool]], *, bins: int = 10) -> float:
    """The expected calibration error of (confidence, right) answers: the mean gap of said and true, in equal bins.

    Source: Naeini, Cooper and Hauskrecht 2015.

    >>> calibration_error([(0.75, True), (0.75, True), (0.75, True), (0.75, False)])
    0.0
    """
    if not answers:
        return 0.0
    by_bin: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in answers:
        by_bin.setdefault(min(bins - 1, int(confidence * bins)), []).append((confidence, right))
    gaps = (abs(sum(c for c, _ in part) - sum(r for _, r in part)) for part in by_bin.values())
    return sum(gaps) / len(answers)
