"""The whole story: reports in, events out. Read this first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from geo import claims, dates, merge, roles
from geo.batched import batched
from geo.interfaces import Geocoder, Recogniser
from geo.outlets import Outlets
from geo.records import Event, Extraction, Mention, Report, Skip
from geo.resolve import Rank, resolve
from geo.taught import Taught

READ_LANGUAGES = ("en", None)  # None: too short to tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """Three parts that can be swapped, and the order in which a report goes through everything else.

    `taught` is what people decided of names before, if that is to weigh, `outlets` what they said of outlets.
    """

    recogniser: Recogniser
    geocoder: Geocoder
    rank: Rank
    taught: Taught | None = None
    outlets: Outlets = field(default_factory=Outlets)

    def extract(self, reports: Iterable[Report], *, batch: int = 64) -> Iterator[Extraction]:
        """What each report yields, in their order: every mention ends in a claim or in a skip with a reason."""
        for some in batched(reports, batch):
            read = [self.outlets.as_read(report) for report in some]
            found = self.recogniser.find(read)
            resolving = self.taught.resolve if self.taught else resolve
            placed = resolving(read, found, self.geocoder, self.rank)
            for given, report, mentions in zip(some, read, placed, strict=True):
                made = told(report, mentions) if report.language in READ_LANGUAGES else set_aside(report, mentions)
                yield replace(made, report=replace(report, published=given.published))


def told(report: Report, mentions: Sequence[Mention]) -> Extraction:
    """What a report says happened: placed mentions get roles, expressions get days, and both become claims."""
    mentions = roles.assign(report, mentions)
    timexes = dates.find(report)
    made, skips = claims.make(report, mentions, timexes)
    return Extraction(
        report=report, mentions=tuple(mentions), timexes=tuple(timexes), claims=tuple(made), skips=tuple(skips)
    )


def set_aside(report: Report, mentions: Sequence[Mention]) -> Extraction:
    """A report in a language that is not read: kept, its mentions set aside with that reason."""
    skips = tuple(
        Skip(mention=replace(m, place=None, confidence=None, runners_up=(), reason=""), reason="not_english")
        for m in mentions
    )
    return Extraction(report=report, mentions=tuple(s.mention for s in skips), timexes=(), claims=(), skips=skips)


def events(extraction: Extraction) -> list[Event]:
    """The events of one report by itself: the same happening told twice is one."""
    return merge.within(extraction)
