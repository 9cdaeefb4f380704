"""The map page: filters, map, panel, shelf, list, and the sum of all mentions."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import streamlit as st
from streamlit_folium import st_folium

from geo import claims, maps
from geo.app import compare, enter, filters_bar, kept_menu, overview, panel, samples, session, take, words
from geo.app.desk import Desk, desk
from geo.app.tell import span_told
from geo.errors import NotFound
from geo.escape import plain
from geo.export.page import country_names
from geo.index import day_number, day_of, unproject
from geo.records import EVENT_TYPES

if TYPE_CHECKING:
    import threading

    import pandas as pd
    from numpy.typing import NDArray

    from geo.app.state import Looking
    from geo.filters import Filter
    from geo.records import Event
    from geo.store import Counts

HEIGHT: Final = 690  # pixels, the time bar among them
FIRST_START: Final = 1.0  # seconds at most that the rest of the page waits for a map that is loaded with it
HEAD_START: Final = 0.2  # the same for a map that stands there and gets other marks
TO_DRAW: Final = 0.06  # seconds that the browser then has for drawing them
PAGE_ROWS: Final = 100
SPOT_ROWS: Final = 300
NEAR_KM: Final = 50  # what "near here" leaves at first; the field under "Find a place" takes any other


def page() -> None:
    """Draw the page."""
    shared = desk()
    shared.refresh()
    session.arrive("map")
    if samples.offer(shared):
        samples.bar(shared)
        return
    samples.bar(shared)
    sums = st.container()
    filters_bar.head()  # the map need not make room for it later
    with st.container(key="desk"):
        _map_and_panel()  # sent first: the browser can load the map while the rest arrives
    with sums:
        _sum()
    filters_bar.draw(shared)
    _lists()
    session.leave()


@st.fragment
def _sum() -> None:
    """How many events the filters leave and how the mentions add up, and the menus; what these hold comes when opened."""
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
        _aside(counts)
        compare.menu()
        kept_menu.menu(shared)
        take.menu(shared, looking.filter, len(rows))


def _aside(counts: Counts) -> None:
    """The sum of all mentions; behind it, why some were set aside."""
    aside = sum(counts.skipped.values())
    told = words.SUM.format(mentions=f"{counts.mentions:,}", told=f"{counts.in_claims:,}", aside=f"{aside:,}")
    box = st.popover(told, help=words.SUM_WHY, type="tertiary", key="aside", on_change="rerun")
    if box.open:
        with box:
            for reason, n in sorted(counts.skipped.items(), key=lambda item: -item[1]):
                st.text(f"{n:,}  {claims.SKIP_REASONS.get(reason, reason)}")


# --- map and panel ----------------------------------------------------------------------------------------------------


@st.fragment
def _map_and_panel() -> None:
    enter.stay()
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
        )
    if _heard(shared, session.news(told)):
        st.rerun()
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
    st.session_state["go"] = (*view, 1)
    return st.session_state["go"]  # type: ignore[no-any-return]


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


def _heard(shared: Desk, news: dict[str, Any]) -> bool:
    """Do what the user did on the map; whether the whole page must run again."""
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
    before = session.looking().filter
    _heard_filters(news)
    if "fit" in news:
        session.go(home_view(shared, shared.rows(session.looking().filter)))
    return session.looking().filter != before or "fit" in news


def _heard_filters(news: dict[str, Any]) -> None:
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
    _pick(shared.index.listing(rows[:SPOT_ROWS]), "new_rows", ["first_day", "type", "place", "confidence"])
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
    if row is not None and shared.index.told("placed", row):
        _near(shared, row)


def _near(shared: Desk, row: int) -> None:
    """A button that leaves what lies around an event; the page beside the panel follows."""
    if st.button(words.NEAR_HERE.format(km=NEAR_KM), key="near_here", type="tertiary"):
        lon, lat = (round(float(v), 4) for v in unproject(shared.index.told("x", row), shared.index.told("y", row)))
        session.narrow_by(around=(lon, lat, float(NEAR_KM)), box=None, polygon=())
        st.rerun()


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
    _pick(index.listing(near[:SPOT_ROWS]), "spot_rows", ["first_day", "type", "place", "confidence"])
    st.button(words.CLOSE, on_click=session.open_event, args=(None,), key="close_spot")


def _shelf(shared: Desk, rows: NDArray[np.int32]) -> None:
    """Events that have no place on the map."""
    unplaced = shared.index.placed(rows, really=False)
    if not len(unplaced):
        return
    shelf = st.expander(words.SHELF.format(n=f"{len(unplaced):,}"), key="shelf", on_change="rerun")
    if shelf.open:
        with shelf:
            st.text(words.SHELF_HELP)
            _pick(shared.index.listing(unplaced[:SPOT_ROWS]), "shelf_rows", ["first_day", "type", "place"])


# --- lists ------------------------------------------------------------------------------------------------------------


@st.fragment
def _lists() -> None:
    """The same events as a table; a row opens its event."""
    enter.stay()
    shared = desk()
    wanted = session.looking().filter
    rows, told = shared.rows(wanted), wanted.words
    label = words.LIST_BY_WORDS if told else words.LIST
    box = st.expander(label.format(n=f"{len(rows):,}"), key="list", on_change="rerun")
    if box.open:  # a table costs the browser more than the map does: it is drawn when asked for
        with box:
            _list(shared, shared.best_first(rows, told) if told else rows)


def _list(shared: Desk, rows: NDArray[np.int32]) -> None:
    pages = max(1, -(-len(rows) // PAGE_ROWS))
    with st.container(horizontal=True, vertical_alignment="bottom", key="list_bar"):
        number = st.number_input(words.PAGE, 1, pages, key="list_page", width=120) if pages > 1 else 1
        chosen = st.multiselect(
            words.CHOOSE_COLUMNS, list(words.COLUMNS), default=list(words.COLUMNS)[:8],
            format_func=lambda c: words.COLUMNS[c],
            key="list_columns", label_visibility="collapsed",
        )  # fmt: skip
    part = rows[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    _pick(shared.index.listing(part), f"list_{number}", chosen or ["type", "place"])


def _pick(listing: pd.DataFrame, key: str, columns: list[str]) -> None:
    """A list whose row opens its event."""
    shown = listing[columns].copy()
    for column, known in (
        ("type", words.TYPES),
        ("level", words.LEVEL_SHORT),
        ("status", words.STATUS_WORDS),
        ("country", country_names()),
    ):
        if column in shown:
            shown[column] = shown[column].map(lambda v, known=known: known.get(v, v))
    for column in ("place", "admin1"):
        if column in shown:
            shown[column] = shown[column].map(lambda v: plain(v) if isinstance(v, str) else v)
    picked = st.dataframe(
        shown,
        key=key,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        column_config=_columns(),
        height="auto" if len(shown) < 12 else 420,
    )
    chosen = picked["selection"]["rows"]
    was = st.session_state.get(f"picked_{key}")
    st.session_state[f"picked_{key}"] = chosen
    if not chosen or chosen == was or chosen[0] >= len(listing):
        return
    session.open_event(str(listing["event_id"].iloc[chosen[0]]))
    st.rerun()


def _columns() -> dict[str, Any]:
    config: dict[str, Any] = dict(words.COLUMNS)
    sure = words.COLUMNS["confidence"]
    config["confidence"] = st.column_config.ProgressColumn(sure, min_value=0, max_value=1, format="percent")
    for day in ("first_day", "last_day"):
        config[day] = st.column_config.DateColumn(words.COLUMNS[day], format="YYYY-MM-DD")
    return config
