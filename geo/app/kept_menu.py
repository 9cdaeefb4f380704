"""The menu of named views: open one and see what is new in it, keep this one, forget one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from geo.app import access, kept, session, words
from geo.escape import label

if TYPE_CHECKING:
    from pathlib import Path

    from geo.app.desk import Desk
    from geo.app.kept import Kept


def menu(shared: Desk) -> None:
    """The views in a popover; what is new in each is counted when it is opened."""
    box = st.popover(words.VIEWS, type="tertiary", key="views", on_change="rerun")
    if not box.open:
        return
    file = kept.file_in(shared.settings.home, shared.settings.project)
    who = access.visitor().name
    with box:
        mine = kept.views(file, who)
        if not mine:
            st.text(words.VIEWS_NONE)
        for number, view in enumerate(mine):
            _one(shared, file, who, view, number)
        _keep(shared, file, who)


def _one(shared: Desk, file: Path, who: str, view: Kept, number: int) -> None:
    new = len(shared.new(view.looking.filter, view.version))
    told = words.VIEW_NEW.format(name=view.name, n=f"{new:,}") if new else view.name
    with st.container(horizontal=True, vertical_alignment="center", key=f"view_{number}"):
        when = words.VIEW_LOOKED.format(when=f"{view.looked:%Y-%m-%d %H:%M} UTC")
        st.button(label(told), key=f"view_open_{number}", on_click=_open, args=(shared, file, who, view), help=when)
        st.button(words.VIEW_DROP, key=f"view_drop_{number}", on_click=kept.drop, args=(file, who, view.name))


def _open(shared: Desk, file: Path, who: str, view: Kept) -> None:
    """Look at a view again, with what has come since at hand; from now on it counts as looked at."""
    there = view.looking
    new = len(shared.new(there.filter, view.version))
    session.jump(replace(there, since=view.version if new else None))
    kept.keep(file, who, view.name, there, shared.version)


def _keep(shared: Desk, file: Path, who: str) -> None:
    key = "view_name"

    def take() -> None:
        kept.keep(file, who, st.session_state[key], session.looking(), shared.version)
        st.session_state[key] = ""

    st.text_input(words.VIEW_NAME, key=key, max_chars=kept.LONGEST, placeholder=words.VIEW_NAME_HINT)
    st.button(words.VIEW_KEEP, key="view_keep", on_click=take)
