"""Comparing two periods, keeping views and counting the view, in a real browser with the network cut; with pictures."""

import re

import pytest
from conftest import WAIT, Analyst, Server, store_at, stories, story
from making import KHERSON, KYIV

from geo.filters import Filter

HOSTILE = "*a* ![x](http://evil.example/x) <img src=x onerror=alert(1)> {{7*7}} :red[x]"


@pytest.fixture
def own(chromium, tmp_path):
    """A server with a store of its own, for those who write into it."""
    (tmp_path / "settings.toml").write_text('model = "none"\nsamples = false\n')
    with store_at(tmp_path) as store:
        store.add(stories())
    server = Server(tmp_path).start()
    somebody = Analyst(chromium, server.url)
    yield somebody
    somebody.close()
    server.stop()


def counts(page):
    return page.evaluate("[0, 1].map((k) => [dateline.data.now, dateline.data.then][k].reduce((a, b) => a + b, 0))")


def test_two_periods_are_compared_on_the_map_and_a_link_keeps_it(chromium, server, analyst, events):
    page = analyst.open("?from=2022-11-11&to=2022-11-20")
    analyst.page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Compare").click()
    analyst.page.get_by_role("button", name=re.compile("as long before")).click()
    page.wait_for_function("dateline.data.mode === 'changes'", timeout=WAIT)
    analyst.page.wait_for_url(re.compile("vs=2022-11-01"), wait_until="commit")
    placed = events[events.geometry.notna()]
    days = [("2022-11-11", "2022-11-20"), ("2022-11-01", "2022-11-10")]
    wanted = [int(placed["first_day"].between(*span).sum()) for span in days]
    assert counts(page) == wanted
    page.get_by_text("more than then").wait_for()
    analyst.page.keyboard.press("Escape")
    analyst.page.get_by_role("heading", name="compared with 1–10 November 2022").wait_for()
    analyst.picture("compare")
    other = Analyst(chromium, server.url)
    other.page.goto(analyst.page.url)
    assert counts(other.map) == wanted
    other.close()
    analyst.page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Compare").click()
    analyst.page.get_by_role("button", name="Stop comparing").click()
    page.wait_for_function("dateline.data.mode === 'events'", timeout=WAIT)
    analyst.page.wait_for_url(lambda url: "vs=" not in url, wait_until="commit")


def test_a_part_of_the_map_that_changed_tells_both_counts_and_a_click_looks_closer(analyst):
    page = analyst.open("?from=2022-11-11&to=2022-11-20&vs=2022-11-01/2022-11-10&at=31.5,48.5,5")
    page.wait_for_function("dateline.data.mode === 'changes' && dateline.marks.length")
    analyst.rest()
    spot = page.evaluate(
        """() => { const m = dateline.marks[dateline.marks.length - 1];
        const p = dateline._map.layerPointToContainerPoint([m.px, m.py]);
        const r = dateline._map.getContainer().getBoundingClientRect(); return [p.x + r.x, p.y + r.y]; }"""
    )
    box = analyst.page.locator("iframe").first.bounding_box()
    analyst.page.mouse.move(box["x"] + spot[0], box["y"] + spot[1])
    page.get_by_text(re.compile("in the days compared with: [0-9]+")).wait_for()
    analyst.picture("compare-tip")
    analyst.page.mouse.click(box["x"] + spot[0], box["y"] + spot[1])
    page.wait_for_function("dateline._map.getZoom() > 5")


def test_the_numbers_and_the_histogram_count_only_the_view_if_wished(analyst, events):
    page = analyst.open()
    analyst.page.get_by_text("Count only what the map shows").click()
    analyst.page.get_by_role("heading", name="In the area in view").wait_for()
    analyst.look_at(KYIV.lon, KYIV.lat, 8)
    kyiv = int((events["place"] == "Kyiv").sum())
    page.wait_for_function(f"dateline.histogram.counts.flat().reduce((a, b) => a + b, 0) === {kyiv}", timeout=WAIT)
    analyst.page.wait_for_function(
        """(n) => [...document.querySelectorAll('.dl-over table:first-of-type .dl-n')]
           .reduce((sum, cell) => sum + Number(cell.textContent), 0) === n""",
        arg=kyiv,
    )  # fmt: skip
    analyst.page.wait_for_url(re.compile("count=view"), wait_until="commit")
    analyst.picture("follow")


def test_a_view_is_kept_under_any_name_and_tells_what_is_new(own, tmp_path):
    own.open("?type=strike")
    own.page.get_by_role("button", name="Views").click()
    own.page.get_by_label("Name", exact=True).fill(HOSTILE)
    own.page.get_by_role("button", name="Keep this view").click()
    own.page.get_by_role("button", name=HOSTILE).wait_for()
    strikes = own.map.evaluate("dateline.data.matched")
    with store_at(tmp_path) as store:
        for n in (1, 2):
            day = next(stories()).report.published
            store.add([story(f"new{n}", KHERSON, "strike", day.replace(day=20 + n), "Something more was told.")])
        news = Filter(types=("strike",))(store.load())
    own.page.goto(own.url)
    own.map  # noqa: B018 - waits until it has drawn
    own.page.get_by_role("button", name="Views").click()
    own.page.get_by_role("button", name=re.compile(r"2 new")).wait_for()
    own.picture("views")
    own.page.get_by_role("button", name=re.compile(r"2 new")).click()
    own.page.get_by_text("2 events new or changed since you last looked").wait_for()
    own.wait_for_count(len(news))
    assert len(news) > strikes  # one of the two told of what another report tells too, and changed that event
    own.page.keyboard.press("Escape")
    own.picture("views-new")
    own.page.get_by_test_id("stMain").get_by_role("button", name="Close").click()
    own.page.get_by_role("heading", name="In this selection").wait_for()


def test_a_folder_is_added_with_the_folders_in_it(own, tmp_path):
    folder = tmp_path / "reports"
    (folder / "within").mkdir(parents=True)
    for n, where in enumerate((folder, folder / "within")):
        day = f"2022-11-{27 + n}"
        (where / f"r{n}.txt").write_text(f"Shells hit Kherson on {day}, killing {n + 2} people. Report {n}.")
    own.page.goto(own.url + "add")
    own.page.locator("input[type=file]").nth(1).set_input_files(folder)
    own.page.get_by_text("r1.txt").wait_for()
    own.page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
    own.page.get_by_text(re.compile("^2 reports read, 2 new")).wait_for(timeout=2 * WAIT)
    own.picture("add-folder")
