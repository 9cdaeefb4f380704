"""One session's state: kept between reruns, read from the address, written back to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from geo.app.state import Looking, Steps, from_query, to_query

if TYPE_CHECKING:
    from geo.filters import Filter


def looking() -> Looking:
    """What this session looks at now."""
    found: Looking = st.session_state.setdefault("looking", Looking())
    return found


def steps() -> Steps:
    """The session's steps for undo and redo."""
    found: Steps = st.session_state.setdefault("steps", Steps())
    return found


def arrive(page: str) -> None:
    """At the start of a run: take over what the address says if somebody changed it (a link, the back button)."""
    told = {key: st.query_params.get_all(key) for key in st.query_params}
    moved = st.session_state.get("page") != page
    st.session_state["page"] = page
    if told == st.session_state.get("url") or (moved and not told and "url" in st.session_state):
        return
    st.session_state["looking"] = from_query(told)
    st.session_state["url"] = told
    if (view := looking().view) is not None:
        go(view)
    forget_widgets()


def leave() -> None:
    """At the end of a run: write what is looked at into the address."""
    query = to_query(looking())
    if query != st.session_state.get("url"):
        st.session_state["url"] = query
        st.query_params.from_dict(query)


def look(**changed: Any) -> None:
    """Look at the same in another way: `against`, `follow`, `since`; the filter stays."""
    st.session_state["looking"] = replace(looking(), **changed)
    if "against" in changed:
        st.session_state.pop("filter_against", None)


def jump(there: Looking) -> None:
    """Look at something else altogether, as if its link had been opened; the filter that was left can be undone."""
    st.session_state["steps"] = steps().took(looking().filter)
    st.session_state["looking"] = there
    if there.view is not None:
        go(there.view)
    forget_widgets()


def narrow(wanted: Filter, *, by_widget: bool = False) -> None:
    """Look at another filter: one step, that can be undone.

    `by_widget` says that its own widget shows it already; the others are left alone, as somebody may be typing there.
    """
    now = looking()
    if wanted == now.filter:
        return
    st.session_state["steps"] = steps().took(now.filter)
    st.session_state["looking"] = replace(now, filter=wanted)
    if not by_widget:
        forget_widgets()


def narrow_by(*, by_widget: bool = False, **changed: Any) -> None:
    """Change some fields of the filter; a range of days that runs backwards is turned round."""
    now = looking().filter
    told = {"first_day": now.first_day, "last_day": now.last_day, **changed}
    if told["first_day"] and told["last_day"] and told["first_day"] > told["last_day"]:
        told["first_day"], told["last_day"] = told["last_day"], told["first_day"]
        by_widget = False
    narrow(replace(looking().filter, **told), by_widget=by_widget)


def undo() -> None:
    """Go back one step."""
    if steps().past:
        wanted, st.session_state["steps"] = steps().undone(looking().filter)
        st.session_state["looking"] = replace(looking(), filter=wanted)
        forget_widgets()


def redo() -> None:
    """Go forward one step."""
    if steps().future:
        wanted, st.session_state["steps"] = steps().redone(looking().filter)
        st.session_state["looking"] = replace(looking(), filter=wanted)
        forget_widgets()


def open_event(event_id: str | None) -> None:
    """Open an event's panel, or close it."""
    st.session_state["looking"] = replace(looking(), event=event_id)
    st.session_state.pop("spot", None)


def go(view: tuple[float, float, int]) -> None:
    """Make the map go to lon, lat, zoom."""
    st.session_state["looking"] = replace(looking(), view=view)
    st.session_state["go"] = (*view, st.session_state.get("go", (0, 0, 0, 0))[3] + 1)


def forget_widgets() -> None:
    """Let every filter's widget be filled from the filter again."""
    for key in [k for k in st.session_state if str(k).startswith("filter_")]:
        del st.session_state[key]


def news(told: dict[str, Any] | None) -> dict[str, Any]:
    """What the map says that it had not said before, by kind: each saying has a nonce."""
    seen: dict[str, int] = st.session_state.setdefault("seen", {})
    fresh = {}
    for kind, said in (told or {}).items():
        if isinstance(said, dict) and isinstance(said.get("nonce"), int) and said["nonce"] > seen.get(kind, 0):
            seen[kind] = said["nonce"]
            fresh[kind] = said.get("value")
    return fresh
