"""What the map's own layer does under the mouse and the keys, in a real browser with the network cut."""

import re

import pytest
from conftest import Analyst

from geo.app import words

SCROLLED = "[...document.querySelectorAll('*')].map((box) => box.scrollTop).filter(Boolean)"


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (400, 850)])
def test_the_first_click_on_a_mark_opens_it_and_the_page_does_not_scroll(chromium, server, events, width, height):
    analyst = Analyst(chromium, server.url)
    analyst.page.set_viewport_size({"width": width, "height": height})
    chosen = events[events["place"] == "Kherson Oblast"].iloc[0]
    analyst.open("?at=33.3,46.2,9")
    analyst.rest()
    analyst.map.wait_for_function("dateline.marks.length")
    before = analyst.page.evaluate(SCROLLED)
    analyst.click_event(chosen["event_id"], unfold=False)
    analyst.map.wait_for_function("dateline.fanned || dateline.state.selected")
    assert analyst.page.evaluate(SCROLLED) == before
    analyst.close()


def spot(analyst, wanted="true"):
    """Where on the page the first mark (m) stands that is as wanted."""
    x, y = analyst.map.evaluate(
        f"""() => {{ const m = dateline.marks.find((m) => {wanted}), map = dateline._map;
        const p = map.layerPointToContainerPoint([m.px, m.py]), r = map.getContainer().getBoundingClientRect();
        return [p.x + r.x, p.y + r.y]; }}"""
    )
    box = analyst.page.locator("iframe").first.bounding_box()
    return box["x"] + x, box["y"] + y


def test_a_tip_goes_when_the_map_moves_under_it_and_when_the_pointer_jumps_out_of_the_frame(analyst):
    page = analyst.open("?at=31.5,48.5,5")
    analyst.rest()
    tip = page.locator(".dl-tip")
    at = spot(analyst, "m.members.length > 1")
    analyst.page.mouse.move(*at)
    tip.wait_for()
    analyst.page.mouse.wheel(0, -200)
    tip.wait_for(state="hidden")
    page.wait_for_function("dateline._map.getZoom() > 5 && !dateline.loading")
    analyst.rest()
    assert tip.is_hidden()
    analyst.page.mouse.move(*spot(analyst, "m.members.length > 1"))
    tip.wait_for()
    analyst.page.mouse.move(5, 5)
    tip.wait_for(state="hidden")


def test_an_answer_that_comes_after_the_pointer_left_shows_no_tip(analyst):
    page = analyst.open("?type=protest&from=2022-11-20&at=31.5,48.5,5")
    analyst.rest()
    held = []
    analyst.context.route("**/api/event/*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    analyst.page.mouse.move(*spot(analyst))
    page.wait_for_function("dateline.described")
    analyst.page.wait_for_timeout(100)
    analyst.page.mouse.move(5, 5)
    page.wait_for_function("!dateline.described")
    for route in held:
        route.continue_()
    analyst.page.wait_for_timeout(500)
    assert held
    assert page.locator(".dl-tip").is_hidden()


def test_a_tip_of_more_than_three_types_says_that_there_are_more(analyst):
    page = analyst.open("?at=31.5,48.5,5")
    page.wait_for_function("dateline.marks.length")
    told = page.evaluate(
        """() => { const all = [...dateline.data.type.keys()];
        const few = all.filter((i) => dateline.data.type[i] === dateline.data.type[0]);
        return [dateline.typesTold(all), dateline.typesTold(few)]; }"""
    )
    assert told[0].count(",") == 3
    assert told[0].endswith(", …")
    assert "…" not in told[1]


def test_the_players_button_is_drawn_and_says_what_it_does(analyst):
    page = analyst.open()
    button = page.locator(".dl-play")
    for name in ("Play", "Pause", "Play"):
        assert button.get_attribute("aria-label") == button.get_attribute("title") == name
        assert button.inner_text() == ""
        assert button.locator("svg").bounding_box()["width"] > 8
        button.click()


def test_with_no_days_chosen_the_bar_tells_the_first_and_last_day_that_have_events(analyst, events):
    first, last = events["first_day"].min().date(), events["last_day"].max().date()
    page = analyst.open()
    page.evaluate("dateline.bar.owner.span(['2022-10-01', '2023-03-01'].map(DatelineCells.dayNumber))")
    page.wait_for_function("dateline.bar.range[0] < dateline.bar.histogram.days[0]")
    assert page.evaluate("dateline.bar.label.textContent") == f"{first} – {last}"
    assert page.evaluate("dateline.daysTold()") == f"{first} – {last}"
    page.locator(f".dl-handle[aria-valuetext='{last}']").wait_for()


def test_the_marks_are_reached_and_opened_with_the_keys(analyst, events):
    page = analyst.open("?at=31.5,48.5,6")
    analyst.rest()
    box = page.locator(".leaflet-container")
    box.focus()
    walked, keyboard = "dateline.walk.mark && dateline.walk.mark.px", analyst.page.keyboard
    for key in ("n", "p", "n", "n", "p"):
        keyboard.press(key)
    west, east = sorted(page.evaluate("dateline.marks.map((m) => m.px)"))[:2]
    assert west < east
    assert page.evaluate(walked) == west
    kyiv = int((events["place"] == "Kyiv").sum())
    assert page.locator(".dl-tip-title").inner_text() == f"{kyiv} events"
    assert page.locator(".dl-heard").inner_text().startswith(f"{kyiv} events, ")
    analyst.picture("keys")
    keyboard.press("Enter")  # unfolds the spot, and stands on the first there
    assert page.evaluate("dateline.walk.mark.fan")
    page.locator(".dl-tip-title", has_text=": Kyiv").wait_for()
    keyboard.press("n")
    keyboard.press("Enter")
    analyst.page.wait_for_url(re.compile("event="), wait_until="commit")
    analyst.page.locator("mark.dl-quote").first.wait_for()
    keyboard.press("Escape")
    assert page.evaluate(walked) == west
    keyboard.press("Escape")
    assert page.evaluate(walked) is None
    assert page.locator(".dl-tip").is_hidden()
    zoom = page.evaluate("dateline._map.getZoom()")
    keyboard.press("+")
    page.wait_for_function(f"dateline._map.getZoom() > {zoom}")


def test_events_out_of_sight_are_counted_in_a_corner_and_a_press_brings_them_in(analyst, events):
    placed = events[events.geometry.notna()]
    page = analyst.open("?at=30.5,50.5,8")
    beyond = page.get_by_role("button", name=f"{int((placed['place'] != 'Kyiv').sum())} outside this view")
    beyond.wait_for()
    analyst.rest()
    size = "dateline._map.getContainer().getBoundingClientRect().toJSON()"
    before = page.evaluate(size)
    analyst.picture("beyond")
    beyond.click()
    page.locator(".dl-beyond").wait_for(state="hidden")
    assert page.evaluate("dateline.inView().reduce((n, m) => n + m.members.length, 0)") == len(placed)
    assert page.evaluate(size) == before


@pytest.mark.parametrize("width", [400, 1400])
def test_the_whole_legend_is_seen_and_a_new_type_of_event_does_not_move_the_map(chromium, server, width):
    analyst = Analyst(chromium, server.url)
    analyst.page.set_viewport_size({"width": width, "height": 950})
    page = analyst.open("?type=strike")
    analyst.rest()
    inside = """() => { const box = document.querySelector(".dl-time").getBoundingClientRect();
      return [...document.querySelectorAll(".dl-legend-name, .dl-legend-mark")].filter((e) => e.checkVisibility())
        .map((e) => e.getBoundingClientRect()).every((r) => r.right < box.right && r.bottom < box.bottom); }"""
    assert page.evaluate(inside)
    high = "dateline._map.getContainer().offsetHeight"
    before = page.evaluate(high)
    page.evaluate("dateline.writeLegend(dateline.words.types.map(() => 12), [])")
    analyst.page.wait_for_timeout(300)
    assert page.evaluate(inside)
    assert page.evaluate(high) == before or width == 400  # there the room is dear, and not kept
    analyst.close()


def test_the_picture_says_what_the_marks_mean(analyst):
    told = analyst.open().evaluate("dateline.legendTold()")
    assert [(piece.get("mark"), piece["text"]) for piece in told[-3:]] == [tuple(pair) for pair in words.MAP["marks"]]
    assert "Strike" in {piece["text"] for piece in told}


def test_a_change_that_comes_in_parts_is_drawn_once(analyst):
    page = analyst.open()
    analyst.rest()
    drawn = page.evaluate(
        """async () => { const { bar } = dateline, drawn = [0, 0], next = () => new Promise(requestAnimationFrame);
        const [draw, redraw] = [bar.draw, dateline._redraw];
        await next();
        bar.draw = function () { drawn[0] += 1; draw.call(this); };
        dateline._redraw = function () { drawn[1] += 1; redraw.call(this); };
        bar.setDays(bar.range); bar.setDays(null); bar.show(bar.histogram);
        dateline.later(); dateline.later();
        await next(); await next();
        return drawn; }"""
    )
    assert drawn == [1, 1]


def test_the_legends_counts_follow_while_the_days_move(analyst, events):
    page = analyst.open()
    analyst.rest()
    page.evaluate("dateline.bar.choose(['2022-11-11', '2022-11-14'].map(DatelineCells.dayNumber), false)")
    inside = int(events["first_day"].between("2022-11-11", "2022-11-14").sum())
    page.wait_for_function(f"dateline.histogram.types.reduce((a, b) => a + b, 0) === {inside}")
    assert page.evaluate("dateline.legendRows.reduce((n, row) => n + Number(row.lastChild.textContent), 0)") == inside
