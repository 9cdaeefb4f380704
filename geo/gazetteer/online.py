"""An online service asked through geopy, where the embedded gazetteer does not know a name; off unless it is set up.

The embedded gazetteer is always asked first and always answers, whatever the service does. Only the name and its
country, where that is known, leave the machine; never the text of a report.
"""

from __future__ import annotations

import inspect
import logging
import math
import random
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from geopy.adapters import get_retry_after
from geopy.exc import (
    ConfigurationError,
    GeocoderAuthenticationFailure,
    GeocoderInsufficientPrivileges,
    GeocoderNotFound,
    GeocoderParseError,
    GeocoderQueryError,
    GeocoderQuotaExceeded,
    GeocoderRateLimited,
    GeopyError,
)
from geopy.geocoders import SERVICE_TO_GEOCODER, get_geocoder_for_service

from geo.distance import km
from geo.errors import GeocoderError, PolicyError
from geo.gazetteer.answers import Answer, Answers, Found
from geo.gazetteer.limiter import REFUSED_PAUSE_S, Breaker, Limiter, Standing
from geo.gazetteer.names import fold
from geo.gazetteer.online_answers import SERVICES, Service, read_all
from geo.gazetteer.online_settings import Online
from geo.gazetteer.online_wire import NoTurn, Wire, mask_logs, masked
from geo.interfaces import Geocoder
from geo.records import Candidate, Place, Query

FILE: Final = "geocoder.sqlite"
LEAVES: Final = "the place name as written and, where it is known, the country; never the text of a report"
_LOG: Final = logging.getLogger(__name__)
_AGENT: Final = "Dateline"
_MOST: Final = 10  # places asked for; a service charges and delays by the request, not by the place
_FORM: Final = 1  # of the answers on disk; raised when `Found` or its readers change, so that old ones are not read
_BACKOFF_S: Final = 1.0
_WELL_KNOWN: Final = "Paris"
_GUESSES: Final = ("fuzzy", "spelling")
_DOUBT: Final = 0.8  # the second candidate is nearly as likely as the first, and elsewhere
_ELSEWHERE_KM: Final = 25.0
_SAME_KM: Final = 5.0
_KEYS: Final = ("api_key", "apikey", "subscription_key", "username")
_OURS: Final = frozenset(
    ("self", "domain", "scheme", "timeout", "proxies", "user_agent", "ssl_context", "adapter_factory")
)
# What geopy's readers raise on JSON of another shape than they expect.
_NONSENSE: Final = (GeocoderParseError, KeyError, IndexError, TypeError, ValueError, AttributeError)
_REFUSED: Final = (GeocoderInsufficientPrivileges, GeocoderAuthenticationFailure, GeocoderQuotaExceeded)
_NAME: Final = re.compile(r"[^\n\r\t@<>{}]{2,80}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceState:
    """What the app tells of a service: whether it answers, whom to thank, and what leaves the machine.

    `reachable` is None where it has not been asked yet; `since` when that was first so, `until` when it is next tried,
    `answered` when it last answered; `unasked` how many names were answered by the embedded gazetteer alone since this
    geocoder was made.
    """

    service: str
    endpoint: str
    reachable: bool | None
    since: datetime | None
    until: datetime | None
    answered: datetime | None
    why: str
    unasked: int
    attribution: str
    attribution_url: str
    policy: str
    policy_url: str
    leaves: str

    @property
    def notice(self) -> str | None:
        """One or two sentences for the page where the service does not answer; None where there is nothing to say."""
        if self.reachable is not False:
            return None
        words = f"{self.service} at {self.endpoint} is not reachable"
        words += f" since {self.since:%H:%M} UTC" if self.since else ""
        words += f" ({self.why})" if self.why else ""
        words += ". Places come from the embedded gazetteer, and nothing is lost"
        when = f"at {self.until:%H:%M} UTC" if self.until else "at the next name"
        return f"{words}; the service is tried again {when}."


def service_state(online: Online, home: Path) -> ServiceState:
    """How the chosen service stands, from the file that all sessions share; a damaged file is told as the reason."""
    told = SERVICES.get(online.service.casefold(), Service())
    try:
        standing = Breaker(home / FILE).standing(_queue(online))
    except GeocoderError as error:
        standing = Standing(failures=1, since=time.time(), why=str(error))
    return ServiceState(
        service=online.service,
        endpoint=online.host,
        reachable=None if standing.since is None else not standing.failures,
        since=_instant(standing.since),
        until=_instant(standing.open_until) if standing.open_until > time.time() else None,
        answered=_instant(standing.answered_at),
        why=standing.why,
        unasked=0,
        attribution=online.attribution or told.attribution or online.service,
        attribution_url=told.attribution_url,
        policy=told.policy,
        policy_url=told.policy_url,
        leaves=would_leave(online.endpoint, private=online.private),
    )


def would_leave(endpoint: str, *, private: bool = False) -> str:
    """What leaves the machine once an endpoint is asked, in one or two sentences, for whoever is about to allow it."""
    scheme, _, rest = endpoint.partition("://")
    host = rest.partition("/")[0].rpartition("@")[2].lower()
    open_text = "" if private or scheme.lower() == "https" else " They travel unencrypted."
    return f"To {host or 'the service'} goes {LEAVES}.{open_text}"


def services() -> dict[str, str]:
    """The geocoders of geopy whose endpoint can be chosen, each with its public endpoint, "" where it has none."""
    found = {}
    for make in SERVICE_TO_GEOCODER.values():
        takes = inspect.signature(make.__init__).parameters
        domain = takes["domain"].default if "domain" in takes else None
        if domain is not None and make.__name__.casefold() not in found:
            found[make.__name__] = f"https://{domain}" if isinstance(domain, str) and domain else ""
    best = [*SERVICES]  # those that have a reader of their own come first
    order = sorted(found, key=lambda name: (best.index(name.casefold()) if name.casefold() in best else 99, name))
    return {name: found[name] for name in order}


def with_online(embedded: Geocoder, online: Online, home: Path, *, batch: bool = False) -> Geocoder:
    """The embedded geocoder, with the online one behind it where one is set up."""
    return OnlineGeocoder(embedded, online, home, batch=batch) if online.on else embedded


class OnlineGeocoder:
    """A Geocoder that asks an online service for what the embedded one does not know; it never fails for the service.

    `home` is the folder of the file that holds turns, pauses and answers for all processes. A `batch` run refuses the
    services that everybody shares.
    """

    def __init__(self, embedded: Geocoder, online: Online, home: Path, *, batch: bool = False) -> None:
        if not online.on:
            raise GeocoderError("no online service is set; name one under [online] in settings.toml")
        if batch and online.community:
            raise PolicyError(
                f"{online.host} is shared by everybody and not for batch runs; use a server of your own, or none"
            )
        self.embedded = embedded
        self.online = online
        self.home = home
        self.unasked = 0
        self._queue = _queue(online)
        self._answers_of = f"{online.service.casefold()}@{online.domain}#{online.language}#{_FORM}"
        self._answers = Answers(home / FILE, keep_days=online.keep_days)
        self._breaker = Breaker(home / FILE)
        self._lock = threading.Lock()
        self._divisions: dict[tuple[str, str], Place | None] = {}
        wire = partial(Wire, online=online, limiter=Limiter(home / FILE), service=self._queue)
        self._geocoder = _geocoder(online, wire)
        self._takes = frozenset(inspect.signature(self._geocoder.geocode).parameters)
        self._given = _given(self._takes, online)
        mask_logs(online.secrets)

    def candidates(self, queries: Sequence[Query]) -> list[list[Candidate]]:
        """For each query its candidates, best prior first: the embedded ones, and online ones where needed."""
        found = self.embedded.candidates(queries)
        until = time.monotonic() + self.online.patience_s
        told: dict[tuple[str, str | None], Answer | None] = {}
        for number, (query, known) in enumerate(zip(queries, found, strict=True)):
            if not _wanting(query, known, self.online.ask) or not _askable(query.name):
                continue
            name = " ".join(query.name.split())
            key = (name.casefold(), query.country)
            if key not in told:
                told[key] = self._told(name, query.country, until)
            if (answer := told[key]) is not None:
                found[number] = self._merged(query, known, answer)
        return found

    def state(self) -> ServiceState:
        """How the service stands, for the app."""
        return replace(service_state(self.online, self.home), unasked=self.unasked)

    def again(self) -> bool:
        """Let the service be tried at once, as a person asked for; False where it told us how long to wait."""
        return self._breaker.again(self._queue)

    def check(self) -> ServiceState:
        """Ask for one well-known name now, whatever is kept on disk, unless it told us to wait; how it stands then."""
        if self.again():
            with self._lock:
                self._asked(_WELL_KNOWN, None, time.monotonic() + 2 * self.online.timeout_s)
        return self.state()

    def forget(self) -> int:
        """Remove every answer kept on disk; how many there were."""
        return self._answers.clear()

    # Asking

    def _told(self, name: str, country: str | None, until: float) -> Answer | None:
        """What the service says of a name, from disk where it said so before; None where it says nothing now."""
        try:
            answer = self._answers.get(self._answers_of, name, country)
            if answer is None and self._lock.acquire(timeout=max(0.0, until - time.monotonic())):
                try:
                    answer = self._answers.get(self._answers_of, name, country) or self._asked(name, country, until)
                finally:
                    self._lock.release()
        except GeocoderError as error:
            _LOG.warning("the online geocoder is left out: %s", error)
            answer = None
        self.unasked += answer is None
        return answer

    def _asked(self, name: str, country: str | None, until: float) -> Answer | None:
        for attempt in range(self.online.retries + 1):
            backoff = _BACKOFF_S * 2 ** (attempt - 1) * random.uniform(0.5, 1.0) if attempt else 0.0  # noqa: S311
            if not _waited(max(backoff, self._breaker.wait(self._queue)), until):
                return None
            again, found = self._once(name, country, until)
            if found is not None:
                self._breaker.answered(self._queue)
                return self._answers.put(self._answers_of, name, country, found)
            if not again:
                return None
        return None

    def _once(self, name: str, country: str | None, until: float) -> tuple[bool, tuple[Found, ...] | None]:
        """One request: whether to try again, and what was found; None where that is not known."""
        given = {**self._given, **_in_country(self._takes, country)}
        self._geocoder.adapter.patient_until = until
        try:
            return False, read_all(self.online.service, self._geocoder.geocode(name, **given) or ())
        except NoTurn as error:
            _LOG.info("%s", error)
            return False, None
        except GeopyError as error:
            return self._failed(error), None
        except PolicyError as error:
            self._breaker.failed(self._queue, str(error), pause_s=REFUSED_PAUSE_S)
            return False, None
        except _NONSENSE as error:
            return self._failed(GeocoderParseError(f"the answer has another form than expected ({error!r})")), None

    def _failed(self, error: GeopyError) -> bool:
        """Note a failure; whether it may pass if the request is made again."""
        why = masked(str(error), self.online.secrets)[:200]
        after = _retry_after(error)
        if isinstance(error, GeocoderRateLimited) or after is not None:
            pause = REFUSED_PAUSE_S if after is None else after
            limited = after is not None
            self._breaker.failed(self._queue, f"it asked us to slow down ({why})", pause_s=pause, limited=limited)
            return True
        if isinstance(error, _REFUSED):
            self._breaker.failed(self._queue, f"it refused us ({why})", pause_s=REFUSED_PAUSE_S)
            return False
        self._breaker.failed(self._queue, why)
        return not isinstance(error, (GeocoderParseError, GeocoderQueryError))

    # Merging

    def _merged(self, query: Query, known: list[Candidate], answer: Answer) -> list[Candidate]:
        """The candidates of both, best first; a place that both know stays the embedded one."""
        kept = list(known)
        added: list[Candidate] = []
        sure = any(_fits(query.name, found) for found in answer.found)
        if sure:  # somebody knows a place of exactly this name, so a guess at its spelling counts for less
            kept = [replace(one, score=one.score / 2) if one.match in _GUESSES else one for one in kept]
        for found in answer.found:
            twin = next((number for number, one in enumerate(kept) if _same(one.place, found)), None)
            if twin is None:
                added.append(self._candidate(query, found, answer.asked_at))
            elif self.online.service not in kept[twin].reason:
                kept[twin] = replace(kept[twin], reason=f"{kept[twin].reason}; {self.online.service} knows it too")
        return sorted([*kept, *added], key=lambda one: -one.score)[: query.limit]

    def _candidate(self, query: Query, found: Found, asked_at: float) -> Candidate:
        division = self._division(found)
        parents = (division.place_id, *division.parents) if division else ()
        place = Place(
            place_id=found.place_id,
            name=found.name,
            level=found.level,
            lon=found.lon,
            lat=found.lat,
            radius_km=found.radius_km,
            country=found.country,
            admin1=division.name if division else found.admin1,
            admin2=found.admin2,
            population=found.population,
            kind=found.kind,
            parents=parents,
        )
        fit = 1.0 if _fits(query.name, found) else 0.5
        said = ", ".join(dict.fromkeys(filter(None, (found.kind, found.admin2, place.admin1, found.country))))
        day = datetime.fromtimestamp(asked_at, UTC).date()
        return Candidate(
            place=place,
            score=round((0.3 + 0.7 * found.prior) * fit * _context(query, place), 4),
            match="online",
            reason=f"{said}; told by {self.online.service} ({self.online.host}) on {day}",
        )

    def _division(self, found: Found) -> Place | None:
        """The embedded gazetteer's first-order division around a place, so that it has our ids for its parents."""
        if not found.admin1 or not found.country or found.level in ("country", "admin1"):
            return None
        key = (found.admin1, found.country)
        if key not in self._divisions:
            query = Query(name=found.admin1, country=found.country, level="admin1", limit=3)
            self._divisions[key] = next(
                (
                    one.place
                    for one in self.embedded.candidates([query])[0]
                    if one.place.level == "admin1" and one.place.country == found.country and one.match != "fuzzy"
                ),
                None,
            )
        return self._divisions[key]


def _queue(online: Online) -> str:
    """The name under which all who ask a server stand in one line."""
    return online.host if online.community else online.domain.partition("/")[0]


def _geocoder(online: Online, wire: Any) -> Any:
    """The geocoder of geopy, set up."""
    try:
        make = get_geocoder_for_service(online.service)
    except GeocoderNotFound as error:
        names = ", ".join(sorted({one.__name__ for one in SERVICE_TO_GEOCODER.values()}))
        raise GeocoderError(f"[online] service = {online.service!r} is none of geopy's: {names}") from error
    takes = inspect.signature(make.__init__).parameters
    if "domain" not in takes:
        raise GeocoderError(f"[online] {online.service} lets us choose no endpoint, so we cannot tell where names go")
    theirs = sorted(takes.keys() - _OURS)
    if unknown := sorted(set(online.login).difference(theirs)):
        raise GeocoderError(f"[online.login] {unknown} is not known to {online.service}; it takes {theirs}")
    given: dict[str, Any] = {
        **online.login, **_key(online, takes), "domain": online.domain, "timeout": online.timeout_s,
        "user_agent": online.user_agent or _AGENT, "adapter_factory": wire,
    }  # fmt: skip
    if "scheme" in takes:
        given["scheme"] = online.scheme
    missing = [name for name, one in takes.items() if one.default is one.empty and name not in (*given, "self")]
    if missing:
        wanted = " and ".join(missing)
        raise GeocoderError(f"[online] {online.service} needs {wanted}; give it as key or in [online.login]")
    try:
        return make(**given)
    except ConfigurationError as error:
        raise GeocoderError(f"[online] {online.service}: {masked(str(error), online.secrets)}") from error


def _key(online: Online, takes: Mapping[str, Any]) -> dict[str, str]:
    if not online.key:
        return {}
    for name in _KEYS:
        if name in takes:
            return {name: online.key}
    raise GeocoderError(f"[online] {online.service} takes no key; leave it out")


def _given(takes: frozenset[str], online: Online) -> dict[str, Any]:
    """What is asked for with every name, as far as the service can be asked for it."""
    wanted = {"limit": _MOST, "addressdetails": True, "namedetails": True, "out_fields": "*"}
    if online.language:
        wanted["language"] = online.language
    return {"exactly_one": False, **{name: value for name, value in wanted.items() if name in takes}}


def _in_country(takes: frozenset[str], country: str | None) -> dict[str, Any]:
    """The country in the service's words, as far as it can be told one; geopy's HereV7 wants other codes."""
    if not country:
        return {}
    if "country_codes" in takes:
        return {"country_codes": country.lower()}
    if "country" in takes:
        return {"country": country}
    return {"countries": [country]} if "countries" in takes and "components" not in takes else {}


def _waited(seconds: float, until: float) -> bool:
    """Wait, if that ends in time; whether it did."""
    if seconds > until - time.monotonic():
        return False
    time.sleep(seconds)
    return True


def _retry_after(error: GeopyError) -> float | None:
    """Seconds that the service asked us to wait, None where it did not say."""
    after = getattr(error, "retry_after", None)
    if after is None and error.__cause__ is not None:
        after = get_retry_after(getattr(error.__cause__, "headers", {}))
    return None if after is None else float(after)


def _wanting(query: Query, known: Sequence[Candidate], ask: str) -> bool:
    """Whether the embedded gazetteer's answer leaves something to ask."""
    sure = [one for one in known if one.match != "fuzzy"]
    here = [one for one in sure if query.country in (None, one.place.country) or one.place.country is None]
    if ask == "always" or not here:
        return True
    if ask == "unknown":
        return False
    if here[0].match in _GUESSES:
        return True
    first, *others = here
    return any(one.score >= _DOUBT * first.score and _apart(first.place, one.place) > _ELSEWHERE_KM for one in others)


def _askable(name: str) -> bool:
    """Whether this can be a place name at all, and no piece of text that must not leave the machine."""
    return bool(_NAME.fullmatch(name)) and "://" not in name and len(name.split()) <= 8 and any(map(str.isalpha, name))


def _fits(name: str, found: Found) -> bool:
    return fold(name) in {fold(one) for one in found.names}


def _same(place: Place, found: Found) -> bool:
    """Whether the embedded place and the one told are one and the same."""
    if place.place_id == found.place_id:
        return True
    near = max(_SAME_KM, 0.5 * min(place.radius_km, found.radius_km))
    apart = float(km(place.lon, place.lat, found.lon, found.lat))
    return place.level == found.level and apart <= near and _fits(place.name, found)


def _apart(one: Place, other: Place) -> float:
    return float(km(one.lon, one.lat, other.lon, other.lat))


def _context(query: Query, place: Place) -> float:
    """How well a place fits what is known around the name, with the weights of the embedded gazetteer."""
    factor = 1.0
    if query.country and place.country and query.country != place.country:
        factor *= 0.5
    if query.level and query.level != place.level:
        factor *= 0.7
    around = [one for one in (place.admin1, place.admin2) if one]
    if query.container and around and query.container not in place.parents:
        folded = fold(query.container)
        factor *= 1.0 if any(folded in fold(one) for one in around) or query.container == place.country else 0.4
    if query.near:
        away = float(km(*query.near, place.lon, place.lat))
        factor *= 0.4 + 0.6 * math.exp(-away / 500.0)
    return factor


def _instant(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
