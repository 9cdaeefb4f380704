"""Sources under review: where outlets are at home, their reports read again, replaced by newer versions, or erased."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import available_timezones

import pandas as pd
import streamlit as st

from geo import settings as settings_
from geo import standard
from geo.app import access, deciding, progress, words, words_review
from geo.app.desk import Desk, opened
from geo.app.review_place import label
from geo.app.tell import report_called
from geo.app.work import Again, Job
from geo.escape import plain
from geo.outlets import Outlet
from geo.records import Query

if TYPE_CHECKING:
    from geo.records import Place, Report
    from geo.store import Store

MOST: Final = 200  # reports listed


def draw(shared: Desk) -> None:
    """Draw what can be said of an outlet, and done with a report."""
    left, right = st.columns([1, 2], gap="large")
    with left:
        _outlets(shared)
        st.divider()
        _teaching(shared)
    with right:
        _reports(shared)


# --- outlets ---------------------------------------------------------------------------------------------------------


def _outlets(shared: Desk) -> None:
    st.subheader(words_review.OUTLETS, help=words_review.OUTLETS_HELP)
    told = {outlet.name: (outlet, many) for outlet, many in shared.store.outlets()}
    name = st.selectbox(
        words_review.OUTLET, list(told), index=None, key="ro_outlet",
        format_func=lambda n: plain(words_review.OUTLET_LINE.format(name=n, n=told[n][1])),
    )  # fmt: skip
    if name is None:
        return
    outlet = told[name][0]
    asked = st.text_input(words_review.HOME, outlet.home.name if outlet.home else "", key=f"ro_home_{name}").strip()
    found: dict[str, Place] = {outlet.home.place_id: outlet.home} if outlet.home and asked == outlet.home.name else {}
    if asked:
        listed = shared.gazetteer.candidates([Query(name=asked[:80], limit=8)])[0]
        found |= {c.place.place_id: c.place for c in listed}
    with st.form(f"ro_form_{name}", border=False):
        home = st.selectbox(words_review.ADD_PLACE, list(found), format_func=lambda p: label(shared, found[p]))
        language = st.text_input(words_review.LANGUAGE, outlet.language or "", max_chars=2).strip().lower()
        zone = st.selectbox(words_review.ZONE, zones(), index=zones().index(outlet.zone) if outlet.zone else None)
        why = st.text_input(words_review.WHY)
        if st.form_submit_button(words_review.SAY):
            _say({"name": name, "home": found.get(home or ""), "language": language or None, "zone": zone}, why)
    _again(shared, name)


def _say(told: dict[str, Any], why: str) -> None:
    if deciding.attempt(lambda store, who: store.say_of_outlet(Outlet(**told), who=who, why=why)):
        st.session_state["review_said"] = words_review.SAID
    st.rerun()


def _again(shared: Desk, name: str) -> None:
    """How many reports were read before something was said of the outlet, and a button that reads them again."""
    job = shared.job
    busy = job is not None and not job.progress.over
    if busy:
        progress.watch(shared)
    elif job is not None and job.again is not None and job.again.outlet == name:
        progress.outcome(shared)
    if before := len(shared.store.outdated(name)):
        st.text(words_review.OUTDATED.format(n=f"{before:,}"))
        st.button(
            words_review.AGAIN, key="ro_again", help=words_review.AGAIN_HELP, disabled=busy, on_click=_read_again,
            args=(shared, name),
        )  # fmt: skip


def _read_again(shared: Desk, name: str) -> None:
    def start(_store: Store, who: str) -> None:
        if shared.job is None or shared.job.progress.over:
            shared.job = Job(shared.settings, again=Again(name, who))

    deciding.attempt(start)


# --- what people decided, as evidence ---------------------------------------------------------------------------------


def _teaching(shared: Desk) -> None:
    """A switch for what people decided to weigh later, and what that is."""
    may = access.visitor().may("admin")
    on = shared.settings.learn_from_review
    st.session_state["rt_teach"] = on
    st.toggle(
        words_review.TEACH, key="rt_teach", disabled=not may, on_change=_teach, args=(shared,),
        help=words_review.TEACH_HELP if may else words_review.TEACH_ADMIN,
    )  # fmt: skip
    told = Counter((d.name, d.outlet or words.NO_OUTLET, d.place.name) for d in shared.store.decided())
    outlets = len({outlet for _, outlet, _ in told})
    st.text((words_review.TAUGHT if on else words_review.UNTAUGHT).format(n=f"{len(told):,}", outlets=outlets))
    if told:
        listed = [(*map(plain, names), times) for names, times in told.most_common(MOST)]
        st.dataframe(pd.DataFrame(listed, columns=list(words_review.TAUGHT_COLUMNS.values())), hide_index=True)


def _teach(shared: Desk) -> None:
    wanted = bool(st.session_state["rt_teach"])

    def switch(_store: Store, _who: str) -> None:
        settings_.keep_value(shared.settings.home, "learn_from_review", value=wanted)
        for one in opened():
            one.settings = replace(one.settings, learn_from_review=wanted)

    deciding.attempt(switch, role="admin")


@cache
def zones() -> list[str]:
    """The names of all time zones, UTC first."""
    return ["UTC", *sorted(available_timezones() - {"UTC"})]


# --- reports ---------------------------------------------------------------------------------------------------------


def _reports(shared: Desk) -> None:
    st.subheader(words_review.REPORTS)
    asked = st.text_input(words_review.REPORT_SEARCH, key="rs_words", help=words_review.REPORT_SEARCH_HELP).strip()
    found = shared.store.search(asked[:200], limit=MOST) if asked else shared.store.reports(limit=MOST)
    told = {r.report_id: r for r in found if r.text or r.title}
    if newer := st.session_state.pop("rs_newer", None):  # goes on being looked at in its newer version
        st.session_state["rs_report"] = newer if newer in told else None
    chosen = st.selectbox(
        words_review.REPORT, list(told), index=None, key="rs_report", format_func=lambda i: _title(told[i])
    )
    report = told.get(chosen or "")
    if report is None:
        st.text(words_review.REPORT_HELP)
        return
    _newer(shared, report)
    _erase(report)


def _title(report: Report) -> str:
    day = report.published_day.isoformat() if report.published_day else words_review.UNDATED
    return plain(f"{day} · {report.source or words.NO_OUTLET} · {report_called(report)}")


def _newer(shared: Desk, report: Report) -> None:
    with st.form(f"rs_newer_{report.report_id}", border=True):
        st.text(words_review.REPLACE_HELP)
        title = st.text_input(words_review.ADD_TITLE, report.title)
        text = st.text_area(words_review.REPORT_TEXT, report.text, height=320)
        why = st.text_input(words_review.WHY)
        if st.form_submit_button(words_review.REPLACE) and text.strip():
            newer = replace(report, title=title.strip(), text=text)

            def put(store: Store, who: str) -> None:
                st.session_state["rs_newer"] = put_newer(shared, store, newer, who=who, why=why)

            if deciding.attempt(put):
                st.session_state["review_said"] = words_review.REPLACED
            st.rerun()


def put_newer(shared: Desk, store: Store, newer: Report, *, who: str, why: str) -> str:
    """Read a newer version of a report and put it in the place of the older one; its id."""
    (extraction,) = standard.pipeline(shared.settings, store=store).extract([newer])
    return store.replace(newer.report_id, extraction, who=who, why=why)


def _erase(report: Report) -> None:
    if not access.visitor().may("admin"):
        st.text(words_review.ERASE_ADMIN)
        return
    with st.form(f"rs_erase_{report.report_id}", border=True):
        st.text(words_review.ERASE_HELP)
        why = st.text_input(words_review.WHY)
        sure = st.checkbox(words_review.ERASE_SURE)
        asked = st.form_submit_button(words_review.ERASE)
        if asked and not sure:
            st.text(words_review.ERASE_UNSURE)
        elif asked:
            if deciding.attempt(lambda store, who: store.erase(report.report_id, who=who, why=why), role="admin"):
                st.session_state["review_said"] = words_review.ERASED_DONE
            st.rerun()
