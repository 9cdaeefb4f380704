"""What people said of outlets, beside the reports that they have."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import func, select

from geo.outlets import Outlet
from geo.store import rows, said
from geo.store.listing import PAST
from geo.store.log import State
from geo.store.reading import Reader
from geo.store.schema import reports


def listed(reader: Reader) -> list[tuple[Outlet, int]]:
    """Every outlet of a report, or of which somebody said something, and how many reports are its, most first."""
    count = select(reports.c.source, func.count()).where(reports.c.source.is_not(None)).group_by(reports.c.source)
    many: Counter[str] = Counter(dict(reader.conn.execute(count).all()))
    many.subtract(dict(reader.conn.execute(count.where(reports.c.id.in_(PAST))).all()))
    told = said.of_kind(reader, "outlet")
    found = [(outlet_in(name, told.get(name)), many.get(name, 0)) for name in many.keys() | told.keys()]
    return sorted(found, key=lambda item: (-item[1], item[0].name))


def outlet_out(outlet: Outlet) -> State:
    """An outlet as a state, None where nothing is said of it."""
    home = None if outlet.home is None else rows.place_out(outlet.home)
    told = {"home": home, "language": outlet.language, "zone": outlet.zone}
    return told if any(told.values()) else None


def outlet_in(name: str, told: dict[str, Any] | None) -> Outlet:
    """The outlet of a state."""
    if told is None:
        return Outlet(name=name)
    home = told["home"] and rows.place_in(told["home"])
    return Outlet(name=name, home=home, language=told["language"], zone=told["zone"])
