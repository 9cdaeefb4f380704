"""A filter keeps exactly what it says; possibly contains surely, always."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import CAMBODIA, KHERSON, KHERSON_OBLAST, KYIV, claim, days, report

from geo.events import checked, table
from geo.filters import EVERYTHING, Filter
from geo.merge import within
from geo.records import Extraction

START = date(2022, 11, 1)
day = st.integers(0, 20).map(lambda n: START + timedelta(days=n))
spans = st.one_of(st.none(), st.tuples(day, day).map(sorted))


def event(n, span=None, place=KHERSON, **more):
    of = report(f"r{n}", "Shells hit Kherson, Kyiv, Kherson Oblast and Cambodia.", source=more.pop("source", None))
    when = days(None) if span is None else days(*(d.isoformat() for d in span))
    made = claim(of, place, claim_id=f"c{n}", days=when, **more)
    [only] = within(Extraction(report=of, mentions=(), timexes=(), claims=(made,), skips=()))
    return only


def events(*made):
    return checked(table(made))


@settings(deadline=None, max_examples=60)
@given(st.lists(spans, min_size=1, max_size=12), spans, st.booleans())
def test_a_range_of_days_keeps_what_brute_force_keeps(dated, asked, undated):
    asked = asked or (None, None)
    rows = events(*(event(n, span) for n, span in enumerate(dated)))
    low, high = (asked[0] or date.min), (asked[1] or date.max)
    open_range = asked == (None, None)
    kept = {}
    for mode in ("surely", "possibly"):
        wanted = Filter(first_day=asked[0], last_day=asked[1], mode=mode, undated=undated)
        kept[mode] = wanted.mask(rows)
        for span, keep in zip(dated, kept[mode], strict=True):
            if span is None:
                assert keep == (undated or open_range)
            elif mode == "surely":
                assert keep == (low <= span[0] and span[1] <= high)
            else:
                assert keep == (low <= span[1] and span[0] <= high)
    assert not np.any(kept["surely"] & ~kept["possibly"])


def test_a_box_keeps_what_lies_in_it_and_never_what_has_no_point():
    rows = events(event(1), event(2, place=KYIV), event(3, place=CAMBODIA))
    assert Filter(box=(30, 46, 33, 47)).mask(rows).tolist() == [True, False, False]
    assert Filter(box=(170, -90, 31, 90)).mask(rows).tolist() == [False, True, False]


def test_a_polygon_and_a_distance_keep_what_lies_in_them():
    rows = events(event(1), event(2, place=KYIV), event(3, place=CAMBODIA))
    around_kyiv = ((29.0, 49.0), (32.0, 49.0), (32.0, 52.0), (29.0, 52.0))
    assert Filter(polygon=around_kyiv).mask(rows).tolist() == [False, True, False]
    assert Filter(around=(32.6, 46.6, 50.0)).mask(rows).tolist() == [True, False, False]


def test_country_type_level_outlet_confidence_and_words_narrow_together():
    rows = events(
        event(1, type="strike", source="a.example", confidence=0.9),
        event(2, place=KHERSON_OBLAST, type="protest", source="b.example", confidence=0.2),
        event(3, place=CAMBODIA, type="diplomacy"),
    )
    assert Filter(countries=("UA",)).mask(rows).sum() == 2
    assert Filter(types=("protest",), countries=("UA",)).mask(rows).tolist() == [False, True, False]
    assert Filter(levels=("country",)).mask(rows).tolist() == [False, False, True]
    assert Filter(outlets=("a.example", "c.example")).mask(rows).tolist() == [True, False, False]
    assert Filter(min_confidence=0.8).mask(rows).tolist() == [True, False, False]
    assert Filter(words="HIT kherson").mask(rows).all()
    assert not Filter(words="hit Odesa").mask(rows).any()


def test_only_what_happened_is_wanted_unless_asked():
    rows = events(event(1), event(2, modality="planned"))
    assert Filter().mask(rows).tolist() == [True, False]
    assert Filter(modalities=()).mask(rows).all()


def test_statements_and_history_are_hidden_until_they_are_switched_on():
    rows = events(event(1), event(2, role="said"), event(3, role="background"))
    assert Filter().mask(rows).tolist() == [True, False, False]
    assert Filter(roles=("place", "said")).mask(rows).tolist() == [True, True, False]
    assert EVERYTHING.mask(rows).all()


def test_a_filter_that_makes_no_sense_is_refused_in_words():
    with pytest.raises(ValueError, match="backwards"):
        Filter(first_day=date(2022, 2, 1), last_day=date(2022, 1, 1))
    with pytest.raises(ValueError, match="unknown"):
        Filter(types=("war",))


def test_filtering_gives_an_events_table_again():
    assert len(checked(Filter(countries=("KH",))(events(event(1), event(2, place=CAMBODIA))))) == 1
