"""Columns that only exports have: each event in the codes of ACLED, UCDP and PLOVER, worked out from ours.

The kind of happening comes from `kinds.crosswalk`. How exactly place and days are known, from level and radius_km:

| ours | acled_geo_precision | ucdp_where_prec | plover_resolution |
|---|---|---|---|
| point | 1 | 1 | 5 within 1 km (inside a town), else 4 |
| point beside a named one, or coarsened, within 25 km | 2 | 2 | 4 |
| the same, wider | 2 | 3 | 3 |
| admin2 | 2 | 3 | 3 |
| admin1 | 3 | 4 | 2 |
| region | 3 | 5, on or over a sea of no country 7 | none |
| country | none | 6 | 1 |

and from the number of days: acled_time_precision 1 a day, 2 a week, 3 more; ucdp_date_prec 1 a day, 2 two to six days,
3 a week, 4 a month (31 days), 5 more. An event whose days are not both known has no time code.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo.kinds import crosswalk
from geo.publish import WITHHELD

if TYPE_CHECKING:
    import geopandas as gpd

CODES: Final = (
    "acled_event_type",
    "acled_sub_event_type",
    "acled_geo_precision",
    "acled_time_precision",
    "ucdp_where_prec",
    "ucdp_date_prec",
    "plover_event_type",
    "plover_resolution",
)
_KINDS: Final = ("acled_event_type", "acled_sub_event_type", "plover_event_type")
_PLACES: Final = ("acled_geo_precision", "ucdp_where_prec", "plover_resolution")
_NEAR_KM: Final = 25.0  # UCDP's where_prec 2: within about 25 km of a known point
_IN_TOWN_KM: Final = 1.0  # the gazetteer gives a settlement at least 1 km; only what lies inside one is smaller
_OPEN_WATER: Final = re.compile(r"\b(?:Sea|Ocean|Gulf|Strait|Bay|Channel|Atlantic|Pacific)\b")
# (acled_geo_precision, ucdp_where_prec, plover_resolution) by level
_AREAS: Final[dict[str, tuple[int | None, int | None, int | None]]] = {
    "admin2": (2, 3, 3),
    "admin1": (3, 4, 2),
    "region": (3, 5, None),
    "country": (None, 6, 1),
}


def with_codes(events: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The events table with one more column for each code, before its geometry."""
    kinds = _kinds(events)
    places = pd.DataFrame(
        [
            where(str(level), float(radius), str(place_id), None if pd.isna(country) else str(country), str(place))
            for level, radius, place_id, country, place in zip(
                *(events[name] for name in ("level", "radius_km", "place_id", "country", "place")), strict=True
            )
        ],
        columns=list(_PLACES),
        dtype="Int64",
        index=events.index,
    )
    days = (events["last_day"] - events["first_day"]).dt.days.astype("Int64") + 1
    found: dict[str, pd.Series[Any]] = {
        **{name: kinds[name] for name in _KINDS},
        **{name: places[name] for name in _PLACES},
        "acled_time_precision": _steps(days, (1, 7)),
        "ucdp_date_prec": _steps(days, (1, 6, 7, 31)),
    }
    told = events.assign(**{name: found[name] for name in CODES})
    return told[[*(c for c in told.columns if c != "geometry"), "geometry"]]


def where(
    level: str, radius_km: float, place_id: str, country: str | None, place: str
) -> tuple[int | None, int | None, int | None]:
    """ACLED's geo_precision, UCDP's where_prec and PLOVER's resolution of a place; None where there is no code.

    >>> where("point", 9.0, "geonames:706448", "UA", "Kherson")
    (1, 1, 4)
    >>> where("point", 10.0, "geonames:706448#near", "UA", "near Kherson")
    (2, 2, 4)
    """
    if level != "point":
        at_sea = level == "region" and country is None and _OPEN_WATER.search(place)
        return (3, 7, None) if at_sea else _AREAS[level]
    if "#" in place_id or place_id.endswith(f":{WITHHELD}"):
        return (2, 2, 4) if radius_km <= _NEAR_KM else (2, 3, 3)
    return 1, 1, (5 if radius_km < _IN_TOWN_KM else 4)


def _kinds(events: gpd.GeoDataFrame) -> pd.DataFrame:
    keys: list[tuple[Any, str, Any]] = list(
        zip(*(events[name].tolist() for name in ("type", "subtype", "modality")), strict=True)
    )
    told = {key: crosswalk(*key) for key in set(keys)}
    return pd.DataFrame([told[key] for key in keys], columns=list(_KINDS), dtype="str", index=events.index)


def _steps(days: pd.Series[Any], limits: tuple[int, ...]) -> pd.Series[Any]:
    """1 for up to the first limit, 2 for up to the second and so on, one more beyond the last."""
    code = pd.Series(1, index=days.index, dtype="Int64")
    for limit in limits:
        code += (days > limit).astype("Int64")
    return code
