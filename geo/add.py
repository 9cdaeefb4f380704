"""Reports into a store, and an account of what came of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from geo.batched import batched
from geo.language import detect
from geo.records import Extraction, Report
from geo.store import Run, Store

BATCH = 64
Extract = Callable[[Iterable[Report]], Iterator[Extraction]]
"""What a pipeline does with reports, here or on other processes: what each yields, in their order."""


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
        """Take one more report, which the store did not hold, into the account."""
        self.new += 1
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


def add(store: Store, extract: Extract, reports: Iterable[Report], *, run: Run | None = None) -> Added:
    """Extract and keep those of the reports that the store does not hold yet; the same report twice changes nothing.

    `run` says which versions extract.
    """
    result = Added()
    store.add(extract(_fresh(store, reports, result)), run=run, kept=result.count)
    return result


def again(
    store: Store, extract: Extract, report_ids: Iterable[str], *, who: str, why: str = "", run: Run | None = None
) -> int:
    """Read reports of the store again, what people decided kept; how many of them say something else now.

    Their language is told anew, for it may have been their outlet's before.
    """
    reports = (report for some in batched(report_ids, BATCH) for report in store.told(some))
    told = (replace(report, language=detect(f"{report.title}\n{report.text}")) for report in reports)
    return store.read_again(extract(told), who=who, why=why, run=run)


def _fresh(store: Store, reports: Iterable[Report], result: Added) -> Iterator[Report]:
    for some in batched(reports, BATCH):
        result.read += len(some)
        yield from store.missing(some)
