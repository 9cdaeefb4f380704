"""Signing in with a real OpenID Connect provider on loopback: three roles, strangers, and identities that end."""

import importlib.util
import json
import socket
import subprocess
import sys
import time
import urllib.request
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest
from conftest import WAIT, Analyst, Server, store_at, stories

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("oidc_provider_mock") is None or importlib.util.find_spec("authlib") is None,
        reason="needs oidc-provider-mock and Authlib (requirements-dev.txt)",
    ),
]

PEOPLE = (
    {"sub": "ana", "email": "ana@example.org", "groups": ["editors"]},
    {"sub": "bo", "email": "bo@example.org"},
    {"sub": "cy", "email": "cy@elsewhere.net"},
)
ROLES = '[roles]\nread = ["@example.org"]\nreview = ["group:editors"]\n'


class Provider:
    """oidc-provider-mock in a process of its own; its tokens hold so many seconds."""

    def __init__(self, seconds):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        people = [part for person in PEOPLE for part in ("--user-claims", json.dumps(person))]
        given = ["-p", str(self.port), "-n", "True", "-e", str(seconds), *people]
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", *given],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.metadata = f"http://127.0.0.1:{self.port}/.well-known/openid-configuration"
        deadline = time.monotonic() + WAIT / 1000
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(self.metadata, timeout=2).close()
            except OSError:
                time.sleep(0.2)
            else:
                return
        raise AssertionError("the provider did not start")

    def stop(self):
        self.process.kill()
        self.process.wait()


class Visitor(Analyst):
    """Somebody who also visits the provider, whose page asks for a style sheet elsewhere: refused, and not ours."""

    def _guard(self, route):
        if route.request.frame.url.startswith(self.url) or route.request.is_navigation_request():
            super()._guard(route)
        elif urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            route.abort()


def start(home, seconds):
    with store_at(home) as store:
        store.add(stories())
    (home / "settings.toml").write_text(ROLES)
    provider, server = Provider(seconds), Server(home)
    secrets = home / "secrets.toml"
    secrets.write_text(
        f'[auth]\nredirect_uri = "{server.url}oauth2callback"\ncookie_secret = "{"s" * 40}"\n'
        f'client_id = "dateline"\nclient_secret = "{"c" * 32}"\nserver_metadata_url = "{provider.metadata}"\n'
    )
    server.start("--secrets.files", str(secrets))
    return provider, server


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    provider, server = start(tmp_path_factory.mktemp("guarded"), 3600)
    yield server
    server.stop()
    provider.stop()


@pytest.fixture
def somebody(chromium, guarded):
    visitor = Visitor(chromium, guarded.url)
    yield visitor
    visitor.close()


def sign_in(visitor, sub):
    page = visitor.page
    page.goto(visitor.url)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/oauth2/authorize**")
    page.get_by_role("button", name=sub, exact=False).first.click()
    page.wait_for_url(f"{visitor.url}**")


def answer(visitor, path, method="GET"):
    """The status of a request with a visitor's cookies."""
    kept = "; ".join(f"{c['name']}={c['value']}" for c in visitor.context.cookies(visitor.url))
    return status(visitor.url, path, method, kept)


def status(url, path, method="GET", kept=""):
    asked = urllib.request.Request(url + path, method=method, headers={"Cookie": kept})
    try:
        with urllib.request.urlopen(asked, data=b"x" if method == "PUT" else None, timeout=20) as told:
            return told.status
    except HTTPError as refused:
        return refused.code


def test_a_stranger_sees_nothing_and_uploads_nothing(somebody, guarded):
    page = somebody.page
    for path in ("", "map", "review", "missing", "?event=e019071ee4e7d1fd"):
        page.goto(guarded.url + path)
        page.get_by_role("button", name="Sign in").wait_for()
        assert "Kherson" not in page.inner_text("body")
        assert page.locator("iframe").count() == 0
    somebody.picture("sign-in")
    assert status(guarded.url, "_stcore/upload_file/a/b", "PUT") == 401
    assert [status(guarded.url, p) for p in ("api/words", "api/cells", "_stcore/metrics", "media/x")] == [401] * 4
    assert status(guarded.url, "_stcore/health") == 200


def test_a_reviewer_signs_in_decides_and_stands_in_the_log_by_address(somebody, guarded):
    sign_in(somebody, "ana")
    somebody.page.get_by_role("link", name="Review").click()
    somebody.page.get_by_role("button", name="Accept").wait_for()
    somebody.rest()
    somebody.page.locator("body").press("a")
    deadline = time.monotonic() + WAIT / 1000
    while time.monotonic() < deadline:
        with store_at(guarded.home) as store:
            entries = store.log()
        if entries:
            break
        time.sleep(0.3)
    assert [entry.who for entry in entries] == ["ana@example.org"]
    assert answer(somebody, "api/words") == 200
    assert answer(somebody, "_stcore/metrics") == 401
    somebody.page.get_by_role("radio", name="Outlets and reports").or_(
        somebody.page.get_by_role("button", name="Outlets and reports")
    ).first.click()
    somebody.page.get_by_role("combobox", name="Report", exact=True).wait_for()
    somebody.rest()
    somebody.page.get_by_role("combobox", name="Report", exact=True).click()
    somebody.page.get_by_role("option").first.click()
    somebody.page.get_by_text("Only an admin can erase a report.").wait_for()
    assert somebody.page.get_by_role("button", name="Erase the report").count() == 0


def test_a_reader_looks_and_neither_decides_nor_adds_nor_uploads(somebody, guarded):
    sign_in(somebody, "bo")
    somebody.page.get_by_text("25 of 25 events").wait_for()
    assert somebody.page.get_by_role("link", name="Review").count() == 0
    assert somebody.page.get_by_role("link", name="Add reports").count() == 0
    somebody.page.goto(f"{guarded.url}review")
    somebody.page.wait_for_timeout(3000)
    assert somebody.page.get_by_role("button", name="Accept").count() == 0
    assert answer(somebody, "api/words") == 200
    assert answer(somebody, "_stcore/upload_file/a/b", "PUT") == 401


def test_somebody_without_a_role_is_told_so_and_gets_nothing(somebody, guarded):
    sign_in(somebody, "cy")
    somebody.page.get_by_text("nobody has given you a role here").wait_for()
    somebody.picture("no-role")
    assert answer(somebody, "api/words") == 401


def test_a_copy_of_the_cookie_opens_nothing_after_signing_out(chromium, somebody, guarded):
    sign_in(somebody, "bo")
    somebody.page.get_by_text("25 of 25 events").wait_for()
    kept = somebody.context.cookies(guarded.url)
    copied = "; ".join(f"{c['name']}={c['value']}" for c in kept)
    assert status(guarded.url, "api/words", kept=copied) == 200
    somebody.page.get_by_role("button", name="Sign out").click()
    somebody.page.wait_for_url("**/oauth2/end_session**")
    somebody.page.goto(guarded.url)
    somebody.page.get_by_role("button", name="Sign in").wait_for()
    assert status(guarded.url, "api/words", kept=copied) == 401
    thief = Visitor(chromium, guarded.url)
    thief.context.add_cookies(kept)
    thief.page.goto(guarded.url)
    thief.page.get_by_role("button", name="Sign in").wait_for()
    assert "Kherson" not in thief.page.inner_text("body")
    thief.close()


def test_an_identity_ends_with_its_token(chromium, tmp_path):
    provider, server = start(tmp_path, 45)
    visitor = Visitor(chromium, server.url)
    try:
        sign_in(visitor, "bo")
        assert answer(visitor, "api/words") == 200
        deadline = time.monotonic() + 60
        while answer(visitor, "api/words") == 200 and time.monotonic() < deadline:
            time.sleep(1)
        assert answer(visitor, "api/words") == 401
        visitor.page.reload()
        visitor.page.get_by_role("button", name="Sign in").wait_for()
        assert "Kherson" not in visitor.page.inner_text("body")
    finally:
        visitor.close()
        server.stop()
        provider.stop()
