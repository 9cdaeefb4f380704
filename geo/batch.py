"""The same pipeline in a loop, over processes, or on Dask: equal results, in the order of the reports.

`work(reports, make)` is all that a worker runs, here or elsewhere; `make` builds the parts on the worker, so that
neither a model nor a gazetteer travels. It must survive pickling equal to itself, so that it builds once a process: a
function, or a frozen dataclass that can be called, such as `geo.standard.Parts`; a partial does not.
"""

from __future__ import annotations

import functools
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from geo.batched import batched
from geo.pipeline import Pipeline
from geo.records import Extraction, Report

if TYPE_CHECKING:
    from distributed import Client, Future

Make = Callable[[], Pipeline]
SHARD: Final = 128  # reports: large enough that the cost of handing over is lost in the work
AHEAD: Final = 3  # shards a worker may be ahead, so that an endless series of reports never piles up


def work(reports: list[Report], make: Make) -> list[Extraction]:
    """What these reports yield, by the pipeline that `make` builds (once a process)."""
    return list(_built(make).extract(reports))


def in_a_loop(reports: Iterable[Report], make: Make) -> Iterator[Extraction]:
    """What each report yields, one shard after another in this process."""
    for shard in batched(reports, SHARD):
        yield from work(shard, make)


def over_processes(reports: Iterable[Report], make: Make, *, processes: int) -> Iterator[Extraction]:
    """The same over processes of this machine."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes) as pool:
        waiting: deque[multiprocessing.pool.AsyncResult[list[Extraction]]] = deque()
        for shard in batched(reports, SHARD):
            waiting.append(pool.apply_async(work, (shard, make)))
            if len(waiting) > AHEAD * processes:
                yield from waiting.popleft().get()
        while waiting:
            yield from waiting.popleft().get()


def on_dask(reports: Iterable[Report], make: Make, *, client: Client, retries: int = 3) -> Iterator[Extraction]:
    """The same on the workers of a Dask cluster; a shard whose worker dies is done again elsewhere."""
    workers = max(1, len(client.scheduler_info()["workers"]))
    waiting: deque[Future[list[Extraction]]] = deque()
    for shard in batched(reports, SHARD):
        waiting.append(client.submit(work, shard, make, retries=retries, pure=False))
        if len(waiting) > AHEAD * workers:
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


@functools.lru_cache(maxsize=1)
def _built(make: Make) -> Pipeline:
    return make()
