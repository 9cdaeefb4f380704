"""One session's state: what the address says is taken over, what is done can be undone, the map is heard once."""

from datetime import date

import pytest
import streamlit as st

from geo.app import session
from geo.app.state import Looking, to_query
from geo.filters import Filter


class Address(dict):
    """The page's address, as Streamlit gives it."""

    def get_all(self, key):
        return self[key]

    def from_dict(self, query):
        self.clear()
        self.update(query)


@pytest.fixture
def address(monkeypatch):
    made = Address()
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "query_params", made)
    return made


def test_a_link_is_taken_over_with_its_view_and_written_back_unchanged(address):
    address.update(to_query(Looking(filter=Filter(types=("strike",)), view=(31.5, 48.0, 6), event="e1")))
    before = dict(address)
    session.arrive("map")
    assert session.looking().filter.types == ("strike",)
    assert st.session_state["go"] == (31.5, 48.0, 6, 1)
    session.leave()
    assert address == before


def test_an_address_that_did_not_change_leaves_what_was_done_since(address):
    session.arrive("map")
    session.narrow(Filter(words="shells"))
    session.arrive("map")
    assert session.looking().filter.words == "shells"
    session.leave()
    assert address == {"q": ["shells"]}


def test_coming_from_another_page_without_an_address_keeps_what_was_looked_at(address):
    session.arrive("map")
    session.narrow(Filter(words="shells"))
    session.leave()
    address.clear()
    session.away("add")
    session.arrive("map")
    assert session.looking().filter.words == "shells"
    session.leave()
    assert address == {"q": ["shells"]}


def test_the_back_button_brings_the_filter_before(address):
    session.arrive("map")
    session.leave()
    session.narrow(Filter(words="shells"))
    session.leave()
    address.clear()  # what the browser's back button does
    session.arrive("map")
    assert session.looking().filter == Filter()


def test_two_acts_in_quick_succession_both_count_though_the_browser_still_told_the_address_before(address):
    session.arrive("map")
    session.leave()
    session.narrow(Filter(words="shells"))
    session.leave()
    address.clear()  # the browser had not taken the new address over yet when
    session.narrow_by(types=("strike",))  # the next act was done
    session.arrive("map")
    assert session.looking().filter == Filter(words="shells", types=("strike",))
    session.leave()
    assert address == {"q": ["shells"], "type": ["strike"]}


def test_a_step_can_be_undone_and_redone(address):
    session.narrow(Filter(words="shells"))
    session.undo()
    assert session.looking().filter == Filter()
    session.redo()
    assert session.looking().filter.words == "shells"
    session.redo()
    session.undo()
    session.undo()
    assert session.looking().filter == Filter()


def test_a_widget_is_left_alone_while_it_shows_the_filter_and_made_anew_when_the_filter_was_changed_elsewhere(address):
    key = session.filled("filter_words", "")
    st.session_state[key] = "shells"  # typed there, and taken into the filter
    assert session.filled("filter_words", "shells") == key
    anew = session.filled("filter_words", "bridge")
    assert anew != key
    st.session_state[anew] = "bridge"  # what the widget starts with
    st.session_state[key] = ""  # what a browser says that has not drawn the new one yet
    assert session.filled("filter_words", "bridge") == anew


def test_half_a_range_of_days_is_left_to_whoever_is_choosing_it(address):
    key = session.filled("own", (), unfinished=lambda days: len(days) == 1)
    st.session_state[key] = (date(2022, 11, 1),)
    assert session.filled("own", (), unfinished=lambda days: len(days) == 1) == key


def test_what_a_map_said_to_a_session_before_this_one_is_no_news(address):
    told = {"type": {"value": 3, "nonce": 5}}
    session.overhear(told)
    assert session.news(told) == {}
    told = {**told, "event": {"value": "ab", "nonce": 6}}
    session.overhear(told)
    assert session.news(told) == {"event": "ab"}


def test_a_list_whose_row_was_left_is_made_anew_so_that_the_row_can_be_clicked_again(address):
    session.begin()
    session.open_event("a", listed=True)
    st.session_state["picked"] = {"list": 0}  # what the list keeps in mind
    assert not session.outdated()
    session.open_event("b")  # by "next", or a mark
    assert session.outdated()
    session.begin()
    session.open_event(None)
    assert not session.outdated()


def test_days_that_run_backwards_are_turned_round(address):
    session.narrow_by(first_day=date(2022, 11, 12))
    session.narrow_by(last_day=date(2022, 11, 1))
    wanted = session.looking().filter
    assert (wanted.first_day, wanted.last_day) == (date(2022, 11, 1), date(2022, 11, 12))


def test_opening_a_named_view_can_be_undone(address):
    session.narrow(Filter(words="shells"))
    session.jump(Looking(filter=Filter(types=("protest",)), view=(1.0, 2.0, 5), since=3))
    assert (session.looking().filter.types, session.looking().since) == (("protest",), 3)
    session.undo()
    assert session.looking().filter.words == "shells"


def test_to_compare_or_to_follow_leaves_the_filter_and_its_steps_alone(address):
    session.narrow(Filter(words="shells"))
    steps = session.steps()
    session.look(against=(date(2022, 1, 1), date(2022, 1, 31)), follow=True)
    assert session.looking().filter.words == "shells"
    assert session.steps() == steps


def test_each_saying_of_the_map_is_heard_once_and_a_second_click_on_the_same_mark_again(address):
    told = {"event": {"value": "ab", "nonce": 1}, "view": {"value": [1], "nonce": 2}}
    assert session.news(told) == {"event": "ab", "view": [1]}
    assert session.news(told) == {}
    assert session.news({**told, "event": {"value": "ab", "nonce": 3}}) == {"event": "ab"}


@pytest.mark.parametrize("told", [None, {}, {"event": 5}, {"event": {"value": 1}}, {"event": {"nonce": "x"}}])
def test_nonsense_from_the_browser_is_no_news(address, told):
    assert session.news(told) == {}
