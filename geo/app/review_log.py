"""The whole review log, latest first, each change to be taken back; and what the store believed at a past moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from geo.app import deciding, history, words, words_review
from geo.app.desk import Desk
from geo.escape import plain
from geo.store.review import LASTING

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.store import Entry

PAGE: Final = 25  # entries shown at first, and more each time
_COMPARED: Final = ["place_id", "first_day", "last_day", "type", "modality", "status", "report_count"]
_LISTED: Final = ["first_day", "type", "place", "status", "confidence", "quote"]


def draw(shared: Desk) -> None:
    """Draw the log beside the question what was believed when."""
    left, right = st.columns([1.2, 1], gap="large")
    with left:
        st.subheader(words_review.LOG)
        _entries(shared)
    with right:
        st.subheader(words_review.AS_OF)
        _as_of(shared)


# --- the log ---------------------------------------------------------------------------------------------------------


def _entries(shared: Desk) -> None:
    limit: int = st.session_state.setdefault("log_limit", PAGE)
    told = shared.store.log(limit=limit + 1)
    if not told:
        st.text(words_review.LOG_EMPTY)
    standing = still(told)
    for entry in told[:limit]:
        _entry(entry, stands=entry.seq in standing)
    if len(told) > limit:
        st.button(words_review.OLDER, key="log_older", on_click=_older)


def _older() -> None:
    st.session_state["log_limit"] += PAGE


def still(told: list[Entry]) -> set[int]:
    """The numbers of those entries (latest first, none left out) that no later one takes back."""
    gone: set[int] = set()
    for entry in told:
        if entry.undoes is not None and entry.seq not in gone:
            gone.add(entry.undoes)
    return {entry.seq for entry in told} - gone


def _entry(entry: Entry, *, stands: bool) -> None:
    head, *rest = history.entry_told(entry)
    with st.container(border=True):
        left, right = st.columns([5, 1], vertical_alignment="top")
        left.text("\n".join([f"{words_review.ENTRY.format(n=entry.seq)} · {head}", *(f"    {line}" for line in rest)]))
        if entry.action in LASTING or entry.changes is None:
            right.text(words_review.LASTING)
        elif not stands:
            right.text(words_review.TAKEN_BACK)
        elif entry.action == "undo":
            right.button(words_review.DO_AGAIN, key=f"log_{entry.seq}", on_click=_again, args=(entry.undoes,))
        else:
            right.button(words_review.TAKE_BACK, key=f"log_{entry.seq}", on_click=_back, args=(entry.seq,))


def _back(seq: int) -> None:
    deciding.attempt(lambda store, who: store.undo(seq, who=who))


def _again(seq: int | None) -> None:
    deciding.attempt(lambda store, who: store.redo(seq, who=who))


# --- a past moment ---------------------------------------------------------------------------------------------------


def _as_of(shared: Desk) -> None:
    left, right = st.columns(2)
    day: date | None = left.date_input(words_review.AS_OF_DAY, None, format="YYYY-MM-DD", key="as_of_day")
    hour: time = right.time_input(words_review.AS_OF_TIME, time(0, 0), step=300, key="as_of_time")
    if day is None:
        st.text(words_review.AS_OF_HELP)
        return
    then = shared.store.as_of(datetime.combine(day, hour, UTC))
    gone, changed, new = differences(then, shared.store.load())
    st.text(words_review.AS_OF_SUM.format(n=len(then), gone=len(gone), changed=len(changed), new=len(new)))
    st.dataframe(_listing(then, gone, changed), hide_index=True, key="as_of_events", height=460)


def differences(then: gpd.GeoDataFrame, now: gpd.GeoDataFrame) -> tuple[set[str], set[str], set[str]]:
    """The event_ids that are gone since, that say something else now, and that are new."""
    told = {row[0]: row[1:] for row in then[["event_id", *_COMPARED]].astype(str).itertuples(index=False)}
    today = {row[0]: row[1:] for row in now[["event_id", *_COMPARED]].astype(str).itertuples(index=False)}
    changed = {event_id for event_id in told.keys() & today.keys() if told[event_id] != today[event_id]}
    return set(told.keys() - today.keys()), changed, set(today.keys() - told.keys())


def _listing(then: gpd.GeoDataFrame, gone: set[str], changed: set[str]) -> pd.DataFrame:
    names = words_review.AS_OF_COLUMNS
    told: dict[str, Any] = {names[name]: then[name] for name in _LISTED}
    told[names["type"]] = [words.TYPES[kind] for kind in then["type"]]
    told[names["status"]] = [words.STATUS_WORDS[status] for status in then["status"]]
    told[names["first_day"]] = then["first_day"].dt.strftime("%Y-%m-%d").fillna("")  # an empty day would show as None
    for name in ("place", "quote"):
        told[names[name]] = [plain(value) for value in then[name]]
    since = {**dict.fromkeys(changed, words_review.SINCE_CHANGED), **dict.fromkeys(gone, words_review.SINCE_GONE)}
    told[names["since"]] = [since.get(event_id, "") for event_id in then["event_id"]]
    return pd.DataFrame(told)
