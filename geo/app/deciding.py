"""One reviewer's session: what is looked at, and the way from a button to the store, the role checked each time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from geo import inbox
from geo.app import access
from geo.app.desk import desk
from geo.errors import DatelineError, NotFound
from geo.escape import plain
from geo.store import Decision

if TYPE_CHECKING:
    from geo.inbox import Task
    from geo.records import Event, Place
    from geo.store import Store


def tasks() -> list[Task]:
    """The inbox as the store stands now, those put off last."""
    shared = desk()
    known = st.session_state.get("review_tasks")
    if known is None or known[0] != shared.version:
        store = shared.store
        known = (shared.version, inbox.order(store.doubts(), store.unreviewed(around=inbox.THRESHOLDS)))
        st.session_state["review_tasks"] = known
    off: set[tuple[str, str]] = st.session_state.setdefault("review_put_off", set())
    return sorted(known[1], key=lambda task: (task.name, task.event_id) in off)


def current() -> tuple[Task | None, Event | None]:
    """The task that is chosen (the first unless another was), and its event; an event opened by its id has no task."""
    listed = tasks()
    chosen = st.session_state.get("review_chosen")
    task = next((t for t in listed if (t.name, t.event_id) == chosen), None)
    opened = chosen[1] if chosen and task is None else None
    if task is None and opened is None and listed:
        task = listed[0]
    event_id = task.event_id if task else opened
    if event_id is None:
        return None, None
    try:
        return task, desk().store.event(event_id)
    except NotFound:
        return task, None


def choose(task: Task) -> None:
    """Look at a task."""
    st.session_state["review_chosen"] = (task.name, task.event_id)
    forget()


def open_event(event_id: str) -> None:
    """Look at an event, whether it waits for a decision or not."""
    st.session_state["review_chosen"] = ("", event_id)
    forget()


def put_off(task: Task | None, event: Event | None) -> None:
    """Look at the next task; this one, or those that ask about this event, come last."""
    off = [task] if task else [t for t in tasks() if event and t.event_id == event.event_id]
    st.session_state.setdefault("review_put_off", set()).update((t.name, t.event_id) for t in off)
    follow()


def follow() -> None:
    """Look at whatever is first in the inbox."""
    st.session_state.pop("review_chosen", None)
    forget()


def forget() -> None:
    """Forget what was chosen and typed for the event before."""
    for key in [k for k in st.session_state if str(k).startswith("rv_")]:
        del st.session_state[key]


def pending() -> Place | None:
    """The place that is chosen and not yet applied."""
    found: Place | None = st.session_state.get("rv_place")
    return found


def pend(place: Place) -> None:
    """Choose a place, to be applied."""
    st.session_state["rv_place"] = place


def attempt(work: Callable[[Store, str], Any], *, role: access.Role = "review") -> bool:
    """Do something in the store in the name of who is here, who must have the role; whether it went well."""
    shared = desk()
    try:
        work(shared.store, access.require(role).name)
    except (DatelineError, ValueError) as error:
        st.session_state["review_trouble"] = str(error)
        return False
    finally:
        shared.refresh()
    return True


def decide(**given: Any) -> bool:
    """Carry one decision out; whether it went well."""
    return attempt(lambda store, who: store.review(Decision(who=who, **given)))


def trouble() -> None:
    """Say what went wrong last, or what was done, once; in a slot that is always there, or all below it would move."""
    with st.container(key="review_notice"):
        for kind in ("trouble", "said"):
            if said := st.session_state.pop(f"review_{kind}", ""):
                with st.container(border=True, key=f"review_{kind}_box"):
                    st.text(plain(said))


def why() -> str:
    """What the reviewer typed as a reason."""
    return str(st.session_state.get("rv_why", "")).strip()
