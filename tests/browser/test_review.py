"""The review page in a real browser: keys decide, a click moves the mark, and everything can be taken back."""

import time

import pytest
from conftest import WAIT, Analyst, Server, store_at, stories
from making import KYIV


@pytest.fixture
def home(tmp_path):
    with store_at(tmp_path) as store:
        store.add(stories())
    return tmp_path


@pytest.fixture
def reviewer(chromium, home):
    server = Server(home).start()
    somebody = Analyst(chromium, server.url)
    yield somebody
    somebody.close()
    server.stop()


def open_review(reviewer):
    reviewer.page.goto(f"{reviewer.url}review")
    reviewer.page.get_by_text("Inbox (").wait_for()
    return pick(reviewer)


def pick(reviewer):
    """The small map's frame, once it shows its marks."""
    deadline = time.monotonic() + WAIT / 1000
    while time.monotonic() < deadline:
        for frame in reviewer.page.frames:
            if "streamlit_folium" in frame.url and frame.evaluate(
                "Boolean(window.datelinePick && datelinePick.state && datelinePick.basemap)"
            ):
                return frame
        reviewer.page.wait_for_timeout(200)
    raise AssertionError("the small map did not draw")


def until(home, holds):
    """The store's answer once it holds."""
    deadline = time.monotonic() + WAIT / 1000
    while time.monotonic() < deadline:
        with store_at(home) as store:
            found = holds(store)
        if found is not None and found is not False and (found is True or bool(len(found))):
            return found
        time.sleep(0.3)
    raise AssertionError("the store did not change")


def test_a_name_is_decided_for_its_outlet_with_two_keys_and_taken_back_with_one(reviewer, home):
    frame = open_review(reviewer)
    page = reviewer.page
    page.get_by_text("“Kherson” stands in 12 events").wait_for()
    assert frame.evaluate("datelinePick.state.marks.length") >= 2
    page.locator("body").press("2")
    page.get_by_text("12 of 12 claims in 12 reports would move to Kherson Oblast").wait_for()
    reviewer.picture("review")
    page.locator("body").press("p")
    moved = until(home, lambda store: store.load().query("place == 'Kherson Oblast' and status != 'unreviewed'"))
    assert len(moved) == 1
    with store_at(home) as store:
        assert "Kherson" not in store.load()["place"].tolist()
    page.get_by_text("“Kherson” stands in").wait_for(state="detached")
    for _ in range(2):
        with store_at(home) as store:
            before = len(store.log())
        page.locator("body").press("u")
        until(home, lambda store, before=before: len(store.log()) > before)
        page.wait_for_timeout(1000)
    with store_at(home) as store:
        assert store.load()["place"].tolist().count("Kherson") == 12


def test_keys_accept_reject_and_go_on_and_the_history_says_so(reviewer, home):
    open_review(reviewer)
    page = reviewer.page
    page.get_by_role("button", name="Next").wait_for()
    page.locator("body").press("a")
    accepted = until(home, lambda store: store.load().query("status == 'accepted'"
                     )["event_id"].tolist())  # fmt: skip
    page.wait_for_timeout(1500)
    page.locator("body").press("x")
    until(home, lambda store: bool((store.load()["status"] == "rejected").any()))
    page.goto(f"{reviewer.url}review?event={accepted[0]}")
    page.get_by_role("tab", name="History").click()
    page.get_by_text("review: Unreviewed → Accepted").wait_for()
    reviewer.picture("review-history")


def test_a_click_on_the_small_map_moves_the_mark_of_this_event_only(reviewer, home):
    frame = open_review(reviewer)
    page = reviewer.page
    page.get_by_text("this event", exact=True).click()
    frame.evaluate("datelinePick._map.fire('click', { latlng: L.latLng(46.5, 32.9) })")
    page.get_by_role("button", name="Apply place").wait_for()
    page.get_by_role("button", name="Apply place").click()
    told = until(home, lambda store: store.load().query("status == 'corrected'"))
    assert (told.geometry.iloc[0].x, told.geometry.iloc[0].y) == (32.9, 46.5)
    assert told["country"].iloc[0] == "UA"


def test_words_of_a_report_stay_words_on_the_review_page(reviewer, home):
    from datetime import UTC, datetime

    from conftest import story

    evil = "<img src=x onerror=alert(1)> ![x](http://evil.example/p.png) ${alert(2)} {{7*7}} [l](javascript:alert(3))"
    told = [
        story(f"evil{n}", KYIV, "strike", datetime(2022, 12, 1, tzinfo=UTC), evil, source=evil, title=evil)
        for n in (1, 2)
    ]
    with store_at(home) as store:
        store.add(told)
        found = store.load()
    event_id = next(i for i, outlets in zip(found["event_id"], found["outlets"], strict=True) if evil in outlets)
    reviewer.page.goto(f"{reviewer.url}review?event={event_id}")
    reviewer.page.get_by_text("Inbox (").wait_for()
    pick(reviewer)
    for tab in ("Days, type, role", "Merge, split", "History"):
        reviewer.page.get_by_role("tab", name=tab).click()
        reviewer.page.wait_for_timeout(300)
    reviewer.picture("review-hostile")
