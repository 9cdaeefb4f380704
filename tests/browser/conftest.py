"""A real server and a real Chromium for the browser tests; every request that would leave this machine is refused."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from driving import ARTIFACTS, CHROMIUM, FLAGS, ROOT, WAIT, Analyst, Server  # noqa: E402 - ours, beside this file

__all__ = ["ARTIFACTS", "CHROMIUM", "ROOT", "WAIT", "Analyst", "Server"]


def in_browser(item):
    return Path(__file__).parent in item.path.parents


def pytest_collection_modifyitems(items):
    """Mark the browser's tests and run them last: Playwright keeps an event loop running, and others start one."""
    items.sort(key=in_browser)
    for item in items:
        if in_browser(item):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="needs Chromium (apt-get install chromium)"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Keep a picture of what a failing test of the browser saw."""
    report = yield
    if report.when == "call" and report.failed:
        for somebody in getattr(item, "funcargs", {}).values():
            if isinstance(somebody, Analyst):
                somebody.picture(f"failed-{item.name[:60]}")
    return report


# --- what the reports say ---------------------------------------------------------------------------------------------


def stories():
    """Extractions made by hand: a month of events in Kherson, Kyiv and Kherson Oblast, one in a whole country."""
    from making import CAMBODIA, KHERSON, KHERSON_OBLAST, KYIV

    start = datetime(2022, 11, 1, tzinfo=UTC)
    places = (KHERSON, KYIV, KHERSON_OBLAST, KHERSON)
    types = ("strike", "protest", "control", "fighting", "arrest")
    for n in range(24):
        day = start + timedelta(days=n)
        place, kind = places[n % 4], types[n % 5]
        yield story(f"s{n:02d}", place, kind, day, f"Report number {n}: something of the kind {kind} was told.")
    yield story("summit", CAMBODIA, "diplomacy", start + timedelta(days=11), "Leaders met.")


def story(report_id, place, kind, day, lead, **more):
    """A report of three sentences whose second says what happened at a place the day before."""
    from making import days, mention

    from geo.records import Claim, Extraction, Report, Skip, Span

    said = f"On the day before, people in {place.name} saw it ({report_id})."
    text = f"{lead} {said} Moscow said nothing of it."
    given = {"title": f"Told {report_id}", "source": f"Outlet {len(report_id) % 3}", **more}
    url = given.pop("url", f"https://example.org/{report_id}")
    told = Report(report_id=report_id, text=text, published=day, language="en", url=url, **given)
    where = mention(told, place.name, place=place, role="place", confidence=0.9, reason="the only place of that name")
    actor = mention(told, "Moscow", role="actor")
    start = text.index(said)
    happened = (day - timedelta(days=1)).date().isoformat()
    claim = Claim(
        claim_id=f"{report_id}-c", report_id=report_id, place=place, mentions=(where,), type=kind, trigger="saw it",
        days=days(happened, basis="relative"), confidence=0.8,
        quote=Span(field="text", start=start, end=start + len(said), text=said),
    )  # fmt: skip
    skips = (Skip(mention=actor, reason="actor"),)
    return Extraction(report=told, mentions=(where, actor), timexes=(), claims=(claim,), skips=skips)


@contextmanager
def store_at(home):
    from geo import settings, standard

    with standard.store(settings.load(home=home)) as store:
        yield store


# --- server and browser -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=WAIT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def desk_home(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with store_at(home) as store:
        store.add(stories())
    return home


@pytest.fixture(scope="session")
def server(desk_home):
    running = Server(desk_home).start()
    yield running
    running.stop()


@pytest.fixture
def analyst(chromium, server):
    somebody = Analyst(chromium, server.url)
    yield somebody
    somebody.close()


@pytest.fixture
def events(desk_home):
    with store_at(desk_home) as store:
        return store.load()
