"""The door: who may see the pages at all; a sign-in button for strangers, a sign-out button for those who came in."""

from __future__ import annotations

import streamlit as st

from geo.app import access, words_review
from geo.escape import plain


def stay() -> None:
    """At the start of a fragment, which runs without the page around it: back to the door if the identity has ended."""
    if not access.visitor().may("read"):
        st.rerun()


def visitor() -> access.Visitor | None:
    """Who is here; None, with a word about it on the page, where nobody is who may look."""
    if not access.signs_in():
        return access.local()
    somebody = access.visitor()
    if somebody.role is not None:
        with st.sidebar:
            st.text(plain(somebody.name))
            st.button(words_review.SIGN_OUT, on_click=st.logout, key="sign_out")
        return somebody
    if somebody.name:
        st.text(words_review.NO_ROLE.format(name=plain(somebody.name)))
        st.button(words_review.SIGN_OUT, on_click=st.logout, key="sign_out")
    else:
        st.text(words_review.EXPIRED if st.user.is_logged_in else words_review.SIGN_IN)
        st.button(words_review.SIGN_IN_BUTTON, on_click=st.login, key="sign_in", type="primary")
    return None
