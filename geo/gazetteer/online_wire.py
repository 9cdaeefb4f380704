"""The wire to a service: geopy's requests go through here, in turn, to the chosen host only, and end in time.

geopy's own adapters repeat a request at once when a connection is cut, follow redirects to any host, and read without
an end; each of these would break a promise made to the service or to the user.
"""

from __future__ import annotations

import http.client
import json
import logging
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import quote_plus, urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request, getproxies

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderTimedOut, GeocoderUnavailable

from geo.errors import GeocoderError, PolicyError
from geo.gazetteer.limiter import Limiter
from geo.gazetteer.online_settings import Online, public_address

_LARGEST: Final = 4_000_000  # bytes; ten places with all their names are about 20,000
_LEASE_S: Final = 5.0  # added to the time-out: how late a turn may be given back before it is lost
_SECRET: Final = re.compile(
    r"((?:[\w-]*key|token|[\w-]*_token|username|password|auth[_-]id|app_id|app_code|signature|secret)=)[^&\s\"'<>]+",
    re.IGNORECASE,
)


class NoTurn(GeocoderError):
    """Other sessions were asking the service, and our turn did not come in time."""


class Wire(BaseSyncAdapter):  # type: ignore[misc]  # geopy has no types
    """A geopy adapter that asks one host, one request at a time for the whole machine."""

    def __init__(
        self, *, proxies: Any, ssl_context: ssl.SSLContext | None, online: Online, limiter: Limiter, service: str
    ) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        self.online = online
        self.limiter = limiter
        self.service = service
        self.patient_until = float("inf")  # on time.monotonic(); set by whoever asks, for one call
        self._context = ssl_context
        self._hosts = {online.host}
        if online.login and online.service.casefold() == "arcgis":
            self._hosts.add(urlsplit(f"//{online.login.get('auth_domain', 'www.arcgis.com')}").hostname or "")

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        """The JSON at an address; the parse error does not repeat the body, which may repeat the key."""
        text = self.get_text(url, timeout=timeout, headers=headers)
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise GeocoderParseError(f"the answer is not JSON ({len(text)} characters)") from error

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        """The text at an address, asked for when it is our turn."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or (parts.hostname or "").rstrip(".") not in self._hosts:
            raise PolicyError(f"a request to {parts.hostname} was stopped; only {self.online.host} is set")
        ticket = self._turn(timeout)
        try:
            status, got, body = self._fetch(Request(url, headers=headers), timeout)  # noqa: S310 - checked above
        finally:
            if ticket:
                self.limiter.give(self.service, ticket, gap_s=self.online.gap_s)
        text = body.decode("utf-8", "replace")
        if 300 <= status < 400:
            to = urlsplit(got.get("location", "")).hostname or "another address"
            words = f"answered {status}, a redirect to {to}, which is not followed"
            raise AdapterHTTPError(words, status_code=status, headers=got, text="")
        if status >= 400:
            raise AdapterHTTPError(f"answered {status}", status_code=status, headers=got, text=text[:200])
        return text

    def _turn(self, timeout: float) -> str | None:
        if not self.online.gap_s:
            return None
        patience = self.patient_until - time.monotonic()
        ticket = self.limiter.take(
            self.service, lease_s=timeout + self.online.gap_s + _LEASE_S, patience_s=max(0.0, patience)
        )
        if ticket is None:
            raise NoTurn(f"it was not our turn to ask {self.online.host} in time")
        return ticket

    def _fetch(self, request: Request, timeout: float) -> tuple[int, dict[str, str], bytes]:
        """Status, headers in lower case, and body; in `timeout` seconds altogether, name look-up included."""
        watch = _Watch(self.online)
        opener = OpenerDirector()
        opener.add_handler(ProxyHandler({} if self.online.private else getproxies()))
        opener.add_handler(_Plain(watch))
        if request.type == "https":
            self._context = self._context or ssl.create_default_context()  # reads all root certificates, so once
            opener.add_handler(_Secure(watch, self._context))
        try:
            return _within(timeout, lambda: _exchange(opener, request, timeout), watch)
        except TimeoutError as error:
            raise GeocoderTimedOut(f"no answer within {timeout:g} s") from error
        except (OSError, http.client.HTTPException) as error:
            raise _in_geopys_words(error) from error


class _Watch:
    """Looks over the connections of one request: where they lead, and that none goes on after its time."""

    def __init__(self, online: Online) -> None:
        self.online = online
        self.over = False
        self.connections: list[http.client.HTTPConnection] = []

    def connected(self, connection: http.client.HTTPConnection) -> None:
        """Refuse a public name that leads into this machine or network; a proxy is where the user's system put it."""
        if self.over:
            connection.close()
            raise TimeoutError("connected too late")
        if self.online.private or connection.host.rstrip(".").lower() != self.online.host:
            return
        address = connection.sock.getpeername()[0]
        if not public_address(address):
            connection.close()
            raise PolicyError(
                f"{self.online.host} leads to {address}, on this machine or network; if it is your own server, "
                "say private = true"
            )

    def stop(self) -> None:
        """End what still runs."""
        self.over = True
        for connection in self.connections:
            if connection.sock is not None:
                _shut(connection.sock)


class _Plain(HTTPHandler):
    def __init__(self, watch: _Watch) -> None:
        super().__init__()
        self._make = partial(_HTTP, watch=watch)

    def http_open(self, req: Request) -> Any:
        return self.do_open(self._make, req)


class _Secure(HTTPSHandler):
    def __init__(self, watch: _Watch, context: ssl.SSLContext) -> None:
        super().__init__(context=context)
        self._make = partial(_HTTPS, watch=watch)
        self._given = context

    def https_open(self, req: Request) -> Any:
        return self.do_open(self._make, req, context=self._given)


class _HTTP(http.client.HTTPConnection):
    """A connection that shows itself, and its peer, before a word is sent."""

    def __init__(self, host: str, *, watch: _Watch, **given: Any) -> None:
        super().__init__(host, **given)
        self._watch = watch

    def connect(self) -> None:
        self._watch.connections.append(self)
        super().connect()
        self._watch.connected(self)


class _HTTPS(http.client.HTTPSConnection):
    """The same over TLS."""

    def __init__(self, host: str, *, watch: _Watch, **given: Any) -> None:
        super().__init__(host, **given)
        self._watch = watch

    def connect(self) -> None:
        self._watch.connections.append(self)
        super().connect()
        self._watch.connected(self)


def _exchange(opener: OpenerDirector, request: Request, timeout: float) -> tuple[int, dict[str, str], bytes]:
    with opener.open(request, timeout=timeout) as page:
        body: bytes = page.read(_LARGEST + 1)
        if len(body) > _LARGEST:
            raise GeocoderServiceError(f"the answer is longer than {_LARGEST:,} bytes")
        if page.length:  # still to come when the connection ended; read(n) does not say so
            raise http.client.IncompleteRead(body, page.length)
        return page.status, {name.lower(): value for name, value in page.headers.items()}, body


def _within(
    seconds: float, work: Callable[[], tuple[int, dict[str, str], bytes]], watch: _Watch
) -> tuple[int, dict[str, str], bytes]:
    """What the work gives, or TimeoutError; sockets only know a time-out for each read, and name look-up knows none."""
    result: Future[tuple[int, dict[str, str], bytes]] = Future()

    def run() -> None:
        try:
            result.set_result(work())
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            result.set_exception(error)

    threading.Thread(target=run, name="dateline-online", daemon=True).start()
    try:
        return result.result(timeout=seconds)
    except TimeoutError:
        watch.stop()
        raise


def _shut(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads from it
    except OSError as error:
        logging.getLogger(__name__).debug("was shut already: %s", error)


def _in_geopys_words(error: OSError | http.client.HTTPException) -> GeocoderServiceError:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, TimeoutError):
        return GeocoderTimedOut("the connection timed out")
    if isinstance(reason, socket.gaierror):
        return GeocoderUnavailable("its name cannot be looked up; is there a network?")
    if isinstance(reason, ConnectionRefusedError):
        return GeocoderUnavailable("the connection was refused")
    if isinstance(reason, ssl.SSLError):
        return GeocoderServiceError(f"no safe connection: {reason.reason}")
    if isinstance(reason, (ConnectionError, http.client.HTTPException)):
        return GeocoderUnavailable("the connection was cut")
    return GeocoderUnavailable(f"the network failed ({type(reason).__name__})")


class MaskKeys(logging.Filter):
    """Writes *** for keys in what geopy logs: its DEBUG lines hold whole addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, masked."""
        record.msg, record.args = masked(record.getMessage(), self.secrets), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = masked(record.exc_text, self.secrets)
        return True


def masked(words: str, secrets: Iterable[str] = ()) -> str:
    """Some words with every key in them replaced by ***.

    >>> masked("GET /search?q=Kherson&api_key=hunter2&limit=1")
    'GET /search?q=Kherson&api_key=***&limit=1'
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) > 2:  # else half of every word would be masked
            words = words.replace(secret, "***")
    return _SECRET.sub(r"\1***", words)


def mask_logs(secrets: Iterable[str]) -> None:
    """Keep keys out of geopy's log from now on."""
    logger = logging.getLogger("geopy")
    filters = [one for one in logger.filters if isinstance(one, MaskKeys)]
    if not filters:
        filters = [MaskKeys()]
        logger.addFilter(filters[0])
    for secret in secrets:
        filters[0].secrets.update((secret, quote_plus(secret)))
