"""Taking away: the current selection as a file, made when it is asked for."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from geo import export, standard
from geo.app import words, words_review
from geo.errors import NotFound

if TYPE_CHECKING:
    from geo.app.desk import Desk
    from geo.filters import Filter
    from geo.records import Report

FORMATS: Final = {
    ".geojson": "application/geo+json",
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".gpkg": "application/geopackage+sqlite3",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".html": "text/html",
}


def menu(shared: Desk, wanted: Filter, number: int) -> None:
    """A button for each format, in a popover; the file is made on the click."""
    box = st.popover(words.TAKE, type="tertiary", key="take", on_change="rerun")
    if not box.open:
        return
    with box:
        st.text(words.TAKE_HELP.format(n=f"{number:,}"))
        public = st.checkbox(words_review.TAKE_PUBLIC, key="take_public", help=words_review.TAKE_PUBLIC_HELP)
        for suffix, mime in FORMATS.items():
            st.download_button(
                words.TAKE_AS[suffix],
                data=partial(made, shared, wanted, suffix, public=public),
                file_name=f"dateline{suffix}",
                mime=mime,
                key=f"take_{suffix}",
                on_click="ignore",
            )


def made(shared: Desk, wanted: Filter, suffix: str, *, public: bool = False) -> bytes:
    """The selection as the bytes of a file of this kind; for the public only what the settings and people let out."""
    gate = standard.publish(shared.settings, shared.store) if public else None
    events = shared.store.load(wanted)
    reports = _reports(shared, {r for ids in events["reports"] for r in ids}) if suffix == ".html" else {}
    with tempfile.TemporaryDirectory(prefix="dateline-") as folder:
        path = Path(folder) / f"dateline{suffix}"
        export.write(events, path, reports=reports, publish=gate)
        return path.read_bytes()


def _reports(shared: Desk, report_ids: set[str]) -> dict[str, Report]:
    found = {}
    for report_id in report_ids:
        try:
            found[report_id] = shared.store.report(report_id).report
        except NotFound:  # an event that came with a table has no report here
            continue
    return found
