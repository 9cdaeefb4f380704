"""The same events as a table: in an order, a page at a time, in chosen columns; a row opens its event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import streamlit as st

from geo.app import enter, session, words
from geo.app.desk import desk
from geo.escape import plain
from geo.export.page import country_names

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from geo.index import Index

PAGE_ROWS: Final = 100


@st.fragment
def draw() -> None:
    """The list of the selection, below the map; it is drawn when it is opened, as it costs more than the map does."""
    enter.stay()
    shared = desk()
    wanted = session.looking().filter
    rows = shared.rows(wanted)
    box = st.expander(words.LIST.format(n=f"{len(rows):,}"), key=session.still("list"), on_change="rerun")
    if not box.open or not len(rows):
        return
    with box, st.container(horizontal=True, vertical_alignment="bottom", key="list_bar"):
        orders = [name for name in words.ORDERS if wanted.words or name != "best"]
        order = st.selectbox(words.ORDER, orders, format_func=lambda o: words.ORDERS[o], key="list_order", width=200)
        pages = -(-len(rows) // PAGE_ROWS)
        label = words.PAGE.format(n=f"{pages:,}")
        number = st.number_input(label, 1, pages, key="list_page", width=130) if pages > 1 else 1
        chosen = st.multiselect(
            words.CHOOSE_COLUMNS, list(words.COLUMNS), default=list(words.COLUMNS)[:8],
            format_func=lambda c: words.COLUMNS[c], key="list_columns",
        )  # fmt: skip
    rows = shared.best_first(rows, wanted.words) if order == "best" else ordered(shared.index, rows, order)
    part = rows[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    with box:
        pick(shared.index.listing(part), f"list_{order}_{number}", chosen or ["type", "place"])


def ordered(index: Index, rows: NDArray[np.int32], order: str) -> NDArray[np.int32]:
    """Rows, which ascend by day, in an order of `words.ORDERS`: the newest, surest or most reported first.

    Events without days come last by day. What is equal stays in the order of days, the newest first.
    """
    without = len(rows) - index.undated(rows)
    newest = np.concatenate([rows[:without][::-1], rows[without:]])
    if order == "newest":
        return newest
    if order == "oldest":
        return rows
    by = {"sure": "confidence", "told": "reports"}[order]
    return newest[np.argsort(-index.told(by, newest).astype(float), kind="stable")]


def pick(listing: pd.DataFrame, key: str, columns: list[str]) -> None:
    """A table, a click on whose row opens its event; the arrow keys go from event to event."""
    key = f"{key}~{st.session_state.get('lists', 0)}"  # once its event is left, a row can be clicked again
    picked = st.dataframe(
        shown(listing, columns),
        key=key,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-cell",
        column_config=_columns(),
        height="auto" if len(listing) < 12 else 420,
    )
    cells = picked["selection"]["cells"]
    row = cells[0][0] if cells else None
    before: dict[str, int | None] = st.session_state.get("picked", {})
    if row == before.get(key):
        return
    st.session_state["picked"] = {**before, key: row}
    if row is None or row >= len(listing):
        return
    session.open_event(str(listing["event_id"].iloc[row]), listed=True)
    st.rerun()


def shown(listing: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The columns of a listing in words; what is not known is left empty."""
    told = listing[columns].copy()
    for column, known in (
        ("type", words.TYPES),
        ("level", words.LEVEL_SHORT),
        ("status", words.STATUS_WORDS),
        ("country", country_names()),
    ):
        if column in told:
            told[column] = told[column].map(lambda v, known=known: known.get(v, v or ""))
    for column in ("place", "admin1"):
        if column in told:
            told[column] = told[column].map(lambda v: plain(v) if isinstance(v, str) else "")
    if "confidence" in told:
        told["confidence"] = told["confidence"].round(2)
    return told


def _columns() -> dict[str, Any]:
    config: dict[str, Any] = dict(words.COLUMNS)
    sure = words.COLUMNS["confidence"]
    config["confidence"] = st.column_config.ProgressColumn(sure, min_value=0, max_value=1, format="percent")
    for day in ("first_day", "last_day"):
        config[day] = st.column_config.DateColumn(words.COLUMNS[day], format="YYYY-MM-DD")
    return config
