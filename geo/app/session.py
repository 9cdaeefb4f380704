"""One session's state: kept between reruns, read from the address, written back to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.app.desk import CHOSEN
from geo.app.state import Looking, Steps, from_query, to_query
from geo.filters import Filter

if TYPE_CHECKING:
    from collections.abc import Callable

_NOTHING: Final = object()


def looking() -> Looking:
    """What this session looks at now."""
    found: Looking = st.session_state.setdefault("looking", Looking())
    return found


def steps() -> Steps:
    """The session's steps for undo and redo."""
    found: Steps = st.session_state.setdefault("steps", Steps())
    return found


def arrive(page: str) -> None:
    """At the start of a run of the map's page: take over the address if somebody changed it (a link, the back button).

    An address that is not ours may also be an old one: what was done since then counts for more.
    """
    told = _address()
    moved = st.session_state.get("page") != page
    st.session_state["page"] = page
    if moved:
        st.session_state.pop("drawn", None)  # the map is loaded anew
    ours = st.session_state.get("url")
    if told == ours or acted() or (moved and not told and ours is not None):
        return
    st.session_state["looking"] = from_query(told)
    st.session_state["url"] = told
    if (view := looking().view) is not None:
        go(view)


def begin() -> None:
    """Once a run of the whole page knows what it is to show."""
    st.session_state["shown"] = _shown()


def outdated() -> bool:
    """In a run of a part of the page: whether the rest shows another filter, or a row as chosen that was left."""
    return bool(_shown() != st.session_state.get("shown", _shown()))


def _shown() -> tuple[Filter, int]:
    return looking().filter, st.session_state.get("lists", 0)


def away(page: str) -> None:
    """At the start of a run of another page: its address says nothing of what the map looks at."""
    st.session_state["page"] = page


def leave() -> None:
    """Once nothing can change in a run: write what is looked at into the address."""
    st.session_state["left"] = looking()
    query = to_query(looking())
    if CHOSEN in st.session_state:
        query[CHOSEN] = [st.session_state[CHOSEN]]
    st.session_state["url"] = query
    if query != _address():
        st.query_params.from_dict(query)


def acted() -> bool:
    """Whether something else is looked at than when a run was last left: the act of which this run is the first."""
    return bool(looking() != st.session_state.get("left", looking()))


def _address() -> dict[str, list[str]]:
    return {key: st.query_params.get_all(key) for key in st.query_params}


def look(**changed: Any) -> None:
    """Look at the same in another way: `against`, `follow`, `since`; the filter stays."""
    st.session_state["looking"] = replace(looking(), **changed)


def jump(there: Looking) -> None:
    """Look at something else altogether, as if its link had been opened; the filter that was left can be undone."""
    st.session_state["steps"] = steps().took(looking().filter)
    st.session_state["looking"] = there
    if there.view is not None:
        go(there.view)


def narrow(wanted: Filter) -> None:
    """Look at another filter: one step, that can be undone."""
    now = looking()
    if wanted == now.filter:
        return
    st.session_state["steps"] = steps().took(now.filter)
    st.session_state["looking"] = replace(now, filter=wanted)


def reset() -> None:
    """Take all narrowings away, and the comparison with them."""
    narrow(Filter())
    look(against=None)


def narrow_by(**changed: Any) -> None:
    """Change some fields of the filter; a range of days that runs backwards is turned round."""
    now = looking().filter
    told = {"first_day": now.first_day, "last_day": now.last_day, **changed}
    if told["first_day"] and told["last_day"] and told["first_day"] > told["last_day"]:
        told["first_day"], told["last_day"] = told["last_day"], told["first_day"]
    narrow(replace(now, **told))


def undo() -> None:
    """Go back one step."""
    if steps().past:
        wanted, st.session_state["steps"] = steps().undone(looking().filter)
        st.session_state["looking"] = replace(looking(), filter=wanted)


def redo() -> None:
    """Go forward one step."""
    if steps().future:
        wanted, st.session_state["steps"] = steps().redone(looking().filter)
        st.session_state["looking"] = replace(looking(), filter=wanted)


def open_event(event_id: str | None, *, listed: bool = False) -> None:
    """Open an event's panel, or close it; `listed` says that a row of a list was clicked for it."""
    if not listed and st.session_state.pop("picked", None):  # or the same row could not be clicked again
        st.session_state["lists"] = st.session_state.get("lists", 0) + 1
    st.session_state["looking"] = replace(looking(), event=event_id)
    st.session_state.pop("spot", None)


def go(view: tuple[float, float, int]) -> None:
    """Make the map go to lon, lat, zoom."""
    st.session_state["looking"] = replace(looking(), view=view)
    st.session_state["go"] = (*view, st.session_state.get("go", (0, 0, 0, 0))[3] + 1)


def filled(name: str, value: Any, *, unfinished: Callable[[Any], bool] = lambda _: False) -> str:
    """The key of a widget that starts with a value: the same while it holds it, another once it was changed elsewhere.

    With every act a browser says what all widgets hold, as it has drawn them. What it says before it has drawn a value
    that was changed elsewhere is out of date: said of the key of before, it is not heard. A widget whose choice is
    still `unfinished` is left alone. Give the widget the value as its default, in every run: a run that is broken off
    may not have reached the browser, and what is put into the session's state is sent only once.
    """
    editions: dict[str, int] = st.session_state.setdefault("editions", {})
    edition = editions.get(name, -1)
    held = st.session_state.get(_key(name, edition), _NOTHING)
    if held is _NOTHING or (held != value and not unfinished(held)):
        editions[name] = edition = edition + 1
    return _key(name, edition)


def still(key: str) -> str:
    """The key of a box that can be opened, which stays open under another label: Streamlit takes it for another box."""
    if key in st.session_state:
        st.session_state[key] = st.session_state[key]
    return key


def _key(name: str, edition: int) -> str:
    return f"{name}~{edition}" if edition else name


def overhear(told: dict[str, Any] | None) -> None:
    """What a map says that a session finds when it begins was said to the one before: the server was started anew."""
    if "seen" not in st.session_state:
        news(told)


def news(told: dict[str, Any] | None) -> dict[str, Any]:
    """What the map says that it had not said before, by kind: each saying has a nonce."""
    seen: dict[str, int] = st.session_state.setdefault("seen", {})
    fresh = {}
    for kind, said in (told or {}).items():
        if isinstance(said, dict) and isinstance(said.get("nonce"), int) and said["nonce"] > seen.get(kind, 0):
            seen[kind] = said["nonce"]
            fresh[kind] = said.get("value")
    return fresh
