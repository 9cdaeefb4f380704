"""The page of projects: which case this session works in, and a new one."""

from __future__ import annotations

from typing import Final

import streamlit as st

from geo import settings as settings_
from geo import standard
from geo.app import access, words
from geo.app.desk import CHOSEN, desk
from geo.errors import DatelineError
from geo.escape import label, plain

_STAYS: Final = "seen"  # what the map has said already, which it goes on saying


def page() -> None:
    """Draw the page."""
    access.require("read")
    here = desk().settings
    st.subheader(words.PROJECTS)
    st.text(words.PROJECTS_HELP)
    with st.container(key="project_notice"):
        if said := st.session_state.pop("project_said", ""):
            st.text(plain(said))
    listed = standard.projects(here)
    picked, named = f"project_picked_{here.project}", f"project_name_{here.project}"  # a move empties both
    with st.container(width=520):
        with st.form("project_form", border=False):
            st.selectbox(words.PROJECT, listed, index=listed.index(here.project), format_func=plain, key=picked)
            st.form_submit_button(
                words.PROJECT_OPEN, on_click=_open, args=(picked,), key="project_open", type="primary"
            )
        if access.visitor().may("admin") and not standard.is_one_file(here):
            with st.form("project_new_form", border=False):
                st.text_input(words.PROJECT_NEW, key=named, help=words.PROJECT_NEW_HELP)
                st.form_submit_button(words.PROJECT_MAKE, on_click=_make, args=(named,), key="project_make")


def title() -> str:
    """The title of the page: where it is not the usual one, the project that this session works in."""
    here = st.session_state.get(CHOSEN)
    return words.PROJECT_HERE.format(name=label(here)) if here else words.PROJECTS


def arrive() -> None:
    """At the start of a run: work in the project that the address names, if there is one of that name."""
    asked = st.query_params.get(CHOSEN)
    if not asked:
        return
    here = desk().settings
    if asked != here.project and asked in standard.projects(here):
        move(asked)


def move(name: str) -> None:
    """Work in a project from now on; what this session looked at in the one before is forgotten."""
    for key in [k for k in st.session_state if k != _STAYS]:
        del st.session_state[key]
    if name != settings_.load().project:
        st.session_state[CHOSEN] = name


def _open(picked: str) -> None:
    access.require("read")
    name = st.session_state[picked]
    if name in standard.projects(desk().settings):
        _try(name)


def _make(named: str) -> None:
    access.require("admin")
    _try(st.session_state[named].strip())


def _try(name: str) -> None:
    """Open a project, made if there is none, and say how that went."""
    try:
        settings_.load(project=name)  # says what is no name; "" would be this session's project
        desk(name)
    except DatelineError as error:
        st.session_state["project_said"] = str(error)
        return
    move(name)
    st.query_params.clear()
    st.session_state["project_said"] = words.PROJECT_OPENED.format(name=name)
