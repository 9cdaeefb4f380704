"""What the map's own layer does under the mouse and the keys, in a real browser with the network cut."""

import pytest
from conftest import Analyst

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
