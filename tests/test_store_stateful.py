"""Any sequence of adding, deciding and taking back leaves a whole store, which can be taken back to its beginning."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from contract_store import KHERSON, KYIV, SUVA, made
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from geo.errors import StoreError
from geo.outlets import Outlet
from geo.records import Days, Skip
from geo.store import Decision, Store

REPORTS = [
    made("a", "Ukrainian forces took Kherson on Friday. Talks in Kyiv went on. Nowhere was quiet"),
    made("b", "Kherson was retaken by Ukrainian troops on Friday", source="Reuters"),
    made("c", "Flood water rose in Suva. Fiji declared an emergency", day=date(2022, 11, 11), kind="disaster"),
    made("d", "Kherson was hit. Kherson was hit again. Kyiv was hit", kind="strike"),
    made(
        "e", "Kyiv was hit on Friday. Suva was hit as well", kind="strike", published=datetime(2022, 11, 11, tzinfo=UTC)
    ),
    made("f", "Kherson fell. Kyiv did not. Nowhere else was hit", day=None),
]
PLACES = st.sampled_from([KHERSON, KYIV, SUVA])
DAYS = st.sampled_from(
    [Days(first_day=date(2022, 11, n), last_day=date(2022, 11, n), basis="stated") for n in (10, 11)]
)
OUTLETS = st.builds(
    Outlet,
    name=st.sampled_from(["RFE/RL", "Reuters", "Nobody's"]),
    home=st.none() | PLACES,
    language=st.sampled_from([None, "en", "uk"]),
    zone=st.sampled_from([None, "UTC", "Europe/Kyiv"]),
)
QUICK = settings(max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck))


class Reviewing(RuleBasedStateMachine):
    """People deciding while reports come in."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="dateline-test-"))
        self.store, self.fresh = self.open("one"), self.open("two")
        self.added = []
        self.add(report=REPORTS[0])

    def open(self, name):
        return Store.open(self.folder / f"{name}.sqlite", check=False)

    def ids(self):
        return sorted(self.store.load().event_id)

    @rule(report=st.sampled_from(REPORTS))
    def add(self, report):
        new = self.store.add([report])
        assert new == (report not in self.added)
        if new:
            self.added.append(report)

    @precondition(lambda self: self.ids())
    @rule(data=st.data(), action=st.sampled_from(["accept", "reject", "dispute", "reopen", "note"]))
    def judge(self, data, action):
        event_id = data.draw(st.sampled_from(self.ids()))
        self.store.review(Decision(who="ann", action=action, event_ids=(event_id,), why="seen"))

    @precondition(lambda self: self.ids())
    @rule(data=st.data(), accept=st.booleans())
    def correct(self, data, accept):
        event_id = data.draw(st.sampled_from(self.ids()))
        place, days = data.draw(PLACES), data.draw(st.none() | DAYS)
        told = Decision(who="ann", action="correct", event_ids=(event_id,), place=place, days=days, accept=accept)
        self.store.review(told)
        if accept:
            event = self.store.event(event_id)
            assert (event.place, event.status) == (place, "corrected")
            assert days is None or (event.days.first_day, event.days.last_day) == (days.first_day, days.last_day)

    @precondition(lambda self: len(self.ids()) > 1)
    @rule(data=st.data(), accept=st.booleans())
    def merge(self, data, accept):
        chosen = data.draw(st.lists(st.sampled_from(self.ids()), min_size=2, max_size=3, unique=True))
        held = {c.claim_id for e in self.store.events(chosen) for c in e.claims}
        self.store.review(Decision(who="bob", action="merge", event_ids=tuple(chosen), accept=accept))
        assert any(held <= {c.claim_id for c in e.claims} for e in self.store.events(self.ids()))

    @rule(data=st.data(), accept=st.booleans())
    def split(self, data, accept):
        several = [e for e in self.store.events(self.ids()) if len(e.claims) > 1]
        if not several:
            return
        event = data.draw(st.sampled_from(several))
        out = data.draw(st.sampled_from(event.claims))
        told = Decision(
            who="bob", action="split", event_ids=(event.event_id,), claim_ids=(out.claim_id,), accept=accept
        )
        self.store.review(told)

    @precondition(lambda self: self.store.set_aside())
    @rule(data=st.data(), place=PLACES, days=st.just(Days()) | DAYS)
    def tell(self, data, place, days):
        aside = data.draw(st.sampled_from(self.store.set_aside()))
        told = Decision(who="ann", action="tell", names=(aside.key,), place=place, days=days, type="damage")
        self.store.review(told)
        assert aside.key not in {a.key for a in self.store.set_aside()}

    @precondition(lambda self: self.store.set_aside())
    @rule(data=st.data(), place=PLACES)
    def place_a_name(self, data, place):
        aside = data.draw(st.sampled_from(self.store.set_aside()))
        self.store.review(Decision(who="ann", action="correct", names=(aside.key,), place=place))
        assert place in {d.place for d in self.store.decided() if d.name == aside.name}

    @precondition(lambda self: self.ids())
    @rule(data=st.data(), how=st.sampled_from(["coarsen", "remove", ""]))
    def hide(self, data, how):
        event_id = data.draw(st.sampled_from(self.ids()))
        self.store.review(Decision(who="bob", action="hide", event_ids=(event_id,), hidden=how))
        assert self.store.hidden().get(event_id, "") == how

    @rule(outlet=OUTLETS)
    def say_of_outlet(self, outlet):
        self.store.say_of_outlet(outlet, who="bob")
        assert outlet in self.said() or outlet == Outlet(name=outlet.name)

    @rule(data=st.data())
    def read_again(self, data):
        report = data.draw(st.sampled_from(self.added))
        self.store.read_again([report], who="cem")
        assert report.report.report_id not in self.store.outdated(report.report.source)

    def said(self):
        """What is said of outlets, those of which nothing is left out."""
        return [outlet for outlet, _ in self.store.outlets() if outlet != Outlet(name=outlet.name)]

    def undone(self):
        """Whether there was something to take back."""
        try:
            self.store.undo(who="cem")
        except StoreError as error:
            if "nothing to undo" not in str(error):
                raise
            return False
        return True

    @rule()
    def undo(self):
        self.undone()

    @rule()
    def redo(self):
        with suppress(StoreError):  # nothing to redo, or something else was decided since
            self.store.redo(who="cem")

    @invariant()
    def it_is_sound(self):
        assert self.store.check() == []
        assert self.store.log_verify() == ""
        assert len(self.store.counts().skipped) <= 1

    @invariant()
    def every_claim_is_in_one_event(self):
        held = [c.claim_id for e in self.store.events(self.ids()) for c in e.claims]
        read = [c.claim_id for x in self.added for c in x.claims]
        assert len(held) == len(set(held))
        assert set(read) <= set(held)
        told = sum(len(x.skips) for x in self.added) - len(self.store.set_aside())
        assert len(held) - len(read) == told

    @invariant()
    def what_is_hidden_is_an_event(self):
        assert self.store.hidden().keys() <= set(self.ids())

    def teardown(self):
        while self.undone():
            pass
        assert self.store.log_verify() == ""
        self.fresh.add(self.added)
        assert self.store.digest() == self.fresh.digest()
        assert (self.store.hidden(), self.said(), self.store.decided()) == ({}, [], [])
        self.close()

    def close(self):
        self.store.close()
        self.fresh.close()
        shutil.rmtree(self.folder)


def differently(data, report):
    """Another reading of a report: claims that are gone, lie elsewhere, on other days or are of another type."""
    claims, skips = [], list(report.skips)
    for claim in report.claims:
        how = data.draw(st.sampled_from(["as before", "set aside", "elsewhere", "another day", "another type"]))
        place, days = data.draw(PLACES), data.draw(DAYS)
        if how == "set aside":
            skips.append(Skip(mention=claim.mentions[0], reason="said"))
            continue
        changes = {
            "elsewhere": {"place": place, "claim_id": f"{claim.claim_id}{place.name}"},
            "another day": {"days": days},
            "another type": {"type": "protest"},
        }
        claims.append(replace(claim, **changes.get(how, {})))
    return replace(report, claims=tuple(claims), skips=tuple(sorted(skips, key=lambda s: s.mention.start)))


class Rereading(Reviewing):
    """The same while reports are read again and say something else: what was decided may stand on either reading."""

    @rule(data=st.data())
    def read_differently(self, data):
        report = data.draw(st.sampled_from(self.added))
        self.store.read_again([differently(data, report)], who="cem")

    @invariant()
    def it_is_sound(self):
        assert self.store.check() == []
        assert self.store.log_verify() == ""

    @invariant()
    def every_claim_is_in_one_event(self):
        held = [c.claim_id for e in self.store.events(self.ids()) for c in e.claims]
        assert len(held) == len(set(held))
        for told in self.added:
            kept = self.store.report(told.report.report_id)
            claimed = {m.start for c in kept.claims for m in c.mentions}
            aside = {s.mention.start for s in kept.skips}
            assert claimed.isdisjoint(aside)
            assert claimed | aside == {m.start for m in kept.mentions} == {m.start for m in told.mentions}

    def teardown(self):
        while self.undone():
            pass
        self.it_is_sound()
        assert (self.store.hidden(), self.said(), self.store.decided()) == ({}, [], [])
        self.close()


TestReviewing = Reviewing.TestCase
TestReviewing.settings = QUICK


@pytest.mark.slow
def test_any_sequence_of_decisions_and_other_readings_leaves_a_whole_store():
    run_state_machine_as_test(Rereading, settings=QUICK)
