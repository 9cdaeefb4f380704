"""Whose turn it is to ask a service, and whether it may be asked: one answer for all sessions and processes.

Both are kept in one small SQLite file in the home folder. A turn is held until its request has ended, and the next one
begins a full interval after that; so the gap that a server sees is never shorter than the interval, however the
machine schedules us.
"""

from __future__ import annotations

import logging
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.errors import GeocoderError

_LOG: Final = logging.getLogger(__name__)
_SCHEMA: Final = """
create table if not exists turns (service text primary key, next_at real not null, holder text not null);
create table if not exists services (
    service text primary key, failures integer not null, open_until real not null, limited integer not null,
    why text not null, since real, answered_at real
);
create table if not exists answers (
    service text not null, name text not null, country text not null, asked_at real not null, found text not null,
    primary key (service, name, country)
) without rowid;
"""
_POLL_S: Final = 0.1
_LONGEST_S: Final = 24 * 3600.0  # no turn is booked further ahead: what is beyond was written by a clock set back
_FAILURES: Final = 3
_FIRST_PAUSE_S: Final = 60.0
REFUSED_PAUSE_S: Final = 30 * 60.0


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The file of answers and turns, made where it is missing, readable by its owner only; closed afterwards."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
        connection = sqlite3.connect(path, timeout=10.0, isolation_level=None)
        try:
            connection.execute("pragma synchronous=off")  # a killed process loses nothing, and all can be asked again
            if not connection.execute("select 1 from sqlite_master where name = 'answers'").fetchone():
                connection.executescript(_SCHEMA)
            yield connection
        finally:
            connection.close()
    except (sqlite3.Error, OSError) as error:
        raise GeocoderError(
            f"{path} cannot be used: {error}; it only keeps answers of online services and may be removed"
        ) from error


class Limiter:
    """Turns at services, in the order in which they become free."""

    def __init__(
        self, path: Path, *, clock: Callable[[], float] = time.time, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.path = path
        self._clock = clock
        self._sleep = sleep

    def take(self, service: str, *, lease_s: float, patience_s: float) -> str | None:
        """A ticket for one request, waited for at most `patience_s` seconds; None where it was not our turn by then.

        A holder that dies loses its turn after `lease_s` seconds.
        """
        ticket = uuid.uuid4().hex
        last = time.monotonic() + patience_s
        while True:
            wait = self._try(service, ticket, lease_s)
            if wait <= 0:
                return ticket
            left = last - time.monotonic()
            if left <= 0:
                return None
            self._sleep(min(wait, left, _POLL_S))

    def give(self, service: str, ticket: str, *, gap_s: float) -> None:
        """Give a turn back; the next one begins `gap_s` seconds from now."""
        with opened(self.path) as connection:
            connection.execute(
                "update turns set next_at = ?, holder = '' where service = ? and holder = ?",
                (self._clock() + gap_s, service, ticket),
            )

    def _try(self, service: str, ticket: str, lease_s: float) -> float:
        """Seconds until it may be our turn; 0 where it is, and the turn is then ours."""
        with opened(self.path) as connection:
            find = "select next_at from turns where service = ?"
            row = connection.execute(find, (service,)).fetchone()
            if row and 0 < (wait := row[0] - self._clock()) < _LONGEST_S:
                return float(wait)
            connection.execute("begin immediate")
            row, now = connection.execute(find, (service,)).fetchone(), self._clock()
            wait = float(row[0] - now) if row else 0.0
            if not 0 < wait < _LONGEST_S:
                wait = 0.0
                connection.execute(
                    "insert into turns values (?, ?, ?) on conflict (service) "
                    "do update set next_at = excluded.next_at, holder = excluded.holder",
                    (service, now + lease_s, ticket),
                )
            connection.execute("commit")
            return wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a service stands: seconds since the epoch, None where never.

    `failures` in a row, the last one's `why`; it is not asked before `open_until`. `since` is when it was first found
    as it is now, failing or answering; `answered_at` is its last answer. `limited`: it asked us to wait so long.
    """

    failures: int = 0
    open_until: float = 0.0
    limited: bool = False
    why: str = ""
    since: float | None = None
    answered_at: float | None = None


class Breaker:
    """Which services are left alone for a while, because they refused us or failed again and again.

    A refusal pauses at once: 30 minutes, or as long as the service says. The third failure in a row pauses for one
    minute, and each further one twice as long, up to 30 minutes.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self._clock = clock

    def wait(self, service: str) -> float:
        """Seconds until the service may be asked; 0 for now."""
        return max(0.0, self.standing(service).open_until - self._clock())

    def standing(self, service: str) -> Standing:
        """How the service stands now; reading it makes no file."""
        if not self.path.exists():
            return Standing()
        with opened(self.path) as connection:
            return _standing(connection, service)

    def answered(self, service: str) -> None:
        """Note that the service gave an answer, which ends any pause."""
        now = self._clock()
        with opened(self.path) as connection:
            before = _standing(connection, service)
            since = now if before.failures or before.since is None else before.since
            _write(connection, service, Standing(since=since, answered_at=now))

    def failed(self, service: str, why: str, *, pause_s: float | None = None, limited: bool = False) -> float:
        """Note a failure, with a pause where the service refused us; seconds until it may be asked again."""
        now = self._clock()
        with opened(self.path) as connection:
            connection.execute("begin immediate")
            before = _standing(connection, service)
            failures = before.failures + 1
            if pause_s is None:
                over = failures - _FAILURES
                pause_s = min(_FIRST_PAUSE_S * 2.0 ** min(over, 10), REFUSED_PAUSE_S) if over >= 0 else 0.0
            after = Standing(
                failures=failures,
                open_until=max(before.open_until, now + min(max(pause_s, 0.0), _LONGEST_S)),
                limited=limited,
                why=why,
                since=before.since if before.failures else now,
                answered_at=before.answered_at,
            )
            _write(connection, service, after)
            connection.execute("commit")
        _LOG.warning("%s failed (%d in a row): %s", service, failures, why)
        return max(0.0, after.open_until - now)

    def again(self, service: str) -> bool:
        """Let the service be asked at once, as a person asked for; False where it told us how long to wait."""
        with opened(self.path) as connection:
            done = connection.execute(
                "update services set open_until = 0 where service = ? and not limited", (service,)
            )
            return done.rowcount > 0 or not self.wait(service)


def _standing(connection: sqlite3.Connection, service: str) -> Standing:
    row = connection.execute(
        "select failures, open_until, limited, why, since, answered_at from services where service = ?", (service,)
    ).fetchone()
    if row is None:
        return Standing()
    failures, open_until, limited, why, since, answered_at = row
    return Standing(
        failures=failures, open_until=open_until, limited=bool(limited), why=why, since=since, answered_at=answered_at
    )


def _write(connection: sqlite3.Connection, service: str, one: Standing) -> None:
    connection.execute(
        "insert or replace into services values (?, ?, ?, ?, ?, ?, ?)",
        (service, one.failures, one.open_until, int(one.limited), one.why, one.since, one.answered_at),
    )
