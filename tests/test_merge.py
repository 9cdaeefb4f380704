"""Merging puts tellings of one happening together, whatever the order, and can always be undone."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import KHERSON, KHERSON_OBLAST, KYIV, claim, days, report

from geo.merge import Decisions, blocks, merge, split, tellings, within
from geo.records import Count, Extraction

SETTLED = settings(max_examples=60, deadline=None)


def extraction(of, *claims):
    return Extraction(report=of, mentions=(), timexes=(), claims=claims, skips=())


def one_event(report_id, text="Shells hit Kherson.", source=None, **more):
    told_in = report(report_id, text, source=source)
    [event] = within(extraction(told_in, claim(told_in, **more)))
    return event, told_in


def together(*pairs, decisions=Decisions()):  # noqa: B008 - frozen
    events, reports = zip(*pairs, strict=True)
    return merge(events, {r.report_id: r for r in reports}, decisions)


def test_the_same_happening_told_twice_in_a_report_is_one_event():
    of = report(text="Shells hit Kherson. Explosions shook Kherson again.")
    first, second = claim(of, claim_id="a"), claim(of, claim_id="b", type="explosion")
    [event] = within(extraction(of, first, second))
    assert event.type == "strike"
    assert {c.claim_id for c in event.claims} == {"a", "b"}


def test_two_days_in_one_report_are_two_events():
    of = report()
    first = claim(of, claim_id="a", days=days("2022-11-10"))
    second = claim(of, claim_id="b", days=days("2022-11-12"))
    assert len(within(extraction(of, first, second))) == 2


def test_a_claim_of_no_particular_type_joins_the_happening_it_may_belong_to_but_bridges_none():
    of = report()
    claims = [claim(of, claim_id=t, type=t) for t in ("other", "strike", "protest")]
    events = within(extraction(of, *claims))
    assert sorted(e.type for e in events) == ["protest", "strike"]


def test_reports_of_one_strike_on_one_town_and_day_are_one_event_with_the_conflict_shown():
    seven = Count(kind="killed", low=7, best=7, high=7, words="seven killed")
    nine = Count(kind="killed", low=9, best=9, high=9, words="nine killed")
    [event] = together(
        one_event("a", "Missiles killed seven in Kherson.", counts=(seven,)),
        one_event("b", "Rockets struck homes; nine dead in Kherson.", counts=(nine,)),
    )
    assert event.counts == (seven, nine)
    assert len(event.origins) == 2


@pytest.mark.parametrize(
    "more",
    [
        {"place": KYIV},
        {"days": days("2022-11-10")},
        {"type": "protest"},
        {"modality": "planned"},
        {"role": "background"},
        {"days": days(None)},
    ],
)
def test_another_place_day_type_modality_or_role_is_another_event(more):
    assert len(together(one_event("a"), one_event("b", **more))) == 2


def test_many_meetings_may_happen_in_one_city_on_one_day():
    visits = one_event("a", "Steinmeier arrived in Kyiv by train.", place=KYIV, type="diplomacy")
    other = one_event("b", "A court chairman resigned in Kyiv.", place=KYIV, type="diplomacy")
    assert len(together(visits, other)) == 2


def test_over_an_area_only_shared_words_or_figures_make_two_reports_one_event():
    near = one_event("a", "Troops left villages along the estuary in Kherson Oblast.", place=KHERSON_OBLAST)
    far = one_event("b", "Artillery hit a grain store in Kherson Oblast.", place=KHERSON_OBLAST)
    like = one_event("c", "Villages along the estuary were left by troops in Kherson Oblast.", place=KHERSON_OBLAST)
    assert len(together(near, far)) == 2
    assert len(together(near, like)) == 1


def test_a_total_that_has_grown_is_another_happening_than_the_one_before():
    def tally(report_id, killed, day):
        count = Count(kind="killed", low=killed, best=killed, high=killed, words=f"{killed} children killed")
        words = f"{killed} children were killed in Kherson since the invasion began."
        return one_event(report_id, words, days=days("2022-02-24", day), counts=(count,))

    assert len(together(tally("a", 143, "2022-03-28"), tally("b", 167, "2022-04-06"))) == 2
    assert len(together(tally("a", 143, "2022-03-28"), tally("b", 143, "2022-03-29"))) == 1


def test_the_past_day_of_two_days_in_a_row_is_not_one_day():
    words = "Ukrainian troops repelled attacks near Kherson over the past day."
    monday = one_event("a", words, days=days("2022-10-30", "2022-10-31", basis="relative"), type="fighting")
    tuesday = one_event("b", words, days=days("2022-10-31", "2022-11-01", basis="relative"), type="fighting")
    within_it = one_event("c", words, days=days("2022-10-31", basis="published"), type="fighting")
    assert len(together(monday, tuesday)) == 2
    assert len(together(monday, within_it)) == 1


def test_the_same_uncommon_figure_on_the_same_day_tells_of_the_same():
    counted = one_event("a", "28 strikes and 1,126 shells fell on Kherson Oblast.", place=KHERSON_OBLAST)
    again = one_event("b", "Guns fired 1,126 times at Kherson Oblast.", place=KHERSON_OBLAST)
    other = one_event("c", "Guns fired 977 times at Kherson Oblast on November 12, 2022.", place=KHERSON_OBLAST)
    assert len(together(counted, again)) == 1
    assert len(together(counted, again, other)) == 2


def test_tellings_without_a_day_are_of_one_week_or_of_two_happenings():
    def undated(report_id, day):
        of = report(report_id, "Shells hit a school in Kherson before the retreat.", published=at(day))
        [event] = within(extraction(of, claim(of, days=days(None))))
        return event, of

    def at(day):
        return datetime.fromisoformat(day).replace(tzinfo=UTC)

    assert len(together(undated("a", "2022-11-12"), undated("b", "2022-11-19"))) == 1
    assert len(together(undated("a", "2022-11-12"), undated("b", "2022-11-20"))) == 2


def test_without_days_only_nearly_the_same_words_are_one_event():
    words = "Shells hit a school in Kherson before the retreat."
    undated = {"days": days(None)}
    assert len(together(one_event("a", words, **undated), one_event("b", words, **undated))) == 1
    other = one_event("c", "A market in Kherson burnt after rockets fell.", **undated)
    assert len(together(one_event("a", words, **undated), other)) == 2


def test_a_syndicated_text_is_one_origin():
    text = "Shells hit Kherson on Saturday morning and damaged two schools and a clinic, the governor told reporters."
    [event] = together(one_event("a", text, source="a.example"), one_event("b", text + " More.", source="b.example"))
    assert event.outlets == ("a.example", "b.example")
    assert event.origins == (("a", "b"),)


def test_all_that_one_outlet_tells_of_a_happening_is_one_origin_and_so_is_what_is_told_after_it():
    [event] = together(
        one_event("a", "Rockets struck central Kherson at dawn.", source="www.reuters.com"),
        one_event("b", "A school burnt down after shells hit Kherson.", source="www.reuters.com"),
        one_event("c", "Flames rose over Kherson.", source="Gazette", said_by="Reuters"),
        one_event("d", "Kherson was hit at first light.", source="Courier"),
        one_event("e", "Kherson has come under fire.", source=None),
    )
    assert event.origins == (("a", "b", "c"), ("d",), ("e",))


def test_officials_may_be_any_but_who_has_a_name_is_one_source():
    told = {"a": "officials", "b": "Officials", "c": "the governor", "d": "Governor Ann Lee", "e": "Governor Ann Lee"}
    words = dict(zip(told, ("Rockets", "Flames", "Seven dead", "Roofs gone", "Smoke over"), strict=True))
    [event] = together(*(one_event(r, f"{words[r]} in Kherson.", said_by=who) for r, who in told.items()))
    assert event.origins == (("a",), ("b",), ("c",), ("d", "e"))


def test_a_further_origin_takes_doubt_away_and_a_copy_does_not():
    alone, told_in = one_event("a", confidence=0.6)
    [two] = together((alone, told_in), one_event("b", "Rockets struck central Kherson at dawn.", confidence=0.6))
    [copy] = together((alone, told_in), one_event("c", confidence=0.6))
    assert two.confidence > alone.confidence == copy.confidence


def test_people_may_keep_apart_what_the_machine_would_merge_and_the_reverse():
    a, b = one_event("a"), one_event("b")
    pair = frozenset(c.claim_id for e, _ in (a, b) for c in e.claims)
    assert len(together(a, b, decisions=Decisions(apart=frozenset({pair})))) == 2
    c = one_event("c", "A rally was held in Kyiv.", place=KYIV, type="protest")
    pair = frozenset(x.claim_id for e, _ in (a, c) for x in e.claims)
    assert len(together(a, c, decisions=Decisions(together=frozenset({pair})))) == 1


def test_a_split_moves_the_chosen_claims_and_keeps_the_rest():
    a, b = one_event("a"), one_event("b")
    [event] = together(a, b)
    rest, moved = split(event, {"b-geonames:706448-strike"}, {r.report_id: r for _, r in (a, b)})
    assert (rest, moved) == (a[0], b[0])
    with pytest.raises(ValueError, match="both sides"):
        split(event, [], {})


claims_of = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "d"]),
        st.sampled_from([KHERSON, KYIV, KHERSON_OBLAST]),
        st.sampled_from(["strike", "explosion", "protest", "other"]),
        st.sampled_from([None, "2022-11-10", "2022-11-12"]),
        st.sampled_from(["stated", "published"]),
    ),
    min_size=1,
    max_size=9,
)


def told(drawn):
    reports = {r: report(r, "Shells hit Kherson and Kyiv in Kherson Oblast.") for r in "abcd"}
    by_report = {}
    for n, (r, place, kind, day, basis) in enumerate(drawn):
        made = claim(reports[r], place, claim_id=f"{n:02}", type=kind, days=days(day, basis=basis))
        by_report.setdefault(r, []).append(made)
    events = [e for r, claims in by_report.items() for e in within(extraction(reports[r], *claims))]
    return events, reports


@SETTLED
@given(claims_of, st.randoms(use_true_random=False))
def test_the_order_of_reports_never_matters(drawn, chance):
    events, reports = told(drawn)
    shuffled = random.Random(chance.random()).sample(events, len(events))
    assert merge(events, reports) == merge(shuffled, reports)


@SETTLED
@given(claims_of)
def test_adding_one_by_one_ends_like_adding_all_at_once(drawn):
    events, reports = told(drawn)
    grown = []
    for report_id in reports:
        fresh = [e for e in events if e.claims[0].report_id == report_id]
        reached = {key for event in fresh for key in blocks(event)}
        near = [e for e in grown if reached & blocks(e)]
        grown = [e for e in grown if e not in near] + merge([*near, *fresh], reports)
    assert sorted(grown, key=lambda e: e.event_id) == merge(events, reports)


@SETTLED
@given(claims_of)
def test_merging_then_splitting_gives_back_exactly_what_was_there(drawn):
    events, reports = told(drawn)
    parted = [t for e in merge(events, reports) for t in tellings(e, reports)]
    assert sorted(parted, key=lambda e: e.event_id) == sorted(events, key=lambda e: e.event_id)
