"""What people said of outlets, kept as facts, each change an entry of the log."""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update

from geo.outlets import Outlet
from geo.store import rows
from geo.store.log import State
from geo.store.reading import Reader
from geo.store.schema import facts, reports
from geo.store.writing import Writer

KEY: Final = "outlet:"


def listed(reader: Reader) -> list[tuple[Outlet, int]]:
    """Every outlet of a report, or of which somebody said something, and how many reports are its, most first."""
    count = select(reports.c.source, func.count()).where(reports.c.source.is_not(None)).group_by(reports.c.source)
    many: dict[str, int] = dict(reader.conn.execute(count).all())
    chosen = select(facts).where(facts.c.key.startswith(KEY, autoescape=True))
    said = {row.key.removeprefix(KEY): json.loads(row.value) for row in reader.conn.execute(chosen)}
    found = [(outlet_in(name, said.get(name)), many.get(name, 0)) for name in many.keys() | said.keys()]
    return sorted(found, key=lambda item: (-item[1], item[0].name))


def state(reader: Reader, name: str) -> State:
    """What is said of an outlet, None where nothing is."""
    told = reader.conn.execute(select(facts.c.value).where(facts.c.key == KEY + name)).scalar()
    return None if told is None else json.loads(told)


def put(writer: Writer, name: str, told: State) -> None:
    """Say this of an outlet, or nothing any more."""
    mine = facts.c.key == KEY + name
    if told is None:
        writer.conn.execute(delete(facts).where(mine))
    elif writer.conn.execute(update(facts).where(mine).values(value=rows.dumps(told))).rowcount == 0:
        writer.conn.execute(insert(facts).values(key=KEY + name, value=rows.dumps(told)))


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
