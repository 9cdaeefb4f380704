"""The scorecard: what people decided against what the machine had said, counted once, undone things not at all."""

import pytest
from making import KYIV, claim, days, mention, report

from geo.evaluate import reviews
from geo.records import Extraction, Skip
from geo.store import Decision, Store


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "s.sqlite") as opened:
        for n in range(6):
            told = report(f"r{n}", f"Shells hit Kherson on day {n}.", source=f"outlet {n % 2}")
            one = claim(told, confidence=0.8, days=days(f"2022-11-{2 * n + 1:02d}"))
            opened.add([Extraction(report=told, mentions=one.mentions, timexes=(), claims=(one,), skips=())])
        yield opened


def ids(store):
    return store.load()["event_id"].tolist()


def decide(store, action, event_id, **more):
    store.review(Decision(who="ana", action=action, event_ids=(event_id,), **more))


def line(store, part, by="all", group="all"):
    return next((n for n in reviews.scorecard(store) if (n.part, n.by, n.group) == (part, by, group)), None)


def test_without_decisions_there_is_no_score(store):
    assert reviews.scorecard(store) == []
    assert reviews.main(store) == "no event has been decided yet; review some first\n"


def test_accepted_events_were_right_corrected_ones_where_they_changed_and_rejected_ones_not_at_all(store):
    first, second, third, fourth, *_ = ids(store)
    decide(store, "accept", first)
    decide(store, "correct", second, place=KYIV, accept=True)
    decide(store, "correct", third, days=days("2022-10-01"), type="fighting", accept=True)
    decide(store, "reject", fourth, why="not an event")
    told = {part: (line(store, part).right, line(store, part).decided) for part in reviews.PARTS}
    assert told == {"event": (3, 4), "place": (2, 3), "days": (2, 3), "type": (2, 3)}


def test_a_correction_that_nobody_accepted_yet_counts_for_its_place_only(store):
    decide(store, "correct", ids(store)[0], place=KYIV)
    assert (line(store, "place").right, line(store, "place").decided) == (0, 1)
    assert line(store, "event") is None


def test_the_machine_is_measured_on_what_it_said_first_however_often_people_change_their_minds(store):
    event_id = ids(store)[0]
    decide(store, "correct", event_id, place=KYIV, accept=True)
    decide(store, "accept", event_id)
    decide(store, "note", event_id, why="seen")
    assert (line(store, "place").right, line(store, "place").decided) == (0, 1)


def test_what_was_undone_does_not_count(store):
    decide(store, "reject", ids(store)[0])
    store.undo(who="ana")
    assert reviews.scorecard(store) == []
    store.redo(who="ana")
    assert (line(store, "event").right, line(store, "event").decided) == (0, 1)


def test_what_people_told_themselves_says_nothing_of_the_machine(store):
    told = report("r9", "Rain fell on Kyiv.", source="outlet 1")
    name = mention(told, "Kyiv")
    store.add(
        [
            Extraction(
                report=told, mentions=(name,), timexes=(), claims=(), skips=(Skip(mention=name, reason="no_event"),)
            )
        ]
    )
    entry = store.review(
        Decision(who="ana", action="tell", names=(f"text:{name.start}:r9",), place=KYIV, type="disaster")
    )
    made = [r.partition(":")[2] for r in entry.changes if r.startswith("made:")]
    store.review(Decision(who="ana", action="accept", claim_ids=tuple(made)))
    by_hand = report("hand-1", "A bridge fell in Kyiv.")
    one = claim(by_hand, KYIV, type="damage")
    store.add([Extraction(report=by_hand, mentions=one.mentions, timexes=(), claims=(one,), skips=())])
    store.review(Decision(who="ana", action="accept", claim_ids=(one.claim_id,)))
    assert (store.load()["status"] == "accepted").sum() == 2
    assert reviews.scorecard(store) == []


def test_groups_are_by_what_the_machine_said_with_honest_intervals(store):
    for event_id in ids(store):
        decide(store, "accept", event_id)
    assert line(store, "event", "type", "strike").decided == 6
    assert line(store, "event", "level", "point").decided == 6
    assert line(store, "event", "confidence", "likely").decided == 6
    outlet = line(store, "event", "outlet", "outlet 0")
    assert (outlet.decided, outlet.share, outlet.high) == (3, 1.0, 1.0)
    assert outlet.low == pytest.approx(0.438, abs=0.001)
    assert "outlet 1" in reviews.main(store)
