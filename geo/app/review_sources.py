"""Sources under review: a report replaced by a newer version, or erased with all its words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo import standard
from geo.app import access, deciding, words, words_review
from geo.app.desk import Desk
from geo.escape import plain

if TYPE_CHECKING:
    from geo.records import Report

MOST: Final = 200  # reports listed


def draw(shared: Desk) -> None:
    """Draw the choice of a report and what can be done with it."""
    st.subheader(words_review.REPORTS)
    asked = st.text_input(words_review.REPORT_SEARCH, key="rs_words", help=words_review.REPORT_SEARCH_HELP).strip()
    found = shared.store.search(asked[:200], limit=MOST) if asked else shared.store.reports(limit=MOST)
    told = {r.report_id: r for r in found if r.text or r.title}
    chosen = st.selectbox(
        words_review.REPORT, list(told), index=None, key="rs_report", format_func=lambda i: _title(told[i])
    )
    report = told.get(chosen or "")
    if report is None:
        st.text(words_review.REPORT_HELP)
        return
    left, right = st.columns([2, 1], gap="large")
    with left:
        _newer(shared, report)
    with right:
        _erase(report)


def _title(report: Report) -> str:
    day = report.published_day.isoformat() if report.published_day else words_review.UNDATED
    return plain(f"{day} · {report.source or words.NO_OUTLET} · {report.title or report.text[:80]}")


def _newer(shared: Desk, report: Report) -> None:
    with st.form(f"rs_newer_{report.report_id}", border=True):
        st.text(words_review.REPLACE_HELP)
        title = st.text_input(words_review.ADD_TITLE, report.title)
        text = st.text_area(words_review.REPORT_TEXT, report.text, height=320)
        why = st.text_input(words_review.WHY)
        if st.form_submit_button(words_review.REPLACE) and text.strip():
            newer = replace(report, title=title.strip(), text=text)
            if deciding.attempt(lambda store, who: put_newer(shared, store, newer, who=who, why=why)):
                st.session_state["review_said"] = words_review.REPLACED
            st.rerun()


def put_newer(shared: Desk, store: Any, newer: Report, *, who: str, why: str) -> str:
    """Read a newer version of a report and put it in the place of the older one; its id."""
    (extraction,) = standard.pipeline(shared.settings, store=store).extract([newer])
    told: str = store.replace(newer.report_id, extraction, who=who, why=why)
    return told


def _erase(report: Report) -> None:
    if not access.visitor().may("admin"):
        st.text(words_review.ERASE_ADMIN)
        return
    with st.form(f"rs_erase_{report.report_id}", border=True):
        st.text(words_review.ERASE_HELP)
        why = st.text_input(words_review.WHY)
        sure = st.checkbox(words_review.ERASE_SURE)
        if st.form_submit_button(words_review.ERASE) and sure:
            if deciding.attempt(lambda store, who: store.erase(report.report_id, who=who, why=why), role="admin"):
                st.session_state["review_said"] = words_review.ERASED_DONE
            st.rerun()
