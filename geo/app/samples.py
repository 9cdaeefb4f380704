"""The first start: the sample reports are read into an empty store, with progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo import standard
from geo.app import progress, words
from geo.app.work import Job

if TYPE_CHECKING:
    from geo.app.desk import Desk


def offer(shared: Desk) -> bool:
    """Where the store is empty: read the sample reports, or say how to begin; whether the page has nothing else yet."""
    if len(shared.index):
        return False
    if shared.job is None and shared.settings.samples and standard.SAMPLES.exists() and shared.version == 0:
        shared.job = Job(shared.settings, paths=[standard.SAMPLES], since=shared.version)
    if shared.job is None or shared.job.progress.over:
        st.info(words.EMPTY)
        return True
    st.subheader(words.SAMPLES)
    return True


def bar(shared: Desk) -> None:
    """The progress of what is being read, where anything is; in a slot that is always there, or the map would move."""
    with st.container(key="reading"):
        if shared.job is not None and not shared.job.progress.over:
            progress.watch(shared)
