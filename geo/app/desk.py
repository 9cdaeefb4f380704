"""What all sessions of a server share: each project's store, the index over it, and the filters under their numbers."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakValueDictionary

import numpy as np
import streamlit as st
from sqlalchemy import event
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo import settings as settings_
from geo import standard
from geo.errors import GazetteerError
from geo.filters import EVERYTHING, Filter
from geo.index import KEPT, Index

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Hashable

    from numpy.typing import NDArray

    from geo.app.work import Job
    from geo.gazetteer.local import LocalGazetteer
    from geo.records import Place
    from geo.settings import Settings
    from geo.store import Counts, Store

T = TypeVar("T")
CHOSEN: Final = "project"  # in a session, and in an address
FILTERS_KEPT: Final = 2000
ANSWERS_KEPT: Final = 24
ROWS_KEPT_BYTES: Final = 100_000_000  # rows that fit a filter take up to 4 bytes an event
SIDECAR_FROM: Final = 20_000  # below this many events, reading the store is quick enough


class Desk:
    """One store and its index; `refresh` brings the index up to the store, whoever wrote there."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store: Store = standard.store(settings)
        if self.store.home.is_sqlite:
            event.listen(self.store.home.engine, "connect", _sparing)
            self.store.home.engine.dispose()  # what opening the store has read stays in memory no longer
        self.index = Index.empty()
        self.job: Job | None = None
        self.version = 0
        self._lock = threading.RLock()
        self._filters: OrderedDict[int, Filter] = OrderedDict()
        self._cache: OrderedDict[Hashable, Any] = OrderedDict()
        self._awaited: WeakValueDictionary[int, threading.Event] = WeakValueDictionary()
        self._read_sidecar()
        self.refresh()

    # --- the store's changes --------------------------------------------------------------------------------------

    def refresh(self) -> int:
        """Take in what is new in the store; its version."""
        if self.store.version() == self.version:
            return self.version
        with self._lock:
            before = self.version
            if before == 0:
                self.version = self.store.version()  # asked first: what is written meanwhile comes with the next call
                self.index = Index.empty().taking(self.store.columns(KEPT))
            else:
                written, gone, self.version = self.store.changed(before)
                kept = self.index.without(gone) if gone else self.index
                self.index = kept.extended(written, since=self.version)
            if self.version != before:
                self._cache.clear()
                self._write_sidecar()
        return self.version

    @property
    def _sidecar(self) -> Path | None:
        where = self.settings.where
        return None if "://" in where else Path(where).with_suffix(".index.npz")

    def _read_sidecar(self) -> None:
        path = self._sidecar
        if path is None or not path.exists():
            return
        try:
            index, version = Index.read(path)
        except (OSError, ValueError, KeyError):  # half a file, or one of another version: it can be made again
            return
        if version <= self.store.version():
            self.index, self.version = index, version

    def _write_sidecar(self) -> None:
        path = self._sidecar
        if path is not None and len(self.index) >= SIDECAR_FROM:
            self.index.save(path, version=self.version)

    def _cached(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._cache:
                self._cache.move_to_end(key)
                found: T = self._cache[key]
                return found
        made = make()
        with self._lock:
            self._cache[key] = made
            while len(self._cache) > ANSWERS_KEPT or (len(self._cache) > 1 and self._cache_bytes() > ROWS_KEPT_BYTES):
                self._cache.popitem(last=False)
        return made

    def _cache_bytes(self) -> int:
        return sum(getattr(kept, "nbytes", 0) for kept in self._cache.values())

    # --- filters under numbers ------------------------------------------------------------------------------------

    def number(self, wanted: Filter) -> int:
        """The number under which a filter is kept: the same for the same filter, also after a restart."""
        told = json.dumps([self.settings.project, asdict(wanted)], default=str, sort_keys=True)
        number = int.from_bytes(hashlib.blake2b(told.encode(), digest_size=6).digest(), "big")
        with self._lock:
            self._filters[number] = wanted
            self._filters.move_to_end(number)
            while len(self._filters) > FILTERS_KEPT:
                self._filters.popitem(last=False)
        return number

    def filter(self, number: int) -> Filter | None:
        """The filter kept under a number, None where there is none (any more)."""
        with self._lock:
            return self._filters.get(number)

    def awaited(self, number: int) -> threading.Event:
        """What is set once a map has got its marks for the filter of this number; ask before the map is told."""
        with self._lock:
            return self._awaited.setdefault(number, threading.Event())

    def answered(self, number: int) -> None:
        """A map has got its marks for this filter: pages that wait for that go on."""
        with self._lock:
            if (waiting := self._awaited.pop(number, None)) is not None:
                waiting.set()

    # --- answers --------------------------------------------------------------------------------------------------

    def search(self, words: str) -> list[str]:
        """The ids of the events whose title, sentence or reports hold all the words."""
        return self.store.ids(replace(EVERYTHING, words=words))

    def best_first(self, rows: NDArray[np.int32], words: str) -> NDArray[np.int32]:
        """The same rows, those first that some words lead to best."""
        ids = self._cached(("best", self.version, words), lambda: self.store.best(words))
        found = np.array([row for row in map(self.index.row_of_id, ids) if row is not None], np.int32)
        return np.concatenate([found[np.isin(found, rows)], rows[~np.isin(rows, found)]])

    def rows(self, wanted: Filter) -> NDArray[np.int32]:
        """The index's rows that fit a filter; what does not depend on the days is remembered."""
        index = self.index
        timeless = replace(wanted, first_day=None, last_day=None, undated=False, mode="possibly")
        base = self._cached(("rows", self.version, timeless), lambda: index.undayed(timeless, self.search))
        return index.in_days(base, wanted)

    def new(self, wanted: Filter, version: int) -> NDArray[np.int32]:
        """Of the rows that fit a filter, those written after a version of the store."""
        rows = self.rows(wanted)
        return rows[self.index["since"][rows] > version]

    def facets(self, wanted: Filter) -> dict[str, dict[str, int]]:
        """How many events each choice would leave."""
        index = self.index
        return self._cached(("facets", self.version, wanted), lambda: index.facets(wanted, self.search))

    def counts(self) -> Counts:
        """How much the store holds."""
        return self._cached(("counts", self.version), self.store.counts)

    @property
    def gazetteer(self) -> LocalGazetteer:
        """The gazetteer, opened when first asked for."""
        return standard.gazetteer(self.settings.home)

    def place(self, place_id: str) -> Place | None:
        """A place of the gazetteer, None where it has none of this id."""
        try:
            return self.gazetteer.place(place_id)
        except (GazetteerError, ValueError):
            return None

    def place_name(self, place_id: str) -> str | None:
        """What a place of the gazetteer is called, None where it has none of this id."""
        place = self.place(place_id)
        return place.name if place else None


def _sparing(raw: sqlite3.Connection, _record: object) -> None:
    """Small caches for a server's connections: what the map asks is in the index, and a scan would map a whole file."""
    raw.execute("PRAGMA mmap_size = 0")
    raw.execute("PRAGMA cache_size = -8192")  # 8 MB a connection


# --- the desks of a server ----------------------------------------------------------------------------------------

_OPENED: Final[dict[str, Desk]] = {}
_OPENING: Final = threading.Lock()


def desk(project: str = "") -> Desk:
    """The desk of a project, opened when first asked for; without a name that of this session, or the usual one."""
    key = _key(project) if project else _chosen()
    if key in _OPENED:
        return _OPENED[key]
    with _OPENING:
        if key not in _OPENED:
            _OPENED[key] = Desk(_settings(key))
        return _OPENED[key]


def _key(project: str) -> str:
    """The name under which a project's desk is kept: none for the usual one."""
    return "" if project == settings_.load().project else project


def _chosen() -> str:
    """The key of the project that this session works in; outside of any session the usual one."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return ""
    return str(st.session_state.get(CHOSEN, ""))


def _settings(key: str) -> Settings:
    """The settings for a project; one that was begun in the app is for its own reports, not for the samples."""
    return replace(settings_.load(project=key), samples=False) if key else settings_.load()


def opened() -> list[Desk]:
    """The desks that are open."""
    return list(_OPENED.values())


def keeping(number: int) -> Desk | None:
    """The desk that keeps a filter under this number: it says of which project a request from the map is."""
    return next((one for one in opened() if one.filter(number) is not None), None)


def close() -> None:
    """Close all desks; the next one that is asked for is opened anew."""
    with _OPENING:
        while _OPENED:
            _OPENED.popitem()[1].store.close()
