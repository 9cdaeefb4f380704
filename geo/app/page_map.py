"""The map page: filters, map, panel, shelf, list, and the sum of all mentions."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import streamlit as st
from streamlit_folium import st_folium

from geo import claims, maps
from geo.app import compare, enter, filters_bar, kept_menu, lists, overview, panel, samples, session, take, words
from geo.app.desk import Desk, desk
from geo.app.tell import span_told
from geo.errors import NotFound
from geo.export.page import country_names
from geo.filters import Filter
from geo.index import day_number, day_of, unproject
from geo.records import EVENT_TYPES

if TYPE_CHECKING:
    import threading

    from numpy.typing import NDArray

    from geo.app.state import Looking
    from geo.records import Event
    from geo.store import Counts

HEIGHT: Final = 690  # pixels, the time bar among them
FIRST_START: Final = 1.0  # seconds at most that the rest of the page waits for a map that is loaded with it
HEAD_START: Final = 0.2  # the same for a map that stands there and gets other marks
TO_DRAW: Final = 0.06  # seconds that the browser then has for drawing them
SPOT_ROWS: Final = 300
NEAR_KM: Final = 50  # what "near here" leaves at first; the field under "Find a place" takes any other


def page() -> None:
    """Draw the page."""
    shared = desk()
    shared.refresh()
    session.arrive("map")
    session.begin()
    if samples.offer(shared):
        samples.bar(shared)
        return
    samples.bar(shared)
    _settle(shared)
    sums = st.container()
    filters_bar.head()  # the map need not make room for it later
    with st.container(key="desk"):
        _map_and_panel()  # sent first: the browser can load the map while the rest arrives
    with sums:
        _sum()
    filters_bar.draw(shared)
    lists.draw()
    session.leave()


@st.fragment
def _sum() -> None:
    """How many events the filters leave and how the mentions add up, and the menus, filled when they are opened."""
    enter.stay()
    if session.acted():  # in a menu: the page follows
        st.rerun()
    shared = desk()
    counts = shared.counts()
    looking = session.looking()
    rows = shared.rows(looking.filter)
    told = [
        words.IN_SELECTION.format(n=f"{len(rows):,}", all=f"{len(shared.index):,}"),
        words.ON_MAP.format(n=f"{shared.index.on_map(rows):,}"),
    ]
    if undated := shared.index.undated(rows):
        told.append(words.UNDATED_COUNT.format(n=f"{undated:,}"))
    with st.container(horizontal=True, vertical_alignment="center", key="sums"):
        st.text(" · ".join(told))
        _hidden(shared, len(rows))
        _aside(counts)
        compare.menu()
        kept_menu.menu(shared)
        take.menu(shared, looking.filter, len(rows))


def _hidden(shared: Desk, shown: int) -> None:
    """How many more events fit, but were only said, planned or told of the past: they are hidden until asked for."""
    every, wanted = {"modalities": (), "roles": ()}, session.looking().filter
    if (wanted.modalities, wanted.roles) != (Filter().modalities, Filter().roles):
        return  # that is what somebody chose
    if more := len(shared.rows(replace(wanted, **every))) - shown:  # type: ignore[arg-type]
        told = words.HIDDEN.format(n=f"{more:,}")
        st.button(told, key="hidden", type="tertiary", on_click=session.narrow_by, kwargs=every, help=words.HIDDEN_HELP)


def _aside(counts: Counts) -> None:
    """The sum of all mentions; behind it, why some were set aside."""
    aside = sum(counts.skipped.values())
    told = words.SUM.format(mentions=f"{counts.mentions:,}", told=f"{counts.in_claims:,}", aside=f"{aside:,}")
    box = st.popover(told, help=words.SUM_WHY, type="tertiary", key=session.still("aside"), on_change="rerun")
    if box.open:
        with box:
            for reason, n in sorted(counts.skipped.items(), key=lambda item: -item[1]):
                st.text(f"{n:,}  {claims.SKIP_REASONS.get(reason, reason)}")


# --- map and panel ----------------------------------------------------------------------------------------------------


@st.fragment
def _map_and_panel() -> None:
    enter.stay()
    if session.outdated():  # by what was done on the map or in the panel: the page around it follows
        st.rerun()
    shared = desk()
    left, right = st.columns([2, 1], gap="small")
    state = _state(shared)
    marks = shared.awaited(state.number)
    with left:
        told = st_folium(
            maps.base_map(height=HEIGHT),
            key="map",
            height=HEIGHT,
            use_container_width=True,
            returned_objects=[],
            feature_group_to_add=maps.shown(state),
            on_change=_hear,
        )
    session.overhear(told)
    session.leave()  # here, as the next act may end this run while it gives way
    _give_way(marks, state.number)
    with right, st.container(height=HEIGHT, key="panel"):
        _panel(shared)


def _give_way(marks: threading.Event, number: int) -> None:
    """Let the browser draw the marks of another filter before it draws the rest of the page, which takes it longer."""
    drawn = st.session_state.get("drawn")
    if drawn != number and marks.wait(FIRST_START if drawn is None else HEAD_START):
        time.sleep(TO_DRAW)
    st.session_state["drawn"] = number


def _state(shared: Desk) -> maps.MapState:
    """What the map is to show now, in numbers."""
    looking = session.looking()
    wanted = looking.filter
    row = shared.index.row_of_id(looking.event) if looking.event else None
    days = None
    if (wanted.first_day or wanted.last_day) and shared.index.dated:
        days = (
            day_number(wanted.first_day) if wanted.first_day else int(shared.index["first"][0]),
            day_number(wanted.last_day) if wanted.last_day else shared.index.latest,
        )
    return maps.MapState(
        number=shared.number(wanted),
        version=shared.version,
        dark=st.context.theme.type == "dark",
        selected=None if row is None else maps.halves(int(shared.index.keys[row])),
        at=_stands(shared, row),
        days=days,
        view=st.session_state.get("go") or _first_view(shared),
        ring=ring_of(wanted),
        against=shared.number(other) if (other := compare.other(looking)) else 0,
        then=(day_number(looking.against[0]), day_number(looking.against[1])) if looking.against else None,
        follow=looking.follow,
    )


def ring_of(wanted: Filter) -> tuple[tuple[float, float], ...]:
    """The outline (lon, lat) of the area that a filter is narrowed to: drawn, a rectangle, a circle; () for none."""
    if wanted.polygon:
        return wanted.polygon
    if wanted.box is not None:
        west, south, east, north = wanted.box
        return ((west, south), (east, south), (east, north), (west, north))
    if wanted.around is not None:
        from geo.gazetteer.local import moved

        lon, lat, km = wanted.around
        return tuple(moved(lon, lat, bearing, km) for bearing in range(0, 360, 6))
    return ()


def _first_view(shared: Desk) -> tuple[float, float, int, int]:
    """Where the map starts: where most events are."""
    view = home_view(shared, shared.rows(session.looking().filter))
    st.session_state["go"] = (*view, st.session_state.get("go", (0, 0, 0, 0))[3] + 1)
    return st.session_state["go"]  # type: ignore[no-any-return]


def _settle(shared: Desk) -> None:
    """Once all is read, look at all of it: the map began with the first few. A view that the user chose stays."""
    if shared.job is not None and not shared.job.progress.over:
        st.session_state["growing"] = True
    elif st.session_state.pop("growing", False) and session.looking().view is None:
        _first_view(shared)


def home_view(shared: Desk, rows: NDArray[np.int32]) -> tuple[float, float, int]:
    """A view (lon, lat, zoom) that holds nine tenths of these events."""
    index = shared.index
    rows = index.placed(rows)
    if not len(rows):
        return (20.0, 30.0, 2)
    some = rows[:: 1 + len(rows) // 50_000]  # tell the same as all
    x, y = (np.quantile(index.told(c, some).astype(float), [0.05, 0.5, 0.95]) for c in ("x", "y"))
    wide = max((x[2] - x[0]) / 2**32 * 256 / 640, (y[2] - y[0]) / 2**32 * 256 / 420, 1e-6)
    lon, lat = unproject((x[0] + x[2]) / 2, (y[0] + y[2]) / 2)
    return (round(float(lon), 3), round(float(lat), 3), int(min(9, max(2, np.floor(-np.log2(wide))))))


def _stands(shared: Desk, row: int | None) -> tuple[float, float] | None:
    """Where (lon, lat) an event is on the map, None where it is not."""
    if row is None or not shared.index.told("placed", row):
        return None
    lon, lat = unproject(shared.index.told("x", row), shared.index.told("y", row))
    return float(lon), float(lat)


def _hear() -> None:
    """Do what the user did on the map, before anything is drawn."""
    shared, news = desk(), session.news(st.session_state.get("map"))
    if isinstance(view := news.get("view"), dict):
        lon, lat, zoom = view["center"]
        session.look(view=(lon, lat, int(zoom)))
        st.session_state["bounds"] = tuple(max(0, min(2**32 - 1, int(v))) for v in view["bounds"])
    if isinstance(key := news.get("event"), str):
        row = shared.index.row_of(int(key, 16))
        session.open_event(shared.index.event_id(row) if row is not None else None)
    if isinstance(spot := news.get("spot"), list):
        session.open_event(None)
        st.session_state["spot"] = (int(spot[0]), int(spot[1]))
    _hear_filters(news)
    if "fit" in news:
        session.go(home_view(shared, shared.rows(session.looking().filter)))


def _hear_filters(news: dict[str, Any]) -> None:
    if "days" in news:
        days = news["days"]
        first, last = (day_of(days[0]), day_of(days[1])) if days else (None, None)
        session.narrow_by(first_day=first, last_day=last)
    if isinstance(code := news.get("type"), int):
        types = session.looking().filter.types
        name = EVENT_TYPES[code]
        session.narrow_by(types=tuple(t for t in types if t != name) if name in types else (*types, name))
    if isinstance(box := news.get("box"), list):
        session.narrow_by(box=tuple(float(v) for v in box), polygon=())
    if isinstance(ring := news.get("polygon"), list):
        session.narrow_by(polygon=tuple((float(lon), float(lat)) for lon, lat in ring), box=None)


def _panel(shared: Desk) -> None:
    looking = session.looking()
    rows = shared.rows(looking.filter)
    if "spot" in st.session_state:
        _spot(shared, rows)
    elif looking.event:
        _walk(shared, rows, looking.event)
        _event(shared, looking.event)
    elif looking.since is not None:
        _new(shared, looking)
    else:
        _glance(shared, looking, rows)
        _shelf(shared, rows)


def _new(shared: Desk, looking: Looking) -> None:
    """What has come since a named view was looked at last, as a list to choose from."""
    rows = shared.new(looking.filter, looking.since or 0)
    st.text(words.NEW_SINCE.format(n=f"{len(rows):,}"))
    lists.pick(shared.index.listing(rows[:SPOT_ROWS]), "new_rows", ["first_day", "type", "place", "confidence"])
    st.button(words.CLOSE, on_click=session.look, kwargs={"since": None}, key="close_new")


def _glance(shared: Desk, looking: Looking, rows: NDArray[np.int32]) -> None:
    """How many events of which type, and where: of all that the filters leave, or of what the map shows."""
    st.text(words.CHOOSE if len(rows) else words.NO_MATCH)
    key = session.filled("follow", looking.follow)
    st.checkbox(words.FOLLOW, looking.follow, key=key, on_change=lambda: session.look(follow=st.session_state[key]))
    other = compare.other(looking)
    then = None if other is None else shared.rows(other)
    if looking.follow and (bounds := st.session_state.get("bounds")):
        rows = shared.index.in_bounds(rows, bounds)
        then = None if then is None else shared.index.in_bounds(then, bounds)
    if not len(rows) and (then is None or not len(then)):
        return  # there is nothing to head
    told = overview.overview(shared.index, rows, then, country_names())
    title = words.IN_VIEW if looking.follow else words.IN_ALL
    if other is not None and looking.against:
        title = words.COMPARED_WITH.format(what=title, days=span_told(*looking.against))
    st.html(overview.html(told, title))


def _walk(shared: Desk, rows: NDArray[np.int32], event_id: str) -> None:
    """The way to the event before and after, in the order of days."""
    row = shared.index.row_of_id(event_id)
    at = int(np.searchsorted(rows, row)) if row is not None else 0
    here = row is not None and at < len(rows) and rows[at] == row
    before = shared.index.event_id(rows[at - 1]) if at > 0 else None
    after_at = at + 1 if here else at
    after = shared.index.event_id(rows[after_at]) if after_at < len(rows) else None
    with st.container(horizontal=True, vertical_alignment="center", key="walk"):
        st.button(words.PREVIOUS, on_click=session.open_event, args=(before,), disabled=before is None, key="previous")
        st.button(words.NEXT, on_click=session.open_event, args=(after,), disabled=after is None, key="next")
        if here:
            st.text(words.OF.format(i=f"{at + 1:,}", n=f"{len(rows):,}"))
        st.button(words.CLOSE, on_click=session.open_event, args=(None,), key="close")
        if there := _stands(shared, row):
            around = (round(there[0], 4), round(there[1], 4), float(NEAR_KM))
            told = words.NEAR_HERE.format(km=NEAR_KM)
            narrowed = {"around": around, "box": None, "polygon": ()}
            st.button(told, key="near_here", type="tertiary", on_click=session.narrow_by, kwargs=narrowed)


def _event(shared: Desk, event_id: str) -> None:
    try:
        event = shared.store.event(event_id)
    except NotFound:
        st.text(words.GONE)
        return
    st.html(event_html(shared, event))


def event_html(shared: Desk, event: Event) -> str:
    """The panel's HTML of an event, all its words escaped."""
    found = {}
    for report_id in dict.fromkeys(c.report_id for c in event.claims):
        with suppress(NotFound):  # an event that came with a table has no report here
            found[report_id] = shared.store.report(report_id)

    def name_of(place_id: str) -> str | None:
        place = shared.place(place_id)
        return place.name if place else None

    return panel.html(event, found, name_of)


def _spot(shared: Desk, rows: NDArray[np.int32]) -> None:
    """All events at one place, as a list to choose from."""
    x, y = st.session_state["spot"]
    index = shared.index
    near = index.in_bounds(rows, (x - 1, y - 1, x + 1, y + 1))  # a cell's middle may be rounded by one
    st.text(words.SPOT.format(n=f"{len(near):,}"))
    lists.pick(index.listing(near[:SPOT_ROWS]), "spot_rows", ["first_day", "type", "place", "confidence"])
    st.button(words.CLOSE, on_click=session.open_event, args=(None,), key="close_spot")


def _shelf(shared: Desk, rows: NDArray[np.int32]) -> None:
    """Events that the map or the time bar cannot show: those without a place, and those without a day."""
    index = shared.index
    columns = ["first_day", "type", "place"]
    _drawer("shelf", words.SHELF, words.SHELF_HELP, index.placed(rows, really=False), columns)
    _drawer("undated", words.UNDATED_SHELF, words.UNDATED_HELP, index.without_days(rows), columns[1:])


def _drawer(key: str, label: str, why: str, rows: NDArray[np.int32], columns: list[str]) -> None:
    """A list of events that is drawn when it is opened; nothing where there are none."""
    if not len(rows):
        return
    box = st.expander(label.format(n=f"{len(rows):,}"), key=session.still(key), on_change="rerun")
    if box.open:
        with box:
            st.text(why)
            lists.pick(desk().index.listing(rows[:SPOT_ROWS]), f"{key}_rows", columns)
