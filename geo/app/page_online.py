"""The page that switches the online geocoder on and off, says before what leaves the machine, and how it stands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import streamlit as st

from geo import settings as settings_
from geo.app import access, service, words_online
from geo.app.desk import Desk, desk
from geo.errors import GeocoderError
from geo.escape import label, plain
from geo.gazetteer.answers import Answers
from geo.gazetteer.online_answers import SERVICES, Service
from geo.gazetteer.online_settings import ASKS, Online

if TYPE_CHECKING:
    from geo.gazetteer.online import ServiceState


def page() -> None:
    """Draw the page."""
    access.require("admin")
    shared = desk()
    service.settle(shared)
    st.subheader(words_online.TITLE)
    st.text(words_online.INTRO)
    with st.container(key="online_answer"):  # there in any case, so that what follows keeps its place
        if said := st.session_state.pop("online_said", None):
            with st.container(border=True):
                st.text(plain(said))
    left, right = st.columns([3, 2], gap="large")
    with right:
        _state(shared)
    with left:
        _choice(shared)


# --- how it stands ----------------------------------------------------------------------------------------------------


def _state(shared: Desk) -> None:
    st.subheader(words_online.STATE)
    try:
        online, now = service.online(shared), service.state(shared)
        kept = _answers(shared).kept()
    except GeocoderError as error:
        st.text(plain(words_online.WRONG.format(why=error)))
        return
    st.text(plain("\n".join(told(online, now))))
    st.text(
        words_online.KEPT.format(n=f"{kept.count:,}", first=_when(kept.first), last=_when(kept.last))
        if kept.count
        else words_online.KEPT_NONE
    )
    with st.container(horizontal=True, key="online_buttons"):
        st.button(
            words_online.AGAIN, key="online_again", on_click=_again, disabled=now is None, help=words_online.AGAIN_HELP
        )
        st.button(
            words_online.FORGET, key="online_forget", on_click=_forget, disabled=not kept.count,
            help=words_online.FORGET_HELP,
        )  # fmt: skip


def told(online: Online, now: ServiceState | None) -> list[str]:
    """How the service stands, in sentences."""
    if now is None:
        return [words_online.OFF]
    lines = [words_online.ON.format(service=now.service, host=now.endpoint, ask=words_online.ASKS[online.ask])]
    since, answered = _when(now.since), _when(now.answered)
    if now.reachable is None:
        lines.append(words_online.UNASKED)
    elif now.reachable:
        lines.append(words_online.REACHABLE.format(since=since, answered=answered))
    else:
        lines.append(words_online.AWAY.format(since=since, answered=answered, why=now.why))
        lines.append(words_online.PAUSED.format(until=_when(now.until)) if now.until else words_online.FAILURES)
    return lines


def _when(instant: datetime | float | None) -> str:
    if instant is None:
        return words_online.NEVER
    told_at = datetime.fromtimestamp(instant, UTC) if isinstance(instant, float) else instant
    return told_at.strftime(words_online.INSTANT)


def _answers(shared: Desk) -> Answers:
    from geo.gazetteer.online import FILE

    return Answers(shared.settings.home / FILE, keep_days=0)


def _again() -> None:
    access.require("admin")
    try:
        geocoder = service.geocoder(desk())
        said = geocoder.check().notice if geocoder.again() else words_online.WAIT
        if said:
            st.session_state["online_said"] = said
    except GeocoderError as error:
        st.session_state["online_said"] = str(error)


def _forget() -> None:
    access.require("admin")
    try:
        st.session_state["online_said"] = words_online.FORGOTTEN.format(n=f"{_answers(desk()).clear():,}")
    except GeocoderError as error:
        st.session_state["online_said"] = str(error)


# --- what is set ------------------------------------------------------------------------------------------------------


def _choice(shared: Desk) -> None:
    """The service and what it needs; what leaves the machine; the button that switches it on."""
    from geo.gazetteer.online import services

    st.subheader(words_online.CHOOSE)
    known, table = services(), _set(shared)
    names = list(known)
    here = next((name for name in names if name.casefold() == table.get("service", "").casefold()), "")
    name = st.selectbox(words_online.SERVICE, names, index=names.index(here) if here else 0, key="online_service")
    endpoint = st.text_input(
        words_online.ENDPOINT, table["endpoint"] if name == here else known[name], key=f"online_endpoint_{name}",
        help=words_online.ENDPOINT_HELP,
    ).strip()  # fmt: skip
    base = table
    if name != here or endpoint != table["endpoint"]:  # what was told to one server is not for another
        base = {key: value for key, value in table.items() if key not in {"key", "login", "attribution"}}
    chosen = {**base, "service": name, "endpoint": endpoint, **_asker(base), **_rest(base), "off": False}
    _before(name, endpoint, private=bool(chosen["private"]))
    _switch(shared, table, chosen, endpoint)


def _set(shared: Desk) -> dict[str, Any]:
    """The table [online] as it is; empty where it makes no sense, or names no service."""
    table = dict(shared.settings.tables.get("online", {}))
    try:
        service.online(shared)
    except GeocoderError:
        return {}
    return table if table.get("service") else {}


def _asker(table: dict[str, Any]) -> dict[str, Any]:
    """Who asks: whether the server is one's own, the User-Agent, the key."""
    private = st.checkbox(words_online.PRIVATE, bool(table.get("private")), key="online_private")
    agent = st.text_input(
        words_online.AGENT, table.get("user_agent", ""), key="online_agent", help=words_online.AGENT_HELP
    )
    kept = table.get("key", "")
    number = st.session_state.get("online_saved", 0)
    typed = st.text_input(
        words_online.KEY, type="password", key=f"online_key_{number}", help=words_online.KEY_HELP, autocomplete="off",
        placeholder=words_online.KEY_KEPT if kept else None,
    )  # fmt: skip
    drop = st.checkbox(words_online.KEY_DROP, key="online_key_drop") if kept else False
    return {"private": private, "user_agent": agent.strip(), "key": "" if drop else typed.strip() or kept}


def _rest(table: dict[str, Any]) -> dict[str, Any]:
    asks = list(ASKS)
    ask = st.radio(
        words_online.ASK, asks, index=asks.index(table["ask"]) if "ask" in table else 0, key="online_ask",
        format_func=words_online.ASKS.get,
    )  # fmt: skip
    days = table.get("keep_days", Online().keep_days)
    keep = st.number_input(words_online.KEEP, 0, 3650, int(days), key="online_keep")
    return {"ask": ask, "keep_days": keep}


def _before(name: str, endpoint: str, *, private: bool) -> None:
    """What is to be read before a service is switched on."""
    from geo.gazetteer.online import would_leave

    told_of = SERVICES.get(name.casefold(), Service())
    st.subheader(words_online.LEAVES)
    st.text(plain(would_leave(endpoint, private=private)))
    st.subheader(words_online.POLICY)
    st.text(told_of.policy)
    if told_of.policy_url:
        st.text(words_online.POLICY_LINK.format(url=told_of.policy_url))
    st.text(words_online.THANKS.format(words=told_of.attribution or name))
    st.text(plain(words_online.OTHER_LOGIN.format(file=desk().settings.home / settings_.FILE)))


def _switch(shared: Desk, table: dict[str, Any], chosen: dict[str, Any], endpoint: str) -> None:
    on = bool(table.get("service")) and not table.get("off")
    host = endpoint.partition("://")[2].partition("/")[0] or endpoint
    agreed = st.checkbox(words_online.AGREE.format(host=label(host)), key=f"online_agree_{host}")
    with st.container(horizontal=True, key="online_switch"):
        wanted = st.button(words_online.CHANGE if on else words_online.SWITCH_ON, key="online_on", type="primary")
        unwanted = st.button(words_online.SWITCH_OFF, key="online_off", disabled=not on)
    if wanted:
        _say(_on(shared, chosen) if agreed else words_online.AGREE_FIRST)
    elif unwanted:
        _say(_off(shared, table))


def _on(shared: Desk, chosen: dict[str, Any]) -> str:
    if wrong := service.switch(shared, _full(chosen)):
        return words_online.REFUSED.format(why=wrong)
    st.session_state["online_saved"] = st.session_state.get("online_saved", 0) + 1  # the typed key is wiped
    return words_online.SAVED


def _off(shared: Desk, table: dict[str, Any]) -> str:
    wrong = service.switch(shared, {**table, "off": True})
    return words_online.REFUSED.format(why=wrong) if wrong else words_online.SAVED_OFF


def _say(words: str) -> None:
    """Draw the page anew, with these words on top."""
    st.session_state["online_said"] = words
    st.rerun()


def _full(chosen: dict[str, Any]) -> dict[str, Any]:
    """The settings without those that say nothing."""
    return {key: value for key, value in chosen.items() if value not in ("", None, False)}
