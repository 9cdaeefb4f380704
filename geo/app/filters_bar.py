"""The sidebar: every filter with its counts, steps back and forth, and the way to a place."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from math import cos, log2, radians
from typing import TYPE_CHECKING, Any

import streamlit as st

from geo.app import compare, service, session, words
from geo.app.state import ZOOMS, chips, preset, without
from geo.app.tell import span_told
from geo.errors import GazetteerError
from geo.escape import plain
from geo.export.page import country_names
from geo.filters import Filter
from geo.index import day_of
from geo.records import EVENT_TYPES, LEVELS, MODALITIES, ROLES, STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from geo.app.desk import Desk
    from geo.records import Place

Counts = "Mapping[str, Mapping[str, int]]"
MOST_CHOICES = 500  # of a list; the rest is found by typing words
NEAREST_KM, FARTHEST_KM = 1, 2000
FOUND = 8  # places of a name to choose from
AGAINST = ("against", "")  # the chip of what is compared with


def head() -> None:
    """The sidebar's heading: with it the sidebar takes its place. Text is what a browser draws soonest."""
    st.sidebar.text(words.FILTERS)


def draw(desk: Desk) -> None:
    """All filters, in the sidebar."""
    with st.sidebar:
        _steps()
        _chips()
        wanted = session.looking().filter
        facets = desk.facets(wanted)
        _words(wanted)
        _days(desk, wanted)
        _choice("types", words.TYPE, EVENT_TYPES, facets, words.TYPES)
        _choice("countries", words.COUNTRY, None, facets, country_names())
        _choice("admin1s", words.PROVINCE, None, facets, {})
        more = st.expander(words.MORE, key="more", on_change="rerun")
        if more.open:
            _more(wanted, facets, more)
        _places(desk)


def _more(wanted: Filter, facets: Mapping[str, Mapping[str, int]], box: Any) -> None:
    with box:
        _choice("levels", words.LEVEL, LEVELS, facets, words.LEVEL_SHORT)
        _choice("outlets", words.OUTLET, None, facets, {})
        _choice("statuses", words.STATUS, STATUSES, facets, words.STATUS_WORDS)
        _choice("modalities", words.MODALITY, MODALITIES, facets, words.MODALITY_WORDS)
        _choice("roles", words.ROLE, ROLES, facets, words.ROLE_WORDS)
        _confidence(wanted)


def _steps() -> None:
    with st.container(horizontal=True, key="steps_bar"):
        st.button(words.UNDO, on_click=session.undo, disabled=not session.steps().past, key="undo")
        st.button(words.REDO, on_click=session.redo, disabled=not session.steps().future, key="redo")
        st.button(words.RESET, on_click=session.reset, key="reset")


def _chips() -> None:
    """What narrows the selection now, and what it is compared with, as tags; taking one away widens it.

    The box is there without any, too: what stands below it must not move from under the pointer.
    """
    looking = session.looking()
    active = [(chip, _chip(looking.filter, chip)) for chip in chips(looking.filter)]
    if looking.against and compare.other(looking):
        active.append((AGAINST, plain(words.CHIP_AGAINST.format(days=span_told(*looking.against)))))
    key = session.filled("filter_chips", active)

    def changed() -> None:
        narrowed = session.looking().filter
        for chip in (one[0] for one in active if one not in st.session_state[key]):
            if chip == AGAINST:
                session.look(against=None)
            else:
                narrowed = without(narrowed, chip)
        session.narrow(narrowed)

    with st.container(key="chips"):
        st.multiselect(
            words.ACTIVE, active, default=active, format_func=_told, key=key, on_change=changed,
            help=words.ACTIVE_HELP, placeholder=words.ACTIVE_NONE,
        )  # fmt: skip


def _told(choice: tuple[Any, str]) -> str:
    """What a list shows of a choice: it is kept with its words, by which Streamlit knows it again."""
    return choice[1]


def _chip(wanted: Filter, chip: tuple[str, str]) -> str:
    field, value = chip
    if value:
        named = country_names() if field == "countries" else words.OF_LISTS.get(field, {})
        return plain(named.get(value, value))
    if field not in words.CHIP:
        return words.ROLE_ANY if field == "roles" else words.MODALITY_ANY
    told = getattr(wanted, field)
    return plain(words.CHIP[field].format(told[2] if field == "around" else told))


def _words(wanted: Filter) -> None:
    key = session.filled("filter_words", wanted.words)
    st.text_input(words.WORDS, wanted.words, key=key, help=words.WORDS_HELP, on_change=_taker("words", key))


def _days(desk: Desk, wanted: Filter) -> None:
    for field, label in (("first_day", words.FROM), ("last_day", words.TO)):
        day = getattr(wanted, field)
        key = session.filled(f"filter_{field}", day)
        st.date_input(
            label,
            key=key,
            value=day,
            min_value=date.min,
            max_value=date.max,
            format="YYYY-MM-DD",
            on_change=_taker(field, key),
        )
    _presets(desk)
    key = session.filled("filter_mode", wanted.mode)
    st.segmented_control(
        words.MODE,
        list(words.MODES),
        default=wanted.mode,
        format_func=lambda m: words.MODES[m],
        key=key,
        help=words.MODE_HELP,
        required=True,
        on_change=_taker("mode", key),
    )
    if wanted.first_day or wanted.last_day:
        key = session.filled("filter_undated", wanted.undated)
        st.checkbox(words.UNDATED, wanted.undated, key=key, on_change=_taker("undated", key))


def _presets(desk: Desk) -> None:
    index = desk.index
    if not index.dated:
        return
    latest = day_of(index.latest)

    def take(name: str) -> None:
        first, last = preset(name, latest)
        session.narrow_by(first_day=first, last_day=last)

    with st.container(horizontal=True, key="presets"):
        for name, label in words.PRESETS.items():
            st.button(label, key=f"preset_{name}", on_click=take, args=(name,), help=words.PRESETS_HELP)


def _taker(field: str, key: str) -> Callable[[], None]:
    def take() -> None:
        value = st.session_state[key]
        if value is None:
            value = getattr(Filter(), field)
        session.narrow_by(**{field: value})

    return take


def _choice(
    field: str,
    label: str,
    codes: Sequence[str] | None,
    facets: Mapping[str, Mapping[str, int]],
    named: Mapping[str, str],
) -> None:
    """A list to choose from, each entry with the number of events that it would leave."""
    counts = facets[field]
    chosen = getattr(session.looking().filter, field)
    found = codes or sorted(counts, key=lambda c: (-counts[c], c))[:MOST_CHOICES]
    shown = [c for c in found if counts.get(c) or c in chosen] + [c for c in chosen if c not in found]
    options = {c: (c, f"{plain(named.get(c, c))} ({counts.get(c, 0):,})") for c in shown}
    holds = [options[c] for c in chosen]
    key = session.filled(f"filter_{field}", holds)

    def take() -> None:
        session.narrow_by(**{field: tuple(code for code, _ in st.session_state[key])})

    st.multiselect(
        label, list(options.values()), default=holds, format_func=_told, key=key, placeholder=words.ANY, on_change=take
    )


def _confidence(wanted: Filter) -> None:
    key = session.filled("filter_min_confidence", wanted.min_confidence)
    st.slider(
        words.CONFIDENCE,
        0.0,
        1.0,
        wanted.min_confidence,
        0.05,
        format="percent",
        key=key,
        on_change=_taker("min_confidence", key),
    )


# --- the way to a place -----------------------------------------------------------------------------------------------


def _places(desk: Desk) -> None:
    key = "find_place"

    def look_for() -> None:
        st.session_state["searches"] = st.session_state.get("searches", 0) + 1
        with suppress(GazetteerError):  # told below
            if found := service.find(desk, st.session_state[key], limit=FOUND):
                _go_to(found[0].place)

    asked = st.text_input(words.FIND_PLACE, key=key, help=words.FIND_PLACE_HELP, on_change=look_for)
    if not asked.strip():
        return
    try:
        candidates = service.find(desk, asked, limit=FOUND)
    except GazetteerError as error:
        st.text(plain(str(error)))
        return
    if not candidates:
        st.text(words.NO_PLACE)
        return
    places = {c.place.place_id: c.place for c in candidates}
    found = f"found_place~{st.session_state.get('searches', 0)}"  # each search has a list of its own
    picked = st.selectbox(
        words.FIND_PLACE,
        list(places),
        key=found,
        label_visibility="collapsed",
        format_func=lambda place_id: _place_label(desk, places[place_id]),
        on_change=lambda: _go_to(places[st.session_state[found]]),
    )
    st.text(next(plain(c.reason) for c in candidates if c.place.place_id == picked))
    _around(places[picked])


def _go_to(place: Place) -> None:
    """Make the map look at a place, as close as its kind needs."""
    session.go((place.lon, place.lat, {"country": 5, "admin1": 7, "region": 6, "admin2": 9}.get(place.level, 11)))


def _around(place: Place) -> None:
    around = session.looking().filter.around
    chosen = max(NEAREST_KM, min(FARTHEST_KM, round(around[2]))) if around else None
    key = session.filled("around_km", chosen)

    def take() -> None:
        km = st.session_state[key]
        session.narrow_by(around=(place.lon, place.lat, float(km)) if km else None)
        if km:
            session.go((place.lon, place.lat, zoom_for(place.lat, km)))

    st.number_input(words.WITHIN, min_value=NEAREST_KM, max_value=FARTHEST_KM, value=chosen, key=key, on_change=take)


def zoom_for(lat: float, km: float) -> int:
    """The closest zoom at which a circle of this radius around a place at this latitude fits on a map of 420 pixels.

    Web Mercator has 256 pixels around the equator at zoom 0 (https://wiki.openstreetmap.org/wiki/Zoom_levels).

    >>> zoom_for(0, 50), zoom_for(60, 50)
    (9, 8)
    """
    kilometres_a_pixel = 40_075.017 * cos(radians(lat)) / 256
    return max(ZOOMS[0], min(ZOOMS[1], int(log2(kilometres_a_pixel * 420 / (2 * km)))))


def _place_label(desk: Desk, place: Place) -> str:
    from geo.app.tell import place_told

    def name_of(place_id: str) -> str | None:
        found = desk.place(place_id)
        return found.name if found else None

    return plain(place_told(place, name_of))
