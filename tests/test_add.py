"""Adding reports: the account of what came of them holds, whatever is added twice."""

from collections import Counter
from dataclasses import replace

import pytest
from contract_store import A, B, C
from sqlalchemy import select, update

from geo.add import add, again
from geo.store import Run, Store
from geo.store.schema import reports, runs

YIELDED = {x.report.report_id: x for x in (A, B, C)}


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path) as opened:
        yield opened


def extract(reports):
    return (YIELDED[report.report_id] for report in reports)


def test_the_account_is_that_of_the_store(store):
    told = add(store, extract, [x.report for x in (A, B, C)])
    held = store.counts()
    assert (told.read, told.new, told.mentions, told.claims) == (3, held.reports, held.mentions, held.claims)
    assert told.set_aside == Counter(held.skipped)
    assert told.mentions == told.in_claims + told.set_aside.total()
    assert held.origins >= held.events > 0
    assert str(told).startswith("3 reports read, 3 new; 6 mentions = 5 in 5 claims + 1 set aside (1 unknown)")


def test_reports_read_again_are_told_their_language_anew_and_say_which_versions_read_them(store):
    run = Run(code="1", gazetteer="g", model="none")
    add(store, extract, [A.report, B.report], run=run)
    asked = []

    def extract_again(reports):
        asked.extend(reports)
        return (replace(YIELDED[r.report_id], report=r, claims=(), mentions=(), skips=()) for r in asked)

    with store.home.writing() as conn:
        conn.execute(update(reports).values(language="uk"))  # what their outlet was said to write
    assert again(store, extract_again, ["a"], who="ann", run=replace(run, code="2")) == 1
    assert asked == [A.report]
    assert store.report("a").claims == ()
    with store.home.reading() as conn:
        told = conn.execute(select(reports.c.report_id, runs.c.code).join(runs).order_by(reports.c.report_id)).all()
    assert [tuple(row) for row in told] == [("a", "2"), ("b", "1")]


def test_a_report_that_comes_twice_in_one_run_is_counted_once(store):
    told = add(store, extract, [A.report, B.report, A.report])
    assert (told.read, told.new, told.mentions) == (3, 2, store.counts().mentions)
    again = add(store, extract, [A.report, B.report])
    assert (again.read, again.new, again.mentions) == (2, 0, 0)
