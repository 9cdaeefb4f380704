"""The main job in a real browser with the network cut: marks, days, the sentence, adding, nothing lost."""

import re
from datetime import date

import numpy as np
import pytest
from conftest import WAIT, Analyst, Server, store_at, stories
from making import KHERSON

from geo.filters import Filter
from geo.index import keys_of


def keys(events):
    placed = events[events.geometry.notna()]
    return {f"{int(key):016x}" for key in keys_of(np.array([i.encode() for i in placed["event_id"]]))}


def type_day(analyst, label, day):
    """Type a day into one of the date fields."""
    group = analyst.page.get_by_role("group", name=label)
    for name, value in (("year", day.year), ("month", day.month), ("day", day.day)):
        part = group.get_by_role("spinbutton", name=re.compile(name, re.IGNORECASE))
        part.click()
        analyst.page.keyboard.type(f"{value:02d}")
    analyst.page.keyboard.press("Tab")  # to the calendar's button, then beyond: what is typed counts when it is left
    analyst.page.keyboard.press("Tab")


def test_the_map_draws_basemap_and_marks_and_asks_nobody_else(analyst, events):
    page = analyst.open()
    analyst.wait_for_count(int(events.geometry.notna().sum()))
    page.wait_for_function("dateline.basemap.data.coarse")
    land = page.evaluate(
        """() => { const found = new Set();
        const t = document.querySelectorAll('.leaflet-tile-pane canvas');
        for (const c of t) { const d = c.getContext('2d').getImageData(0, 0, 256, 256).data;
          for (let i = 0; i < d.length; i += 4000) found.add([d[i], d[i + 1], d[i + 2]].join()); }
        return [...found]; }"""
    )
    assert {"246,244,238", "220,230,236"} <= set(land)  # land and sea
    assert page.evaluate("dateline.marks.length") > 0
    analyst.page.get_by_text("25 of 25 events").wait_for()
    analyst.picture("map")


def test_a_range_of_days_leaves_exactly_the_events_that_the_table_has_for_it(analyst, events):
    analyst.open()
    type_day(analyst, "From", date(2022, 11, 5))
    type_day(analyst, "To", date(2022, 11, 12))
    wanted = Filter(first_day=date(2022, 11, 5), last_day=date(2022, 11, 12))(events)
    analyst.wait_for_count(int(wanted.geometry.notna().sum()))
    assert analyst.keys() == keys(wanted)
    analyst.page.get_by_text(f"{len(wanted)} of 25 events").wait_for()


def test_the_brush_leaves_exactly_the_events_that_the_table_has_for_it(analyst, events):
    analyst.open()
    analyst.rest()
    analyst.drag_days("2022-11-08", "2022-11-14")
    wanted = Filter(first_day=date(2022, 11, 8), last_day=date(2022, 11, 14))(events)
    analyst.wait_for_count(int(wanted.geometry.notna().sum()))
    assert analyst.keys() == keys(wanted)
    analyst.page.wait_for_url(re.compile("from=2022-11-08.*to=2022-11-14"))
    analyst.picture("brush")


@pytest.mark.parametrize("times", [1, 2])
def test_a_click_on_a_mark_shows_its_sentence_also_the_second_time(analyst, events, times):
    analyst.open()
    analyst.look_at(KHERSON.lon, KHERSON.lat, 10)
    first = events[events["place"] == "Kherson"].iloc[0]
    for _ in range(times):
        analyst.click_event(first["event_id"])
        quote = analyst.page.locator("mark.dl-quote")
        quote.first.wait_for()
        assert quote.inner_text() == first["quote"]
        analyst.page.get_by_role("button", name="Close").click()
        quote.first.wait_for(state="detached")
        analyst.rest()
    analyst.click_event(first["event_id"])
    analyst.page.locator("mark.dl-quote").first.wait_for()
    assert analyst.page.locator(".dl-name.dl-role-actor").inner_text() == "Moscow"
    analyst.picture("panel")


def test_a_country_is_never_a_pin_but_stands_on_the_shelf(analyst, events):
    analyst.open()
    assert keys(events) == analyst.keys()
    analyst.page.get_by_text("Not on the map (1)").click()
    analyst.page.get_by_text("never drawn as a pin").wait_for()
    analyst.picture("shelf")


def test_the_sum_of_mentions_is_shown_with_its_reasons_one_click_away(analyst):
    analyst.open()
    analyst.page.get_by_role("button", name="50 mentions = 25 in events + 25 set aside").click()
    analyst.page.get_by_text("stands for a government").wait_for()


def test_reports_added_on_the_page_come_to_the_map_and_survive_reload_and_restart(chromium, tmp_path):
    with store_at(tmp_path) as store:
        store.add(list(stories())[:3])
    server = Server(tmp_path, DATELINE_MODEL="none").start()
    analyst = Analyst(chromium, server.url)
    try:
        analyst.open()
        before = analyst.map.evaluate("dateline.data.matched")
        analyst.page.get_by_role("link", name="Add reports").click()
        analyst.page.get_by_label("Title").fill("A missile strikes a house in Kharkiv")
        text = (
            "KHARKIV, November 11 - A missile struck an apartment building in Kharkiv on Thursday, killing three "
            "people, the governor said. Rescuers worked through the night to find those who were still missing."
        )
        analyst.page.get_by_label("Text", exact=True).fill(text)
        analyst.page.get_by_role("button", name="Add", exact=True).click()
        analyst.page.get_by_text("1 report read, 1 new").wait_for(timeout=2 * WAIT)
        analyst.picture("added")
        analyst.page.get_by_role("link", name="Show the new event on the map").click()
        analyst.page.get_by_text("1 event new or changed").wait_for()
        analyst.picture("added-new")
        analyst.map.wait_for_function(f"dateline.data.matched > {before}")
        analyst.page.reload()
        analyst.map.wait_for_function(f"dateline.data.matched > {before}")
        server.stop()
        server.start()
        analyst.open()
        analyst.map.wait_for_function(f"dateline.data.matched > {before}")
    finally:
        analyst.close()
        server.stop()
