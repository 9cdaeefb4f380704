"""The page that switches the online geocoder on and off: what it says before, what it writes, and who may open it."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from making import report
from services import loopback
from services.loopback import Loopback
from streamlit.testing.v1 import AppTest

from geo import settings as settings_
from geo import standard
from geo.app import access, page_online, service, words_online, work
from geo.app.desk import close, desk
from geo.gazetteer.answers import Answers, Found
from geo.gazetteer.limiter import Breaker
from geo.gazetteer.online import FILE

RUN = "from geo.app import page_online; page_online.page()"
ON = '# mine\n[online]\nservice = "Nominatim"\nendpoint = "{url}"\nprivate = true\nretries = 0\ntimeout_s = 2\n'


@pytest.fixture(autouse=True)
def main_module(monkeypatch):
    """AppTest leaves its script as `__main__`, which processes that are spawned later would run."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path))
    close()
    yield tmp_path
    close()


@pytest.fixture
def nominatim() -> Loopback:
    with Loopback(loopback.nominatim) as running:
        yield running


def shown(page: AppTest) -> str:
    return "\n".join(text.value for text in page.text)


def opened() -> AppTest:
    page = AppTest.from_string(RUN, default_timeout=30).run()
    assert not page.exception
    return page


def test_it_is_off_at_first_and_nothing_is_written(home: Path) -> None:
    page = opened()
    assert words_online.OFF in shown(page)
    assert page.button(key="online_off").disabled
    assert not (home / settings_.FILE).exists()


def test_what_leaves_and_the_policy_are_read_before_it_is_switched_on(home: Path) -> None:
    page = opened()
    assert "To nominatim.openstreetmap.org goes the place name as written" in shown(page)
    assert "never the text of a report" in shown(page)
    assert "one request a second" in shown(page)
    page.button(key="online_on").click().run()
    assert words_online.AGREE_FIRST in shown(page)
    assert not (home / settings_.FILE).exists()


def test_the_public_nominatim_wants_to_know_who_asks(home: Path) -> None:
    page = opened()
    page.checkbox(key="online_agree_nominatim.openstreetmap.org").check()
    page.button(key="online_on").click().run()
    assert "does not say who asks" in shown(page)
    assert not (home / settings_.FILE).exists()
    page.text_input(key="online_agent").input("our-desk/1.0 (maps@desk.example)")
    page.button(key="online_on").click().run()
    assert words_online.SAVED in shown(page)
    assert settings_.load(home).tables["online"] == {
        "service": "Nominatim", "endpoint": "https://nominatim.openstreetmap.org", "ask": "unknown",
        "user_agent": "our-desk/1.0 (maps@desk.example)", "keep_days": 90,
    }  # fmt: skip


def test_it_is_switched_off_with_all_that_was_set_kept(home: Path, nominatim: Loopback) -> None:
    (home / settings_.FILE).write_text('project = "case"  # ours\n' + ON.format(url=nominatim.url))
    page = opened()
    page.button(key="online_off").click().run()
    assert words_online.SAVED_OFF in shown(page)
    assert not service.online(desk()).on
    text = (home / settings_.FILE).read_text()
    assert "# ours" in text
    assert nominatim.url in text
    page.button(key="online_on").click().run()
    assert words_online.AGREE_FIRST in shown(page)


def test_a_key_is_kept_for_its_owner_only_and_never_shown(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    page = opened()
    page.selectbox(key="online_service").select("GeoNames").run()
    host = page.text_input(key="online_endpoint_GeoNames").value.partition("://")[2]
    page.checkbox(key=f"online_agree_{host}").check()
    page.button(key="online_on").click().run()
    assert "needs username" in shown(page)
    page.text_input(key="online_key_0").input("CANARY")
    page.button(key="online_on").click().run()
    assert settings_.load(home).tables["online"]["key"] == "CANARY"
    assert stat.S_IMODE((home / settings_.FILE).stat().st_mode) == 0o600
    again = opened()
    assert page.text_input(key="online_key_1").value == ""
    assert again.text_input(key="online_key_0").value == ""
    assert "CANARY" not in shown(page) + shown(again)
    assert "CANARY" not in caplog.text
    again.button(key="online_off").click().run()
    assert settings_.load(home).tables["online"]["key"] == "CANARY"
    again.selectbox(key="online_service").select("OpenCage").run()  # another server is not told this one's key
    host = again.text_input(key="online_endpoint_OpenCage").value.partition("://")[2]
    again.checkbox(key=f"online_agree_{host}").check()
    again.button(key="online_on").click().run()
    assert "needs api_key" in shown(again)


def test_it_says_whether_the_service_answers_and_tries_again(home: Path, nominatim: Loopback) -> None:
    (home / settings_.FILE).write_text(ON.format(url=nominatim.url))
    page = opened()
    assert words_online.UNASKED in shown(page)
    page.button(key="online_again").click().run()
    assert "Reachable, since" in shown(page)
    assert "Answers kept on this disk: 1," in shown(page)
    nominatim.always = "500"
    page.button(key="online_again").click().run()
    assert "Not reachable since" in shown(page)
    assert "nothing is lost" in shown(page)
    assert service.notice(desk())
    nominatim.always = ""
    page.button(key="online_again").click().run()
    assert "Reachable, since" in shown(page)
    assert service.notice(desk()) is None


def test_a_pause_that_the_service_asked_for_is_not_shortened(home: Path, nominatim: Loopback) -> None:
    (home / settings_.FILE).write_text(ON.format(url=nominatim.url))
    Breaker(home / FILE).failed(f"127.0.0.1:{nominatim.port}", "slow down", pause_s=900, limited=True)
    page = opened()
    assert "Left alone until" in shown(page)
    page.button(key="online_again").click().run()
    assert words_online.WAIT in shown(page)
    assert nominatim.seen == []


def test_kept_answers_are_counted_with_their_days_and_forgotten(home: Path) -> None:
    found = Found(place_id="x:1", name="Hay", names=("Hay",), lon=1, lat=1, level="point", radius_km=1, prior=0.5)
    kept = Answers(home / FILE, keep_days=9)
    for name in ("Hay", "Hey"):
        kept.put("nominatim", name, None, (found,))
    page = opened()
    assert "Answers kept on this disk: 2, from 2" in shown(page)
    page.button(key="online_forget").click().run()
    assert words_online.FORGOTTEN.format(n=2) in shown(page)
    assert words_online.KEPT_NONE in shown(page)


def test_settings_that_make_no_sense_switch_it_off_and_are_told_on_every_page(home: Path) -> None:
    (home / settings_.FILE).write_text('[online]\nservice = "Nominatim"\nendpoint = "ftp://x"\n')
    assert "must begin with https://" in shown(opened())
    assert "must begin with https://" in (service.notice(desk()) or "")
    assert service.find(desk(), "Kherson", limit=3)[0].place.name == "Kherson"


def test_only_an_admin_opens_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = access.Visitor(name="ed", role="review")
    monkeypatch.setattr(access, "visitor", lambda: editor)
    page = AppTest.from_string(RUN, default_timeout=30).run()
    assert page.exception
    assert not page.button
    assert not page.text


def test_the_search_asks_the_service_where_the_gazetteer_knows_no_such_place(home: Path, nominatim: Loopback) -> None:
    (home / settings_.FILE).write_text(ON.format(url=nominatim.url))
    assert service.find(desk(), "Nyzhni Hayi", limit=5)[0].match == "online"
    nominatim.always = "cut"
    assert service.find(desk(), "Kherson", limit=5)[0].place.place_id == "geonames:706448"
    assert service.find(desk(), "Nyzhni Hayi Two", limit=5) == []


def test_the_map_thanks_the_service_that_is_on_and_those_whose_places_it_shows(
    home: Path, nominatim: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = desk()
    assert service.credits_due(shared) == []
    (home / settings_.FILE).write_text(ON.format(url=nominatim.url))
    service.settle(shared)
    assert service.credits_due(shared)[0][0] == "© OpenStreetMap contributors"


@pytest.mark.parametrize(("reports", "batch"), [(work.LONG - 1, "False"), (work.LONG, "True")])
def test_a_long_run_of_uploads_is_a_batch_and_asks_no_service_that_everybody_shares(
    home: Path, monkeypatch: pytest.MonkeyPatch, reports: int, batch: str
) -> None:
    def pipeline(_: Any, **given: Any) -> None:
        raise ValueError(given["batch"])

    monkeypatch.setattr(standard, "pipeline", pipeline)
    with pytest.raises(ValueError, match=batch):
        work._extract(settings_.load(home), [report(text="Nothing.")] * reports)


def test_what_is_off_is_told_as_off_whatever_else_is_set(home: Path) -> None:
    online = service.online_settings({"service": "Nominatim", "endpoint": "https://nominatim.example.org", "off": True})
    assert page_online.told(online, None) == [words_online.OFF]
