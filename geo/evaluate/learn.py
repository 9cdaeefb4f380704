"""Two small learners in plain numpy: logistic regression over features that are strings, and choice among candidates.

Both are convex and fitted with L-BFGS (Nocedal and Wright 2006, algorithm 7.5), so that the same data gives the same
weights on every machine to the digits that are kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Slope = Callable[[Floats], tuple[float, Floats]]

_MEMORY: Final = 10
_SMALLEST: Final = 0.03  # weights below it change nothing


def descend(slope: Slope, start: Floats, *, steps: int = 200, enough: float = 5e-5) -> Floats:
    """The point where a convex function is least; `slope` gives its value and gradient."""
    x = start.copy()
    value, gradient = slope(x)
    history: deque[tuple[Floats, Floats, float]] = deque(maxlen=_MEMORY)
    for _ in range(steps):
        direction = -_two_loops(gradient, history)
        downhill = float(gradient @ direction)
        length = 1.0 if history else 1.0 / max(1.0, float(np.abs(gradient).sum()))
        while True:
            candidate = x + length * direction
            new_value, new_gradient = slope(candidate)
            if new_value <= value + 1e-4 * length * downhill or length < 1e-10:
                break
            length /= 2
        moved, turned = candidate - x, new_gradient - gradient
        curvature = float(moved @ turned)
        if curvature > 0:
            history.append((moved, turned, 1.0 / curvature))
        gain = value - new_value
        x, value, gradient = candidate, new_value, new_gradient
        if gain < enough * max(1.0, abs(value)):
            break
    return x


def _two_loops(gradient: Floats, history: deque[tuple[Floats, Floats, float]]) -> Floats:
    direction = gradient.copy()
    shares = []
    for moved, turned, inverse in reversed(history):
        share = inverse * float(moved @ direction)
        shares.append(share)
        direction -= share * turned
    if history:
        moved, turned, _ = history[-1]
        direction *= float(moved @ turned) / float(turned @ turned)
    for (moved, turned, inverse), share in zip(history, reversed(shares), strict=True):
        direction += (share - inverse * float(turned @ direction)) * moved
    return direction


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of features as numbers: `codes` of row i stand from `starts[i]` to `starts[i + 1]`, and index `names`."""

    names: list[str]
    codes: NDArray[np.int64]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Iterable[Sequence[str]]) -> Rows:
        """Rows of features that are strings as numbers."""
        index: dict[str, int] = {}
        codes: list[int] = []
        starts = [0]
        for row in rows:
            codes += [index.setdefault(feature, len(index)) for feature in row]
            starts.append(len(codes))
        return cls(list(index), np.array(codes, np.int64), np.array(starts, np.int64))

    def take(self, which: NDArray[np.int64]) -> Rows:
        """Some of the rows, in the order given."""
        sizes = np.diff(self.starts)[which]
        starts = np.r_[0, np.cumsum(sizes)]
        at = np.arange(starts[-1]) + np.repeat(self.starts[which] - starts[:-1], sizes)
        return Rows(self.names, self.codes[at], starts)


def logistic(
    rows: Rows, truths: NDArray[np.bool_], *, least: int = 4, pull: float = 1.0, numbers: Floats | None = None
) -> tuple[dict[str, float], float]:
    """Weights (log-odds) of features seen at least `least` times, and the weight of one number a row if given.

    `pull` draws all weights but that of "always" towards 0 (the L2 penalty).
    """
    count = len(truths)
    kept = np.flatnonzero(np.bincount(rows.codes, minlength=len(rows.names)) >= least)
    column = np.full(len(rows.names), -1)
    column[kept] = np.arange(len(kept))
    at_row, at_column = np.repeat(np.arange(count), np.diff(rows.starts)), column[rows.codes]
    at_row, at_column = at_row[at_column >= 0], at_column[at_column >= 0]
    extra = np.zeros(count) if numbers is None else numbers
    names = [rows.names[i] for i in kept]
    pulls = np.array([1e-4 if name == "always" else pull for name in names] + [1e-4])

    def slope(w: Floats) -> tuple[float, Floats]:
        logits = np.bincount(at_row, w[at_column], count) + w[-1] * extra
        loss = float(np.logaddexp(0.0, np.where(truths, -logits, logits)).sum()) + float(pulls @ (w * w)) / 2
        miss = 1.0 / (1.0 + np.exp(-logits)) - truths
        gradient = np.append(np.bincount(at_column, miss[at_row], len(names)), miss @ extra)
        return loss, gradient + pulls * w

    weights = descend(slope, np.zeros(len(names) + 1))
    learned = {name: round(float(w), 2) for name, w in zip(names, weights, strict=False) if abs(w) >= _SMALLEST}
    return learned, float(weights[-1])


def choice(
    features: Floats,
    groups: NDArray[np.int64],
    right: NDArray[np.bool_],
    weight: Floats,
    *,
    pull: Floats,
    toward: Floats,
) -> Floats:
    """Weights under which the right candidates of each group have the largest softmax share.

    `groups` numbers the rows' groups from 0, rows of a group together, `weight` says how much each group counts;
    groups without a right row are left out. `pull` draws each weight to its place in `toward`.
    """
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    usable = np.logical_or.reduceat(right, starts) & (weight > 0)
    sizes = np.diff(np.r_[starts, len(groups)])
    keep = np.repeat(usable, sizes)
    x, good = features[keep], right[keep]
    sizes, counts = sizes[usable], weight[usable]
    each = np.repeat(counts, sizes)
    starts = np.r_[0, np.cumsum(sizes)[:-1]]

    def slope(w: Floats) -> tuple[float, Floats]:
        scores = x @ w
        scores -= np.repeat(np.maximum.reduceat(scores, starts), sizes)
        odds = np.exp(scores)
        total = np.add.reduceat(odds, starts)
        rightly = np.maximum(np.add.reduceat(np.where(good, odds, 0.0), starts), 1e-300)
        share = odds / np.repeat(total, sizes)
        target = np.where(good, odds, 0.0) / np.repeat(rightly, sizes)
        apart = w - toward
        loss = float(counts @ np.log(total / rightly)) + float(pull @ (apart * apart)) / 2
        return loss, x.T @ (each * (share - target)) + pull * apart

    return descend(slope, toward)
