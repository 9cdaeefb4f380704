"""Who may do what: roles from claims, identities that end, and the gate before every request."""

import asyncio
import json
import time

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

from geo.app import access, deciding, gate
from geo.errors import DatelineError, NotAllowed

SECRET = "a secret of the tests, long enough"
ROLES = {"read": ["@example.org"], "review": ["ana@example.org", "group:Desk"], "admin": ["group:ops"]}


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"email": "bo@example.org"}, "read"),
        ({"email": "Ana@Example.org"}, "review"),
        ({"email": "x@elsewhere.net", "groups": ["desk"]}, "review"),
        ({"sub": "7", "groups": ["ops", "desk"]}, "admin"),
        ({"email": "x@elsewhere.net"}, None),
        ({"email": "bo@example.org.evil.net"}, None),
        ({"email": "bo@example.org", "email_verified": False}, None),
        ({"groups": "ops"}, None),
        ({"email": "group:ops"}, None),
        ({"groups": ["@example.org"]}, None),
        ({}, None),
    ],
)
def test_the_highest_role_of_address_domain_and_group_counts_and_nothing_else(claims, role):
    assert access.role_of(claims, ROLES) == role


def test_a_roles_table_that_is_no_list_says_which():
    with pytest.raises(DatelineError, match="admin must be a list"):
        access.role_of({"email": "a@b.c"}, {"admin": "a@b.c"})


def test_a_role_holds_the_rights_of_those_below_it():
    reviewer = access.Visitor(name="ana", role="review")
    assert (reviewer.may("read"), reviewer.may("review"), reviewer.may("admin")) == (True, True, False)
    assert not access.Visitor(name="", role=None).may("read")


@pytest.fixture
def signed_in(monkeypatch, tmp_path):
    """Sign-in as set up on a server, its cookies signed as Streamlit signs them."""
    from streamlit.web.server import server_util

    held = access.SignedOut(tmp_path / "signed_out.txt")
    monkeypatch.setattr(server_util, "get_cookie_secret", lambda: SECRET)
    monkeypatch.setattr(access, "signs_in", lambda: True)
    monkeypatch.setattr(access, "signed_out", lambda: held)
    monkeypatch.setattr(access, "_roles", lambda: ROLES)
    return held


def cookies(**more):
    from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

    claims = {"email": "ana@example.org", "exp": time.time() + 60, "is_logged_in": True, **more}
    return {access.COOKIE: create_signed_value(SECRET, access.COOKIE, json.dumps(claims)).decode()}


def test_an_identity_ends_when_its_token_does_and_does_not_hold_without_an_end(signed_in):
    assert access.claims_of(cookies())["email"] == "ana@example.org"
    assert access.claims_of(cookies(exp=time.time() - 1)) is None
    assert access.claims_of(cookies(exp=None)) is None
    assert access.claims_of(cookies(is_logged_in=False)) is None


def test_a_forged_cookie_is_nobody(signed_in):
    told = cookies()
    value = told[access.COOKIE]
    assert access.claims_of({access.COOKIE: value[:-2] + ("aa" if value[-2:] != "aa" else "bb")}) is None
    assert access.claims_of({access.COOKIE: "nonsense"}) is None
    assert access.claims_of({}) is None


def test_a_copy_of_a_cookie_that_was_signed_out_is_nobody_also_after_a_restart(signed_in, tmp_path):
    told, other = cookies(), cookies(email="bo@example.org")
    access.sign_out(told)
    assert access.claims_of(told) is None
    assert access.claims_of(other) is not None
    again = access.SignedOut(tmp_path / "signed_out.txt")
    assert (tmp_path / "signed_out.txt").read_text().split()[0] in again


def test_a_page_action_without_the_role_is_refused_in_plain_words(monkeypatch):
    monkeypatch.setattr(access, "visitor", lambda: access.Visitor(name="bo@example.org", role="read"))
    assert access.require("read").name == "bo@example.org"
    with pytest.raises(NotAllowed, match=r"role “review”, and bo@example.org is signed in"):
        access.require("review")


def test_erasing_needs_an_admin_and_deciding_a_reviewer_whichever_button_was_pressed(monkeypatch):
    class Shared:
        store = None

        def refresh(self):
            """Nothing to take in."""

    done = []
    monkeypatch.setattr(deciding, "desk", Shared)
    for role, erased, decided in (("read", False, False), ("review", False, True), ("admin", True, True)):
        monkeypatch.setattr(access, "visitor", lambda role=role: access.Visitor(name="ana", role=role))
        assert deciding.attempt(lambda store, who: done.append("erased"), role="admin") is erased
        assert deciding.attempt(lambda store, who: done.append("decided")) is decided
    assert done == ["decided", "erased", "decided"]


# --- the gate ---------------------------------------------------------------------------------------------------------


async def told(request):
    answer = PlainTextResponse(request.headers.get("cookie", ""))
    answer.set_cookie("_streamlit_user", "x")
    return answer


async def hello(websocket):
    await websocket.accept()
    await websocket.send_text(websocket.headers.get("cookie", ""))
    await websocket.close()


class Answer:
    """What came back: the status (of a websocket: whether it was let in), the headers and the words."""

    def __init__(self):
        self.status, self.headers, self.text = 0, {}, ""

    async def take(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        elif message["type"] == "http.response.body":
            self.text += message["body"].decode()
        elif message["type"] == "websocket.accept":
            self.status = 101
        elif message["type"] == "websocket.send":
            self.text += message["text"]


class Client:
    """Asks an app behind the gate from some address, with some cookies."""

    def __init__(self, address="127.0.0.1", **kept):
        routes = [WebSocketRoute("/_stcore/stream", hello), Route("/{path:path}", told, methods=["GET", "PUT"])]
        self.app = Starlette(routes=routes, middleware=[Middleware(gate.Gate)])
        self.address, self.cookie = address, "; ".join(f"{name}={value}" for name, value in kept.items())

    def ask(self, path, method="GET", kind="http", **headers):
        given = [(b"cookie", self.cookie.encode())] if self.cookie else []
        given += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        first = {"type": "http.request", "body": b"x"} if kind == "http" else {"type": "websocket.connect"}
        scope = {
            "type": kind, "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
            "root_path": "", "scheme": "http" if kind == "http" else "ws", "headers": given,
            "client": (self.address, 5), "server": ("localhost", 80), "subprotocols": [],
        }  # fmt: skip
        answer = Answer()

        async def receive():
            return first

        asyncio.run(self.app(scope, receive, answer.take))
        return answer

    def get(self, path, **headers):
        return self.ask(path, **headers)

    def put(self, path):
        return self.ask(path, "PUT")

    def page(self):
        return self.ask("/_stcore/stream", kind="websocket")


client = Client


DATA = [
    "/api/cells",
    "/media/x.png",
    "/_stcore/upload_file/a/b",
    "/_stcore/metrics",
    "/app/static/x",
    "/base/api/report/r",
]


@pytest.mark.parametrize("path", DATA)
def test_a_stranger_gets_no_data_and_uploads_nothing(signed_in, path):
    assert client().get(path).status == 401
    assert client().put(path).status == 401
    assert client(**cookies(exp=1)).get(path).status == 401
    assert client(**cookies(email="x@elsewhere.net")).put(path).status == 401


def test_each_role_gets_what_it_may_and_no_more(signed_in):
    reader, reviewer = client(**cookies(email="bo@example.org")), client(**cookies())
    admin = client(**cookies(groups=["ops"]))
    assert [c.get("/api/cells").status for c in (reader, reviewer, admin)] == [200, 200, 200]
    assert [c.put("/_stcore/upload_file/a/b").status for c in (reader, reviewer, admin)] == [401, 200, 200]
    assert [c.get("/_stcore/metrics").status for c in (reader, reviewer, admin)] == [401, 401, 200]


@pytest.mark.parametrize(
    "path", ["/", "/map", "/_stcore/health", "/static/js/a.js", "/assets/cells.js", "/oauth2callback"]
)
def test_the_program_itself_is_open_so_that_somebody_can_sign_in(signed_in, path):
    assert client().get(path).status == 200


def test_signing_out_ends_the_identity_for_every_copy_of_its_cookie(signed_in):
    kept = cookies()
    assert client(**kept).get("/api/cells").status == 200
    client(**kept).get("/auth/logout")
    assert client(**kept).get("/api/cells").status == 401


def test_a_page_never_sees_the_cookies_of_an_identity_that_ended(signed_in):
    kept = {**cookies(exp=1), "_streamlit_user_tokens": "t", "_streamlit_xsrf": "x"}
    assert client(**kept).page().text == "_streamlit_xsrf=x"
    assert access.COOKIE in client(**cookies()).page().text


def test_cookies_travel_encrypted_only_where_the_page_does(signed_in):
    plain = client().get("/").headers["set-cookie"]
    behind = client().get("/", x_forwarded_proto="https").headers["set-cookie"]
    assert "secure" not in plain.lower()
    assert behind.endswith("; Secure")
    assert "frame-ancestors 'self'" in client().get("/").headers["content-security-policy"]


@pytest.mark.parametrize("address", ["192.168.1.7", "2001:db8::7", "testclient"])
def test_without_sign_in_only_this_machine_is_answered(monkeypatch, address):
    monkeypatch.setattr(access, "signs_in", lambda: False)
    assert client("127.0.0.1").get("/api/cells").status == 200
    assert client("::1").get("/").status == 200
    assert client("::ffff:127.0.0.1").get("/").status == 200
    answer = client(address).get("/")
    assert answer.status == 403
    assert "this machine only" in answer.text
    assert client("127.0.0.1").page().status == 101
    assert client(address).page().status == 0


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_real_ip"])
def test_without_sign_in_a_proxy_on_this_machine_lets_nobody_in(monkeypatch, header):
    monkeypatch.setattr(access, "signs_in", lambda: False)
    assert client().get("/", **{header: "203.0.113.9"}).status == 403


def test_secrets_that_cannot_be_read_let_nobody_in(monkeypatch, tmp_path):
    import streamlit as st

    (tmp_path / "secrets.toml").write_text("[auth\nredirect_uri = ")
    monkeypatch.setattr(st, "get_option", lambda name: [str(tmp_path / "secrets.toml")])
    access._check_secrets.cache_clear()
    with pytest.raises(DatelineError, match="nobody is let in"):
        access.signs_in()


def test_other_kinds_of_messages_pass(signed_in):
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["type"])

    asyncio.run(gate.Gate(app)({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"]
