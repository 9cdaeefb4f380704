"""Two small learners in plain numpy: logistic regression over features that are strings, and choice among candidates.

Both are convex and fitted with L-BFGS (Nocedal and Wright 2006, algorithm 7.5), so that the same data gives the same
weights on every machine to the digits that are kept.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Slope = Callable[[Floats], tuple[float, Floats]]

_MEMORY: Final = 10


def descend(slope: Slope, start: Floats, *, steps: int = 200, enough: float = 1e-5) -> Floats:
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
            if new_value <= value + 1e-4 * length * downhill or length < 1e-10:  # noqa: PLR2004 - Armijo's rule
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


def logistic(
    rows: Sequence[Sequence[str]],
    truths: Sequence[bool],
    *,
    least: int = 4,
    pull: float = 1.0,
    numbers: Floats | None = None,
) -> tuple[dict[str, float], float]:
    """Weights (log-odds) of features seen at least `least` times, and the weight of one number a row if given.

    `pull` draws all weights but that of "always" towards 0 (the L2 penalty).
    """
    counts = Counter(f for row in rows for f in row)
    index = {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= least))}
    pairs = [(r, index[f]) for r, row in enumerate(rows) for f in row if f in index]
    at_row, at_column = (np.array(side, np.int64) for side in zip(*pairs, strict=True))
    extra = np.zeros(len(rows)) if numbers is None else numbers
    truth = np.asarray(truths, np.float64)
    pulls = np.full(len(index) + 1, pull)
    if "always" in index:
        pulls[index["always"]] = 1e-4
    pulls[-1] = 1e-4

    def slope(w: Floats) -> tuple[float, Floats]:
        logits = np.bincount(at_row, w[at_column], len(rows)) + w[-1] * extra
        loss = float(np.logaddexp(0.0, np.where(truth > 0, -logits, logits)).sum()) + float(pulls @ (w * w)) / 2
        miss = 1.0 / (1.0 + np.exp(-logits)) - truth
        gradient = np.append(np.bincount(at_column, miss[at_row], len(index)), miss @ extra)
        return loss, gradient + pulls * w

    weights = descend(slope, np.zeros(len(index) + 1))
    return {f: round(float(weights[i]), 3) for f, i in index.items() if abs(weights[i]) >= 0.02}, float(weights[-1])  # noqa: PLR2004


def choice(
    features: Floats, groups: NDArray[np.int64], right: NDArray[np.bool_], weight: Floats, *, pull: float = 1.0
) -> Floats:
    """Weights under which the right candidates of each group have the largest softmax share.

    `groups` numbers the rows' groups from 0, rows of a group together, `weight` says how much each group counts;
    groups without a right row are left out.
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
        loss = float(counts @ np.log(total / rightly)) + pull * float(w @ w) / 2
        return loss, x.T @ (each * (share - target)) + pull * w

    return descend(slope, np.zeros(x.shape[1]))
