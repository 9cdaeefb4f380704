"""The online geocoder as the pages see it: what is set, how it stands, whom to thank, and a search that asks it."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from geo import settings as settings_
from geo.app.desk import Desk, opened
from geo.errors import DatelineError, GeocoderError
from geo.escape import plain
from geo.gazetteer.online_answers import SERVICES
from geo.gazetteer.online_settings import Online, online_settings
from geo.records import Query

if TYPE_CHECKING:
    from geo.gazetteer import online as online_
    from geo.gazetteer.online import ServiceState
    from geo.records import Candidate

PATIENCE_S: Final = 8.0  # somebody sits before the search and waits
_LOG: Final = logging.getLogger(__name__)


def online(desk: Desk) -> Online:
    """What is set; GeocoderError, which says what, where the settings make no sense."""
    return online_settings(desk.settings.tables.get("online", {}))


def settle(desk: Desk) -> None:
    """Use the tables of the settings file as they are now; somebody may have changed them by hand, or elsewhere."""
    tables = settings_.load(desk.settings.home).tables
    for one in (desk, *opened()):
        one.settings = replace(one.settings, tables=tables)


def state(desk: Desk) -> ServiceState | None:
    """How the service stands; None where none is on."""
    told = online(desk)
    if not told.on:
        return None  # geopy, which takes as long to import as a page to open, is for those who use it
    from geo.gazetteer.online import service_state

    return service_state(told, desk.settings.home)


def notice(desk: Desk) -> str | None:
    """What every page says while the service does not answer, or its settings make no sense; None otherwise."""
    try:
        now = state(desk)
    except GeocoderError as error:
        return str(error)
    return now.notice if now else None


def tell(desk: Desk) -> None:
    """Say on the page that runs that the service does not answer, and what that means; nothing where all is well."""
    if said := notice(desk):
        st.space("small")  # else the bar of pages lies over its edge
        with st.container(border=True, key="online_notice"):
            st.text(plain(said))


def credits_due(desk: Desk) -> list[tuple[str, str]]:
    """Words and address of whom to thank on the map: the service that is on, and those whose places are shown."""
    try:
        now = state(desk)
    except GeocoderError:
        now = None
    due = {now.attribution: now.attribution_url} if now else {}
    providers = {place.partition(":")[0] for place in desk.index.vocabulary.places}
    for provider in sorted(providers & SERVICES.keys() - {"geonames"}):  # whom the map thanks anyway
        due.setdefault(SERVICES[provider].attribution, SERVICES[provider].attribution_url)
    return list(due.items())


def geocoder(desk: Desk) -> online_.OnlineGeocoder:
    """The service behind the gazetteer, for somebody who waits; GeocoderError where none is set up rightly."""
    from geo.gazetteer.online import OnlineGeocoder

    told = online(desk)
    return OnlineGeocoder(
        desk.gazetteer, replace(told, patience_s=min(told.patience_s, PATIENCE_S)), desk.settings.home
    )


def find(desk: Desk, name: str, *, limit: int) -> list[Candidate]:
    """The places that a name may mean, best first: the gazetteer's, and the service's where one is on."""
    query = Query(name=name.strip()[:80], limit=limit)
    try:
        places = geocoder(desk) if online(desk).on else desk.gazetteer
        return places.candidates([query])[0]
    except GeocoderError as error:
        _LOG.warning("the online geocoder is left out: %s", error)
        return desk.gazetteer.candidates([query])[0]


def switch(desk: Desk, table: dict[str, object]) -> str | None:
    """Write the [online] settings and use them from now on; what is wrong with them, in which case nothing is written.

    An empty table takes them out.
    """
    try:
        told = online_settings(table)
        if told.on:
            from geo.gazetteer.online import OnlineGeocoder

            OnlineGeocoder(desk.gazetteer, told, desk.settings.home)  # says what the service itself wants
        settings_.keep_table(desk.settings.home, "online", table)
    except DatelineError as error:
        return str(error)
    settle(desk)
    return None
