"""Two importers, a reviewer and a reader at once, as separate processes: nothing is lost, nobody is told of locks.

DATELINE_CROWD_S says for how many seconds: 5 unless told, 120 for a longer look.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import own_postgres
import pytest
from contract_store import made

from geo.errors import DatelineError
from geo.store import Decision, Store

SECONDS = int(os.environ.get("DATELINE_CROWD_S", "5"))
REPORTS = 12 * SECONDS
DECISIONS = 6  # at least so many, however slow the machine
SENTENCES = ("Kherson was hit", "Kyiv was hit", "Suva is calm", "Nowhere was quiet", "Fiji declared an emergency")


def extractions():
    """Some of them tell of the same happenings, sixty reports a day."""
    return [
        made(
            f"r{n}",
            ". ".join(SENTENCES[(n + k) % 5] for k in range(3)),
            kind="strike",
            source=f"outlet {n % 7}",
            day=date(2022, 1, 1) + timedelta(days=n // 60),
            published=datetime(2022, 1, 2, tzinfo=UTC) + timedelta(days=n // 60),
        )
        for n in range(REPORTS)
    ]


def importing(where, order, told):
    with Store.open(where) as store:
        told.put(("new", sum(store.add([x]) for x in extractions()[::order])))


def reviewing(where, told):
    done, until = 0, time.monotonic() + SECONDS
    with Store.open(where) as store:
        while time.monotonic() < until or done < DECISIONS:
            events = store.load(limit=3)
            for event_id in events.event_id:
                try:
                    store.review(Decision(who="ann", action="accept" if done % 2 else "dispute", event_ids=(event_id,)))
                    done += 1
                except DatelineError as error:
                    if "no event" not in str(error):  # the other two may have merged it away
                        told.put(("shown", str(error)))
    told.put(("decided", done))


def reading(where, told):
    until, last = time.monotonic() + SECONDS, 0
    with Store.open(where) as store:
        while time.monotonic() < until:
            counts, version = store.counts(), store.version()
            if counts.mentions != counts.in_claims + sum(counts.skipped.values()) or version < last:
                told.put(("shown", f"half a report: {counts}"))
            last = version
            len(store.load(limit=20))


def at_once(where):
    """What the four processes had to say."""
    Store.open(where).close()
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    jobs = [
        (importing, (where, 1, told)),
        (importing, (where, -1, told)),
        (reviewing, (where, told)),
        (reading, (where, told)),
    ]
    processes = [context.Process(target=job, args=arguments) for job, arguments in jobs]
    for process in processes:
        process.start()
    said = [told.get(timeout=300 + 5 * SECONDS) for _ in range(3)]
    for process in processes:
        process.join(timeout=300 + 5 * SECONDS)
        assert process.exitcode == 0
    while not told.empty():
        said.append(told.get())
    return said


def judged(where, said):
    sums = Counter()
    for kind, value in said:
        assert kind != "shown", value
        sums[kind] += value
    assert sums["new"] == REPORTS
    with Store.open(where) as store:
        assert (store.check(), store.log_verify()) == ([], "")
        assert store.counts().reports == REPORTS
        assert sum(e.who == "ann" for e in store.log()) == sums["decided"] > 0
        held = [c.claim_id for e in store.events(store.load().event_id) for c in e.claims]
        assert len(held) == len(set(held)) == store.counts().claims


@pytest.mark.slow
def test_four_processes_work_in_one_file_at_once(tmp_path):
    where = str(tmp_path / "store.sqlite")
    judged(where, at_once(where))


@pytest.mark.slow
@pytest.mark.postgis
@pytest.mark.skipif(bool(own_postgres.missing()), reason=own_postgres.missing() or "-")
def test_four_processes_work_on_one_server_at_once():
    with own_postgres.server() as url:
        judged(url, at_once(url))
