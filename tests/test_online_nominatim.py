"""The online geocoder before a real Nominatim on loopback, which these tests import and serve themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from contract_geocoder import keeps_the_contract
from services import nominatim
from services.loopback import Loopback, forward
from services.online import FewPlaces

from geo.gazetteer.online import OnlineGeocoder
from geo.gazetteer.online_settings import online_settings
from geo.records import Place, Query

pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgis,
    pytest.mark.skipif(bool(nominatim.missing()), reason=nominatim.missing() or "-"),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with nominatim.server() as url:
        yield url


def real(address: str, home: Path, retries: int = 0) -> OnlineGeocoder:
    given = {"service": "Nominatim", "endpoint": address, "private": True, "timeout_s": 10, "retries": retries}
    return OnlineGeocoder(FewPlaces(), online_settings(given, {}), home)


def asked(address: str, home: Path, name: str) -> Place:
    ((first, *_),) = real(address, home).candidates([Query(name=name, country="UA")])
    assert first.match == "online"
    return first.place


def test_a_real_nominatim_keeps_the_contract_of_geocoders(address: str, tmp_path: Path) -> None:
    keeps_the_contract(real(address, tmp_path), known="Snihurivka", country="UA")


@pytest.mark.parametrize(
    ("name", "found", "lon", "lat"),
    [
        ("Blahodatne", "Blahodatne", 32.310, 46.930),
        ("Нова Каховка", "Nova Kakhovka", 33.349, 46.755),
        ("Новая Каховка", "Nova Kakhovka", 33.349, 46.755),
        ("Antonivka Road Bridge", "Antonivka Road Bridge", 32.7266, 46.6689),
        ("Perekopska Street, Kherson", "Perekopska Street", 32.6205, 46.6445),
    ],
)
def test_villages_bridges_and_streets_are_points_in_their_oblast(
    address: str, tmp_path: Path, name: str, found: str, *, lon: float, lat: float
) -> None:
    place = asked(address, tmp_path, name)
    assert (place.name, place.level, place.country) == (found, "point", "UA")
    assert place.lon == pytest.approx(lon, abs=0.001)
    assert place.lat == pytest.approx(lat, abs=0.001)
    assert place.admin1 == "Kherson Oblast"
    assert place.parents == ("geonames:706442",)
    assert place.radius_km < 10


def test_an_oblast_is_a_division_as_wide_as_its_box(address: str, tmp_path: Path) -> None:
    place = asked(address, tmp_path, "Херсонська область")
    assert (place.name, place.level, place.place_id) == ("Kherson Oblast", "admin1", "nominatim:relation1")
    assert 120 < place.radius_km < 200


def test_a_name_that_nominatim_does_not_know_is_a_miss_and_the_service_is_well(address: str, tmp_path: Path) -> None:
    geocoder = real(address, tmp_path)
    assert geocoder.candidates([Query(name="Qxzvwkjq")]) == [[]]
    assert geocoder.state().reachable is True


@pytest.mark.parametrize("fault", ["500", "cut", "half", "nonsense", "429 Retry-After=1"])
def test_after_a_fault_in_front_of_it_the_true_answer_comes(address: str, tmp_path: Path, fault: str) -> None:
    with Loopback(forward(address)) as service:
        service.faults.append(fault)
        geocoder = real(service.url, tmp_path, retries=1)
        first, second = (geocoder.candidates([Query(name="Beryslav")])[0] for _ in range(2))
    assert second[0].place.name == "Beryslav"
    if fault != "nonsense":  # what is no JSON is no passing fault, so that name is only asked for anew later
        assert first == second


def test_when_nominatim_goes_away_what_it_said_stays_and_the_rest_is_embedded(address: str, tmp_path: Path) -> None:
    with Loopback(forward(address)) as service:
        geocoder = real(service.url, tmp_path)
        before = geocoder.candidates([Query(name="Beryslav")])
    assert geocoder.candidates([Query(name="Beryslav")]) == before
    kherson, oleshky = geocoder.candidates([Query(name="Kherson"), Query(name="Oleshky")])
    assert kherson[0].place.place_id == "geonames:706448"
    assert oleshky == []
    assert "is not reachable" in str(geocoder.state().notice)
