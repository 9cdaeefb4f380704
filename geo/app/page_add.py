"""The page to add reports: files, a folder's files, or pasted words; progress, and what came of it."""

from __future__ import annotations

import json
from datetime import date
from typing import Final

import streamlit as st

from geo.app import access, page_map, progress, words
from geo.app.desk import Desk, desk
from geo.app.state import Looking, to_query
from geo.app.work import Job, Upload
from geo.filters import Filter
from geo.readers import READERS

KINDS: Final = sorted({suffix.lstrip(".") for suffix in READERS})


def page() -> None:
    """Draw the page."""
    access.require("review")
    shared = desk()
    shared.refresh()
    st.subheader(words.ADD_TITLE)
    busy = shared.job is not None and not shared.job.progress.over
    with st.form("add", clear_on_submit=True, enter_to_submit=False):
        left, right = st.columns(2)
        files = left.file_uploader(words.ADD_FILES, accept_multiple_files=True, type=KINDS, help=words.ADD_FILES_HELP)
        folder = right.file_uploader(
            words.ADD_FOLDER, accept_multiple_files="directory", type=KINDS, help=words.ADD_FOLDER_HELP
        )
        uploads = [Upload(f.name, f.getvalue()) for f in (*files, *folder)] + _pasted()
        started = st.form_submit_button(words.ADD_START, disabled=busy, type="primary")
    if started:
        _start(shared, uploads)
    if shared.job is not None and not shared.job.progress.over:
        progress.watch(shared)
    else:
        progress.outcome(shared)
        _way_to_new(shared)


def _start(shared: Desk, uploads: list[Upload]) -> None:
    if not uploads:
        st.warning(words.ADD_NOTHING)
    elif shared.job is not None and not shared.job.progress.over:
        st.warning(words.ADD_BUSY)
    else:
        shared.job = Job(shared.settings, uploads, since=shared.version)


def _way_to_new(shared: Desk) -> None:
    """A link to the map that lists what the last job brought, where that is anything."""
    job = shared.job
    if job is None or not job.progress.over:
        return
    written = progress.written(shared, job)
    listed = shared.new(Filter(), job.since)  # without what is hidden until asked for
    n = sum(shared.index.event_id(row) in written for row in listed)
    if not n:
        return
    query = to_query(Looking(since=job.since))
    the_map = st.Page(page_map.page, title=words.PAGE_MAP, default=True)
    with st.container(key="way_to_new"):
        st.page_link(the_map, label=words.ADD_SHOW.format(n=n), query_params={k: v for k, [v] in query.items()})


def _pasted() -> list[Upload]:
    """The pasted report as a file of one row, none where nothing was pasted."""
    st.text(words.ADD_PASTE)
    title = st.text_input(words.ADD_REPORT_TITLE, key="paste_title")
    left, middle, right = st.columns(3)
    day: date | None = left.date_input(words.ADD_REPORT_DAY, value=None, format="YYYY-MM-DD", key="paste_day")
    outlet = middle.text_input(words.ADD_REPORT_OUTLET, key="paste_outlet")
    url = right.text_input(words.ADD_REPORT_URL, key="paste_url")
    text = st.text_area(words.ADD_REPORT_TEXT, height=220, key="paste_text")
    if not (text or "").strip():
        return []
    row = {"title": title, "text": text, "published": day.isoformat() if day else "", "source": outlet, "url": url}
    return [Upload("pasted.jsonl", json.dumps(row).encode())]
