"""Events as GeoJSON (RFC 7946)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.export.codes import with_codes
from geo.export.plain import DIGITS, LICENCE, Parcel, credit, rows

if TYPE_CHECKING:
    import geopandas as gpd


def geojson(events: gpd.GeoDataFrame) -> dict[str, Any]:
    """The events as a FeatureCollection: [lon, lat] in WGS 84, days as YYYY-MM-DD, null where unknown."""
    return {
        "type": "FeatureCollection",
        "attribution": credit(events),
        "licence": LICENCE,
        "features": [
            {"type": "Feature", "id": row["event_id"], "geometry": _geometry(row.pop("geometry")), "properties": row}
            for row in rows(with_codes(events))
        ],
    }


def write_geojson(parcel: Parcel, path: Path) -> None:
    """The events as GeoJSON, as they are: for programs."""
    with path.open("w", encoding="utf-8", errors="backslashreplace") as file:  # half of a pair becomes its JSON escape
        json.dump(geojson(parcel.events), file, ensure_ascii=False, allow_nan=False)


def _geometry(point: Any) -> dict[str, Any] | None:
    if point is None:
        return None
    return {"type": "Point", "coordinates": [round(point.x, DIGITS), round(point.y, DIGITS)]}
