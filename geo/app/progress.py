"""How far the reading of new reports is: a bar that names the stage and the report, and can be stopped."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import streamlit as st

from geo.app import access, enter, words
from geo.app.desk import desk
from geo.escape import plain
from geo.filters import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.app.desk import Desk
    from geo.app.work import Job, Progress

NAME_LENGTH = 80
CALM_S = 4.0  # between two runs of the page while the store grows: each draws all that is on it


def stage_told(progress: Progress) -> str:
    """The stage in words, with the report that is being read."""
    name = plain(progress.report)
    name = name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1] + "…"
    return words.ADD_STAGES[progress.stage].format(
        done=progress.done + 1, total=progress.total, report=name, error=plain(progress.error)
    )


def watch(shared: Desk) -> None:
    """Show the progress every second; run the page again at the first events, then now and again, and at the end."""
    st.session_state["grown"] = (shared.version, time.monotonic())
    _watch()


@st.fragment(run_every=1.0)
def _watch() -> None:
    enter.stay()
    shared = desk()
    job = shared.job
    if job is None:
        return
    over = job.progress.over  # asked first: what was written before that is taken in now
    version, since = st.session_state.get("grown", (shared.version, 0.0))  # gone where the project was changed
    calm = CALM_S if version else 0.0
    if over or (shared.refresh() != version and time.monotonic() - since >= calm):
        st.rerun()
    st.progress(job.progress.share)
    with st.container(horizontal=True, vertical_alignment="center", key="progress_bar"):
        st.text(stage_told(job.progress))
        if access.visitor().may("review"):
            st.button(words.ADD_CANCEL, on_click=_stop, key="stop_job")


def _stop() -> None:
    """Stop what is being read, keeping what is done."""
    access.require("review")
    if (job := desk().job) is not None:
        job.stop()


def outcome(shared: Desk) -> None:
    """What came of the last job, once it is over; of one that did not come to its end, how far it came."""
    job = shared.job
    if job is None or not job.progress.over:
        return
    progress = job.progress
    if progress.stage != "done":
        st.text(stage_told(progress))
    if "changed" in progress.result:
        st.text(words.AGAIN_RESULT.format(**progress.result))
    elif "read" in progress.result:
        _added(progress.result, len(written(shared, job)))


def _added(result: Mapping[str, Any], changed: int) -> None:
    """The account of a job that added reports, and what was refused."""
    told = {name: f"{result[name]:,}" for name in ("read", "new", "skipped")}
    refused = result["refused"]
    st.text(words.ADD_RESULT.format(**told, changed=f"{changed:,}", refused=f"{len(refused):,}"))
    if refused:
        with st.expander(words.ADD_REFUSED, key="refused"):
            for line in refused[:200]:
                st.text(plain(line))


def written(shared: Desk, job: Job) -> frozenset[str]:
    """The events that a job made or changed; told once for all when it has ended, as people change some after it."""
    if job.wrote is not None:
        return job.wrote
    shared.refresh()
    found = frozenset(shared.index.event_id(row) for row in shared.new(EVERYTHING, job.since))
    if job.ended:
        job.wrote = found
    return found
