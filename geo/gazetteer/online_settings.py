"""Which online service is asked, if any, and how: the `[online]` table of `settings.toml`, checked against its policy.

Nothing is asked unless the table names a service and its endpoint. The smallest table for the public Nominatim:

    [online]
    service = "Nominatim"
    endpoint = "https://nominatim.openstreetmap.org"
    user_agent = "our-newsroom-map/1.0 (maps@newsroom.example)"
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, Literal, get_args
from urllib.parse import SplitResult, urlsplit

from geo.errors import GeocoderError, PolicyError

Ask = Literal["unknown", "doubt", "always"]
ASKS: Final[tuple[Ask, ...]] = get_args(Ask)
KEY_VARIABLE: Final = "DATELINE_ONLINE_KEY"
PUBLIC_INTERVAL_S: Final = 1.1  # the policy says one second; trust.md section 3 measured gaps down to 0.984 s with 1.0

# Services that a community pays for: no batch runs, at most one request a second for everybody here together.
_COMMUNITY: Final = ("openstreetmap.org", "osm.org", "photon.komoot.io")
_NOMINATIM: Final = ("openstreetmap.org", "osm.org")
# What HTTP libraries, geopy's examples and we ourselves call ourselves says nothing about who asks.
_NOBODY: Final = re.compile(
    r"\s*($|geopy|python|urllib|requests|httpx|aiohttp|curl|wget|mozilla|java|go-http|dateline|my[-_ ]?(app|user)"
    r"|specify_your|test|example)",
    re.IGNORECASE,
)
_CONTACT: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|https?://\S+\.\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Online:
    """What a user may choose about an online geocoder; every line is a key of `[online]`.

    `service` is geopy's name of it (Nominatim, Photon, GeoNames, ArcGIS, Pelias, BANFrance, OpenCage, ...), empty for
    none. `endpoint` is its address, scheme included. `user_agent` says who asks, with an e-mail or web address; the
    public Nominatim demands it. `key` is the API key (GeoNames: the user name); the environment variable
    DATELINE_ONLINE_KEY goes before it. `login` holds further words of geopy's constructor, such as ArcGIS' username,
    password and referer. `private` says that the endpoint is one's own and may be on this machine or network.
    `ask`: "unknown" asks for names that the embedded gazetteer does not know, "doubt" also for those it is in doubt
    of, "always" for every name. `language` is that of the names in the answers. `interval_s` is the time between the
    end of one request and the start of the next, for all sessions and processes together; None takes 1.1 s, and none
    for a private endpoint. `timeout_s` ends one request, `patience_s` all requests of one call. `retries` follow a
    passing fault. Answers are kept `keep_days` days on disk. `attribution` goes before the one that we know. `off`
    switches it off and keeps the rest.
    """

    service: str = ""
    endpoint: str = ""
    user_agent: str = ""
    key: str = field(default="", repr=False)
    login: Mapping[str, str] = field(default_factory=dict, repr=False)
    private: bool = False
    ask: Ask = "unknown"
    language: str = "en"
    interval_s: float | None = None
    timeout_s: float = 5.0
    patience_s: float = 30.0
    retries: int = 2
    keep_days: float = 90.0
    attribution: str = ""
    off: bool = False

    def __post_init__(self) -> None:
        if self.ask not in ASKS:
            raise GeocoderError(f"[online] ask = {self.ask!r} is not known; it is one of {', '.join(ASKS)}")
        for name in ("timeout_s", "patience_s"):
            if not 0 < getattr(self, name) <= 600:
                raise GeocoderError(f"[online] {name} = {getattr(self, name)!r}; give seconds above 0, at most 600")
        if not 0 <= self.retries <= 10:
            raise GeocoderError(f"[online] retries = {self.retries!r}; give a number from 0 to 10")
        if not 0 <= self.keep_days <= 3650:
            raise GeocoderError(f"[online] keep_days = {self.keep_days!r}; give days from 0 to 3650")
        if self.service:
            _check_service(self)

    @property
    def on(self) -> bool:
        """Whether a service is to be asked at all."""
        return bool(self.service) and not self.off

    @property
    def host(self) -> str:
        """The endpoint's host, lower case, without port; "" where there is none."""
        return _host(urlsplit(self.endpoint))

    @property
    def domain(self) -> str:
        """The endpoint as geopy wants it: host, port and path, without scheme."""
        parts = urlsplit(self.endpoint)
        return f"{parts.netloc.lower()}{parts.path}".rstrip("/")

    @property
    def scheme(self) -> str:
        """`http` or `https`."""
        return urlsplit(self.endpoint).scheme.lower()

    @property
    def community(self) -> bool:
        """Whether the endpoint is a free service for everybody, which batch runs must leave alone."""
        return _among(self.host, _COMMUNITY)

    @property
    def gap_s(self) -> float:
        """Seconds between the end of one request and the start of the next."""
        if self.interval_s is not None:
            return self.interval_s
        return 0.0 if self.private else PUBLIC_INTERVAL_S

    @property
    def secrets(self) -> tuple[str, ...]:
        """The words that must never be logged or shown."""
        return tuple(word for word in (self.key, *self.login.values()) if word)


def online_settings(table: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Online:
    """The settings in the `[online]` table of settings.toml; an empty table is a service switched off.

    >>> online_settings({}, {}).on
    False
    """
    known = {one.name for one in fields(Online)}
    if unknown := sorted(table.keys() - known):
        raise GeocoderError(f"unknown setting {unknown} in [online] of settings.toml; known are {sorted(known)}")
    given = dict(table)
    if key := (os.environ if environment is None else environment).get(KEY_VARIABLE):
        given["key"] = key
    for name, value in given.items():
        _check_type(name, value)
    return Online(**given)


def _check_type(name: str, value: Any) -> None:
    numbers = {"interval_s", "timeout_s", "patience_s", "keep_days"}
    if name in numbers:
        fits, wanted = isinstance(value, (int, float)) and not isinstance(value, bool), "a number"
    elif name == "retries":
        fits, wanted = isinstance(value, int) and not isinstance(value, bool), "a whole number"
    elif name in ("private", "off"):
        fits, wanted = isinstance(value, bool), "true or false"
    elif name == "login":
        fits = isinstance(value, Mapping) and all(isinstance(word, str) for word in value.values())
        wanted = "a table of words in quotes"
    else:
        fits, wanted = isinstance(value, str), "words in quotes"
    if not fits:
        shown = "what is there" if name in ("key", "login") else repr(value)
        raise GeocoderError(f"[online] {name} must be {wanted}, not {shown}")


def _check_service(online: Online) -> None:
    _check_endpoint(online)
    if not online.user_agent.isprintable() or not online.user_agent.isascii():
        raise GeocoderError(f"[online] user_agent = {online.user_agent!r}; use plain ASCII letters in one line")
    if online.interval_s is not None and not 0 <= online.interval_s <= 3600:
        raise GeocoderError(f"[online] interval_s = {online.interval_s!r}; give seconds from 0 to 3600")
    if online.community and online.gap_s < PUBLIC_INTERVAL_S:
        raise PolicyError(
            f"[online] interval_s = {online.gap_s} is too fast for {online.host}, which serves everybody and allows "
            f"one request a second; leave interval_s out, or ask a server of your own"
        )
    if _among(online.host, _NOMINATIM):
        _check_user_agent(online)


def _check_endpoint(online: Online) -> None:
    shown = re.sub(r"//[^/]*@", "//***@", online.endpoint)
    if not online.endpoint:
        raise GeocoderError(
            f"[online] names the service {online.service!r} but no endpoint; add its address, such as "
            f'endpoint = "https://nominatim.openstreetmap.org"'
        )
    try:
        parts = urlsplit(online.endpoint)
        host, _ = _host(parts), parts.port
    except ValueError as error:
        raise GeocoderError(f"[online] endpoint {shown!r} is not an address: {error}") from error
    if parts.scheme.lower() not in ("http", "https") or not host or not re.fullmatch(r"[\w.:-]+", host):
        raise PolicyError(f"[online] endpoint {shown!r} must begin with https:// or http:// and name a host")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise PolicyError(f"[online] endpoint {shown!r} must hold no password, ? or #; a key goes into key")
    if not online.private and inside(host):
        raise PolicyError(
            f"[online] endpoint {shown!r} lies on this machine or network; if it is your own server, say private = true"
        )
    if online.community and (online.private or parts.scheme.lower() != "https"):
        raise PolicyError(f"[online] {host} is a public service: use https:// and leave private out")


def _check_user_agent(online: Online) -> None:
    if _NOBODY.match(online.user_agent) or not _CONTACT.search(online.user_agent):
        raise PolicyError(
            f"[online] user_agent = {online.user_agent!r} does not say who asks; the policy of the public Nominatim "
            "(https://operations.osmfoundation.org/policies/nominatim/) wants a name of your own, and we add a way to "
            'reach you, such as user_agent = "our-newsroom-map/1.0 (maps@newsroom.example)"'
        )


def inside(host: str) -> bool:
    """Whether a host name or address is, as written, one of this machine or network; a name is not looked up.

    >>> [inside(host) for host in ("localhost", "127.0.0.1", "10.1.2.3", "::1", "example.org", "8.8.8.8")]
    [True, True, True, True, False, False]
    """
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa")):
        return True
    try:
        return not public_address(host)
    except ValueError:
        return bool(re.fullmatch(r"[0-9.]+|0x[0-9a-fx.]+", host))  # 127.1, 2130706433, 0x7f000001: loopback in disguise


def public_address(address: str) -> bool:
    """Whether an IP address can be reached by everybody; one that wraps another address is judged by that.

    >>> public_address("::ffff:127.0.0.1"), public_address("64:ff9b::7f00:1"), public_address("8.8.8.8")
    (False, False, True)
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if wrapped is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            wrapped = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if wrapped is not None:
            return wrapped.is_global and not wrapped.is_multicast
    return ip.is_global and not ip.is_multicast


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").rstrip(".").lower()


def _among(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
