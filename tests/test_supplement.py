"""The hand-made gazetteer sources must stay readable by the compiler."""

import csv
import re
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parent.parent / "geo" / "gazetteer" / "sources"
COLUMNS = [
    "id",
    "name",
    "aliases",
    "level",
    "country",
    "admin1",
    "lat",
    "lon",
    "radius_km",
    "kind",
    "source",
    "west",
    "south",
    "east",
    "north",
    "admin1_code",
]
LEVELS = {"point", "admin2", "region"}
KINDS = {
    "region",
    "sea",
    "strait",
    "bay",
    "lake",
    "river",
    "mountains",
    "mountain",
    "desert",
    "island",
    "archipelago",
    "peninsula",
    "village",
    "landmark",
    "plant",
    "bridge",
    "airport",
    "canal",
    "dam",
    "base",
    "port",
    "building",
    "continent",
    "quarter",
    "camp",
    "checkpoint",
    "park",
    "ocean",
}


def read(name):
    with (SOURCES / name).open(encoding="utf-8", newline="") as fh:
        reader = csv.DictReader(fh, strict=True)
        return reader.fieldnames, list(reader)


@pytest.fixture(scope="module")
def rows():
    return read("supplement.csv")[1]


@pytest.fixture(scope="module")
def codes():
    return {r["code"] for r in read("countries.csv")[1]}


def aliases(row):
    return row["aliases"].split("|") if row["aliases"] else []


def test_columns_and_size(rows):
    assert read("supplement.csv")[0] == COLUMNS
    assert len(rows) >= 600


def test_ids_are_unique_slugs(rows):
    ids = [r["id"] for r in rows]
    assert len(ids) == len(set(ids))
    assert [i for i in ids if not re.fullmatch(r"dateline:[a-z0-9]+(-[a-z0-9]+)*", i)] == []


def test_names_and_aliases(rows):
    for r in rows:
        assert r["name"].strip() == r["name"] != "", r
        seen = aliases(r)
        assert all(len(a) >= 2 and a == a.strip() for a in seen), r
        assert len(seen) == len(set(seen)), r
        assert r["name"] not in seen, r
        assert "#" not in r["name"] + r["aliases"], r


def test_level_kind_country(rows, codes):
    for r in rows:
        assert r["level"] in LEVELS, r
        assert r["kind"] in KINDS, r
        assert set(filter(None, r["country"].split("|"))) <= codes, r


def test_coordinates_and_radius(rows):
    for r in rows:
        assert -90 <= float(r["lat"]) <= 90, r
        assert -180 <= float(r["lon"]) <= 180, r
        assert 0 < float(r["radius_km"]) <= 10000, r
        if r["level"] == "point":
            assert float(r["radius_km"]) <= 50, r


def test_box_contains_point(rows):
    for r in rows:
        box = [r[k] for k in ("west", "south", "east", "north")]
        if not any(box):
            continue
        west, south, east, north = map(float, box)
        lat, lon = float(r["lat"]), float(r["lon"])
        assert south <= lat <= north, r
        inside = west <= lon <= east if west <= east else lon >= west or lon <= east
        assert inside, r


def test_source_is_wikipedia(rows):
    for r in rows:
        assert re.fullmatch(r"https://en\.wikipedia\.org/wiki/\S+", r["source"]), r


def test_what_the_kherson_report_needs(rows):
    names = {}
    for r in rows:
        for n in [r["name"], *aliases(r)]:
            names.setdefault(n, []).append(r)
    for n in ("Dnipro River", "Donbas", "Antonivsky Bridge", "Posad-Pokrovske", "White House", "Middle East"):
        assert n in names, n
    kherson = [r for r in names["Blahodatne"] if r["admin1"] == "Kherson"]
    assert kherson
    assert all(float(r["lat"]) > 46.6 for r in kherson)  # the right bank
    assert all("UA" in r["country"].split("|") for r in names["Crimea"]) if "Crimea" in names else True


def test_countries(codes):
    header, countries = read("countries.csv")
    assert header == "code,name,official,aliases,demonyms,adjectives,capital_geonameid".split(",")
    assert len(codes) == len(countries) >= 249
    assert {"UA", "XK", "PS", "EH", "TW", "US"} <= codes
    by = {r["code"]: r for r in countries}
    for r in countries:
        assert r["name"], r
        assert all(len(a) >= 2 for a in aliases(r)), r
        assert r["capital_geonameid"] == "" or r["capital_geonameid"].isdigit(), r
    assert {"U.S.", "US", "USA", "America"} <= set(aliases(by["US"]))
    assert {"UK", "U.K.", "Britain"} <= set(aliases(by["GB"]))
    assert "Ukrainians" in by["UA"]["demonyms"].split("|")


def test_demonyms(rows, codes):
    header, demonyms = read("demonyms.csv")
    assert header == ["demonym", "target"]
    assert len(demonyms) >= 200
    ids = {r["id"] for r in rows}
    for d in demonyms:
        t = d["target"]
        assert len(d["demonym"]) >= 3, d
        assert t in codes or t in ids or re.fullmatch(r"geonames:\d+", t), d


def test_states(codes):
    header, states = read("states.csv")
    assert header == ["country", "admin1_code", "name", "aliases"]
    keys = [(s["country"], s["admin1_code"]) for s in states]
    assert len(keys) == len(set(keys))
    assert {s["country"] for s in states} <= codes
    by = {(s["country"], s["name"]): s for s in states}
    assert sum(k[0] == "US" for k in by) == 51
    assert "Calif." in aliases(by["US", "California"])
    assert by["CA", "Ontario"]["admin1_code"] == "08"
