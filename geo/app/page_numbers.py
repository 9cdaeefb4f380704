"""The page of what is missing: mentions set aside by reason, reports without events, days without reports."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from geo import claims
from geo.app import words
from geo.app.desk import desk
from geo.app.tell import span_told
from geo.escape import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    empty = shared.store.without_events(limit=MOST)
    told: dict[str, list[Any]] = {
        words.ADD_REPORT_DAY: [r.published_day for r in empty],
        words.ADD_REPORT_TITLE: [plain(r.title) for r in empty],
        words.ADD_REPORT_OUTLET: [plain(r.source or "") for r in empty],
    }
    _table(words.NUMBERS_EMPTY, told)


def _table(title: str, told: Mapping[str, list[Any]], bar: str | None = None) -> None:
    """A table under its title, the column `bar` as bars; a word in its place where nothing is missing."""
    st.html(f"<h3 class='dl-title'>{title}</h3>")
    shown = pd.DataFrame(told)
    if not len(shown):
        st.text(words.NOTHING_MISSING)
        return
    config = {bar: st.column_config.ProgressColumn(format="localized", max_value=int(shown[bar].max()))} if bar else {}
    st.dataframe(shown, hide_index=True, column_config=config, height="auto" if len(shown) < 14 else 460)


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
