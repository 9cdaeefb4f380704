"""The online geocoder before services on loopback: what it asks, what it makes of the answers, and of faults."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from contract_geocoder import keeps_the_contract
from making import KHERSON
from services import loopback
from services.loopback import Loopback
from services.online import FewPlaces, online, settings

from geo.errors import GeocoderError, PolicyError
from geo.gazetteer.online import FILE, OnlineGeocoder, service_state, with_online
from geo.gazetteer.online_settings import Online, online_settings
from geo.interfaces import Geocoder
from geo.records import Candidate, Query

_: type[Geocoder] = OnlineGeocoder
HAMLET = Query(name="Nyzhni Hayi")
SERVICES = {
    "Nominatim": loopback.nominatim, "Photon": loopback.photon, "GeoNames": loopback.geonames,
    "ArcGIS": loopback.arcgis, "Pelias": loopback.pelias,
}  # fmt: skip
KEYS = {"GeoNames": {"key": "reporter"}}


@pytest.fixture
def service() -> Iterator[Loopback]:
    with Loopback(loopback.nominatim) as running:
        yield running


# The contract, and what is asked


def test_the_embedded_geocoder_of_these_tests_keeps_the_contract() -> None:
    keeps_the_contract(FewPlaces(), known="Kherson", country="UA")


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_keeps_the_contract_of_geocoders(name: str, tmp_path: Path) -> None:
    with Loopback(SERVICES[name]) as running:
        geocoder = online(running, tmp_path, name, **KEYS.get(name, {}))
        keeps_the_contract(geocoder, known="Kherson", country="UA")
        keeps_the_contract(geocoder, known="Nyzhni Hayi", country="UA")


@pytest.mark.parametrize(
    ("name", "place_id"),
    [
        ("Nominatim", "nominatim:node337"),
        ("Photon", "photon:N337"),
        ("GeoNames", "geonames:99000001"),
        ("ArcGIS", "arcgis:33.21000,46.93000"),
        ("Pelias", "pelias:openstreetmap:locality:node/337"),
    ],
)
def test_a_hamlet_that_only_the_service_knows_becomes_a_place(name: str, place_id: str, tmp_path: Path) -> None:
    with Loopback(SERVICES[name]) as running:
        geocoder = online(running, tmp_path, name, **KEYS.get(name, {}))
        ((first, *_),) = geocoder.candidates([replace(HAMLET, country="UA", container="Kherson Oblast")])
    assert first.match == "online"
    assert f"told by {name} (127.0.0.1) on 20" in first.reason
    place = first.place
    assert (place.place_id, place.name, place.level, place.country) == (place_id, "Nyzhni Hayi", "point", "UA")
    assert (place.lon, place.lat) == (33.21, 46.93)
    assert place.admin1 == "Kherson Oblast"
    assert place.parents == ("geonames:706442",)  # the embedded gazetteer's oblast
    assert 0.5 <= place.radius_km < 10


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_tells_an_oblast_and_a_river_from_a_town(name: str, tmp_path: Path) -> None:
    with Loopback(SERVICES[name]) as running:
        geocoder = OnlineGeocoder(NoPlaces(), settings(running, name, **KEYS.get(name, {})), tmp_path)
        oblast, river, town = geocoder.candidates(
            [Query(name="Kherson Oblast"), Query(name="Inhulets Creek"), Query(name="Simferopol")]
        )
    assert [found[0].place.level for found in (oblast, river, town)] == ["admin1", "region", "point"]
    assert town[0].place.country == "UA"


class NoPlaces:
    """An embedded gazetteer that knows nothing."""

    def candidates(self, queries: Any) -> list[list[Candidate]]:
        return [[] for _ in queries]


def test_a_french_town_is_found_in_the_base_adresse_nationale(tmp_path: Path) -> None:
    with Loopback(loopback.ban) as running:
        ((rouen,),) = online(running, tmp_path, "BANFrance").candidates([Query(name="Rouen")])
    assert (rouen.place.place_id, rouen.place.country, rouen.place.admin1) == ("banfrance:76540", "FR", "Normandie")


def test_only_the_name_and_the_country_leave_the_machine(service: Loopback, tmp_path: Path) -> None:
    query = Query(name="Nyzhni Hayi", country="UA", container="Kherson Oblast", near=(32.6, 46.6), level="point")
    online(service, tmp_path).candidates([query])
    (seen,) = service.seen
    assert seen.query.pop("q") == "Nyzhni Hayi"
    assert seen.query.pop("countrycodes") == "ua"
    assert set(seen.query) == {"format", "limit", "addressdetails", "namedetails", "accept-language"}
    assert not {"cookie", "referer"} & {name.lower() for name in seen.headers}


@pytest.mark.parametrize(
    "name",
    ["A whole sentence of a report that a recogniser took for a name by mistake", "x" * 81, "two\nlines", "12345",
     "write to ana@example.org", "https://example.org/x", "?", ""],
)  # fmt: skip
def test_what_can_be_no_name_is_never_sent(service: Loopback, tmp_path: Path, name: str) -> None:
    assert online(service, tmp_path).candidates([Query(name=name)]) == [[]]
    assert service.seen == []


def test_what_the_embedded_gazetteer_knows_is_not_asked_for(service: Loopback, tmp_path: Path) -> None:
    geocoder = online(service, tmp_path)
    ((kherson,),) = geocoder.candidates([Query(name="Kherson", country="UA")])
    assert kherson.place is KHERSON
    assert service.seen == []
    assert not (tmp_path / FILE).exists()


def test_a_name_known_only_in_another_country_or_by_a_guess_is_asked_for(service: Loopback, tmp_path: Path) -> None:
    guess = Candidate(place=replace(KHERSON, name="Nizhni Hai"), score=0.6, match="fuzzy", reason="spelled nearly so")
    geocoder = OnlineGeocoder(FewPlaces(guess), settings(service), tmp_path)
    ((first, *others),) = geocoder.candidates([replace(HAMLET, country="UA")])
    assert first.match == "online"
    assert [one.match for one in others] == ["online", "fuzzy"]
    geocoder.candidates([Query(name="Kherson", country="PL")])
    assert len(service.seen) == 2


def test_in_doubt_a_name_with_two_likely_places_is_asked_for_if_so_set(service: Loopback, tmp_path: Path) -> None:
    twin = Candidate(place=replace(KHERSON, place_id="x:1", lon=-70.0), score=0.8, reason="another")
    for ask, asked in (("unknown", 0), ("doubt", 1), ("always", 1)):
        geocoder = OnlineGeocoder(FewPlaces(twin), settings(service, ask=ask), tmp_path / ask)
        service.seen.clear()
        geocoder.candidates([Query(name="Kherson")])
        assert len(service.seen) == asked


def test_a_place_that_both_know_stays_the_embedded_one(service: Loopback, tmp_path: Path) -> None:
    ((one,),) = online(service, tmp_path, ask="always").candidates([Query(name="Kherson", limit=5)])
    assert one.place is KHERSON
    assert one.reason == "known; Nominatim knows it too"


# Answers are kept


def test_no_name_is_asked_for_twice_nor_one_that_the_service_does_not_know(service: Loopback, tmp_path: Path) -> None:
    names = [Query(name=name) for name in ("Nyzhni Hayi", "Nowhere", "NYZHNI  HAYI", "Nowhere")]
    first = online(service, tmp_path).candidates(names)
    second = online(service, tmp_path).candidates(names)  # as after a restart
    assert first == second
    assert [one.query["q"] for one in service.seen] == ["Nyzhni Hayi", "Nowhere"]


def test_the_answers_can_be_forgotten(service: Loopback, tmp_path: Path) -> None:
    geocoder = online(service, tmp_path)
    geocoder.candidates([HAMLET])
    assert geocoder.forget() == 1
    assert b"nyzhni" not in (tmp_path / FILE).read_bytes().lower()


def test_threads_that_want_the_same_name_at_once_ask_once(service: Loopback, tmp_path: Path) -> None:
    geocoder = online(service, tmp_path)
    threads = [threading.Thread(target=geocoder.candidates, args=([HAMLET],)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(service.seen) == 1


# Faults


FAULTS = ["500", "503", "403", "401", "400", "404", "429", "429 Retry-After=120", "429 Retry-After=nonsense",
          "302 Location=http://127.0.0.1:1/", "cut", "half", "nonsense", "shape", "deep", "huge", "binary"]  # fmt: skip


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_the_service_does_the_embedded_gazetteer_answers_and_the_state_says_so(
    name: str, fault: str, tmp_path: Path
) -> None:
    with Loopback(SERVICES[name], always=fault) as running:
        geocoder = online(running, tmp_path, name, **KEYS.get(name, {}))
        kherson, hamlet = geocoder.candidates([Query(name="Kherson"), HAMLET])
        assert [one.place.name for one in kherson] == ["Kherson"]
        assert hamlet == []
        state = geocoder.state()
        assert state.reachable is False
        assert state.why
        assert state.unasked == 1
        assert state.notice
        assert state.notice.startswith(f"{name} at 127.0.0.1 is not reachable since ")
        running.always = ""
        geocoder.again()
        if not fault.startswith("429 Retry-After=1"):
            assert geocoder.candidates([HAMLET])[0], "the fault was kept as an answer"
            assert geocoder.state().reachable is True
            assert geocoder.state().notice is None


@pytest.mark.parametrize("fault", ["cut", "half"])
def test_an_answer_that_breaks_off_is_no_answer(service: Loopback, tmp_path: Path, fault: str) -> None:
    service.faults.append(fault)
    geocoder = online(service, tmp_path)
    assert geocoder.candidates([HAMLET]) == [[]]
    assert geocoder.state().why == "the connection was cut"


@pytest.mark.parametrize("fault", ["slow", "drip"])
def test_a_slow_service_is_left_after_the_time_out(service: Loopback, tmp_path: Path, fault: str) -> None:
    service.faults.append(fault)
    started = time.monotonic()
    assert online(service, tmp_path, timeout_s=0.5).candidates([HAMLET]) == [[]]
    assert time.monotonic() - started < 2.5
    assert "no answer within 0.5 s" in online(service, tmp_path).state().why


def test_with_the_network_cut_it_works_and_says_so(tmp_path: Path) -> None:
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        chosen = online_settings(
            {"service": "Photon", "endpoint": nobody, "private": True, "retries": 0, "timeout_s": 1}, {}
        )
        geocoder = OnlineGeocoder(FewPlaces(), chosen, tmp_path)
        found = geocoder.candidates([Query(name="Kherson"), HAMLET, Query(name="Nowhere"), Query(name="Elsewhere")])
    assert [len(one) for one in found] == [1, 0, 0, 0]
    state = geocoder.state()
    assert state.notice
    assert "the connection was refused" in state.notice
    assert state.until is not None
    assert state.unasked == 3


def test_a_name_that_cannot_be_looked_up_means_no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def no_network(*words: Any, **more: Any) -> Any:
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    chosen = online_settings({"service": "Photon", "endpoint": "https://photon.example.org", "retries": 0}, {})
    geocoder = OnlineGeocoder(FewPlaces(), chosen, tmp_path)
    assert geocoder.candidates([HAMLET]) == [[]]
    assert "is there a network?" in str(geocoder.state().notice)


def test_a_look_up_of_the_host_that_hangs_does_not_hang_us(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    let_go = threading.Event()

    def hang(*words: Any, **more: Any) -> Any:
        let_go.wait(10)
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    chosen = online_settings(
        {"service": "Photon", "endpoint": "https://photon.example.org", "retries": 0, "timeout_s": 0.3}, {}
    )
    started = time.monotonic()
    assert OnlineGeocoder(FewPlaces(), chosen, tmp_path).candidates([HAMLET]) == [[]]
    assert time.monotonic() - started < 2
    let_go.set()


def test_a_passing_fault_is_tried_again(service: Loopback, tmp_path: Path) -> None:
    service.faults.append("cut")
    geocoder = online(service, tmp_path, retries=2)
    assert geocoder.candidates([HAMLET])[0]
    assert len(service.seen) == 2
    assert service.gaps[0] >= 0.5


def test_a_refusal_is_never_tried_again_and_pauses_for_half_an_hour_in_all_processes(
    service: Loopback, tmp_path: Path
) -> None:
    service.always = "403"
    online(service, tmp_path, retries=5).candidates([HAMLET, Query(name="Elsewhere")])
    other = online(service, tmp_path, retries=5)
    other.candidates([Query(name="Nowhere")])
    assert len(service.seen) == 1
    until = other.state().until
    assert until is not None
    assert 1790 < until.timestamp() - time.time() <= 1800


def test_retry_after_is_honoured_to_the_second_and_then_the_answer_comes(service: Loopback, tmp_path: Path) -> None:
    service.faults.append("429 Retry-After=2")
    assert online(service, tmp_path, retries=1).candidates([HAMLET])[0]
    assert service.gaps[0] >= 2


def test_a_retry_after_longer_than_our_patience_is_not_waited_for_nor_shortened_by_hand(
    service: Loopback, tmp_path: Path
) -> None:
    service.faults.append("503 Retry-After=600")
    geocoder = online(service, tmp_path, retries=3)
    started = time.monotonic()
    assert geocoder.candidates([HAMLET, Query(name="Elsewhere")]) == [[], []]
    assert time.monotonic() - started < 2
    assert geocoder.again() is False
    assert geocoder.candidates([HAMLET]) == [[]]
    assert len(service.seen) == 1


def test_three_faults_in_a_row_pause_the_service_for_a_minute(service: Loopback, tmp_path: Path) -> None:
    service.always = "500"
    geocoder = online(service, tmp_path)
    geocoder.candidates([Query(name=name) for name in ("One", "Two", "Three", "Four", "Five")])
    assert len(service.seen) == 3
    until = geocoder.state().until
    assert until is not None
    assert 50 < until.timestamp() - time.time() <= 60


def test_a_redirect_is_not_followed_so_that_no_name_goes_to_another_host(service: Loopback, tmp_path: Path) -> None:
    with Loopback(loopback.nominatim) as elsewhere:
        service.always = f"302 Location={elsewhere.url}/search"
        geocoder = online(service, tmp_path)
        assert geocoder.candidates([HAMLET]) == [[]]
        assert elsewhere.seen == []
        assert "a redirect to 127.0.0.1, which is not followed" in geocoder.state().why


def test_a_public_name_that_leads_into_this_machine_is_not_asked(
    service: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *more, **named: real("127.0.0.1", *more, **named))
    for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    chosen = online_settings({"service": "Photon", "endpoint": f"http://photon.example.org:{service.port}"}, {})
    geocoder = OnlineGeocoder(FewPlaces(), chosen, tmp_path)
    assert geocoder.candidates([HAMLET]) == [[]]
    assert service.seen == []
    assert "leads to 127.0.0.1" in geocoder.state().why


def test_a_file_of_answers_that_is_damaged_costs_the_service_only(service: Loopback, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 1000)
    kherson, hamlet = online(service, tmp_path).candidates([Query(name="Kherson"), HAMLET])
    assert [one.place.name for one in kherson] == ["Kherson"]
    assert hamlet == []
    assert service.seen == []  # without turns nobody is asked
    assert "may be removed" in str(online(service, tmp_path).state().notice)


# Manners


PUBLIC = Online(
    service="Nominatim", endpoint="https://nominatim.openstreetmap.org", user_agent="our-map/1.0 (maps@news.example)"
)


def test_a_batch_run_refuses_the_services_that_everybody_shares_and_takes_ones_own(
    service: Loopback, tmp_path: Path
) -> None:
    with pytest.raises(PolicyError, match="not for batch runs"):
        OnlineGeocoder(FewPlaces(), PUBLIC, tmp_path, batch=True)
    photon = Online(service="Photon", endpoint="https://photon.komoot.io")
    with pytest.raises(PolicyError, match="not for batch runs"):
        OnlineGeocoder(FewPlaces(), photon, tmp_path, batch=True)
    assert OnlineGeocoder(FewPlaces(), settings(service), tmp_path, batch=True).candidates([HAMLET])[0]


def test_nothing_is_asked_unless_a_service_is_set(tmp_path: Path) -> None:
    embedded = FewPlaces()
    assert with_online(embedded, online_settings({}, {}), tmp_path) is embedded
    with pytest.raises(GeocoderError, match="no online service is set"):
        OnlineGeocoder(embedded, Online(), tmp_path)


def test_making_the_geocoder_asks_nothing_and_the_state_tells_whom_to_thank_and_what_leaves(tmp_path: Path) -> None:
    OnlineGeocoder(FewPlaces(), PUBLIC, tmp_path)
    state = service_state(PUBLIC, tmp_path)
    assert state.reachable is None
    assert list(tmp_path.iterdir()) == []
    assert state.notice is None
    assert state.attribution == "© OpenStreetMap contributors"
    assert state.attribution_url == "https://www.openstreetmap.org/copyright"
    assert "one request a second" in state.policy
    assert state.policy_url == "https://operations.osmfoundation.org/policies/nominatim/"
    assert "never the text of a report" in state.leaves


@pytest.mark.parametrize(
    ("service", "more", "words"),
    [
        ("Nominatimm", {}, "none of geopy's: .*Nominatim"),
        ("Baidu", {"key": "k"}, "lets us choose no endpoint"),
        ("GeoNames", {}, "needs username"),
        ("Photon", {"key": "k"}, "takes no key"),
        ("ArcGIS", {"login": {"usernme": "a"}}, "is not known to ArcGIS"),
        ("ArcGIS", {"login": {"username": "a"}}, "password"),
        ("Photon", {"login": {"domain": "elsewhere.example"}}, "is not known to Photon"),
    ],
)
def test_a_service_that_is_set_up_wrongly_is_told_with_the_remedy(
    service: str, more: dict[str, Any], words: str, tmp_path: Path
) -> None:
    chosen = Online(service=service, endpoint="https://geo.example.org", **more)
    with pytest.raises(GeocoderError, match=words):
        OnlineGeocoder(FewPlaces(), chosen, tmp_path)


def test_no_key_is_ever_logged_or_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("GeoNames", "Pelias"):
        for fault in ("", "500", "403", "nonsense", "shape", "302 Location=http://127.0.0.1/?api_key=canary/key"):
            with Loopback(SERVICES[name], always=fault) as running:
                geocoder = online(running, tmp_path / f"{name}{fault[:3]}", name, key="canary/key")
                geocoder.candidates([HAMLET])
                assert "canary" in str(running.seen[0].query)
                assert "canary" not in repr(geocoder.state())
                assert "canary" not in repr(geocoder.online)
    assert "searchJSON" in caplog.text
    assert "canary" not in caplog.text


def test_geonames_own_errors_come_in_answers_of_status_200(tmp_path: Path) -> None:
    with Loopback(loopback.geonames) as running:
        geocoder = online(running, tmp_path, "GeoNames", key="nobody")
        assert geocoder.candidates([HAMLET]) == [[]]
        assert "user does not exist" in geocoder.state().why
        assert geocoder.state().until is not None


HAMMER = """
import sys
from pathlib import Path
sys.path[:0] = [{root!r}, {tests!r}]
from geo.gazetteer.online import OnlineGeocoder
from geo.gazetteer.online_settings import online_settings
from geo.records import Query
from services.online import FewPlaces
chosen = online_settings({{"service": "Nominatim", "endpoint": {url!r}, "private": True, "interval_s": 1.1,
    "patience_s": 60, "retries": 1}}, {{}})
geocoder = OnlineGeocoder(FewPlaces(), chosen, Path({home!r}))
geocoder.candidates([Query(name=f"{{sys.argv[1]}} {{number}}") for number in range(6)])
"""


@pytest.mark.slow
def test_two_processes_that_hammer_it_never_ask_twice_within_a_second(service: Loopback, tmp_path: Path) -> None:
    root = Path(__file__).parents[1]
    words = HAMMER.format(root=str(root), tests=str(root / "tests"), url=service.url, home=str(tmp_path))
    service.faults.extend(["", "", "429 Retry-After=2", "", "cut", ""])
    started = [subprocess.Popen([sys.executable, "-c", words, name]) for name in ("one", "two")]
    assert [process.wait(timeout=120) for process in started] == [0, 0]
    assert len(service.seen) >= 12
    print(f"{len(service.seen)} requests of two processes, least gap {min(service.gaps):.3f} s")  # noqa: T201 - the figure, with pytest -s
    assert min(service.gaps) >= 1.0, service.gaps
    assert {one.query["q"].split()[0] for one in service.seen} == {"one", "two"}
