"""The index keeps exactly the rows that the filter keeps of the table, and what it draws adds up."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from unittest import mock

import numpy as np
import pytest
from crowds import OUTLETS, START, crowd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import index as index_module
from geo.events import checked
from geo.filters import Filter
from geo.index import SINGLES, Index, day_number, day_of, project, unproject
from geo.records import EVENT_TYPES, LEVELS, STATUSES

WORLD = (0, 0, 2**32 - 1, 2**32 - 1)
EVENTS = crowd(600)
INDEX = Index.of(EVENTS)

day = st.integers(-20, 2300).map(lambda n: START.astype(date) + timedelta(days=n))


def some(words, most=3):
    return st.lists(st.sampled_from([w for w in words if w]), max_size=most, unique=True).map(tuple)


@st.composite
def filters(draw):
    first, last = sorted([draw(day), draw(day)])
    box = draw(st.none() | st.just((20.0, 40.0, 45.0, 60.0)) | st.just((100.0, -50.0, -60.0, 70.0)))
    return Filter(
        first_day=draw(st.sampled_from([None, first])),
        last_day=draw(st.sampled_from([None, last])),
        mode=draw(st.sampled_from(["surely", "possibly"])),
        undated=draw(st.booleans()),
        box=box,
        polygon=draw(st.sampled_from([(), ((20.0, 40.0), (45.0, 41.0), (30.0, 60.0))])),
        around=draw(st.none() | st.just((31.0, 48.0, 400.0))),
        types=draw(some(EVENT_TYPES)),
        countries=draw(some(["UA", "SY", "XX"])),
        admin1s=draw(some([f"Province {n}" for n in range(5)])),
        levels=draw(some(LEVELS)),
        outlets=draw(some(OUTLETS)),
        statuses=draw(some(STATUSES)),
        min_confidence=draw(st.sampled_from([0.0, 0.25, 0.8])),
    )


def ids(rows, index=INDEX):
    return {index.event_id(row) for row in rows}


def test_the_made_up_events_are_an_events_table():
    checked(EVENTS)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(filters())
def test_the_index_keeps_what_the_filter_keeps_of_the_table(wanted):
    assert ids(INDEX.rows(wanted)) == set(EVENTS["event_id"][wanted.mask(EVENTS)])


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(filters())
def test_rows_come_in_the_order_of_their_first_day(wanted):
    assert (np.diff(INDEX["first"][INDEX.rows(wanted)].astype(np.int64)) >= 0).all()


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(filters())
def test_a_facet_counts_what_choosing_it_alone_would_leave(wanted):
    facets = INDEX.facets(wanted)
    for name, words in (("types", EVENT_TYPES), ("levels", LEVELS), ("outlets", OUTLETS)):
        for word in words[:4]:
            alone = replace(wanted, **{name: (word,)})
            assert facets[name].get(word, 0) == int(alone.mask(EVENTS).sum())


def test_words_are_looked_up_by_whoever_knows_them():
    found = [EVENTS["event_id"][5], EVENTS["event_id"][9], "gone"]
    assert ids(INDEX.rows(Filter(words="shells"), lambda _: found)) == set(found[:2])
    assert len(INDEX.rows(Filter(words="nothing"), lambda _: [])) == 0


def test_what_is_new_joins_what_changed_replaces_and_what_is_gone_leaves():
    more = crowd(50, seed=2)
    grown = INDEX.extended(more)
    assert len(grown) == 650
    assert ids(grown.rows(Filter()), grown) == set(EVENTS["event_id"]) | set(more["event_id"])
    changed = EVENTS.iloc[:1].assign(type="protest", outlets=[["A new outlet"]]).reset_index(drop=True)
    again = grown.extended(changed)
    assert len(again) == 650
    assert ids(again.rows(Filter(outlets=("A new outlet",), types=("protest",))), again) == {EVENTS["event_id"][0]}
    fewer = again.without([EVENTS["event_id"][0]])
    assert fewer.row_of_id(EVENTS["event_id"][0]) is None
    assert len(fewer) == 649


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(filters(), filters(), st.integers(0, 12))
def test_a_comparison_counts_every_placed_event_of_both_once(one, other, zoom):
    now, then = INDEX.rows(one), INDEX.rows(other)
    change = INDEX.compare(now, then, zoom, WORLD)
    assert (change.now.sum(), change.then.sum()) == (len(INDEX.placed(now)), len(INDEX.placed(then)))
    assert (change.now + change.then > 0).all()
    assert len(change.x) <= SINGLES


def test_what_came_with_which_version_of_the_store_is_known():
    grown = INDEX.extended(crowd(50, seed=2), since=7)
    assert set(grown["since"].tolist()) == {0, 7}
    assert int((grown["since"] > 6).sum()) == 50


def test_provinces_are_counted_with_their_country_and_those_without_by_country():
    counts = INDEX.provinces(INDEX.rows(Filter()))
    kept = EVENTS[(EVENTS["country"] == "UA") & (EVENTS["admin1"] == "Province 3")]
    assert counts.get("UA\tProvince 3", 0) == len(kept)
    assert counts["UA\t"] == int(((EVENTS["country"] == "UA") & EVENTS["admin1"].isna()).sum())
    assert sum(counts.values()) == int((EVENTS["country"].notna() | EVENTS["admin1"].notna()).sum())


def test_an_index_of_nothing_answers_too():
    empty = Index.empty()
    assert len(empty.rows(Filter(first_day=date(2022, 1, 1), undated=True))) == 0
    assert empty.view(empty.rows(Filter()), 3, WORLD).inside == 0
    assert empty.compare(empty.rows(Filter()), empty.rows(Filter()), 3, WORLD).inside == 0
    assert empty.histogram(empty.rows(Filter())).counts.shape == (0, len(EVENT_TYPES))
    assert empty.histogram(empty.rows(Filter()), span=(0, 9)).days is None
    assert empty.facets(Filter())["types"] == {}


def test_an_event_is_found_by_its_key_and_its_id():
    for event_id in EVENTS["event_id"][:20]:
        row = INDEX.row_of_id(event_id)
        assert INDEX.event_id(row) == event_id
        assert INDEX.row_of(int(INDEX.keys[row])) == row
    assert INDEX.row_of_id("nobody") is None


def test_an_event_id_may_hold_any_letters():
    named = EVENTS.iloc[:2].assign(event_id=["Київ-1", "strike/2"]).reset_index(drop=True)
    index = INDEX.extended(named)
    assert index.event_id(index.row_of_id("Київ-1")) == "Київ-1"
    assert ids(index.rows(Filter(words="x"), lambda _: ["Київ-1"]), index) == {"Київ-1"}


def test_events_with_and_without_a_place_or_a_day_are_told_apart():
    rows = INDEX.rows(Filter(types=("strike", "protest")))
    kept = EVENTS[EVENTS["type"].isin(["strike", "protest"])]
    nowhere = kept.geometry.isna()
    assert ids(INDEX.placed(rows)) == set(kept["event_id"][~nowhere])
    assert ids(INDEX.placed(rows, really=False)) == set(kept["event_id"][nowhere])
    assert INDEX.on_map(rows) == (~nowhere).sum()
    undated = kept["first_day"].isna()
    assert INDEX.undated(rows) == undated.sum()
    assert ids(INDEX.without_days(rows)) == set(kept["event_id"][undated])


def test_a_saved_index_is_the_same_index(tmp_path):
    INDEX.save(tmp_path / "x.index.npz", version=7)
    again, version = Index.read(tmp_path / "x.index.npz")
    assert version == 7
    assert ids(again.rows(Filter(types=("strike",))), again) == ids(INDEX.rows(Filter(types=("strike",))))
    assert list(tmp_path.iterdir()) == [tmp_path / "x.index.npz"]


@contextmanager
def few_at_once():
    """Cells from 21 events on, and parts so small that a view takes many."""
    with mock.patch.multiple(index_module, SINGLES=20, _PART=37):
        yield


def shift_of(x, y, zoom):
    """By how much positions are shifted to become cells: 32 pixels, or so many that at most 20 cells are in use."""
    shift = 29 - zoom
    while len(set(zip(x >> shift, y >> shift, strict=True))) > 20 or np.ptp(x >> shift) * np.ptp(y >> shift) > 1000:
        shift += 1
    return shift


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(filters(), st.integers(0, 20), st.tuples(*[st.integers(0, 2**32 - 1)] * 4) | st.just(WORLD))
def test_a_view_tells_what_going_through_the_table_tells(wanted, zoom, bounds):
    with few_at_once():
        view = INDEX.view(INDEX.rows(wanted), zoom, bounds)
    kept = EVENTS[wanted.mask(EVENTS) & EVENTS.geometry.notna()]
    x, y = (v.astype(np.int64) for v in project(kept.geometry.x, kept.geometry.y))
    west, north, east, south = bounds
    across = (x >= west) | (x <= east) if west > east else (x >= west) & (x <= east)
    inside = across & (y >= north) & (y <= south)
    assert (view.matched, view.inside) == (len(kept), inside.sum())
    kept, x, y = kept[inside], x[inside], y[inside]
    if len(kept) <= 20:
        assert ids(view.rows) == set(kept["event_id"])
        return
    shift = shift_of(x, y, zoom)
    cells = kept.assign(x=x, y=y, spot=x * 2**32 + y).groupby([y >> shift, x >> shift])
    assert view.count.tolist() == cells.size().tolist()
    assert view.one_spot.tolist() == (cells["spot"].nunique() == 1).tolist()
    assert np.allclose(view.x, cells["x"].mean(), atol=1, rtol=0)
    assert np.allclose(view.y, cells["y"].mean(), atol=1, rtol=0)
    for n, (_, cell) in enumerate(cells):
        counts = [(cell["type"] == name).sum() for name in EVENT_TYPES]
        assert view.type[n] == np.argmax(counts)
        if cell["first_day"].notna().any():
            assert day_of(view.first[n]) == cell["first_day"].min().date()
            assert day_of(view.last[n]) == cell["last_day"].max().date()


def test_few_events_are_drawn_one_by_one_and_many_as_cells_that_add_up():
    few = INDEX.view(INDEX.rows(Filter()), 2, WORLD)
    assert few.rows is not None
    assert few.inside == len(few.rows) == int(EVENTS.geometry.notna().sum())
    events = crowd(20_000, places=6000)
    index = Index.of(events)
    many = index.view(index.rows(Filter()), 3, WORLD)
    assert many.rows is None
    assert int(many.count.sum()) == many.inside == int(events.geometry.notna().sum())
    assert len(many.count) <= SINGLES


def test_a_cell_tells_its_commonest_type_and_its_span_of_days():
    events = crowd(9000, places=1, undated=0)
    events["level"] = "point"
    events = events.set_geometry([EVENTS.geometry.dropna().iloc[0]] * len(events), crs="EPSG:4326")
    index = Index.of(events)
    view = index.view(index.rows(Filter()), 5, WORLD)
    assert view.count.tolist() == [9000]
    assert view.one_spot.tolist() == [1]
    assert EVENT_TYPES[view.type[0]] == events["type"].value_counts().idxmax()
    assert day_of(view.first[0]) == events["first_day"].min().date()
    assert day_of(view.last[0]) == events["last_day"].max().date()


def test_a_view_across_the_antimeridian_holds_both_sides():
    west, north = project(170, 80)
    east, south = project(-170, -80)
    lon = EVENTS.geometry.x
    lat = EVENTS.geometry.y
    inside = ((lon >= 170) | (lon <= -170)) & (abs(lat) < 80)
    assert INDEX.view(INDEX.rows(Filter()), 4, (int(west), int(north), int(east), int(south))).inside == inside.sum()


def test_the_histogram_holds_every_dated_event_once_and_says_how_many_have_no_day():
    rows = INDEX.rows(Filter())
    for bins in (10, 180, 5000):
        made = INDEX.histogram(rows, bins)  # no outliers here, so the axis holds all
        assert len(made.counts) <= bins
        assert int(made.counts.sum()) == int(EVENTS["first_day"].notna().sum())
        assert made.undated == int(EVENTS["first_day"].isna().sum())
        days = (EVENTS["first_day"].min(), EVENTS["last_day"].max())
        assert made.days == tuple(day_number(day.date()) for day in days)
    part = INDEX.histogram(rows, 50, (day_number(date(2021, 1, 1)), day_number(date(2021, 1, 31))))
    in_january = EVENTS["first_day"].between("2021-01-01", "2021-01-31").sum()
    assert part.width == 1
    last = EVENTS.loc[EVENTS["first_day"].between("2021-01-01", "2021-01-31"), "last_day"].max()
    assert part.days == (
        day_number(EVENTS.loc[EVENTS["first_day"] >= "2021-01-01", "first_day"].min().date()),
        day_number(last.date()),
    )
    assert int(part.counts.sum()) == in_january


@given(st.floats(-180, 179.999), st.floats(-85, 85))
def test_a_position_comes_back_within_a_few_centimetres(lon, lat):
    back = unproject(*project(lon, lat))
    assert back[0] == pytest.approx(lon, abs=2e-7)
    assert back[1] == pytest.approx(lat, abs=2e-7)


def test_an_event_takes_about_thirty_bytes_beside_its_id_and_key():
    assert sum(c.itemsize for name, c in INDEX.columns.items() if name not in {"id", "key"}) <= 30
    assert len(INDEX.spots) <= 500  # as many as there are places, not events
    assert len(INDEX.kinds) <= len(EVENT_TYPES) * len(STATUSES)
