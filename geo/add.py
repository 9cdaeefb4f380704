"""Reports into a store, and an account of what came of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from geo.batched import batched
from geo.pipeline import Pipeline
from geo.records import Extraction, Report
from geo.store import Store

BATCH = 64


@dataclass(slots=True)
class Added:
    """What came of adding reports; every mention is in a claim or was set aside with a reason."""

    read: int = 0
    new: int = 0
    mentions: int = 0
    in_claims: int = 0
    claims: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)

    def count(self, extraction: Extraction) -> None:
        """Take one more report into the account."""
        self.mentions += len(extraction.mentions)
        self.claims += len(extraction.claims)
        self.in_claims += len(extraction.mentions) - len(extraction.skips)
        self.set_aside.update(skip.reason for skip in extraction.skips)

    def __str__(self) -> str:
        """The account in one line."""
        aside = ", ".join(f"{n} {reason}" for reason, n in self.set_aside.most_common())
        return (
            f"{self.read} reports read, {self.new} new; "
            f"{self.mentions} mentions = {self.in_claims} in {self.claims} claims + {self.set_aside.total()} set aside"
            + (f" ({aside})" if aside else "")
        )


def add(store: Store, pipeline: Pipeline, reports: Iterable[Report]) -> Added:
    """Extract and keep those of the reports that the store does not hold yet; the same report twice changes nothing."""
    result = Added()
    for some in batched(reports, BATCH):
        result.read += len(some)
        fresh = store.missing(some)
        result.new += store.add(_counted(pipeline.extract(fresh), result))
    return result


def _counted(extractions: Iterable[Extraction], result: Added) -> Iterator[Extraction]:
    for extraction in extractions:
        result.count(extraction)
        yield extraction
