"""Events as tables: CSV for people, GeoParquet for programs, GeoPackage for QGIS and the like; GeoParquet in again."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pyarrow.parquet as pq

from geo.errors import TableError
from geo.events import COLUMNS, NAMES, checked, frame
from geo.export.codes import with_codes
from geo.export.plain import DIGITS, LICENCE, Parcel, credit, rows

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_LISTS: Final = ("reports", "outlets")


def write_csv(parcel: Parcel, path: Path) -> None:
    """For people: lon and lat as columns, lists parted by "; ", and no cell that a spreadsheet takes for a formula."""
    events = with_codes(parcel.events)
    thanks = f"{credit(events)}. {LICENCE}"
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*(c for c in events.columns if c != "geometry"), "lon", "lat", "attribution"])
        for row in rows(events):
            point = row.pop("geometry")
            cells = [("; ".join(map(str, v)) if isinstance(v, list) else v) for v in row.values()]
            where = (round(point.x, DIGITS), round(point.y, DIGITS)) if point is not None else ("", "")
            writer.writerow([*(_no_formula(c) for c in cells), *where, thanks])


def _no_formula(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA) else cell


def write_parquet(parcel: Parcel, path: Path) -> None:
    """For programs: GeoParquet with the columns' own types; credit and licence stand in the file's metadata."""
    packed = io.BytesIO()
    with_codes(parcel.events).to_parquet(packed, index=False)
    told = pq.read_table(packed)
    thanks = {"attribution": credit(parcel.events), "licence": LICENCE}
    pq.write_table(told.replace_schema_metadata({**(told.schema.metadata or {}), **thanks}), path)


def read(path: Path) -> gpd.GeoDataFrame:
    """The events table of a GeoParquet file of ours, without the codes; TableError where it is none."""
    try:
        told = gpd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise TableError(f"{path} is no GeoParquet file: {error}; export the events as .parquet again") from error
    if missing := [name for name in NAMES if name not in told.columns]:
        raise TableError(f"{path} is no events table: it has no column {', '.join(missing)}")
    columns = {c.name: told[c.name].tolist() for c in COLUMNS} | {"geometry": told.geometry.tolist()}
    for name in _LISTS:
        columns[name] = [list(items) for items in columns[name]]
    return checked(frame(columns))


def write_geopackage(parcel: Parcel, path: Path) -> None:
    """For QGIS and the like: one layer `events`; lists become words parted by "; "."""
    flat = with_codes(parcel.events)
    for column in _LISTS:
        flat[column] = ["; ".join(items) for items in flat[column]]
    path.unlink()  # GDAL makes the file itself
    thanks = {"attribution": credit(flat), "licence": LICENCE}
    options = {"DESCRIPTION": f"{thanks['attribution']}. {LICENCE}"}
    flat.to_file(path, driver="GPKG", layer="events", layer_options=options, dataset_metadata=thanks)
