"""The gate before every request: loopback only without sign-in; with it, data and uploads only for those with a role.

It closes what Streamlit leaves open: uploads and media for anybody, open metrics, cookies that outlive their token or
the signing out, and cookies that may travel unencrypted.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse

from geo.app import access

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN: Final = frozenset({"health", "script-health-check", "host-config", "stream", "bidi-components"})
NEEDS: Final[dict[str, access.Role]] = {"upload_file": "review", "metrics": "admin"}
REMOTE: Final = (
    "Without sign-in Dateline answers this machine only. Set up [auth] in .streamlit/secrets.toml to let others in."
)
POLICY: Final = "frame-ancestors 'self'; object-src 'none'; base-uri 'self'; form-action 'self'"
FORWARDED: Final = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"})
_AUTH: Final = "_streamlit_user"


class Gate:
    """Middleware around a whole app, its pages' websocket among it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, with an identity that holds or with none; or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        cookies = cookie_parser(Headers(scope=scope).get("cookie", ""))
        if reason := refusal(scope, cookies):
            await _refuse(reason, scope, receive, send)
            return
        if access.signs_in() and _AUTH in cookies:
            if _parts(scope["path"])[-2:] == ["auth", "logout"]:
                access.sign_out(cookies)
            elif access.claims_of(cookies) is None:
                scope = {**scope, "headers": _without_identity(scope, cookies)}
        await self.app(scope, receive, _careful(scope, send))


def refusal(scope: Scope, cookies: dict[str, str]) -> str:
    """Why a request is refused, "" where it is not."""
    if not access.signs_in():
        return "" if _from_here(scope) else REMOTE
    needed = role_for(scope["path"])
    if needed is None or access.known(access.claims_of(cookies)).may(needed):
        return ""
    return f"This needs signing in, and the role “{needed}”."


def role_for(path: str) -> access.Role | None:
    """The role that a path needs, None where it holds nothing but the program itself.

    >>> [role_for(path) for path in ("/", "/static/js/a.js", "/api/cells", "/_stcore/upload_file/a/b", "/x/media/f")]
    [None, None, 'read', 'review', 'read']
    """
    parts = _parts(path)
    if "_stcore" in parts:
        after = parts[parts.index("_stcore") + 1 :]
        return None if after and after[0] in OPEN else NEEDS.get(after[0] if after else "", "admin")
    if "static" in parts[:2] and "app" not in parts[:2]:
        return None
    return "read" if {"api", "media", "app"} & set(parts[:3]) and len(parts) > 1 else None


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _from_here(scope: Scope) -> bool:
    """Whether whoever asks is this machine, not a proxy on it for others; a socket file has no address."""
    if not FORWARDED.isdisjoint(Headers(scope=scope).keys()):
        return False
    client = scope.get("client")
    if client is None:
        return True
    try:
        address = ipaddress.ip_address(client[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _without_identity(scope: Scope, cookies: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """The request's headers without the cookies of an identity that does not hold."""
    kept = "; ".join(f"{name}={value}" for name, value in cookies.items() if not name.startswith(_AUTH))
    others = [(name, value) for name, value in scope["headers"] if name.lower() != b"cookie"]
    return [*others, (b"cookie", kept.encode("latin-1", "ignore"))]


def _careful(scope: Scope, send: Send) -> Send:
    """Sends answers with a content policy, and cookies that travel encrypted only, where the page does."""
    headers = Headers(scope=scope)
    encrypted = scope.get("scheme") == "https" or headers.get("x-forwarded-proto", "") == "https"

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).setdefault("Content-Security-Policy", POLICY)
            if encrypted:
                message["headers"] = [_secure(name, value) for name, value in message["headers"]]
        await send(message)

    return sending


def _secure(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    bare = name.lower() != b"set-cookie" or b"; secure" in value.lower()
    return (name, value) if bare else (name, value + b"; Secure")


async def _refuse(reason: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": reason[:120]})
        return
    status = 401 if access.signs_in() else 403
    await PlainTextResponse(reason, status_code=status)(scope, receive, send)
