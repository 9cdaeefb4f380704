"""Hostile words show as text on every page, run nothing, and never blank the map."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from conftest import Analyst, Server, store_at, stories, story
from making import KHERSON, KYIV

CANARY = "(window.__pwned = 1, top.__pwned = 1)"
PAYLOADS = {
    "img": f"<img src=x onerror='{CANARY}'>",
    "script": f"</script><script>{CANARY}</script>",
    "backtick": f"`+{CANARY}+`",
    "template": "${" + CANARY + "} {{ 7*7 }} {% bad {# {{ cycler.__init__.__globals__ }}",
    "svg": f'"><svg onload="{CANARY}">',
    "markdown": "![x](http://evil.invalid/x.png) [y](javascript:alert(1)) **b** :material/bolt: $x$",
    "turned": "\u202eevil\u202c \u2066x \\u003cb\\u003e \u2028 \x07",
    "long": "A" * 100_000,
}
FOUND = "Boolean(window.__pwned || top.__pwned)"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    home = tmp_path_factory.mktemp("hostile")
    with store_at(home) as store:
        store.add(list(stories())[:2])
        for n, (name, words) in enumerate(PAYLOADS.items()):
            place = replace(KYIV if n % 2 else KHERSON, place_id=f"made:{n}", name=words[:300], admin1=words[:60])
            day = datetime(2022, 11, 3 + n, tzinfo=UTC)
            url = f"javascript:{CANARY}" if n % 2 else f'https://example.org/"><script>{CANARY}</script>'
            store.add([story(name, place, "strike", day, words, title=words[:5000], source=words[:80], url=url)])
        ids = store.load()["event_id"].tolist()
    server = Server(home).start()
    yield server, ids
    server.stop()


def test_a_hostile_report_shows_as_text_and_the_map_is_never_blank(chromium, hostile):
    server, ids = hostile
    analyst = Analyst(chromium, server.url)
    page = analyst.open()
    analyst.wait_for_count(10)
    for event_id in ids:
        analyst.page.goto(f"{server.url}?event={event_id}")
        analyst.page.locator("mark.dl-quote").first.wait_for()
        page = analyst.map
        assert page.evaluate("dateline.marks.length") > 0
        assert not page.evaluate(FOUND)
        assert analyst.page.locator(".dl-panel img, .dl-panel script, .dl-panel svg").count() == 0
        for link in analyst.page.locator(".dl-panel a").all():
            assert link.get_attribute("href").startswith("https://example.org/")
    analyst.picture("hostile")
    analyst.close()


def test_hostile_words_do_nothing_in_filters_tips_lists_and_numbers(chromium, hostile):
    server, _ = hostile
    analyst = Analyst(chromium, server.url)
    page = analyst.open()
    analyst.wait_for_count(10)
    analyst.rest()
    page.evaluate("dateline.describe({ members: [2] }, { x: 50, y: 50 })")
    page.wait_for_function("!dateline.tip.hidden")
    assert page.evaluate("dateline.tip.children.length") == 2
    analyst.page.get_by_text("List (10)").click()
    analyst.page.locator("[data-testid=stDataFrame]").first.wait_for()
    analyst.page.get_by_text("More filters").click()
    analyst.page.get_by_label("Outlet").click()
    analyst.page.keyboard.press("ArrowDown")
    analyst.page.keyboard.press("Enter")
    analyst.page.get_by_text("Active filters").wait_for()
    analyst.picture("hostile-filters")
    analyst.page.keyboard.press("Escape")  # an open list hides the rest of the page from screen readers, and from us
    assert not analyst.map.evaluate(FOUND)
    analyst.page.get_by_role("link", name="What is missing").click()
    analyst.page.get_by_text("Reports without events").wait_for()
    assert not analyst.page.evaluate(FOUND)
    analyst.close()
