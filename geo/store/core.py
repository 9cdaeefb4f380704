"""The store itself: what a program may ask of it, each call one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, Self

import geopandas as gpd
import pandas as pd
from sqlalchemy import func, select, text

from geo import events as table
from geo.errors import StoreError
from geo.filters import EVERYTHING, Filter
from geo.inbox import Aside, Doubt, Open, Standing
from geo.outlets import Outlet
from geo.records import Event, Extraction, Place, Report
from geo.store import (
    caching,
    contents,
    importing,
    listing,
    log,
    migrate,
    names,
    outlets,
    replacing,
    rereading,
    review,
    rows,
    said,
    selecting,
    upkeep,
)
from geo.store.deriving import derive
from geo.store.engine import Home, connect, project_name, url_of
from geo.store.log import Entry
from geo.store.reading import Reader, parts
from geo.store.review import Decision
from geo.store.schema import changes, claims, events, mentions, past_events, reports, skips
from geo.store.writing import Run, Writer
from geo.taught import Decided

BATCH: Final = 25
PART: Final = 50_000  # events; about 30 MB while they are turned into columns
FILE: Final = "default.sqlite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much a store holds: every mention is in a claim or was set aside with a reason.

    `origins` are the independent tellings of all events together.
    """

    reports: int
    events: int
    origins: int
    claims: int
    mentions: int
    in_claims: int
    skipped: Mapping[str, int]


class Store:
    """Reports, claims, events and the review log between runs, on SQLite or PostgreSQL."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._places: dict[Place, int] = {}

    @classmethod
    def open(cls, where: Path | str, *, project: str = "default", check: bool = True) -> Store:
        """The store at a file, in a folder, or at a postgresql:// address; made or brought to the present schema.

        A folder holds one file a project. `check` looks the file over first (SQLite's quick_check).
        """
        url = url_of(where) if isinstance(where, str) else None
        home = connect(url if url is not None else file_of(Path(where), project), project=project)
        store = cls(home)
        try:
            if check:
                store._look_over()
            migrate.upgrade(home)
        except BaseException:
            home.engine.dispose()
            raise
        return store

    def close(self) -> None:
        """Let go of the file or the server."""
        self.home.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _look_over(self) -> None:
        if not self.home.is_sqlite:
            return
        with self.home.reading() as conn:
            said = conn.execute(text("PRAGMA quick_check(1)")).scalar()
        if said != "ok":
            raise StoreError(f"{self.home.shown} is damaged ({said}); restore a copy: python -m geo store restore FILE")

    # adding

    def add(
        self,
        extractions: Iterable[Extraction],
        *,
        run: Run | None = None,
        progress: Callable[[int], None] | None = None,
        kept: Callable[[Extraction], None] | None = None,
    ) -> int:
        """Add what reports yielded, each report whole or not at all; the number of reports that were new.

        Committed in batches of 25, each merged as a whole: the events are the same wherever a batch, or a run that was
        killed, ended. A report that the store holds (same words, day, address and outlet) changes nothing. `progress`
        is told after each commit how many reports were looked at, `kept` each report that was new.
        """
        rest, new, seen = iter(extractions), 0, 0
        while batch := list(islice(rest, BATCH)):
            for extraction in batch:
                rows.storable(_texts(extraction), f"report {extraction.report.report_id!r}")
            fresh = self._add(batch, run)
            new += len(fresh)
            seen += len(batch)
            if kept:
                for extraction in fresh:
                    kept(extraction)
            if progress:
                progress(seen)
        return new

    def _add(self, batch: Sequence[Extraction], run: Run | None) -> list[Extraction]:
        fresh = self.missing([x.report for x in batch])
        batch = [x for x in batch if x.report in fresh]
        new: list[Extraction] = []
        if not batch:
            return new
        with self.home.writing() as conn:
            writer = Writer(conn, "add", self._places)
            row = writer.run(run)
            for extraction in batch:
                added = writer.add(extraction, row)
                if added is not None:
                    new.append(added)
            review.joined(writer, derive(writer, [claim for added in new for claim in added.claims]))
        self._places.update(writer.places)
        return new

    def missing(self, told: Iterable[Report]) -> list[Report]:
        """Those of these reports that the store does not hold yet, in their order: what is left to extract."""
        keyed = [(rows.report_hash(report), report) for report in told]
        held: set[str] = set()
        with self.home.reading() as conn:
            for part in parts(key for key, _ in keyed):
                held.update(conn.execute(select(reports.c.hash).where(reports.c.hash.in_(part))).scalars())
        return [report for key, report in keyed if key not in held]

    def import_table(self, told: gpd.GeoDataFrame, *, progress: Callable[[int], None] | None = None) -> int:
        """Add the events of a table (an export of ours, GeoParquet), without reports; how many were new.

        An event whose event_id the store holds is left as it is, so that the same table twice changes nothing.
        """
        table.checked(told)
        new = seen = 0
        for chunk in importing.chunks(told):
            with self.home.writing() as conn:
                new += importing.put(Writer(conn, "import"), chunk)
            seen += len(chunk)
            if progress:
                progress(seen)
        return new

    # reading

    def load(self, selection: Filter | None = None, *, limit: int | None = None) -> gpd.GeoDataFrame:
        """The events that the filter selects, as the events table; all events of any modality and role without one."""
        with self.home.reading() as conn:
            return selecting.load(conn, selection or EVERYTHING, limit=limit)

    def ids(self, selection: Filter | None = None) -> list[str]:
        """The event_ids that the filter selects, in the same order as `load`: quick where only a mask is needed."""
        with self.home.reading() as conn:
            return selecting.ids(conn, selection or EVERYTHING)

    def columns(self, names: Sequence[str], *, part: int = PART) -> Iterator[pd.DataFrame]:
        """Some columns of all events as the store keeps them, `part` rows at a time, so that a million fit in memory.

        Days are numbers of days since 1970-01-01, outlets tuples; `since`, `lon` and `lat` can be asked for too.
        """
        with self.home.reading() as conn:
            yield from selecting.columns(conn, names, part=part)

    def event(self, event_id: str) -> Event:
        """One event with its claims; NotFound where there is none."""
        with self.home.reading() as conn:
            return Reader(conn).event(event_id)

    def events(self, event_ids: Iterable[str]) -> list[Event]:
        """Events with their claims, in the order in which they came to the store; unknown ids are left out."""
        with self.home.reading() as conn:
            found: list[int] = []
            for part in parts(event_ids):
                found += conn.execute(select(events.c.id).where(events.c.event_id.in_(part))).scalars()
            return list(Reader(conn).events(sorted(found)).values())

    def report(self, report_id: str) -> Extraction:
        """One report with all that it yielded; NotFound where there is none."""
        with self.home.reading() as conn:
            return Reader(conn).extraction(report_id)

    def told(self, report_ids: Iterable[str]) -> list[Report]:
        """Reports by their ids, in this order; unknown ids are left out."""
        wanted = list(report_ids)
        with self.home.reading() as conn:
            found = Reader(conn).reports(wanted)
            return [found[r] for r in wanted if r in found]

    def reports(self, *, limit: int | None = None, offset: int = 0) -> list[Report]:
        """The reports, latest published first, undated ones last; versions replaced and reports erased left out."""
        with self.home.reading() as conn:
            return listing.latest(conn, limit=limit, offset=offset)

    def without_events(self, *, limit: int | None = None) -> list[Report]:
        """The reports that stand behind no event, latest published first; replaced and erased ones left out."""
        with self.home.reading() as conn:
            return listing.without_events(conn, limit=limit)

    def published_days(self) -> list[date]:
        """The days (UTC) on which any report was published, in their order."""
        with self.home.reading() as conn:
            return listing.published_days(conn)

    def search(self, wanted: str, *, limit: int = 50) -> list[Report]:
        """The reports that hold all these words (as beginnings of words, accents aside), best first."""
        with self.home.reading() as conn:
            return listing.search(conn, wanted, limit=limit)

    def best(self, wanted: str, *, limit: int = 500) -> list[str]:
        """The event_ids that all these words lead to, best first: those that say them, then those whose reports do."""
        with self.home.reading() as conn:
            return listing.best(conn, wanted, limit=limit)

    def counts(self) -> Counts:
        """How much the store holds, versions replaced and reports erased left out.

        `mentions == in_claims + sum(skipped.values())`.
        """
        with self.home.reading() as conn:

            def many(what: Any) -> int:
                return conn.execute(select(func.count()).select_from(what)).scalar_one()

            named = select(mentions.c.id).where(mentions.c.report.in_(listing.PAST))
            chosen = select(skips.c.reason, func.count()).where(skips.c.mention.not_in(named))
            reasons: dict[str, int] = dict(conn.execute(chosen.group_by(skips.c.reason).order_by(skips.c.reason)).all())
            total = many(mentions) - many(named.subquery())
            return Counts(
                reports=many(reports) - many(listing.PAST.subquery()),
                events=many(events),
                origins=conn.execute(select(func.coalesce(func.sum(events.c.origin_count), 0))).scalar_one(),
                claims=many(claims) - many(select(claims.c.id).where(claims.c.report.in_(listing.PAST)).subquery()),
                mentions=total,
                in_claims=total - sum(reasons.values()),
                skipped=reasons,
            )

    def version(self) -> int:
        """A number that grows with every change, whoever makes it: 0 for an empty store."""
        with self.home.reading() as conn:
            return conn.execute(select(func.max(changes.c.version))).scalar() or 0

    def changed(self, since: int) -> tuple[gpd.GeoDataFrame, list[str], int]:
        """What is new after a version: events written since, event_ids that are gone, and the version now."""
        with self.home.reading() as conn:
            now = conn.execute(select(func.max(changes.c.version))).scalar() or 0
            written = selecting.fetch(conn, [events.c.since > since])
            was = select(past_events.c.event_id).where(past_events.c.until > since, past_events.c.since <= since)
            gone = conn.execute(was.where(past_events.c.event_id.not_in(select(events.c.event_id)))).scalars()
            return written, sorted(set(gone)), now

    def as_of(self, moment: datetime) -> gpd.GeoDataFrame:
        """The events table as the store believed it at a moment (UTC)."""
        with self.home.reading() as conn:
            return selecting.as_of(conn, rows.instant_out(moment) or 0)

    # review

    def review(self, decision: Decision) -> Entry:
        """Carry a decision out; the entry of the log that says so."""
        return self._logged(lambda writer: review.decide(writer, decision))

    def undo(self, seq: int | None = None, *, who: str, why: str = "") -> Entry:
        """Take an entry of the log back, the last one that stands if none is named; the entry that says so."""
        return self._logged(lambda writer: review.undo(writer, seq, who, why))

    def redo(self, seq: int | None = None, *, who: str, why: str = "") -> Entry:
        """Take the undoing of an entry back, the last undoing if none is named; the entry that says so."""
        return self._logged(lambda writer: review.redo(writer, seq, who, why))

    def log(self, event_id: str | None = None, *, limit: int | None = None) -> list[Entry]:
        """The review log, latest first; only what touched one event, if it is named."""
        with self.home.reading() as conn:
            return log.entries(conn, None if event_id is None else f"event:{event_id}", limit=limit)

    def log_verify(self) -> str:
        """What was changed outside the program: the first such entry or record of the log; "" where none was."""
        with self.home.reading() as conn:
            return review.verify(Reader(conn))

    def replace(self, report_id: str, newer: Extraction, *, who: str, why: str = "") -> str:
        """Put a newer version in the place of a report, both kept; the id of the newer one.

        Claims that say the same words of the same name take over what people decided on the older ones.
        """
        rows.storable(_texts(newer), f"report {newer.report.report_id!r}")
        with self.home.writing() as conn:
            return replacing.put_newer(Writer(conn, "replace"), report_id, newer, who=who, why=why)

    def outdated(self, outlet: str) -> list[str]:
        """The ids of an outlet's reports that were last read before something was said of it."""
        with self.home.reading() as conn:
            return rereading.outdated(conn, outlet)

    def read_again(self, readings: Iterable[Extraction], *, who: str, why: str = "", run: Run | None = None) -> int:
        """Put these readings of reports in the place of the earlier ones; how many say something else now.

        What people decided, and the claims and names that they decided on, stay. Committed in batches of 25, each with
        its entry of the log.
        """
        rest, changed = iter(readings), 0
        while batch := list(islice(rest, BATCH)):
            with self.home.writing() as conn:
                writer = Writer(conn, "read", self._places)
                changed += rereading.read_again(writer, batch, run, who=who, why=why)
            self._places.update(writer.places)
        return changed

    def erase(self, report_id: str, *, who: str, why: str = "") -> None:
        """Take a report's words away everywhere, for good, those of the versions that it replaced as well.

        Its id stays, and the log keeps that it happened.
        """
        with self.home.writing() as conn:
            replacing.erase(Writer(conn, "erase"), report_id, who=who, why=why)
        if self.home.is_sqlite:
            upkeep.settle(self.home)

    # names

    def doubts(self, *, limit: int = 300) -> list[Doubt]:
        """The names that unreviewed events rest on and nobody has decided, by outlet, the most doubtful first."""
        with self.home.reading() as conn:
            return names.doubts(conn, limit=limit)

    def unreviewed(self, *, around: Sequence[float] = (), limit: int = 300) -> list[Open]:
        """Events that nobody has reviewed: the least sure ones, and those nearest to each of some confidences."""
        with self.home.reading() as conn:
            return names.unreviewed(conn, around=around, limit=limit)

    def standing(self, spellings: Sequence[str], *, scope: Sequence[Any] = ("everywhere",)) -> list[Standing]:
        """Where a name stands as the place of a claim: ("report", id), ("outlet", name or None) or ("everywhere",)."""
        with self.home.reading() as conn:
            return names.standing(conn, spellings, scope=scope)

    def set_aside(self, *, reason: str | None = None, words: str = "", limit: int = 300) -> list[Aside]:
        """Names that made no event and why, of the latest reports first; only those of a reason, or with some words."""
        with self.home.reading() as conn:
            return names.set_aside(conn, reason=reason, words=words, limit=limit)

    def decided(self) -> list[Decided]:
        """The names whose place people have chosen, or have confirmed by accepting an event that rests on them."""
        with self.home.reading() as conn:
            return names.decided(conn)

    # outlets

    def outlets(self) -> list[tuple[Outlet, int]]:
        """Every outlet, what people said of it, and how many reports are its; the one with most reports first."""
        with self.home.reading() as conn:
            return outlets.listed(Reader(conn))

    def say_of_outlet(self, outlet: Outlet, *, who: str, why: str = "") -> Entry:
        """Keep where an outlet is at home, its language and its time zone; the entry of the log that says so."""
        rows.storable([outlet.name], "an outlet's name")
        return self._logged(lambda writer: review.say_of_outlet(writer, outlet, who, why))

    def hidden(self) -> dict[str, str]:
        """The events that people want published coarsely ("coarsen") or without coordinates ("remove"), by id."""
        with self.home.reading() as conn:
            how = {key: told["how"] for key, told in said.of_kind(Reader(conn), "publish").items()}
            found: dict[str, str] = {}
            for part in parts(how):
                held = select(events.c.event_id, claims.c.claim_id).join(claims, claims.c.event == events.c.id)
                for row in conn.execute(held.where(claims.c.claim_id.in_(part))):
                    if found.get(row.event_id) != "remove":  # which hides more
                        found[row.event_id] = how[row.claim_id]
            return found

    def _logged(self, work: Callable[[Writer], int]) -> Entry:
        with self.home.writing() as conn:
            writer = Writer(conn, "review", self._places)
            entry = log.entry(conn, work(writer))
        self._places.update(writer.places)
        return entry

    # upkeep

    def check(self) -> list[str]:
        """What is wrong with the store, in words; an empty list where nothing is."""
        return upkeep.check(self.home)

    def cached(self, provider: str, query: str) -> tuple[str, datetime] | None:
        """What a geocoding service answered (as it was kept), and when; None where it was not asked."""
        with self.home.reading() as conn:
            return caching.get(conn, provider, query)

    def cache(self, provider: str, query: str, answer: str) -> None:
        """Keep what a geocoding service answered."""
        with self.home.writing() as conn:
            caching.put(conn, provider, query, answer)

    def backup(self, file: Path) -> None:
        """Write the whole store to one SQLite file, whole or not at all, whichever home it lives in."""
        upkeep.backup(self.home, file)

    def restore(self, file: Path) -> None:
        """Put what a backup holds in the place of all that this store holds; all of it, or nothing."""
        upkeep.restore(self.home, file)
        self._places.clear()

    def vacuum(self) -> None:
        """Give room that is no longer used back to the disk, and let the indexes be tidied."""
        upkeep.vacuum(self.home)

    def digest(self) -> str:
        """A hash of all that the store holds, whatever the order in which it came: equal stores have equal ones."""
        with self.home.reading() as conn:
            return contents.digest(conn)


def projects(where: Path | str) -> list[str]:
    """The names of the projects in a folder, or at a postgresql:// address, in alphabetical order."""
    url = url_of(where) if isinstance(where, str) else None
    if url is None:
        return sorted(file.stem for file in (Path(where) / "projects").glob("*.sqlite"))
    home = connect(url)
    try:
        with home.reading() as conn:
            found = conn.execute(text("SELECT nspname FROM pg_namespace")).scalars()
            return sorted(name for schema in found if (name := project_name(schema)) is not None)
    finally:
        home.engine.dispose()


def file_of(where: Path, project: str = "default") -> Path:
    """The file of a project: the path itself if it names a file, else `projects/<project>.sqlite` in that folder."""
    if where.suffix in (".sqlite", ".db") or where.is_file():
        return where
    return where / "projects" / f"{project}.sqlite"


def _texts(extraction: Extraction) -> Iterable[str]:
    report = extraction.report
    yield from (report.report_id, report.title, report.text, report.url or "", report.source or "")
