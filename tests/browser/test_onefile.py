"""The one-file page in Chromium, from the disk with the network off: it asks nobody, filters, tells, runs nothing."""

import json
import time
from datetime import UTC, date, datetime
from urllib.parse import unquote

import pytest
from conftest import ARTIFACTS, WAIT
from making import CAMBODIA, KHERSON, KHERSON_OBLAST, KYIV, claim, days, mention, report

from geo.events import frame, table
from geo.export import write
from geo.filters import Filter
from geo.merge import within
from geo.publish import Publish
from geo.records import Extraction, Span

CANARY = "window.__canary=(window.__canary||0)+1"
HOSTILE = (
    f"<img src=x onerror={CANARY}>",
    f"</script><script>{CANARY}</script>",
    f"`;{CANARY};`",
    "${" + CANARY + "}",
    f'"><svg onload={CANARY}>',
    "{{7*7}} {% raise %} {# x",
    "${1+1} ${amount}",
    f"javascript:{CANARY}",
    f"<!--<script>{CANARY}//",
    "\u202egnp.exe\u202c \u2028 \u2029 \\u0022 \\",
    "A" * 100_000,
)


def _events(*told):
    made = []
    for of, place, more in told:
        made += within(Extraction(report=of, mentions=(), timexes=(), claims=(claim(of, place, **more),), skips=()))
    return table(made), {of.report_id: of for of, _, _ in told}


@pytest.fixture(scope="module")
def browser(chromium):
    """The Chromium that all browser tests share."""
    return chromium


class Reader:
    """Somebody who has only the file: a browser without a network, and what it asked for and complained of."""

    def __init__(self, browser, path, **options):
        self.context = browser.new_context(
            offline=True, **{"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options}
        )
        self.asked, self.complaints = [], []
        self.page = self.context.new_page()
        self.page.set_default_timeout(WAIT)
        self.page.on("request", lambda request: self.asked.append(unquote(request.url)))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.goto(path.as_uri())
        self.until("window.datelinePage && datelinePage.shown")
        self.path = path

    def until(self, truth):
        """Wait for a JavaScript expression to be true; Playwright's own way needs eval, which the policy forbids."""
        end = time.monotonic() + WAIT / 1000
        while not self.page.evaluate(f"Boolean({truth})"):
            assert time.monotonic() < end, f"{truth} never came true: {self.complaints}"
            self.page.wait_for_timeout(50)

    def titles(self):
        return self.page.locator("#list .op-row-title").all_inner_texts()

    def marked(self):
        return self.page.evaluate("datelinePage.marks.marks.reduce((n, m) => n + m.members.length, 0)")

    def click_mark(self, at):
        """Click the middle of the mark that an event has a part in."""
        x, y = self.page.evaluate(
            """(at) => { const { map, marks } = datelinePage;
            const m = marks.marks.find((k) => k.members.some((e) => e.at === at));
            const c = map.layerPointToContainerPoint([m.px, m.py]);
            const b = map.getContainer().getBoundingClientRect();
            return [b.left + c.x, b.top + c.y]; }""",
            at,
        )
        self.page.mouse.click(x, y)

    def inks(self):
        """How many different colours the basemap and the marks show: one would be a blank map."""
        return self.page.evaluate(
            """() => [...document.querySelectorAll('#map canvas')].map((c) => { const found = new Set();
            const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
            for (let i = 0; i < d.length; i += 400) if (d[i + 3]) found.add([d[i], d[i + 1], d[i + 2]].join());
            return found.size; }).sort((a, b) => b - a)"""
        )

    def picture(self, name):
        ARTIFACTS.mkdir(exist_ok=True)
        self.page.screenshot(path=ARTIFACTS / f"onefile-{name}.png")

    def done(self):
        """It asked for nothing but itself and nothing went wrong."""
        assert set(self.asked) == {unquote(self.path.as_uri())}
        assert self.complaints == []
        self.context.close()


@pytest.fixture(scope="module")
def stories():
    r1 = report(
        "r1",
        "Shells hit Kherson on Saturday.",
        title="Kherson hit",
        source="rferl.org",
        url="https://example.org/kherson",
    )
    r2 = report(
        "r2",
        "A protest in Kyiv drew thousands.",
        source="bbc.co.uk",
        title="Kyiv protest",
        url="https://example.org/kyiv",
    )
    r3 = report("r3", "Kherson Oblast was bombed for ten days.", source="apnews.com")
    r4 = report("r4", "Leaders met in Cambodia.", source="apnews.com", url="https://example.org/summit", title="Summit")
    r5 = report("r5", "Police made arrests in Kherson.", source="unian.ua")
    return _events(
        (r1, KHERSON, {"days": days("2022-11-12")}),
        (r2, KYIV, {"type": "protest", "days": days("2022-11-02")}),
        (r3, KHERSON_OBLAST, {"days": days("2022-11-08", "2022-11-17")}),
        (r4, CAMBODIA, {"type": "diplomacy", "days": days("2022-11-12", basis="published")}),
        (r5, KHERSON, {"type": "arrest", "days": days(None)}),
    )


@pytest.fixture(scope="module")
def told(stories, tmp_path_factory):
    path = tmp_path_factory.mktemp("one") / "told here.html"
    write(stories[0], path, reports=stories[1])
    return path


def test_it_opens_from_the_disk_and_asks_nobody(browser, told):
    reader = Reader(browser, told)
    assert len(reader.titles()) == 4
    assert reader.marked() == 4
    assert reader.page.locator("#shelf .op-row").count() == 1
    assert reader.page.locator("#counted").inner_text().startswith("5 of 5 events, from 5 reports")
    assert "GeoNames" in reader.page.locator(".op-credit").inner_text()
    assert "CC BY 4.0" in reader.page.locator("footer").inner_text()
    assert reader.inks()[0] > 3
    reader.picture("light")
    reader.done()


def test_a_click_on_a_mark_shows_the_sentence_its_outlet_its_day_and_its_link(browser, told, stories):
    reader = Reader(browser, told)
    at = stories[0]["type"].tolist().index("protest")
    reader.click_mark(at)
    box = reader.page.locator(".leaflet-popup .op-tell")
    assert box.locator("blockquote").inner_text() == "A protest in Kyiv drew thousands."
    assert "2 November 2022" in box.inner_text()
    assert "bbc.co.uk · published 12 November 2022" in box.inner_text()
    link = box.get_by_role("link", name="Kyiv protest")
    assert link.get_attribute("href") == "https://example.org/kyiv"
    assert set(link.get_attribute("rel").split()) == {"noopener", "noreferrer", "nofollow"}
    reader.picture("popup")
    reader.done()


def test_events_on_one_spot_can_each_be_chosen(browser, told, stories):
    reader = Reader(browser, told)
    reader.click_mark(stories[0]["type"].tolist().index("arrest"))
    rows = reader.page.locator(".leaflet-popup .op-row")
    assert rows.count() == 2
    rows.filter(has_text="day unknown").click()
    assert reader.page.locator(".leaflet-popup blockquote").inner_text() == "Police made arrests in Kherson."
    reader.done()


@pytest.mark.parametrize("mode", ["possibly", "surely"])
@pytest.mark.parametrize("undated", [False, True])
def test_from_and_to_leave_exactly_the_events_that_our_filter_leaves(browser, told, stories, mode, undated):
    reader = Reader(browser, told)
    reader.page.fill("#from", "2022-11-10")
    reader.page.fill("#to", "2022-11-13")
    reader.page.select_option("#mode", mode)
    reader.page.set_checked("#undated", undated)
    wanted = Filter(first_day=date(2022, 11, 10), last_day=date(2022, 11, 13), mode=mode, undated=undated)(stories[0])
    placed = wanted[wanted.geometry.notna()]
    assert sorted(reader.titles()) == sorted(placed["title"])
    assert reader.marked() == len(placed)
    assert reader.page.locator("#shelf .op-row").count() == len(wanted) - len(placed)
    if not undated:
        assert "1 undated not shown" in reader.page.locator("#counted").inner_text()
    reader.done()


def test_the_brush_filters_while_it_is_drawn_and_reset_gives_all_back(browser, told):
    reader = Reader(browser, told)
    stage = reader.page.locator(".dl-time-stage").bounding_box()
    edge = reader.page.evaluate("datelinePage.bar.toX(Date.UTC(2022, 10, 7) / 864e5)")
    reader.page.mouse.move(stage["x"] + edge, stage["y"] + 30)
    reader.page.mouse.down()
    reader.page.mouse.move(stage["x"] + stage["width"] - 16, stage["y"] + 30, steps=5)
    assert reader.marked() == 2
    reader.page.mouse.up()
    assert reader.marked() == 2
    assert reader.page.input_value("#from") == "2022-11-07"
    reader.page.click("#reset")
    assert reader.marked() == 4
    reader.done()


def test_words_and_types_narrow_the_map_the_list_and_the_count(browser, told):
    reader = Reader(browser, told)
    reader.page.fill("#words", "kherson SHELLS")
    assert len(reader.titles()) == reader.marked() == 1
    reader.page.fill("#words", "nothing of this")
    assert reader.page.locator("#note").inner_text() == "No event fits these filters."
    reader.page.fill("#words", "")
    protests = reader.page.locator(".op-legend-row", has_text="Protest")
    protests.click()
    assert protests.get_attribute("aria-pressed") == "true"
    assert len(reader.titles()) == 1
    reader.done()


def test_all_of_it_works_with_the_keyboard(browser, told):
    reader = Reader(browser, told)
    page = reader.page
    page.locator("#list .op-row").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    first = page.locator(".op-tell h3").inner_text()
    assert page.evaluate("document.activeElement.className") == "op-tell"
    page.get_by_role("button", name="Next event").press("Enter")
    reader.until(f"document.querySelector('.leaflet-popup .op-tell h3').textContent !== {json.dumps(first)}")
    page.keyboard.press("Escape")
    reader.until("!document.querySelector('.leaflet-popup')")
    assert "op-row" in page.evaluate("document.activeElement.className")
    page.locator(".dl-handle").first.focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    assert page.input_value("#from") == "2022-11-10"
    page.locator("#shelf .op-row").press("Enter")
    assert page.locator("#card blockquote").inner_text() == "Leaders met in Cambodia."
    page.keyboard.press("Escape")
    assert page.locator("#card").is_hidden()
    reader.done()


def test_it_reads_well_in_the_dark_and_on_a_narrow_screen(browser, told):
    reader = Reader(browser, told, color_scheme="dark", viewport={"width": 400, "height": 800})
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= 400
    assert "dl-dark" in reader.page.locator("body").get_attribute("class")
    reader.page.locator("#list .op-row").first.click()
    assert reader.page.locator(".leaflet-popup blockquote").is_visible()
    reader.picture("dark-narrow")
    reader.page.click("#theme")
    assert "dl-dark" not in (reader.page.locator("body").get_attribute("class") or "")
    reader.done()


def _hostile():
    """Each payload as title, text, outlet and link of a report of its own, and in every word that the table holds."""
    told = []
    for n, payload in enumerate(HOSTILE):
        text = f"Kherson {payload} was hit."
        of = report(f"h{n}", text, title=payload, source=payload, url=payload)
        more = {
            "trigger": payload,
            "mentions": (mention(of, "Kherson", place=KHERSON),),
            "quote": Span(field="text", start=0, end=len(text), text=text),
            "days": days(f"2022-11-{n + 1:02d}"),
        }
        told.append((of, KHERSON, more))
    events, reports = _events(*told)
    for name in ("title", "place", "name", "admin1", "event_id"):
        events[name] = [f"{payload}{n}" for n, payload in enumerate(HOSTILE)]
    return events, reports


def test_on_a_narrow_screen_the_legend_is_below_the_map_and_an_open_popup_stays_in_it(browser, told):
    reader = Reader(browser, told)
    reader.page.evaluate("datelinePage.select(datelinePage.events.find((e) => e.x !== null), false)")
    reader.page.locator(".leaflet-popup").wait_for()
    reader.page.set_viewport_size({"width": 400, "height": 850})
    reader.until("datelinePage.map.getSize().x < 400")
    reader.page.wait_for_timeout(500)
    boxes = {name: reader.page.locator(name).bounding_box() for name in (".op-map", "#legend", ".op-side", ".op-foot")}
    assert [*boxes] == sorted(boxes, key=lambda name: boxes[name]["y"])
    popup = reader.page.locator(".leaflet-popup-content-wrapper").bounding_box()
    assert popup["x"] >= 0
    assert popup["x"] + popup["width"] <= 400
    reader.picture("narrowed")
    reader.done()


def test_hostile_words_are_shown_as_words_and_nothing_of_them_runs(browser, tmp_path):
    events, reports = _hostile()
    write(events, tmp_path / "hostile.html", reports=reports)
    reader = Reader(browser, tmp_path / "hostile.html")
    page = reader.page
    assert reader.marked() == len(HOSTILE)
    for n, row in enumerate(page.locator("#list .op-row").all()):
        payload = HOSTILE[len(HOSTILE) - 1 - n]
        row.click()
        box = page.locator(".leaflet-popup .op-tell")
        shown = payload.translate(dict.fromkeys((0x202E, 0x202C)))[:250]
        assert shown in box.locator("h3").text_content()
        assert f"Kherson {shown}"[:250] in box.locator("blockquote").text_content()
        assert shown in box.locator(".op-sources").text_content()
        assert box.locator("a, img, svg, script, iframe").count() == 0
        assert box.bounding_box()["width"] < 400
        assert reader.inks()[0] > 3
    page.fill("#words", "<img")
    assert reader.marked() == 1
    reader.picture("hostile")
    assert page.evaluate("window.__canary") is None
    assert page.evaluate("document.scripts.length") == 4
    reader.done()


def test_even_a_script_that_got_in_would_not_run(browser, told, tmp_path):
    broken = tmp_path / "broken.html"
    holes = f"<script>{CANARY}</script><img src=x onerror='{CANARY}'><a id=x href='javascript:{CANARY}'>x</a></body>"
    broken.write_text(told.read_text(encoding="utf-8").replace("</body>", holes), encoding="utf-8")
    reader = Reader(browser, broken)
    reader.page.evaluate("document.getElementById('x').click()")
    assert reader.page.evaluate("window.__canary") is None
    assert reader.complaints  # the policy says what it stopped
    reader.context.close()


def test_a_public_page_draws_the_coarse_place_only(browser, stories, tmp_path):
    write(stories[0], tmp_path / "public.html", reports=stories[1], publish=Publish(coarsen_types=("protest",)))
    reader = Reader(browser, tmp_path / "public.html")
    reader.page.locator(".op-legend-row", has_text="Protest").click()
    reader.page.locator("#list .op-row").click()
    words = reader.page.locator(".leaflet-popup .op-tell").inner_text()
    assert "within about 31 km of the mark" in words
    assert "The sentence is not published." in words
    assert "30.5238" not in (tmp_path / "public.html").read_text(encoding="utf-8")
    reader.done()


def test_an_empty_table_gives_a_page_that_says_so(browser, stories, tmp_path):
    write(stories[0][:0], tmp_path / "none.html")
    reader = Reader(browser, tmp_path / "none.html")
    assert reader.page.locator("#note").inner_text() == "This file holds no events."
    assert reader.inks()[0] > 2
    reader.done()


def test_a_thousand_events_make_a_file_below_three_megabytes(browser, stories, tmp_path):
    events, reports = thousand(stories)
    path = tmp_path / "thousand.html"
    write(events, path, reports=reports)
    assert path.stat().st_size < 3_000_000
    reader = Reader(browser, path)
    assert reader.page.locator("#counted").inner_text().startswith("1000 of 1000 events, from 1000 reports")
    assert reader.page.locator("#list .op-row").count() == 100
    reader.page.get_by_role("button", name="Show more").click()
    assert reader.page.locator("#list .op-row").count() == 200
    reader.picture("thousand")
    reader.done()


def thousand(stories):
    """A thousand events all over the world with sentences, titles and links of usual length."""
    one = stories[0].iloc[[0]]
    columns = {name: one[name].tolist() * 1000 for name in one.columns}
    from shapely import Point

    spread = [(n * 0.61803 % 1, n * 0.75487 % 1) for n in range(1000)]
    columns["geometry"] = [Point(round(360 * x - 180, 5), round(130 * y - 60, 5)) for x, y in spread]
    columns["event_id"] = [f"e{n:015x}" for n in range(1000)]
    columns["report_id"] = [f"r{n}" for n in range(1000)]
    columns["reports"] = [[f"r{n}"] for n in range(1000)]
    columns["quote"] = [
        f"Officials said on Thursday that shelling number {n} " + "had hit houses in the town " * 8 for n in range(1000)
    ]
    reports = {
        f"r{n}": report(
            f"r{n}", "x", title=f"Report {n}: shelling goes on as talks stall and winter nears in the south",
            url=f"https://www.example.org/news/world/2022/11/12/report-{n}-{json.dumps(n)}.html",
            source="rferl.org", published=datetime(2022, 11, 12, tzinfo=UTC),
        )
        for n in range(1000)
    }  # fmt: skip
    return frame(columns), reports
