"""The review page in a real browser: keys decide, a click moves the mark, and everything can be taken back."""

import re
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from conftest import WAIT, Analyst, Server, store_at, stories, story
from making import KYIV
from playwright.sync_api import TimeoutError as NotInTime
from playwright.sync_api import expect

from geo import settings, standard
from geo.filters import Filter
from geo.outlets import Outlet
from geo.store import Decision

OPENS = 5000  # milliseconds within which a list shows its entries


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
        reviewer.rest()
    with store_at(home) as store:
        assert store.load()["place"].tolist().count("Kherson") == 12


def test_keys_accept_reject_and_go_on_and_the_history_says_so(reviewer, home):
    open_review(reviewer)
    page = reviewer.page
    page.get_by_role("button", name="Next").wait_for()
    reviewer.rest()
    page.locator("body").press("a")
    accepted = until(home, lambda store: store.load().query("status == 'accepted'"
                     )["event_id"].tolist())  # fmt: skip
    reviewer.rest()
    page.locator("body").press("x")
    until(home, lambda store: bool((store.load()["status"] == "rejected").any()))
    page.goto(f"{reviewer.url}review?event={accepted[0]}")
    page.get_by_role("tab", name="History").click()
    page.get_by_text("review: Unreviewed → Accepted").wait_for()
    reviewer.picture("review-history")


def test_a_click_on_the_small_map_moves_the_mark_of_this_event_only(reviewer, home):
    open_review(reviewer)
    page = reviewer.page
    page.get_by_text("this event", exact=True).click()
    reviewer.rest()
    frame = pick(reviewer)
    frame.evaluate("datelinePick._map.fire('click', { latlng: L.latLng(46.5, 32.9) })")
    page.get_by_role("button", name="Apply place").wait_for()
    page.get_by_role("button", name="Apply place").click()
    told = until(home, lambda store: store.load().query("status == 'corrected'"))
    assert (told.geometry.iloc[0].x, told.geometry.iloc[0].y) == (32.9, 46.5)
    assert told["country"].iloc[0] == "UA"


def test_words_of_a_report_stay_words_on_the_review_page(reviewer, home):
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


def look(reviewer, view):
    reviewer.page.get_by_role("radio", name=view).or_(reviewer.page.get_by_role("button", name=view)).first.click()


def choose(reviewer, label, words):
    """Choose the first entry of a list that holds some words; opened again where what moved below has closed it."""
    box = reviewer.page.get_by_role("combobox", name=label, exact=True)
    option = reviewer.page.get_by_role("option").first
    for _ in range(WAIT // OPENS):
        box.click()
        box.fill("")
        box.fill(words)
        with suppress(NotInTime):
            option.wait_for(timeout=OPENS)
            option.click(timeout=OPENS)
            return
    raise AssertionError(f"{label} showed no {words}")


def tick(reviewer, words):
    """Tick the line of a list that holds some words."""
    line = reviewer.page.get_by_role("tabpanel").locator("[data-testid=stHorizontalBlock]", has_text=words).last
    line.locator("label").click()


def open_event(reviewer, home, query):
    """Look at the first event that a query finds; its id."""
    with store_at(home) as store:
        event_id = store.load().query(query)["event_id"].iloc[0]
    reviewer.page.goto(f"{reviewer.url}review?event={event_id}")
    reviewer.page.get_by_text("Inbox (").wait_for()
    reviewer.page.get_by_role("tab", name="Merge, split").wait_for()
    return event_id


def test_days_and_type_are_changed_a_place_looked_up_is_applied_and_both_stand_in_the_log(reviewer, home):
    event_id = open_event(reviewer, home, "place == 'Kyiv' and type == 'protest'")
    page = reviewer.page
    page.get_by_role("tab", name="Days, type, role").click()
    choose(reviewer, "Type", "Arrest")
    page.get_by_role("button", name="Change").click()
    until(home, lambda store: store.load().query("type == 'arrest' and status == 'corrected' and event_id == @event_id",
                                                local_dict={"event_id": event_id}))  # fmt: skip
    page.goto(f"{reviewer.url}review?event={event_id}&again=1")
    page.get_by_role("textbox", name="Another place").fill("Odesa")
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Another place").wait_for()
    choose(reviewer, "Another place", "Odesa")
    page.get_by_text("1 of 1 claim in 1 report would move to Ode").wait_for()
    page.locator("body").press("p")
    until(home, lambda store: store.event(event_id).place.name.startswith("Ode"))
    with store_at(home) as store:
        assert [entry.action for entry in store.log(event_id)] == ["correct", "correct"]
        assert store.log_verify() == ""


def test_events_are_merged_split_and_put_back_from_the_history(reviewer, home):
    event_id = open_event(reviewer, home, "place == 'Kherson' and report_id == 's03'")
    page = reviewer.page
    page.get_by_role("tab", name="Merge, split").click()
    tick(reviewer, "(s04)")
    page.get_by_role("button", name="Merge").click()
    until(home, lambda store: len(store.event(event_id).claims) == 2)
    page.get_by_role("tab", name="Merge, split").click()
    tick(reviewer, "(s04)")
    page.get_by_role("button", name="Split").click()
    until(home, lambda store: len(store.event(event_id).claims) == 1)
    look(reviewer, "History")
    expect(page.get_by_text("entry 2 ·")).to_have_count(1)  # the tab's own history is gone
    page.get_by_role("button", name="Take back").first.click()
    until(home, lambda store: len(store.event(event_id).claims) == 2)
    page.get_by_text("took entry 2 back").wait_for()
    reviewer.picture("review-log")
    with store_at(home) as store:
        before = store.log()[-1].moment
        assert len(store.as_of(before)) == len(store.load())


def test_an_event_is_added_by_hand_with_its_source(reviewer, home):
    open_review(reviewer)
    page = reviewer.page
    look(reviewer, "Add by hand")
    page.get_by_label("Place, as the gazetteer knows it").fill("Kherson")
    page.keyboard.press("Enter")
    choose(reviewer, "Which one", "Kherson")
    page.get_by_label("The sentence that says so").fill("A bridge fell in Kherson.")
    choose(reviewer, "Type", "Damage")
    page.get_by_role("textbox", name="Link").fill("https://example.org/bridge")
    page.get_by_role("button", name="Add event").click()
    page.get_by_text("The event is added and accepted.").wait_for()
    told = until(home, lambda store: store.load().query("quote == 'A bridge fell in Kherson.'"))
    assert (told["status"].iloc[0], told["type"].iloc[0], told["date_basis"].iloc[0]) == ("accepted", "damage", "none")


def test_an_outlet_gets_a_clock_and_a_report_a_newer_version_before_it_is_erased(reviewer, home):
    open_review(reviewer)
    page = reviewer.page
    look(reviewer, "Outlets and reports")
    choose(reviewer, "Outlet", "Outlet 0")
    page.get_by_role("combobox", name="Time zone").wait_for()
    choose(reviewer, "Time zone", "Europe/Kyiv")
    page.get_by_role("button", name="Keep").click()
    until(home, lambda store: any(outlet.zone == "Europe/Kyiv" for outlet, _ in store.outlets()))
    choose(reviewer, "Report", "Told s05")
    page.get_by_label("Text", exact=True).fill("Shells hit Kherson on Monday and killed three people.")
    page.get_by_role("button", name="Put in the newer version").click()
    page.get_by_text("The newer version is in its place.").wait_for()
    newer = until(home, lambda store: [r.report_id for r in store.search("killed three people")])
    expect(page.get_by_label("Text", exact=True).last).to_have_value(re.compile("killed three people"))
    choose(reviewer, "Report", "Told s06")
    expect(page.get_by_label("Text", exact=True).last).to_have_value(re.compile("s06"))
    page.get_by_role("button", name="Erase the report").click()
    page.get_by_text("Tick that you are sure").wait_for()
    page.get_by_text("I am sure: this cannot be taken back.").click()
    page.get_by_role("button", name="Erase the report").click()
    page.get_by_text("The report is erased.").wait_for()
    with store_at(home) as store:
        assert newer[0].startswith("s05~")
        assert store.report("s06").report.text == ""
        assert [entry.action for entry in store.log()][:1] == ["erase"]
        assert store.log_verify() == ""


def test_a_name_that_was_set_aside_is_told_of_after_all(reviewer, home):
    open_review(reviewer)
    page = reviewer.page
    look(reviewer, "Names set aside")
    page.get_by_text("Choose a name that made no event").wait_for()
    grid = page.locator("[data-testid=stDataFrame] canvas").first
    grid.wait_for()
    reviewer.rest()
    box = grid.bounding_box()
    page.mouse.click(box["x"] + 15, box["y"] + 52)
    page.get_by_role("button", name="It happened there").wait_for()
    choose(reviewer, "Type", "Protest")
    reviewer.picture("review-aside")
    page.get_by_role("button", name="It happened there").click()
    page.get_by_text("The event is added and accepted.").wait_for()
    with store_at(home) as store:
        told = store.load().query("place == 'Moscow'")
        assert (told["type"].iloc[0], told["status"].iloc[0]) == ("protest", "accepted")
        assert [entry.action for entry in store.log()] == ["accept", "tell"]


def test_the_earlier_reports_of_an_outlet_are_read_again_while_the_page_shows_how_far_it_is(reviewer, home):
    with store_at(home) as store:
        kept = store.ids(Filter(outlets=("Outlet 0",)))[0]
        store.say_of_outlet(Outlet(name="Outlet 0", zone="Europe/Kyiv"), who="ana")
        store.review(Decision(who="ana", action="accept", event_ids=(kept,)))
    open_review(reviewer)
    page = reviewer.page
    look(reviewer, "Outlets and reports")
    choose(reviewer, "Outlet", "Outlet 0")
    page.get_by_text("of its reports were read before this was said").wait_for()
    reviewer.picture("review-outlets")
    page.get_by_role("button", name="Read them again").click()
    page.get_by_text("reports were read again;").wait_for(timeout=3 * WAIT)
    with store_at(home) as store:
        assert store.outdated("Outlet 0") == []
        assert store.event(kept).status == "accepted"
        assert (store.check(), store.log_verify()) == ([], "")
    expect(page.get_by_text("of its reports were read before this was said")).to_have_count(0)


def test_a_session_moves_to_a_project_of_its_own_and_its_link_leads_there(reviewer, home):
    page = reviewer.page
    page.goto(f"{reviewer.url}projects")
    page.get_by_role("textbox", name="Name of a new project").fill("north")
    page.get_by_role("button", name="Begin it").click()
    page.get_by_text("You work in north now.").wait_for()
    expect(page.get_by_role("textbox", name="Name of a new project")).to_have_value("")
    reviewer.picture("projects")
    with store_at(home) as usual, standard.store(settings.load(home=home, project="north")) as north:
        north.add([story("n1", KYIV, "protest", datetime(2022, 12, 1, tzinfo=UTC), "News of the north.")])
        assert len(usual.load()) > 1
    page.get_by_role("link", name="Map").click()
    page.get_by_text("1 of 1").first.wait_for()
    page.wait_for_url("**project=north**")
    page.goto(page.url.replace("project=north", "project=default"))
    page.get_by_text("Project: north").wait_for(state="detached")
    page.goto(f"{reviewer.url}map?project=north")
    page.get_by_text("Project: north").wait_for()
