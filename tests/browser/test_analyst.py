"""What an analyst does all day, in a real browser with the network cut; each with a picture."""

import json
import re

import numpy as np
import pytest
from conftest import WAIT, Analyst, Server, store_at, stories
from making import CAMBODIA, KHERSON, KYIV

from geo.filters import Filter
from geo.index import keys_of


def keys(events):
    placed = events[events.geometry.notna()]
    return {f"{int(key):016x}" for key in keys_of(np.array([i.encode() for i in placed["event_id"]]))}


def test_words_leave_the_events_that_the_store_finds_for_them(analyst, events):
    analyst.open()
    analyst.page.get_by_label("Words", exact=True).fill("s05")
    analyst.page.keyboard.press("Enter")
    analyst.wait_for_count(1)
    assert analyst.keys() <= keys(events)
    analyst.page.get_by_text("1 of 25 events").wait_for()
    analyst.picture("words")


def test_a_drawn_polygon_leaves_what_lies_in_it_and_undo_brings_the_rest_back(analyst, events):
    page = analyst.open()
    everything = int(events.geometry.notna().sum())
    analyst.look_at(KYIV.lon, KYIV.lat, 7)
    page.get_by_role("button", name="Draw an area to filter by").click()
    for lon, lat in ((29.5, 51), (31.5, 51), (30.6, 49.6)):
        analyst.click_at(lon, lat)
    analyst.page.keyboard.press("Enter")
    inside = Filter(polygon=((29.5, 51), (31.5, 51), (30.6, 49.6)))(events)
    assert 0 < len(inside) < everything
    analyst.wait_for_count(len(inside))
    analyst.page.get_by_text("in the drawn area").wait_for()
    analyst.picture("polygon")
    analyst.page.get_by_role("button", name="Undo").click()
    analyst.wait_for_count(everything)


def test_next_and_previous_walk_through_the_selection_in_the_order_of_days(analyst, events):
    first, second = (events.sort_values("first_day", kind="stable").iloc[n] for n in (0, 1))
    analyst.open(f"?event={first['event_id']}")
    quote = analyst.page.locator("mark.dl-quote").first
    assert first["report_id"] in quote.inner_text()
    analyst.page.get_by_role("button", name="Next").click()
    analyst.page.get_by_text("2 of 25").wait_for()
    analyst.page.locator("mark.dl-quote", has_text=second["report_id"]).first.wait_for()
    analyst.page.get_by_role("button", name="Previous").click()
    analyst.page.get_by_text("1 of 25").wait_for()
    analyst.picture("walk")


def test_a_link_opens_the_same_view_in_another_browser_and_back_goes_a_step_back(chromium, server, analyst, events):
    analyst.open()
    analyst.rest()
    analyst.drag_days("2022-11-08", "2022-11-14")
    analyst.page.wait_for_url(re.compile("from=2022-11-08"), wait_until="commit")
    chosen = events[events["first_day"] == "2022-11-10"].iloc[0]
    analyst.look_at(chosen.geometry.x, chosen.geometry.y, 9)
    analyst.click_event(chosen["event_id"])
    analyst.page.wait_for_url(re.compile(f"event={chosen['event_id']}"), wait_until="commit")
    analyst.page.wait_for_url(re.compile("at="), wait_until="commit")
    other = Analyst(chromium, server.url)
    other.page.goto(analyst.page.url)
    other.page.locator("mark.dl-quote").first.wait_for()
    assert other.keys() == analyst.keys()
    assert other.map.evaluate("dateline._map.getZoom()") == 9
    other.picture("shared")
    other.close()
    analyst.page.go_back()
    analyst.page.locator("mark.dl-quote").first.wait_for(state="detached")
    assert "from=2022-11-08" in analyst.page.url


def test_play_moves_the_days_and_pause_keeps_them(analyst):
    page = analyst.open()
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("dateline.override && dateline.override[0] > dateline.bar.range[0]")
    page.get_by_role("button", name="Pause").click()
    analyst.page.wait_for_url(re.compile("from=2022"), wait_until="commit")
    shown = page.evaluate("dateline.bar.days")
    assert shown[1] - shown[0] >= 1
    analyst.picture("play")


def test_the_selection_is_taken_away_as_geojson(analyst, events):
    analyst.open("?type=protest")
    analyst.page.get_by_role("button", name="Take away").click()
    with analyst.page.expect_download(timeout=WAIT) as download:
        analyst.page.get_by_role("button", name="GeoJSON").click()
    told = json.loads(download.value.path().read_text())
    assert len(told["features"]) == int((events["type"] == "protest").sum())
    assert "GeoNames" in told["attribution"]
    analyst.picture("take")


def test_a_type_in_the_legend_filters_and_its_chip_takes_it_away_again(analyst, events):
    page = analyst.open()
    page.get_by_role("button", name=re.compile("Protest")).click()
    analyst.wait_for_count(int((events[events.geometry.notna()]["type"] == "protest").sum()))
    analyst.page.get_by_role("button", name="Reset").click()
    analyst.wait_for_count(int(events.geometry.notna().sum()))


def test_the_map_keeps_its_size_and_asks_once_whatever_the_filter_leaves(analyst, events):
    page = analyst.open()
    size = "dateline._map.getContainer().getBoundingClientRect().toJSON()"
    before = page.evaluate(size)
    asked = []
    analyst.page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name=re.compile("Protest")).click()
    analyst.wait_for_count(int((events[events.geometry.notna()]["type"] == "protest").sum()))
    analyst.page.wait_for_timeout(1000)
    assert page.evaluate(size) == before
    assert len([url for url in asked if f"/api/cells?f={page.evaluate('dateline.state.filter')}" in url]) == 1


def test_an_empty_view_says_that_the_events_are_elsewhere_and_a_server_that_was_away_is_asked_again(analyst, events):
    page = analyst.open()
    note = page.locator(".dl-note")
    page.evaluate("dateline._map.setView([-60, -150], 6, { animate: false })")
    note.get_by_text(f"Outside this view: {int(events.geometry.notna().sum())} of the events.").wait_for()
    analyst.context.route("**/api/cells*", lambda route: route.abort())
    page.evaluate("dateline._map.setView([48, 32], 5, { animate: false })")
    note.get_by_text("did not answer").wait_for()
    analyst.context.unroute("**/api/cells*")
    page.wait_for_function("dateline.data.inside > 0")
    note.wait_for(state="hidden")


def test_a_chosen_type_outlives_other_filters_that_change_its_count_and_a_visit_to_another_page(analyst):
    analyst.open("?type=strike")
    page = analyst.page
    page.get_by_role("textbox", name="Words").fill("Kherson")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q=Kherson"), wait_until="commit")
    page.get_by_role("button", name="30 days", exact=True).click()
    page.wait_for_url(re.compile("from="), wait_until="commit")
    page.get_by_role("link", name="What is missing").click()
    page.wait_for_url(re.compile("/missing"), wait_until="commit")
    page.get_by_role("link", name="Map").click()
    page.wait_for_url(re.compile("type=strike.*from=.*q=Kherson"), wait_until="commit")


def test_a_row_of_the_list_opens_its_event(analyst):
    analyst.open()
    analyst.page.get_by_text("List (25)").click()
    grid = analyst.page.locator("[data-testid=stDataFrame] canvas").first
    grid.wait_for()
    grid.scroll_into_view_if_needed()
    analyst.rest()
    box = grid.bounding_box()
    analyst.page.mouse.click(box["x"] + 200, box["y"] + 53)
    analyst.page.locator(".dl-panel").wait_for()
    analyst.map.wait_for_function(
        "dateline.state.selected && dateline._map.getBounds().contains([...dateline.state.at].reverse())"
    )
    analyst.picture("list")
    analyst.page.get_by_role("button", name="Close").click()
    analyst.page.locator(".dl-panel").wait_for(state="detached")
    analyst.map.wait_for_function("dateline.state.selected === null")
    analyst.rest()
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    analyst.page.mouse.click(box["x"] + 200, box["y"] + 53)
    analyst.page.locator(".dl-panel").wait_for()


def test_events_at_one_spot_fan_out(analyst, events):
    analyst.open()
    analyst.look_at(KHERSON.lon, KHERSON.lat, 11)
    analyst.click_event(events[events["place"] == "Kherson"].iloc[0]["event_id"])
    assert analyst.map.evaluate("dateline.marks.filter((m) => m.fan).length") >= 10
    analyst.picture("fan")


def test_the_picture_of_the_map_is_a_png(analyst):
    page = analyst.open()
    with analyst.page.expect_download(timeout=WAIT) as download:
        page.get_by_role("button", name="Save the map as a picture").click()
    assert download.value.path().read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_under_a_base_path_everything_is_found_too(chromium, tmp_path):
    with store_at(tmp_path) as store:
        store.add(stories())
    server = Server(tmp_path)
    server.url += "desk/"
    server.start("--server.baseUrlPath", "desk")
    analyst = Analyst(chromium, server.url)
    try:
        analyst.open()
        analyst.wait_for_count(24)
    finally:
        analyst.close()
        server.stop()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_can_be_used_on_a_phone_in_light_and_dark(chromium, server, scheme):
    analyst = Analyst(chromium, server.url, color_scheme=scheme)
    analyst.page.set_viewport_size({"width": 400, "height": 800})
    analyst.open()
    analyst.rest()
    wide = analyst.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 400
    assert analyst.map.evaluate("dateline.theme") == scheme
    analyst.picture(f"phone-{scheme}")
    analyst.close()


def test_a_country_is_no_pin_even_when_it_is_chosen(analyst, events):
    told = events[events["place"] == CAMBODIA.name].iloc[0]
    analyst.open(f"?event={told['event_id']}")
    analyst.page.locator("mark.dl-quote").first.wait_for()
    assert keys(events) == analyst.keys()
