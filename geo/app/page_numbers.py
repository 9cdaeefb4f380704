"""The page of what is missing: mentions set aside by reason, reports without events, days without reports."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import streamlit as st

from geo import claims
from geo.app import panel, words
from geo.app.desk import desk
from geo.app.tell import report_called, span_told
from geo.escape import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo.app.desk import Desk

MOST = 2000  # reports listed
MOST_SPANS = 200  # of days without reports


def page() -> None:
    """Draw the page."""
    shared = desk()
    shared.refresh()
    counts = shared.counts()
    st.subheader(words.NUMBERS_TITLE)
    aside = sum(counts.skipped.values())
    st.text(words.SUM.format(mentions=f"{counts.mentions:,}", told=f"{counts.in_claims:,}", aside=f"{aside:,}"))
    left, right = st.columns(2, gap="large")
    with left:
        _table(words.NUMBERS_ASIDE, reasons(counts.skipped), words.COUNT)
    with right:
        _table(words.NUMBERS_DAYS, spans(gaps(shared.store.published_days())), words.DAYS)
    _empty(shared)


def _empty(shared: Desk) -> None:
    """The reports without events, and the one that was chosen of them."""
    empty = shared.store.without_events(limit=MOST)
    told: dict[str, list[Any]] = {
        words.ADD_REPORT_DAY: [r.published_day.isoformat() if r.published_day else "" for r in empty],
        words.ADD_REPORT_TITLE: [plain(report_called(r)) for r in empty],
        words.ADD_REPORT_OUTLET: [plain(r.source or "") for r in empty],
    }
    left, right = st.columns(2, gap="large")
    with left:  # a row chosen of a list that has changed since is another report: the choice ends with the list
        chosen = _table(words.NUMBERS_EMPTY, told, key=f"empty_{shared.version}")
    with right:
        if chosen is not None and chosen < len(empty):
            st.html(panel.report_html(shared.store.report(empty[chosen].report_id), shared.place_name))
        elif empty:
            st.text(words.NUMBERS_CHOOSE)


def _table(title: str, told: Mapping[str, list[Any]], bar: str | None = None, *, key: str | None = None) -> int | None:
    """A table under its title, the column `bar` as bars; a word in its place where nothing is missing.

    With a key a row of it can be chosen: its number comes back.
    """
    st.html(f"<h3 class='dl-title'>{title}</h3>")
    shown = pd.DataFrame(told)
    if not len(shown):
        st.text(words.NOTHING_MISSING)
        return None
    config = {bar: st.column_config.ProgressColumn(format="localized", max_value=int(shown[bar].max()))} if bar else {}
    height: Literal["auto"] | int = "auto" if len(shown) < 14 else 460
    if key is None:
        st.dataframe(shown, hide_index=True, column_config=config, height=height)
        return None
    picked = st.dataframe(
        shown, hide_index=True, height=height, key=key, on_select="rerun", selection_mode="single-row"
    )
    return next(iter(picked["selection"]["rows"]), None)


def reasons(skipped: Mapping[str, int]) -> dict[str, list[Any]]:
    """Why mentions were set aside, the most frequent reason first, as columns."""
    ordered = sorted(skipped.items(), key=lambda item: -item[1])
    return {words.REASON: [claims.SKIP_REASONS.get(r, r) for r, _ in ordered], words.COUNT: [n for _, n in ordered]}


def gaps(days: Iterable[date]) -> list[tuple[date, date]]:
    """The spans of days without any report, longest first.

    >>> gaps([date(2022, 11, 1), date(2022, 11, 4)])
    [(datetime.date(2022, 11, 2), datetime.date(2022, 11, 3))]
    """
    one = timedelta(days=1)
    found = [(a + one, b - one) for a, b in pairwise(sorted(set(days))) if b - a > one]
    return sorted(found, key=lambda span: span[0] - span[1])


def spans(found: list[tuple[date, date]]) -> dict[str, list[Any]]:
    """Spans of days as columns: in words, and how many days."""
    shown = found[:MOST_SPANS]
    return {words.SPAN: [span_told(*span) for span in shown], words.DAYS: [(b - a).days + 1 for a, b in shown]}
