"""The review page: the inbox, one event with its sentence, and every decision a key away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from geo.app import (
    access,
    deciding,
    review_aside,
    review_log,
    review_parts,
    review_place,
    review_sources,
    words,
    words_review,
)
from geo.app.desk import Desk, desk
from geo.app.page_map import event_html
from geo.escape import plain
from geo.evaluate import reviews

if TYPE_CHECKING:
    from geo.inbox import Task
    from geo.records import Event

HEIGHT = 700  # pixels of the panel
ROWS = 200  # of the inbox


def page() -> None:
    """Draw the page."""
    access.require("review")
    shared = desk()
    shared.refresh()
    _arrive()
    view = st.segmented_control(
        words_review.TITLE, list(words_review.VIEWS), key="review_view", default="decide", required=True,
        format_func=words_review.VIEWS.__getitem__, label_visibility="hidden",
    )  # fmt: skip
    drawn = {
        "aside": review_aside.draw,
        "add": review_parts.add,
        "reports": review_sources.draw,
        "log": review_log.draw,
        "score": _scorecard,
    }
    if view in drawn:
        deciding.trouble()
        drawn[view](shared)
    else:
        _decisions(shared)


def _decisions(shared: Desk) -> None:
    """The inbox and one event, with the decisions on it."""
    task, event = deciding.current()
    _bar(task, event)
    deciding.trouble()
    with st.container(key="review_desk"):
        left, right = st.columns([1.2, 3], gap="medium")
    with left, st.container(key="inbox_list"):
        _inbox(task)
    with right:
        if event is None:
            st.text(words_review.EMPTY if task is None else words_review.GONE)
        else:
            _event(shared, task, event)


def _arrive() -> None:
    """Open the event that a link names, once."""
    asked = st.query_params.get("event")
    if asked and st.session_state.get("review_asked") != asked:
        st.session_state["review_asked"] = asked
        deciding.open_event(asked)


# --- the bar of decisions --------------------------------------------------------------------------------------------


def _bar(task: Task | None, event: Event | None) -> None:
    none = event is None
    with st.container(horizontal=True, vertical_alignment="bottom", key="review_bar"):
        for action, name in (("accept", words_review.ACCEPT), ("dispute", words_review.DISPUTE)):
            _button(action, name, disabled=none, args=(event, action))
        _button("reject", words_review.REJECT, disabled=none, args=(event, "reject"))
        fresh = event is None or event.status == "unreviewed"
        _button("reopen", words_review.REOPEN, disabled=fresh, args=(event, "reopen"))
        key = words_review.KEYS["next"]
        st.button(words_review.NEXT, key="review_next", shortcut=key, on_click=deciding.put_off, args=(task, event))
        for action, name in (("undo", words_review.UNDO), ("redo", words_review.REDO)):
            st.button(name, key=f"review_{action}", shortcut=words_review.KEYS[action], on_click=_back, args=(action,))
        st.selectbox(words_review.REJECT_WHY, words_review.REASONS, key="review_reason", width=190)
        st.text_input(words_review.WHY, key="rv_why", width=280)
        _button("note", words_review.NOTE, disabled=none, args=(event, "note"))


def _button(action: str, name: str, *, disabled: bool, args: tuple[Event | None, str]) -> None:
    st.button(
        name,
        key=f"review_{action}",
        shortcut=words_review.KEYS[action],
        type="primary" if action == "accept" else "secondary",
        disabled=disabled,
        on_click=_decide,
        args=args,
    )


def _decide(event: Event, action: str) -> None:
    why = deciding.why()
    if action == "reject":
        why = f"{st.session_state['review_reason']}{': ' + why if why else ''}"
    if not deciding.decide(action=action, event_ids=(event.event_id,), why=why):
        return
    if action in ("accept", "reject"):
        deciding.follow()
    else:
        deciding.open_event(event.event_id)


def _back(action: str) -> None:
    deciding.attempt(lambda store, who: getattr(store, action)(who=who))


# --- the inbox -------------------------------------------------------------------------------------------------------


def _inbox(task: Task | None) -> None:
    listed = deciding.tasks()
    st.subheader(words_review.INBOX.format(n=f"{len(listed):,}"), help=words_review.INBOX_HELP)
    if not listed:
        st.text(words_review.EMPTY)
        return
    shown = listed[:ROWS]
    picked = st.dataframe(
        _table(shown),
        key=f"inbox_{desk().version}",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        height=HEIGHT,
        column_config=_columns(),
    )
    rows, was = picked["selection"]["rows"], st.session_state.get("inbox_was")
    st.session_state["inbox_was"] = rows
    if rows and rows != was and rows[0] < len(shown) and shown[rows[0]] != task:
        deciding.choose(shown[rows[0]])
        st.rerun()


def _columns() -> dict[str, Any]:
    gain = st.column_config.NumberColumn(words_review.COLUMNS["gain"], format="%.1f", help=words_review.GAIN_HELP)
    return {**words_review.COLUMNS, "gain": gain}


def _table(shown: list[Task]) -> pd.DataFrame:
    index = desk().index
    rows = [row for t in shown if (row := index.row_of_id(t.event_id)) is not None]
    listing = index.listing(np.array(rows, np.int32))
    columns = zip(listing["event_id"], listing["type"], listing["place"], strict=True)
    titles = {event_id: f"{words.TYPES[kind]}, {place}" for event_id, kind, place in columns}
    return pd.DataFrame(
        {
            "what": [
                plain(words_review.NAME_TASK.format(name=t.name) if t.kind == "name" else titles.get(t.event_id, ""))
                for t in shown
            ],
            "times": [t.mentions for t in shown],
            "gain": [t.gain for t in shown],
            "where": [plain(t.outlet or "") for t in shown],
        }
    )


def _scorecard(shared: Desk) -> None:
    st.text(words_review.SCORECARD_HELP)
    card = reviews.scorecard(shared.store)
    if not card:
        st.text(words_review.SCORE_EMPTY)
    named = {"type": words.TYPES, "level": words.LEVEL_SHORT}
    columns = {
        "by": [words_review.SCORE_BY[line.by] for line in card],
        "group": [plain(named.get(line.by, {}).get(line.group, line.group)) for line in card],
        "part": [words_review.SCORE_PARTS[line.part] for line in card],
        "n": [line.decided for line in card],
        "share": [100 * line.share for line in card],
        "low": [100 * line.low for line in card],
        "high": [100 * line.high for line in card],
    }
    names = words_review.SCORE_COLUMNS
    config: dict[str, Any] = {c: names[c] for c in ("by", "group", "part", "n")}
    for column in ("share", "low", "high"):
        config[column] = st.column_config.NumberColumn(names[column], format="%.0f %%")
    st.dataframe(pd.DataFrame(columns), hide_index=True, column_config=config, key="scorecard", height=HEIGHT)


# --- one event -------------------------------------------------------------------------------------------------------


def _event(shared: Desk, task: Task | None, event: Event) -> None:
    st.text(_asked(task, event))
    panel, work = st.columns([1, 1.2], gap="small")
    with panel, st.container(height=HEIGHT, key="review_panel"):
        st.html(event_html(shared, event))
    with work:
        names = (
            words_review.PLACE, words_review.FIELDS, words_review.MERGE_SPLIT, words_review.PUBLISH,
            words_review.HISTORY,
        )  # fmt: skip
        place, fields, merging, publishing, log = st.tabs(names)
        with place:
            review_place.draw(shared, task, event)
        with fields:
            review_parts.fields(event)
        with merging:
            review_parts.merge_split(shared, event)
        with publishing:
            review_parts.publishing(shared, event)
        with log:
            review_parts.log(shared, event)


def _asked(task: Task | None, event: Event) -> str:
    if task is not None and task.kind == "name":
        return words_review.ASKED_NAME.format(
            name=plain(task.name), mentions=task.mentions, reports=task.reports,
            outlet=plain(task.outlet or words_review.ALL_OUTLETS),
        )  # fmt: skip
    if event.status == "unreviewed":
        return words_review.ASKED_EVENT.format(confidence=event.confidence)
    return words.STATUS_WORDS[event.status]
