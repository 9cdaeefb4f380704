"""What a selection holds, at a glance: how many events of each type, with their course in time, and in which provinces.

All foreign words pass through `geo.escape`; everything else is ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.app import words
from geo.escape import escaped
from geo.records import EVENT_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from geo.index import Index

BINS: Final = 32  # steps of a small curve
PLACES: Final = 8  # provinces that are named


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its name, how many now, how many in the days compared with (None: none are), and the course in time."""

    name: str
    now: int
    then: int | None = None
    course: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """All events, then the types and the provinces that have any, the most first."""

    all: Line
    types: tuple[Line, ...]
    provinces: tuple[Line, ...]


def overview(
    index: Index,
    now: NDArray[np.int32],
    then: NDArray[np.int32] | None = None,
    countries: Mapping[str, str] | None = None,
) -> Overview:
    """What these rows of the index hold, and how many of each the others held."""
    made = index.histogram(now, BINS)
    course = dict(zip(EVENT_TYPES, made.counts.T.tolist(), strict=True))
    types = _lines(index.types(now), None if then is None else index.types(then))
    provinces = _lines(index.provinces(now), None if then is None else index.provinces(then))
    return Overview(
        all=Line("", len(now), None if then is None else len(then), tuple(made.counts.sum(axis=1).tolist())),
        types=tuple(Line(words.TYPES[t.name], t.now, t.then, tuple(course[t.name])) for t in types),
        provinces=tuple(Line(_province(p.name, countries or {}), p.now, p.then) for p in provinces[:PLACES]),
    )


def _lines(now: Mapping[str, int], then: Mapping[str, int] | None) -> list[Line]:
    names = now if then is None else {**then, **now}
    made = [Line(n, now.get(n, 0), None if then is None else then.get(n, 0)) for n in names]
    return sorted(made, key=lambda line: (-line.now - (line.then or 0), line.name))


def _province(told: str, countries: Mapping[str, str]) -> str:
    country, _, name = told.partition("\t")
    return ", ".join(part for part in (name, countries.get(country, country)) if part)


def html(told: Overview, title: str) -> str:
    """The overview as HTML: a curve for all, a table of types, a table of provinces."""
    compared = told.all.then is not None
    head = words.COMPARED_HEAD if compared else ()
    whole = [Line(words.OVER_ALL, told.all.now, told.all.then)] if compared else []
    most = max((line.now for line in told.provinces), default=1)
    parts = [f"<section class='dl-over'><h2>{escaped(title)}</h2>", "" if compared else _curve(told.all.course)]
    if told.types:
        parts.append(_table(words.OVER_TYPES, head, [_row(line, _dot(line.name), _curve(line.course))
                                                     for line in (*whole, *told.types)]))  # fmt: skip
    if told.provinces:
        parts.append(_table(words.OVER_PROVINCES, head, [_row(line, "", _bar(line.now / (most or 1)))
                                                         for line in told.provinces]))  # fmt: skip
    return "".join(parts) + "</section>"


def _table(title: str, head: Sequence[str], rows: Iterable[str]) -> str:
    top = "".join(f"<th scope='col' class='dl-n'>{name}</th>" for name in head)
    named = f"<thead><tr><td></td>{top}</tr></thead>" if top else ""
    return f"<h3>{title}</h3><table>{named}<tbody>{''.join(rows)}</tbody></table>"


def _row(line: Line, sign: str, drawn: str) -> str:
    """A line's name and count, and what is drawn of it; where days are compared, both counts and the change instead."""
    if line.then is None:
        cells = f"<td class='dl-n'>{line.now:,}</td><td class='dl-drawn'>{drawn}</td>"
    else:
        told = (f"{line.now:,}", f"{line.then:,}", _signed(line.now - line.then))
        cells = "".join(f"<td class='dl-n'>{cell}</td>" for cell in told)
    return f"<tr><th scope='row'>{sign}<bdi>{escaped(line.name)}</bdi></th>{cells}</tr>"


def _signed(n: int) -> str:
    """A change with its sign.

    >>> _signed(-1200)
    '−1,200'
    """
    return "0" if n == 0 else f"{'+' if n > 0 else '−'}{abs(n):,}"


def _dot(name: str) -> str:
    codes = {words.TYPES[t]: code for code, t in enumerate(EVENT_TYPES)}
    return f"<span class='dl-type dl-type-{codes[name]}'></span>" if name in codes else ""


def _bar(share: float) -> str:
    return f"<i style='width:{max(2, round(100 * share))}%'></i>"


def _curve(course: Sequence[int]) -> str:
    """A small chart of counts; nothing but numbers of ours."""
    if sum(1 for n in course if n) < 2:  # one bar says nothing
        return ""
    top = max(course)
    bars = "".join(f"<b style='height:{round(100 * n / top)}%'></b>" for n in course)
    return f"<div class='dl-curve' aria-hidden='true'>{bars}</div>"
