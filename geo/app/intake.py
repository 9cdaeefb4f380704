"""The store's events as slim tables for the index, part by part, so that a million never stand in memory at once."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Final

import pandas as pd
from sqlalchemy import select

from geo.index import SLIM
from geo.store.schema import events

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.store import Store

PART: Final = 50_000  # events; about 30 MB while they are turned into columns


def parts(store: Store, *, part: int = PART) -> Iterator[pd.DataFrame]:
    """All events of a store in the form that `Index.taking` takes."""
    names = [*SLIM, "since", "lon", "lat"]
    chosen = select(*(events.c[name] for name in names))
    with store.home.reading() as conn:
        for rows in conn.execution_options(yield_per=part).execute(chosen).partitions(part):
            columns = dict(zip(names, zip(*rows, strict=True), strict=True))
            made = pd.DataFrame(columns, copy=False)
            made["outlets"] = [_listed(told) for told in columns["outlets"]]
            yield made


@functools.lru_cache(maxsize=100_000)
def _listed(told: str) -> tuple[str, ...]:
    return tuple(json.loads(told))
