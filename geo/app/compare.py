"""Two periods compared: which other days, how many events in each, and the widgets that choose them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from geo.app import session, words
from geo.app.state import Looking
from geo.app.tell import span_told

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.filters import Filter

Days = tuple[date, date]


def before(days: Days) -> Days:
    """As many days, directly before.

    >>> before((date(2022, 11, 1), date(2022, 11, 30)))
    (datetime.date(2022, 10, 2), datetime.date(2022, 10, 31))
    """
    first, last = days
    return first - (last - first) - timedelta(days=1), first - timedelta(days=1)


def year_before(days: Days) -> Days:
    """The same days a year before; 29 February becomes 28 February.

    >>> year_before((date(2024, 2, 29), date(2024, 3, 1)))
    (datetime.date(2023, 2, 28), datetime.date(2023, 3, 1))
    """
    first, last = (d.replace(year=d.year - 1, day=28 if (d.month, d.day) == (2, 29) else d.day) for d in days)
    return first, last


def other(looking: Looking) -> Filter | None:
    """The filter to compare with: the same but for its days; None where nothing is compared."""
    if looking.against is None or _days(looking) is None:
        return None
    first, last = looking.against
    return replace(looking.filter, first_day=first, last_day=last, undated=False)


def _days(looking: Looking) -> Days | None:
    first, last = looking.filter.first_day, looking.filter.last_day
    return (first, last) if first and last else None


def menu() -> None:
    """The widgets, in a popover; without days that are chosen there is nothing to compare yet."""
    looking = session.looking()
    box = st.popover(words.COMPARE, type="tertiary", key="compare", on_change="rerun")
    if not box.open:
        return
    with box:
        days = _days(looking)
        if days is None:
            st.text(words.COMPARE_FIRST)
            return
        st.text(words.COMPARE_NOW.format(days=span_told(*days)))
        _preset(words.COMPARE_BEFORE, "before", before, days)
        _preset(words.COMPARE_YEAR, "year", year_before, days)
        _own(looking)
        if looking.against:
            st.button(words.COMPARE_STOP, key="compare_stop", on_click=session.look, kwargs={"against": None})


def _preset(label: str, key: str, made: Callable[[Days], Days], days: Days) -> None:
    try:
        there = made(days)
    except (OverflowError, ValueError):  # before the year 1
        return
    text = f"{label}: {span_told(*there)}"
    st.button(text, key=f"compare_{key}", on_click=session.look, kwargs={"against": there})


def _own(looking: Looking) -> None:
    """Any other days; half a range is none yet."""
    key = session.filled("compare_own", looking.against or (), unfinished=lambda days: len(days) == 1)

    def take() -> None:
        told = st.session_state[key]
        if len(told) == 2:
            session.look(against=(told[0], told[1]))

    st.date_input(
        words.COMPARE_OWN, list(looking.against or ()), key=key, min_value=date.min, max_value=date.max,
        format="YYYY-MM-DD", on_change=take,
    )  # fmt: skip
