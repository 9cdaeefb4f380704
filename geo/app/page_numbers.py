"""The page of what is missing: mentions set aside by reason, reports without events, days without reports."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo import claims
from geo.app import words
from geo.app.desk import Desk, desk
from geo.app.tell import span_told
from geo.escape import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

MOST = 2000  # reports listed


def page() -> None:
    """Draw the page."""
    shared = desk()
    shared.refresh()
    st.subheader(words.NUMBERS_TITLE)
    counts = shared.counts()
    aside = sum(counts.skipped.values())
    st.text(words.SUM.format(mentions=f"{counts.mentions:,}", told=f"{counts.in_claims:,}", aside=f"{aside:,}"))
    st.subheader(words.NUMBERS_ASIDE)
    reasons = sorted(counts.skipped.items(), key=lambda item: -item[1])
    st.dataframe(
        pd.DataFrame(
            {words.REASON: [claims.SKIP_REASONS.get(r, r) for r, _ in reasons], words.COUNT: [n for _, n in reasons]}
        ),
        hide_index=True,
    )
    _reports(shared)


def _reports(shared: Desk) -> None:
    reports = shared.store.reports(limit=MOST)
    with_events = {r for ids in shared.store.load()["reports"] for r in ids}
    st.subheader(words.NUMBERS_EMPTY)
    empty = [r for r in reports if r.report_id not in with_events]
    st.dataframe(
        pd.DataFrame(
            {
                words.ADD_REPORT_DAY: [r.published_day for r in empty],
                words.ADD_REPORT_TITLE: [plain(r.title) for r in empty],
                words.ADD_REPORT_OUTLET: [plain(r.source or "") for r in empty],
            }
        ),
        hide_index=True,
    )
    st.subheader(words.NUMBERS_DAYS)
    for first, last in gaps([r.published_day for r in reports if r.published_day])[:50]:
        st.text(span_told(first, last))


def gaps(days: Sequence[date]) -> list[tuple[date, date]]:
    """The spans of days without any report, longest first.

    >>> from datetime import date
    >>> gaps([date(2022, 11, 1), date(2022, 11, 4)])
    [(datetime.date(2022, 11, 2), datetime.date(2022, 11, 3))]
    """
    known = sorted(set(days))
    one = timedelta(days=1)
    found = [(a + one, b - one) for a, b in pairwise(known) if b - a > one]
    return sorted(found, key=lambda span: span[0] - span[1])
