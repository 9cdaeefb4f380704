"""Names that were set aside can be decided upon: given a place, or told of as something that happened there."""

from datetime import date

import pytest
from making import KHERSON, KYIV, claim, days, mention, report

from geo import standard
from geo.errors import StoreError
from geo.publish import public
from geo.records import Days, Extraction, Skip
from geo.settings import Settings
from geo.store import Decision, Store

TEXT = "Moscow said nothing. A bridge fell at Kherson, people there said. Rain fell."
KEY = f"text:{TEXT.index('Kherson')}:r1"
MORE = {"who": "ana", "names": (KEY,), "place": KHERSON}


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "s.sqlite") as opened:
        told = report(text=TEXT, source="desk")
        names = (mention(told, "Moscow", role="actor"), mention(told, "Kherson", role="background"))
        skips = (Skip(mention=names[0], reason="actor"), Skip(mention=names[1], reason="no_event"))
        opened.add([Extraction(report=told, mentions=names, timexes=(), claims=(), skips=skips)])
        yield opened


def sums(store):
    counts = store.counts()
    return counts.mentions, counts.in_claims, dict(counts.skipped)


def test_what_happened_at_a_name_set_aside_becomes_an_event_of_its_sentence(store):
    assert [(a.name, a.reason) for a in store.set_aside()] == [("Moscow", "actor"), ("Kherson", "no_event")]
    store.review(Decision(action="tell", type="damage", days=days("2022-11-11"), why="missed", **MORE))
    (row,) = store.load().itertuples()
    assert (row.type, row.place, row.status, row.quote) == (
        "damage", "Kherson", "unreviewed", "A bridge fell at Kherson, people there said.",
    )  # fmt: skip
    assert row.first_day.date() == date(2022, 11, 11)
    assert sums(store) == (2, 1, {"actor": 1})
    assert [a.name for a in store.set_aside()] == ["Moscow"]
    assert (store.log_verify(), store.check()) == ("", [])


def test_it_is_taken_back_and_done_again_and_the_log_holds(store):
    before = sums(store), store.report("r1")
    store.review(Decision(action="tell", type="damage", **MORE))
    after = store.load(), store.report("r1")
    store.undo(who="ana")
    assert (sums(store), store.report("r1")) == before
    assert len(store.load()) == 0
    store.redo(who="ana")
    assert store.load().drop(columns="geometry").equals(after[0].drop(columns="geometry"))
    assert store.report("r1") == after[1]
    store.undo(who="ana")
    assert (sums(store), store.log_verify(), store.check()) == (before[0], "", [])


def test_what_was_told_can_be_corrected_and_accepted_and_must_be_taken_back_in_turn(store):
    first = store.review(Decision(action="tell", type="damage", **MORE))
    (event_id,) = store.load()["event_id"]
    store.review(Decision(who="ben", action="correct", event_ids=(event_id,), type="disaster", accept=True))
    assert store.log_verify() == ""
    with pytest.raises(StoreError, match="take that back first"):
        store.undo(first.seq, who="ana")
    store.undo(who="ana")
    store.undo(who="ana")
    assert (len(store.load()), store.log_verify(), store.check()) == (0, "", [])


def test_a_name_set_aside_can_be_given_a_place_alone_which_teaches(store):
    store.review(Decision(action="correct", **{**MORE, "place": KYIV}))
    assert len(store.load()) == 0
    assert [(d.name, d.outlet, d.place) for d in store.decided()] == [("Kherson", "desk", KYIV)]
    assert store.set_aside(words="kher")[0].decided == "ana"
    store.undo(who="ana")
    assert store.decided() == []


def test_a_name_that_leads_a_claim_is_not_told_of_twice(store):
    store.review(Decision(action="tell", **MORE))
    with pytest.raises(StoreError, match="leads or supports a claim already"):
        store.review(Decision(action="tell", **MORE))
    with pytest.raises(StoreError, match="with a place"):
        store.review(Decision(who="ana", action="reject", names=(KEY,)))


def test_erasing_the_report_takes_what_was_told_of_it_along(store):
    store.review(Decision(action="tell", **MORE))
    store.erase("r1", who="ana")
    assert (len(store.load()), store.log_verify(), store.check()) == (0, "", [])


def test_what_people_hide_by_hand_stays_hidden_when_events_change_and_can_be_shown_again(store, tmp_path):
    store.review(Decision(action="tell", type="damage", **MORE))
    (event_id,) = store.ids()
    settings = Settings(home=tmp_path)
    entry = store.review(Decision(who="ana", action="hide", event_ids=(event_id,), hidden="coarsen", why="a shelter"))
    assert store.log(event_id)[0].seq == entry.seq
    store.add([another := telling_of("r2")])
    (event_id,) = store.ids()
    assert store.event(event_id).claims[-1].report_id == another.report.report_id
    assert standard.publish(settings, store).coarsen_ids == {event_id}
    told = public(store.load(), standard.publish(settings, store))
    assert told.geometry.x.iloc[0] != KHERSON.lon
    assert told["quote"].iloc[0] == ""
    store.undo(entry.seq, who="ana")
    assert (store.hidden(), store.log_verify()) == ({}, "")
    store.review(Decision(who="ana", action="hide", event_ids=(event_id,), hidden="remove"))
    assert standard.publish(settings, store).remove_ids == {event_id}
    store.review(Decision(who="ana", action="hide", event_ids=(event_id,)))
    assert (store.hidden(), store.log_verify()) == ({}, "")


def telling_of(report_id):
    """Another report of the same damage."""
    told = report(report_id, text="A bridge fell at Kherson, officials said.", source="other")
    one = claim(told, type="damage", days=Days(), trigger="fell")
    return Extraction(report=told, mentions=one.mentions, timexes=(), claims=(one,), skips=())
