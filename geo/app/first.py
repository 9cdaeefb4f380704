"""The first page that Streamlit runs: sets the page up and hands over to the one that was chosen."""

from __future__ import annotations

import streamlit as st

from geo.app import (
    enter,
    page_add,
    page_map,
    page_numbers,
    page_online,
    page_projects,
    page_review,
    service,
    session,
    style,
    words,
    words_online,
    words_review,
)
from geo.app.desk import desk


def main() -> None:
    """Run the chosen page."""
    st.set_page_config(page_title=words.TITLE, layout="wide", initial_sidebar_state="auto")
    st.html(f"<style>{style.css(dark=st.context.theme.type == 'dark')}</style>")
    somebody = enter.visitor()
    if somebody is None:
        return
    page_projects.arrive()
    pages = [st.Page(page_map.page, title=words.PAGE_MAP, url_path="map", default=True)]
    if somebody.may("review"):
        pages += [
            st.Page(page_review.page, title=words_review.PAGE, url_path="review"),
            st.Page(page_add.page, title=words.PAGE_ADD, url_path="add"),
        ]
    pages.append(st.Page(page_numbers.page, title=words.PAGE_NUMBERS, url_path="missing"))
    if somebody.may("admin"):
        pages.append(st.Page(page_online.page, title=words_online.PAGE, url_path="online"))
    pages.append(st.Page(page_projects.page, title=page_projects.title(), url_path="projects"))
    chosen = st.navigation(pages, position="top")
    above = st.container()
    if chosen is not pages[0]:
        session.away(chosen.url_path)
    chosen.run()
    with above:  # last, for the page itself may have asked the service
        service.tell(desk())


main()
