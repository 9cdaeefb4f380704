"""Who may ask our routes: the same hosts as the page, no other site; and headers that keep answers to themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SAFE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Middleware around a whole app; `hosts` gives the names under which it may be asked (empty: any)."""

    def __init__(self, app: ASGIApp, *, hosts: Callable[[], Sequence[str]]) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if reason := self.refusal(Headers(scope=scope)):
            await PlainTextResponse(reason, status_code=403)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SAFE.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)

    def refusal(self, headers: Headers) -> str | None:
        """Why a request is refused, None where it is not."""
        host = _name(headers.get("host", ""))
        allowed = {_name(h) for h in self.hosts()}
        if allowed and host not in allowed:
            return "This host name is not allowed; see server.allowedHosts in .streamlit/config.toml."
        if headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate":
            return "Requests from other sites are refused."
        return None


def _name(host: str) -> str:
    """The host without its port, in small letters."""
    return (host.rpartition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]).lower()
