"""Geocoding services on loopback that answer in the documented form of the real ones, with faults on demand.

The places are few and the answers are written by us after each service's documentation; what a service adds beyond
what a client may rely on is left out.
"""

from __future__ import annotations

import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

Answer = Callable[[str, dict[str, str]], Any]

# name, other names, lon, lat, half width and height of its box in degrees, class, type, rank, importance, country, ...
PLACES: tuple[dict[str, Any], ...] = (
    {
        "names": ["Kherson", "Херсон"], "lon": 32.6144, "lat": 46.6403, "half": 0.16, "key": "place", "value": "city",
        "rank": 16, "importance": 0.61, "cc": "ua", "a3": "UKR", "state": "Kherson Oblast", "county": "Kherson Raion",
        "osm": ("relation", 1741312), "geoname": 706448, "fcl": "P", "fcode": "PPLA", "people": 283649,
        "layer": "locality", "esri": "City",
    },
    {
        "names": ["Kherson Oblast", "Kherson region"], "lon": 33.5, "lat": 46.6, "half": 1.2, "key": "boundary",
        "value": "administrative", "rank": 8, "importance": 0.6, "cc": "ua", "a3": "UKR", "state": "Kherson Oblast",
        "county": None, "osm": ("relation", 71022), "geoname": 706442, "fcl": "A", "fcode": "ADM1", "people": 1037640,
        "layer": "region", "esri": "State or Province", "address_type": "state",
    },
    {
        "names": ["Nyzhni Hayi"], "lon": 33.21, "lat": 46.93, "half": 0.02, "key": "place", "value": "hamlet",
        "rank": 20, "importance": 0.12, "cc": "ua", "a3": "UKR", "state": "Kherson Oblast", "county": "Beryslav Raion",
        "osm": ("node", 337), "geoname": 99000001, "fcl": "P", "fcode": "PPL", "people": 0, "layer": "locality",
        "esri": "City",
    },
    {
        "names": ["Nyzhni Hayi"], "lon": 26.1, "lat": 49.3, "half": 0.02, "key": "place", "value": "village",
        "rank": 19, "importance": 0.11, "cc": "ua", "a3": "UKR", "state": "Ternopil Oblast", "county": None,
        "osm": ("node", 338), "geoname": 99000002, "fcl": "P", "fcode": "PPL", "people": 0, "layer": "locality",
        "esri": "City",
    },
    {
        "names": ["Umm Qarnayn"], "lon": 25.02, "lat": 13.41, "half": 0.02, "key": "place", "value": "village",
        "rank": 19, "importance": 0.11, "cc": "sd", "a3": "SDN", "state": "North Darfur", "county": None,
        "osm": ("node", 339), "geoname": 99000003, "fcl": "P", "fcode": "PPL", "people": 0, "layer": "locality",
        "esri": "City",
    },
    {
        "names": ["Simferopol"], "lon": 34.1, "lat": 44.95, "half": 0.1, "key": "place", "value": "city", "rank": 16,
        "importance": 0.5, "cc": "ru", "a3": "RUS", "state": "Republic of Crimea", "county": None,
        "osm": ("relation", 3030746), "geoname": 693805, "fcl": "P", "fcode": "PPLA", "people": 336460,
        "layer": "locality", "esri": "City",
    },
    {
        "names": ["Inhulets Creek"], "lon": 33.0, "lat": 47.5, "half": 1.5, "key": "waterway", "value": "river",
        "rank": 19, "importance": 0.4, "cc": "ua", "a3": "UKR", "state": None, "county": None,
        "osm": ("relation", 1720), "geoname": 707753, "fcl": "H", "fcode": "STM", "people": 0, "layer": "marinearea",
        "esri": "River",
    },
)  # fmt: skip


def _named(words: str, country: str = "") -> list[dict[str, Any]]:
    wanted = words.casefold()
    return [
        one
        for one in PLACES
        if wanted in [name.casefold() for name in one["names"]] and (not country or one["cc"] == country.lower())
    ]


def _box(one: dict[str, Any]) -> tuple[float, float, float, float]:
    lon, lat, half = one["lon"], one["lat"], one["half"]
    return lon - half, lat - half, lon + half, lat + half


def nominatim(path: str, query: dict[str, str]) -> Any:
    """Nominatim's /search with format=json."""
    assert path == "/search"
    found = []
    for one in _named(query["q"], query.get("countrycodes", "")):
        west, south, east, north = _box(one)
        kind, number = one["osm"]
        found.append({
            "place_id": 9000 + number, "licence": "Data © OpenStreetMap contributors, ODbL 1.0.", "osm_type": kind,
            "osm_id": number, "lat": str(one["lat"]), "lon": str(one["lon"]), "class": one["key"], "type": one["value"],
            "place_rank": one["rank"], "importance": one["importance"],
            "addresstype": one.get("address_type", one["value"]), "name": one["names"][0],
            "display_name": f"{one['names'][0]}, {one['state']}, Ukraine",
            "address": {"state": one["state"], "county": one["county"], "country_code": one["cc"]},
            "namedetails": {f"name:{number}": name for number, name in enumerate(one["names"])},
            "boundingbox": [str(south), str(north), str(west), str(east)],
        })  # fmt: skip
    return found


def photon(path: str, query: dict[str, str]) -> Any:
    """Photon's /api."""
    assert path == "/api"
    features = []
    for one in _named(query["q"]):
        west, south, east, north = _box(one)
        kind, number = one["osm"]
        features.append({
            "type": "Feature", "geometry": {"type": "Point", "coordinates": [one["lon"], one["lat"]]},
            "properties": {
                "osm_type": kind[0].upper(), "osm_id": number, "osm_key": one["key"], "osm_value": one["value"],
                "type": {"administrative": "state", "river": "other"}.get(one["value"], "city"),
                "countrycode": one["cc"].upper(), "name": one["names"][0], "country": "Ukraine", "state": one["state"],
                "county": one["county"], "extent": [west, north, east, south],
            },
        })  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


def geonames(path: str, query: dict[str, str]) -> Any:
    """GeoNames' /searchJSON; a bad user name is an error in an answer of status 200."""
    assert path == "/searchJSON"
    if query["username"] == "nobody":
        return {"status": {"message": "user does not exist.", "value": 10}}
    found = [
        {
            "geonameId": one["geoname"], "name": one["names"][0], "toponymName": one["names"][0],
            "lng": str(one["lon"]), "lat": str(one["lat"]), "fcl": one["fcl"], "fcode": one["fcode"],
            "fcodeName": "seat of a first-order division", "countryCode": one["cc"].upper(), "countryName": "Ukraine",
            "population": one["people"], "adminCode1": "08", "adminName1": one["state"] or "",
        }
        for one in _named(query["q"], query.get("country", ""))
    ]  # fmt: skip
    return {"totalResultsCount": len(found), "geonames": found}


def arcgis(path: str, query: dict[str, str]) -> Any:
    """ArcGIS' findAddressCandidates with outFields=*."""
    assert path.endswith("/findAddressCandidates")
    found = []
    for one in _named(query["singleLine"]):
        west, south, east, north = _box(one)
        found.append({
            "address": f"{one['names'][0]}, {one['state']}", "location": {"x": one["lon"], "y": one["lat"]},
            "score": 98.5, "extent": {"xmin": west, "ymin": south, "xmax": east, "ymax": north},
            "attributes": {
                "Type": one["esri"], "Addr_type": "Locality", "PlaceName": one["names"][0], "Country": one["a3"],
                "Region": one["state"], "Subregion": one["county"], "Score": 98.5,
            },
        })  # fmt: skip
    return {"spatialReference": {"wkid": 4326, "latestWkid": 4326}, "candidates": found}


def pelias(path: str, query: dict[str, str]) -> Any:
    """Pelias' /v1/search."""
    assert path == "/v1/search"
    features = [
        {
            "type": "Feature", "geometry": {"type": "Point", "coordinates": [one["lon"], one["lat"]]},
            "properties": {
                "gid": f"openstreetmap:{one['layer']}:{one['osm'][0]}/{one['osm'][1]}", "layer": one["layer"],
                "name": one["names"][0], "country_a": one["a3"], "country": "Ukraine", "region": one["state"],
                "county": one["county"], "confidence": 1, "match_type": "exact",
            },
            "bbox": list(_box(one)),
        }
        for one in _named(query["text"], query.get("boundary.country", ""))
    ]  # fmt: skip
    return {"geocoding": {"version": "0.2"}, "type": "FeatureCollection", "features": features}


def ban(path: str, query: dict[str, str]) -> Any:
    """The Base Adresse Nationale's /search: a town of France."""
    assert path == "/search"
    town = {
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [1.0865, 49.4404]},
        "properties": {
            "id": "76540", "type": "municipality", "name": "Rouen", "label": "Rouen", "postcode": "76000",
            "citycode": "76540", "city": "Rouen", "population": 114187, "context": "76, Seine-Maritime, Normandie",
            "importance": 0.62, "score": 0.96,
        },
    }  # fmt: skip
    return {"type": "FeatureCollection", "features": [town] if query["q"] == "Rouen" else []}


def forward(upstream: str) -> Answer:
    """The answers of another server, so that faults can be put in front of it."""

    def answer(path: str, query: dict[str, str]) -> Any:
        from urllib.parse import urlencode

        with urllib.request.urlopen(f"{upstream}{path}?{urlencode(query)}", timeout=20) as page:
            return json.load(page)

    return answer


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A request as the server saw it; `at` and `until` are seconds on time.monotonic()."""

    at: float
    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class Loopback:
    """A service on a free port of loopback. Each request takes the next of `faults`, and an answer when none is left.

    Faults: a status with words for its headers ("429 Retry-After=2", "302 Location=http://..."), "slow" (answers after
    3 s), "drip" (a byte each 0.2 s), "cut", "half", "nonsense", "shape", "deep", "huge", "" for none.
    """

    answer: Answer
    faults: deque[str] = field(default_factory=deque)
    always: str = ""
    seen: list[Seen] = field(default_factory=list)

    def __enter__(self) -> Self:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer._serve(self)

            def log_message(self, *words: Any) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *words: Any) -> None:
                """A client that went away is what the tests are about."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def gaps(self) -> list[float]:
        """Seconds between requests, in the order in which they arrived."""
        times = sorted(one.at for one in self.seen)
        return [later - earlier for earlier, later in pairwise(times)]

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.seen.append(Seen(at=time.monotonic(), path=parts.path, query=query, headers=dict(handler.headers.items())))
        fault = self.faults.popleft() if self.faults else self.always
        if fault and self._fault(handler, fault):
            return
        body = json.dumps(self.answer(parts.path, query)).encode()
        self._send(handler, 200, body, {})

    def _fault(self, handler: BaseHTTPRequestHandler, fault: str) -> bool:
        """Do harm; whether that was all."""
        word, *more = fault.split(" ", 1)
        if word.isdigit():
            headers = dict([more[0].split("=", 1)]) if more else {}
            self._send(handler, int(word), f"status {word} for {handler.path}".encode(), headers)
        elif word == "slow":
            time.sleep(3)
            return False
        elif word == "drip":
            self._send(handler, 200, b"[", {"Content-Length": "100000"})
            for _ in range(50):
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.2)
        elif word == "cut":
            handler.connection.shutdown(socket.SHUT_RDWR)
        elif word == "half":
            self._send(handler, 200, b'[{"lat": "46', {"Content-Length": "5000"})
            handler.connection.shutdown(socket.SHUT_RDWR)
        else:
            bodies = {
                "nonsense": b"<html>Please sign in to this network</html>", "shape": b'[[1, "two"], {"lat": {}}]',
                "deep": b"[" * 200_000, "huge": b" " * 5_000_000, "binary": bytes(range(256)),
            }  # fmt: skip
            self._send(handler, 200, bodies[word], {})
        return True

    @staticmethod
    def _send(handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)
