"""The place of an event under review: candidates with distance and parents, a small map, how far a choice reaches."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import streamlit as st
from streamlit_folium import st_folium

from geo import inbox
from geo.app import deciding, pick, service, session, words, words_review
from geo.app.desk import Desk, desk
from geo.app.tell import place_told
from geo.distance import km
from geo.escape import plain
from geo.records import Place, Query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.inbox import Change, Task
    from geo.records import Event

MOST: Final = 8  # candidates, and the keys 1 to 8
LOOKED_UP: Final = 6  # candidates below which the gazetteer is asked for more
NEARBY_KM: Final = 50.0  # a mark moved no farther than this stays in its country
HAND_KM: Final = 1.0


def draw(shared: Desk, task: Task | None, event: Event) -> None:
    """Draw the choice of a place."""
    found = candidates(shared, event)
    _map(found, event)
    st.text(words_review.CANDIDATES.format(n=len(found)))
    for number, place in enumerate(found, start=1):
        _row(shared, number, place, event)
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        _search(shared)
    with right:
        _by_hand(event)
    _reach(task, event)


def candidates(shared: Desk, event: Event) -> list[Place]:
    """What the event's name may mean: its present place first, then the runners-up, then the gazetteer's."""
    named = event.claims[0].mentions[0]
    found = [event.place, *(c.place for c in named.runners_up)]
    if len(found) < LOOKED_UP:
        found += [c.place for c in shared.gazetteer.candidates([Query(name=named.text, limit=MOST)])[0]]
    searched: Place | None = st.session_state.get("rv_found")
    found += [searched] if searched else []
    unique = list({place.place_id: place for place in reversed(found)}.values())[::-1]
    return unique[:MOST] if searched is None or searched in unique[:MOST] else [*unique[: MOST - 1], searched]


def label(shared: Desk, place: Place) -> str:
    """A place with its parents."""
    return plain(place_told(place, shared.place_name))


def _row(shared: Desk, number: int, place: Place, event: Event) -> None:
    present = place.place_id == event.place.place_id
    away = float(km(event.place.lon, event.place.lat, place.lon, place.lat))
    how = words_review.PRESENT if present else words_review.DISTANCE.format(km=away)
    chosen = deciding.pending()
    with st.container(horizontal=True, vertical_alignment="center", key=f"rv_row_{number}"):
        st.button(
            words_review.CHOOSE, key=f"rv_candidate_{number}", shortcut=str(number), on_click=deciding.pend,
            args=(place,),
            type="primary" if chosen is not None and chosen.place_id == place.place_id else "secondary",
        )  # fmt: skip
        st.text(f"{label(shared, place)}\n{words.LEVEL_SHORT[place.level]} · {how}", width="stretch")


def _search(shared: Desk) -> None:
    asked = st.text_input(words_review.SEARCH, key="rv_search", help=words_review.SEARCH_HELP).strip()
    if not asked:
        st.session_state.pop("rv_found", None)
        return
    found = {c.place.place_id: c.place for c in service.find(shared, asked, limit=MOST)}
    if not found:
        st.text(words.NO_PLACE)
        return

    def take() -> None:
        place = found[st.session_state["rv_search_pick"]]
        st.session_state["rv_found"] = place
        deciding.pend(place)

    st.selectbox(
        words_review.SEARCH, list(found), index=None, key="rv_search_pick", label_visibility="collapsed",
        on_change=take, format_func=lambda place_id: label(shared, found[place_id]),
    )  # fmt: skip


def _map(found: Sequence[Place], event: Event) -> None:
    chosen = deciding.pending()
    by_hand = chosen if chosen is not None and chosen.place_id.startswith("hand:") else None
    number = next((n for n, p in enumerate(found, start=1) if chosen and p.place_id == chosen.place_id), 0)
    told = st_folium(
        pick.pick_map(),
        key="pick",
        height=pick.HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=pick.shown(
            pick.PickState(
                marks=pick.marks(found),
                chosen=number,
                hand=(by_hand.lon, by_hand.lat) if by_hand else None,
                view=_view(event),
                dark=st.context.theme.type == "dark",
            )
        ),
    )
    if _heard(session.news(told), found, event):
        st.rerun()


def _view(event: Event) -> int:
    """A number for what the map should fit: another event, or another place that was looked up."""
    searched: Place | None = st.session_state.get("rv_found")
    return crc32(f"{event.event_id} {searched.place_id if searched else ''}".encode())


def _heard(news: dict[str, Any], found: Sequence[Place], event: Event) -> bool:
    if isinstance(number := news.get("candidate"), int) and 1 <= number <= len(found):
        deciding.pend(found[number - 1])
        return True
    if isinstance(mark := news.get("mark"), list):
        _move(float(mark[0]), float(mark[1]), event)
        return True
    return False


def _by_hand(event: Event) -> None:
    chosen = deciding.pending() or event.place
    with st.popover(words_review.BY_HAND, key="rv_hand"), st.form("rv_hand_form", border=False):
        left, middle, right = st.columns(3)
        lon = left.number_input(words_review.LON, -180.0, 180.0, chosen.lon, format="%.5f")
        lat = middle.number_input(words_review.LAT, -90.0, 90.0, chosen.lat, format="%.5f")
        radius = right.number_input(words_review.RADIUS, 0.1, 2000.0, HAND_KM)
        if st.form_submit_button(words_review.USE_MARK):
            _move(lon, lat, event, radius_km=radius)
            st.rerun()


def _move(lon: float, lat: float, event: Event, *, radius_km: float = HAND_KM) -> None:
    deciding.pend(moved(event.place, lon, lat, radius_km=radius_km))


def moved(place: Place, lon: float, lat: float, *, radius_km: float = HAND_KM) -> Place:
    """A place whose mark was moved by hand; how it lies in others is known only while it stays near."""
    lon, lat = round(lon, 5), round(lat, 5)  # a metre: a click is no finer
    near = float(km(place.lon, place.lat, lon, lat)) <= NEARBY_KM
    there = replace(
        place, place_id=f"hand:{lon:.5f},{lat:.5f}", level="point", lon=lon, lat=lat, radius_km=radius_km,
        population=None,
    )  # fmt: skip
    return there if near else replace(there, country=None, admin1=None, admin2=None, parents=())


# --- how far it reaches ----------------------------------------------------------------------------------------------


def _reach(task: Task | None, event: Event) -> None:
    """The scope of the choice, a preview of what it changes, and the button that does it."""
    usual = "outlet" if task is not None and task.kind == "name" else "event"
    scopes = list(words_review.SCOPES)
    scope = st.radio(
        words_review.SCOPE, scopes, index=scopes.index(usual), horizontal=True, key="rv_scope",
        format_func=words_review.SCOPES.get,
    )  # fmt: skip
    place = deciding.pending()
    if place is None:
        st.text(words_review.CHOOSE_FIRST)
        return
    change = preview(event, place, scope)
    _told(change, place)
    with st.container(horizontal=True, vertical_alignment="center", key="rv_apply_bar"):
        st.button(
            words_review.APPLY, key="rv_apply", shortcut=words_review.KEYS["apply"], type="primary", on_click=_apply,
            args=(event, place, change),
        )  # fmt: skip
        st.checkbox(words_review.AND_ACCEPT, value=True, key="rv_accept")


def preview(event: Event, place: Place, scope: str) -> Change:
    """What a place would change, for this event alone or for its name within a scope."""
    first = event.claims[0]
    held = desk().store.standing(
        inbox.spellings(first.mentions[0].text), scope=_scope(scope if scope != "event" else "everywhere", event)
    )
    if scope != "event":
        return inbox.preview(held, place, but=event.event_id)
    own = [s for s in held if s.event_id == event.event_id]
    told = {s.claim_id for s in own}
    rest = [c for c in event.claims if c.claim_id not in told]
    change = inbox.preview(own, place, but=event.event_id)
    claim_ids = (*change.claim_ids, *(c.claim_id for c in rest))
    reports = len({c.report_id for c in event.claims})
    return replace(change, claims=len(claim_ids), claim_ids=claim_ids, events=(event.event_id,), reports=reports)


def _scope(scope: str, event: Event) -> tuple[Any, ...]:
    if scope == "report":
        return ("report", event.claims[0].report_id)
    if scope == "outlet":
        return ("outlet", desk().store.report(event.claims[0].report_id).report.source)
    return ("everywhere",)


def _told(change: Change, place: Place) -> None:
    lines = [
        words_review.PREVIEW.format(
            moved=change.moved, claims=change.claims, reports=change.reports, place=plain(place.name),
            events=len(change.events),
        )
    ]  # fmt: skip
    lines += [words_review.PREVIEW_FROM.format(n=n, place=plain(p.name)) for p, n in change.places[:4]]
    if change.reopened:
        lines.append(words_review.PREVIEW_REOPENED.format(n=change.reopened))
    if change.left_alone:
        lines.append(words_review.PREVIEW_LEFT.format(n=change.left_alone))
    st.text("\n".join(lines))


def _apply(event: Event, place: Place, change: Change) -> None:
    """Put the place in, and accept the event that was looked at where that was asked for."""
    accept, why = bool(st.session_state.get("rv_accept")), deciding.why()
    alone = change.events == (event.event_id,)
    done = deciding.decide(
        action="correct", event_ids=change.events, claim_ids=change.claim_ids, place=place,
        accept=accept and alone, why=why,
    )  # fmt: skip
    if done and accept and not alone:
        done = deciding.decide(action="accept", claim_ids=(event.claims[0].claim_id,), why=why)
    if done:
        deciding.follow()
