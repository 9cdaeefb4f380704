"""Who may do what: one local user without sign-in; with it three roles, by e-mail address or group.

Signing in is Streamlit's (`[auth]` in .streamlit/secrets.toml, OpenID Connect). What it leaves open is closed here: an
identity counts only until its token expires, and no longer once it was signed out, whoever holds a copy of the cookie.
Pages and `gate.py` ask the same functions.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import threading
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from geo import settings as settings_
from geo.errors import DatelineError, NotAllowed

Role = Literal["read", "review", "admin"]
Claims = Mapping[str, Any]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
COOKIE: Final = "_streamlit_user"
LONGEST: Final = 30 * 86_400  # seconds: how long a browser keeps Streamlit's cookie
_GROUP: Final = "group:"
_LOCAL: Final = "local user"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody at the page: the name for the log, and the role, None where there is none."""

    name: str
    role: Role | None

    def may(self, role: Role) -> bool:
        """Whether this role, or one above it, is theirs."""
        return self.role is not None and ROLES.index(self.role) >= ROLES.index(role)


def role_of(claims: Claims, table: Mapping[str, Any]) -> Role | None:
    """The highest role that the settings' table [roles] gives somebody, None where it gives none.

    Entries are an e-mail address, a whole domain ("@example.org") or a group ("group:editors"). An address that the
    provider says is not verified counts for nothing.

    >>> role_of({"email": "ana@example.org", "groups": ["desk"]}, {"read": ["@example.org"], "admin": ["group:desk"]})
    'admin'
    >>> role_of({"email": "ana@example.org", "email_verified": False}, {"read": ["@example.org"]}) is None
    True
    """
    mine = set()
    email = claims.get("email")
    if isinstance(email, str) and "@" in email and claims.get("email_verified") is not False:
        mine = {email.lower(), "@" + email.lower().rpartition("@")[2]}
    groups = claims.get("groups")
    mine |= {_GROUP + g.lower() for g in (groups if isinstance(groups, list) else ()) if isinstance(g, str)}
    held = [role for role in ROLES if mine & {entry.lower() for entry in _entries(table, role)}]
    return held[-1] if held else None


def _entries(table: Mapping[str, Any], role: str) -> Sequence[str]:
    told = table.get(role, ())
    if not isinstance(told, list | tuple) or not all(isinstance(entry, str) for entry in told):
        raise DatelineError(f"[roles] {role} must be a list of addresses and groups, not {told!r}")
    return told


# --- who somebody is --------------------------------------------------------------------------------------------------


def signs_in() -> bool:
    """Whether sign-in is set up; DatelineError where the secrets cannot be read, so that nobody comes in by mistake."""
    from streamlit.auth_util import get_secrets_auth_section

    _check_secrets()
    return bool(get_secrets_auth_section())


@cache
def _check_secrets() -> None:
    import streamlit as st

    for path in (Path(name) for name in st.get_option("secrets.files") or ()):
        if not path.is_file():
            continue
        try:
            tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise DatelineError(f"{path} cannot be read ({error}); until it can, nobody is let in") from error


def claims_of(cookies: Mapping[str, str], *, now: float | None = None) -> Claims | None:
    """What the provider said of the holder of these cookies; None if forged, expired or signed out."""
    payload = _payload(cookies)
    if payload is None:
        return None
    try:
        claims = json.loads(payload)
    except ValueError:
        return None
    if not isinstance(claims, dict) or claims.get("is_logged_in") is not True:
        return None
    expires = claims.get("exp")
    if not isinstance(expires, int | float) or expires <= (time.time() if now is None else now):
        return None
    return None if _key(payload) in signed_out() else claims


def sign_out(cookies: Mapping[str, str]) -> None:
    """Let nobody come in with these cookies again, also after a restart."""
    payload = _payload(cookies)
    if payload is not None:
        signed_out().add(_key(payload))


def _payload(cookies: Mapping[str, str]) -> bytes | None:
    """The identity cookie's content, put together from its parts; None where a signature does not fit."""
    from streamlit.auth_util import get_cookie_with_chunks
    from streamlit.web.server.server_util import get_cookie_secret
    from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

    def one(name: str) -> bytes | None:
        value = cookies.get(name)
        if value is None:
            return None
        return decode_signed_value(get_cookie_secret(), name, value.encode("latin-1", "ignore"))

    return get_cookie_with_chunks(one, COOKIE) if COOKIE in cookies else None


def _key(payload: bytes) -> str:
    return hashlib.sha256(payload).hexdigest()


def known(claims: Claims | None) -> Visitor:
    """The visitor that claims speak of, with the role that the settings give; a stranger for none."""
    if claims is None:
        return Visitor(name="", role=None)
    name = str(claims.get("email") or claims.get("sub") or "")
    return Visitor(name=name, role=role_of(claims, _roles()) if name else None)


@cache
def _home() -> Path:
    return settings_.load().home


def _roles() -> Mapping[str, Any]:
    return settings_.load().tables.get("roles", {})


@cache
def local() -> Visitor:
    """The one user where there is no sign-in: whoever started the server, with every right."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError, ImportError):  # no such account, as in some containers
        name = _LOCAL
    return Visitor(name=name, role="admin")


# --- on a page --------------------------------------------------------------------------------------------------------


def visitor() -> Visitor:
    """Who is at this page, asked anew on every run: a token may have expired since."""
    import streamlit as st

    if not signs_in():
        return local()
    return known(claims_of(dict(st.context.cookies)) if st.user.is_logged_in else None)


def require(role: Role) -> Visitor:
    """The visitor, who has this role or one above it; NotAllowed otherwise."""
    somebody = visitor()
    if not somebody.may(role):
        raise NotAllowed(f"this needs the role “{role}”, and {somebody.name or 'nobody'} is signed in; ask an admin")
    return somebody


# --- what was signed out ----------------------------------------------------------------------------------------------


class SignedOut:
    """Hashes of identities that were signed out, kept in a file that all processes of a server share."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._read = -1
        self._until: dict[str, float] = {}

    def __contains__(self, key: str) -> bool:
        """Whether this identity was signed out."""
        with self._lock:
            self._refresh()
            return key in self._until

    def add(self, key: str) -> None:
        """Sign an identity out."""
        with self._lock:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="ascii") as file:
                file.write(f"{key} {int(time.time()) + LONGEST}\n")
            self._refresh()

    def _refresh(self) -> None:
        try:
            size = self._file.stat().st_size
        except FileNotFoundError:
            size = 0
        if size == self._read:
            return
        self._read, now = size, time.time()
        lines = self._file.read_text(encoding="ascii").splitlines() if size else []
        told = (line.split() for line in lines)
        self._until = {pair[0]: float(pair[1]) for pair in told if len(pair) == 2 and float(pair[1]) > now}


@cache
def signed_out() -> SignedOut:
    """The server's list of identities that were signed out."""
    return SignedOut(_home() / "signed_out.txt")
