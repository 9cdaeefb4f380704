"""The online geocoder in the app: switched on with open eyes, thanked on the map, and not missed when it is cut."""

import pytest
from conftest import WAIT, Analyst, Server, store_at, stories
from services import loopback
from services.loopback import Loopback

pytestmark = pytest.mark.slow
TEXT = (
    "Clashes broke out in Umm Qarnayn, Darfur, on {day}, residents said. A missile struck a house in {town} on {day}."
)


@pytest.fixture
def running(tmp_path):
    with store_at(tmp_path) as store:
        store.add(stories())
    server = Server(tmp_path, DATELINE_MODEL="none").start()
    yield server
    server.stop()


def visit(analyst, name):
    analyst.page.get_by_role("link", name=name).first.click()


def says(analyst, words):
    analyst.page.get_by_text(words).first.wait_for(timeout=WAIT)


def find(analyst, name):
    box = analyst.page.get_by_role("textbox", name="Find a place")
    box.fill(name)
    box.press("Enter")


def add(analyst, title, text):
    visit(analyst, "Add reports")
    page = analyst.page
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("1 report read, 1 new").wait_for(timeout=2 * WAIT)


def switch_on(analyst, url):
    visit(analyst, "Online geocoder")
    page = analyst.page
    says(analyst, "Off. Nothing leaves this machine.")
    endpoint = page.get_by_role("textbox", name="Endpoint")
    endpoint.fill(url)
    endpoint.press("Tab")
    says(analyst, "To 127.0.0.1")
    says(analyst, "never the text of a report")
    page.get_by_text("It is a server of our own").click()
    page.get_by_text("I have read this").click()
    page.get_by_role("button", name="Switch on").click()
    says(analyst, "It is on from the next name.")


def test_with_the_network_cut_the_app_works_says_so_and_loses_nothing(chromium, running, tmp_path):
    analyst = Analyst(chromium, running.url)
    try:
        with Loopback(loopback.nominatim) as nominatim:
            analyst.open()
            switch_on(analyst, nominatim.url)
            analyst.page.get_by_role("button", name="Try again now").click()
            says(analyst, "Reachable, since")
            analyst.page.locator("[data-testid='stStatusWidget']").wait_for(state="detached")
            analyst.picture("online_on")
            add(analyst, "First", TEXT.format(day="Thursday", town="Kharkiv"))
            asked = [one.query["q"] for one in nominatim.seen]
            assert "Umm Qarnayn" in asked
            assert not any("Clashes" in words or "residents" in words for words in asked)
            visit(analyst, "Map")
            analyst.map.locator(".dl-thanks").get_by_text("© OpenStreetMap contributors").wait_for()
            before = analyst.map.evaluate("dateline.data.matched")
        # The service is gone, as with the network cut.
        find(analyst, "Qwertyhorod")
        says(analyst, "is not reachable since")
        says(analyst, "nothing is lost")
        add(analyst, "Second", TEXT.format(day="Friday", town="Odesa"))
        visit(analyst, "Map")
        says(analyst, "nothing is lost")
        analyst.map.wait_for_function(f"dateline.data.matched > {before}", timeout=WAIT)
        analyst.picture("online_cut")
        with store_at(tmp_path) as store:
            places = set(store.load()["place_id"])
        assert {"nominatim:node339", "geonames:706483", "geonames:698740"} <= places  # the service's, Kharkiv, Odesa
    finally:
        analyst.close()
