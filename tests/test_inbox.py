"""What to decide next: worth, order, and what a choice would change."""

from making import KHERSON, KYIV, mention, report

from geo import inbox
from geo.inbox import Doubt, Open, Standing


def doubt(name, n, worth, event_id=None):
    return Doubt(name=name, outlet="o", event_id=event_id or f"e-{name}", mentions=n, reports=n, doubt=worth)


def test_a_doubtful_name_met_often_comes_before_one_met_seldom_and_before_single_events():
    tasks = inbox.order([doubt("Rare", 2, 0.4), doubt("Often", 40, 9.0)], [Open(event_id="x", confidence=0.45)])
    assert [t.name for t in tasks] == ["Often", "", "Rare"]
    assert [t.kind for t in tasks] == ["name", "event", "name"]


def test_a_name_met_once_is_asked_about_as_an_event():
    assert inbox.order([doubt("Once", 1, 0.9)], []) == []


def test_a_doubtful_name_met_once_is_worth_as_much_as_the_same_doubt_over_several():
    opened = [Open(event_id="e1", confidence=0.6), Open(event_id="e2", confidence=0.55)]
    tasks = inbox.order([doubt("Once", 1, 0.9, "e1"), doubt("Twice", 2, 0.8)], opened)
    assert [(t.kind, t.event_id, t.gain) for t in tasks[:2]] == [("event", "e1", 0.9), ("name", "e-Twice", 0.8)]


def test_an_event_near_a_threshold_comes_before_one_that_is_as_doubtful_but_far_from_it():
    tasks = inbox.order([], [Open(event_id="far", confidence=0.6), Open(event_id="near", confidence=0.74)])
    assert [t.event_id for t in tasks] == ["near", "far"]


def test_the_event_that_a_name_shows_is_not_asked_about_twice():
    tasks = inbox.order([doubt("Kherson", 3, 1.0, "e1")], [Open(event_id="e1", confidence=0.1)])
    assert [(t.kind, t.event_id) for t in tasks] == [("name", "e1")]


def test_the_order_is_the_same_whatever_the_order_in_which_things_are_told():
    opened = [Open(event_id=f"e{n}", confidence=0.5) for n in range(9)]
    assert inbox.order([], opened) == inbox.order([], reversed(opened))


def standing(n, place=KHERSON, **more):
    given = {"status": "unreviewed", "decided": None, "outlet": "o", "headline": "h", **more}
    return Standing(event_id=f"e{n}", claim_id=f"c{n}", report_id=f"r{n}", place=place, **given)


def test_a_preview_counts_what_moves_and_leaves_alone_what_people_decided_or_rejected():
    told = [
        standing(1),
        standing(2, KYIV),
        standing(3, decided="ana"),
        standing(4, status="rejected"),
        standing(5, status="accepted"),
    ]
    change = inbox.preview(told, KYIV)
    assert (change.claims, change.moved, change.reports, change.left_alone, change.reopened) == (3, 2, 3, 2, 1)
    assert change.claim_ids == ("c1", "c2", "c5")
    assert change.places == ((KHERSON, 2),)


def test_the_event_at_hand_is_changed_even_where_somebody_decided_it_before():
    assert inbox.preview([standing(1, decided="ana")], KYIV, but="e1").claim_ids == ("c1",)


def test_names_are_gathered_by_outlet_and_worth_the_mentions_that_are_probably_wrong():
    told = report(text="Springfield and Springfield and Kherson.")
    first = mention(told, "Springfield", confidence=0.4)
    other = mention(told, "Kherson", confidence=0.9)
    found = inbox.named([(first, "a"), (first, "a"), (first, "b"), (other, "a"), (mention(told, "and"), None)])
    assert [(d.name, d.outlet, d.mentions, round(d.doubt, 2)) for d in found] == [
        ("Springfield", "a", 2, 1.2), ("and", None, 1, 1.0), ("Springfield", "b", 1, 0.6), ("Kherson", "a", 1, 0.1),
    ]  # fmt: skip
