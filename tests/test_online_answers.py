"""What services answer, in our terms: one place told by each service, and what must not be believed."""

from __future__ import annotations

from typing import Any

import pytest
from geopy.location import Location

from geo.gazetteer.answers import Found
from geo.gazetteer.online_answers import read_all


def told(service: str, raw: dict[str, Any], lon: float = 32.6, lat: float = 46.6, address: str = "Kherson") -> Found:
    (found,) = read_all(service, [Location(address, (lat, lon), raw)])
    return found


def nominatim(**more: Any) -> dict[str, Any]:
    return {
        "osm_type": "relation", "osm_id": 1, "class": "boundary", "type": "administrative", "name": "Somewhere",
        "display_name": "Somewhere, Country", "place_rank": 16, "importance": 0.5, "address": {"country_code": "ua"},
        "boundingbox": ["46.5", "46.7", "32.5", "32.7"], **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "level"),
    [
        ({"addresstype": "country", "place_rank": 4}, "country"),
        ({"addresstype": "state", "place_rank": 8}, "admin1"),
        ({"addresstype": "county", "place_rank": 12}, "admin2"),
        ({"addresstype": "city", "place_rank": 8}, "point"),  # Kyiv: a city with a first-order boundary
        ({"addresstype": None, "place_rank": 8}, "admin1"),
        ({"addresstype": None, "place_rank": 12}, "admin2"),
        ({"class": "place", "type": "hamlet", "place_rank": 20}, "point"),
        ({"class": "highway", "type": "residential", "addresstype": "road", "place_rank": 26}, "point"),
        ({"class": "natural", "type": "sea", "boundingbox": ["40", "47", "27", "42"]}, "region"),
        ({"class": "place", "type": "island", "boundingbox": ["45.25", "45.26", "30.20", "30.21"]}, "point"),
        ({"class": "highway", "type": "motorway", "boundingbox": ["46", "50", "24", "37"]}, "region"),
    ],
)
def test_nominatims_ranks_and_types_become_our_levels(raw: dict[str, Any], level: str) -> None:
    assert told("Nominatim", nominatim(**raw)).level == level


def test_the_radius_is_half_the_diagonal_of_the_box_and_the_usual_one_where_there_is_no_box() -> None:
    assert told("Nominatim", nominatim(addresstype="city")).radius_km == pytest.approx(13.5, abs=0.3)
    assert told("Nominatim", nominatim(addresstype="state", boundingbox=None)).radius_km == 110
    nonsense = nominatim(addresstype="state", boundingbox=["a", None, {}, "nan"])
    assert told("Nominatim", nonsense).radius_km == 110


def test_a_country_across_the_date_line_does_not_span_the_world() -> None:
    fiji = nominatim(addresstype="country", boundingbox=["-21", "-12", "177", "-178"])
    assert told("Nominatim", fiji, lon=178, lat=-18).radius_km < 1000


def test_crimea_is_in_ukraine_whatever_the_service_says_and_taman_across_the_strait_is_in_russia() -> None:
    russia = nominatim(address={"country_code": "ru"})
    assert told("Nominatim", russia, lon=34.1, lat=44.95).country == "UA"  # Simferopol
    assert told("Nominatim", russia, lon=36.47, lat=45.36).country == "UA"  # Kerch
    assert told("Nominatim", russia, lon=36.72, lat=45.21).country == "RU"  # Taman


@pytest.mark.parametrize(
    ("code", "ours"),
    [("UKR", "UA"), ("XKX", "XK"), ("xk", "XK"), ("uk", "GB"), ("PSE", "PS"), ("ESH", "EH"), ("", None), ("ZZZ", None)],
)
def test_countries_come_as_geonames_codes(code: str, ours: str | None) -> None:
    raw = {"attributes": {"Country": code, "Type": "City"}, "address": "Somewhere"}
    assert told("ArcGIS", raw).country == ours


def test_a_shop_called_like_a_town_is_less_likely_than_the_town() -> None:
    town = told("Nominatim", nominatim(**{"class": "place", "type": "town"}))
    shop = told("Nominatim", nominatim(**{"class": "shop", "type": "bakery"}))
    assert shop.prior < town.prior / 2


def test_geonames_answers_bear_the_ids_of_the_embedded_gazetteer() -> None:
    raw = {
        "geonameId": 706448,
        "name": "Kherson",
        "fcl": "P",
        "fcode": "PPLA",
        "countryCode": "UA",
        "population": 283649,
    }
    found = told("GeoNames", raw)
    assert found.place_id == "geonames:706448"
    assert found.population == 283649
    assert 4 < found.radius_km < 10


@pytest.mark.parametrize(
    ("fcl", "fcode", "level"),
    [("A", "PCLI", "country"), ("A", "ADM1", "admin1"), ("A", "ADM2", "admin2"), ("A", "ADM3", "admin2"),
     ("L", "RGN", "region"), ("H", "SEA", "region"), ("P", "PPL", "point"), ("S", "BDG", "point")],
)  # fmt: skip
def test_geonames_feature_codes_become_our_levels(fcl: str, fcode: str, level: str) -> None:
    raw = {"geonameId": 1, "name": "Somewhere", "fcl": fcl, "fcode": fcode, "countryCode": "UA"}
    assert told("GeoNames", raw).level == level


def test_a_place_without_an_id_is_known_by_its_point() -> None:
    raw = {"attributes": {"Country": "UKR", "Type": "City"}, "address": "Kherson"}
    assert told("ArcGIS", raw).place_id == "arcgis:32.60000,46.60000"


def test_addok_on_other_data_than_frances_is_not_in_france() -> None:
    raw = {"properties": {"id": "x1", "name": "Херсон", "type": "municipality", "score": 0.9, "importance": 0.5}}
    assert told("BANFrance", raw).country is None


def test_a_service_without_a_reader_of_its_own_is_read_by_the_usual_names() -> None:
    opencage = {
        "components": {"_type": "state", "state": "Kherson Oblast", "country_code": "ua"},
        "bounds": {"southwest": {"lat": 45.7, "lng": 31.5}, "northeast": {"lat": 47.6, "lng": 35.3}},
    }
    found = told("OpenCage", opencage, address="Kherson Oblast, Ukraine")
    assert (found.name, found.level, found.country) == ("Kherson Oblast", "admin1", "UA")
    assert 100 < found.radius_km < 250
    assert told("Woosmap", {}, address="Kherson, Ukraine").name == "Kherson"


def test_a_place_at_0_0_or_without_a_name_is_no_answer() -> None:
    nowhere = Location("Null Island", (0, 0), nominatim())
    nameless = Location("", (46.6, 32.6), nominatim(name="", display_name=""))
    assert read_all("Nominatim", [nowhere, nameless, None]) == ()
