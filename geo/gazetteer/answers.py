"""What online services answered, kept on disk with the day, so that no name is asked twice; misses are answers too."""

from __future__ import annotations

import json
import time
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from geo.gazetteer.limiter import opened
from geo.records import Level

_DAY_S: Final = 86400.0
_MOST: Final = 200_000  # about 200 MB at ten answers a name; the oldest go first


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One place as a service tells it, in our units: degrees, km, levels, GeoNames' country codes; None where not told.

    `prior` (0 to 1) is how well known the service holds it to be; `names` are all names it told, the first first.
    """

    place_id: str
    name: str
    level: Level
    lon: float
    lat: float
    radius_km: float
    prior: float
    kind: str = ""
    country: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    population: int | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service answered, and when (seconds since the epoch); no places is an answer too."""

    asked_at: float
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How many answers lie on disk, and when the first and the last of them came (seconds since the epoch)."""

    count: int = 0
    first: float | None = None
    last: float | None = None


class Answers:
    """The answers of services on disk, each for a number of days."""

    def __init__(self, path: Path, *, keep_days: float, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self._keep_s = keep_days * _DAY_S
        self._clock = clock
        self._tidied = False

    def get(self, service: str, name: str, country: str | None) -> Answer | None:
        """What the service said of a name in a country, None where it was not asked or too long ago."""
        with opened(self.path) as connection:
            row = connection.execute(
                "select asked_at, found from answers where service = ? and name = ? and country = ?",
                (service, _key(name), country or ""),
            ).fetchone()
        if row is None or not 0 <= self._clock() - row[0] < self._keep_s:
            return None
        return Answer(asked_at=row[0], found=tuple(_found(one) for one in json.loads(row[1])))

    def put(self, service: str, name: str, country: str | None, found: tuple[Found, ...]) -> Answer:
        """Keep what a service said now; the first time, what is too old is removed."""
        answer = Answer(asked_at=self._clock(), found=found)
        if not self._tidied:
            self._tidied = True
            self.tidy()
        if self._keep_s:
            text = json.dumps([asdict(one) for one in found], ensure_ascii=False)
            with opened(self.path) as connection:
                connection.execute(
                    "insert or replace into answers values (?, ?, ?, ?, ?)",
                    (service, _key(name), country or "", answer.asked_at, text),
                )
        return answer

    def tidy(self) -> int:
        """Remove answers that are too old or too many; how many were removed."""
        with opened(self.path) as connection:
            old = connection.execute("delete from answers where asked_at <= ?", (self._clock() - self._keep_s,))
            many = connection.execute(
                "delete from answers where asked_at < (select asked_at from answers order by asked_at desc "
                "limit 1 offset ?)",
                (_MOST,),
            )
            return old.rowcount + many.rowcount

    def kept(self) -> Kept:
        """What lies on disk, of all services; reading it makes no file."""
        if not self.path.exists():
            return Kept()
        with opened(self.path) as connection:
            told = connection.execute("select count(*), min(asked_at), max(asked_at) from answers").fetchone()
        return Kept(count=told[0], first=told[1], last=told[2])

    def clear(self) -> int:
        """Forget every answer, for the names in them say what was worked on; how many were removed."""
        if not self.path.exists():
            return 0
        with opened(self.path) as connection:
            removed = connection.execute("delete from answers").rowcount
            connection.execute("vacuum")
            return removed


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _found(told: dict[str, Any]) -> Found:
    return Found(**{**told, "names": tuple(told["names"])})
