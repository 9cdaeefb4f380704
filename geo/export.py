"""Events out: GeoJSON, CSV, GeoParquet, GeoPackage and KML, by the suffix of the file.

Every file is written beside its target and then put in its place, so that a killed process never leaves half a file.
"""

from __future__ import annotations

import csv
import html
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element, ElementTree, SubElement

import geopandas as gpd
import pandas as pd

from geo.errors import DatelineError

ATTRIBUTION: Final = "Places: GeoNames (https://www.geonames.org/), CC BY 4.0"
_NOT_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def write(events: gpd.GeoDataFrame, path: Path) -> None:
    """Write the events table to a file, in the format that its suffix names; DatelineError for an unknown one."""
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise DatelineError(
            f"events are not written as {path.suffix or 'a file without suffix'}; use {', '.join(WRITERS)}"
        )
    with replacing(path) as beside:
        writer(events, beside)


def geojson(events: gpd.GeoDataFrame) -> dict[str, Any]:
    """The events as an RFC 7946 FeatureCollection: [lon, lat] in WGS 84, days as YYYY-MM-DD, null where unknown."""
    return {
        "type": "FeatureCollection",
        "attribution": ATTRIBUTION,
        "features": [
            {"type": "Feature", "id": row["event_id"], "geometry": _geometry(row.pop("geometry")), "properties": row}
            for row in rows(events)
        ],
    }


def rows(events: gpd.GeoDataFrame) -> Iterator[dict[str, Any]]:
    """Each event as a dict of plain values: days as YYYY-MM-DD, instants as ISO 8601, None where unknown."""
    plain = pd.DataFrame(events)
    for day in ("first_day", "last_day"):
        plain[day] = plain[day].dt.strftime("%Y-%m-%d")
    plain["published"] = plain["published"].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    for values in plain.astype(object).to_dict("records"):
        yield {str(k): _plain(v) for k, v in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return list(value)
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):  # noqa: PLR0124 - NaN
        return None
    return value.item() if hasattr(value, "item") else value


def _geometry(point: Any) -> dict[str, Any] | None:
    return None if point is None else {"type": "Point", "coordinates": [round(point.x, 6), round(point.y, 6)]}


def _write_geojson(events: gpd.GeoDataFrame, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        json.dump(geojson(events), file, ensure_ascii=False, allow_nan=False)


def _write_csv(events: gpd.GeoDataFrame, path: Path) -> None:
    """For people: lon and lat as columns, lists parted by "; ", and no cell that a spreadsheet takes for a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        columns = [c for c in events.columns if c != "geometry"]
        writer = csv.writer(file)
        writer.writerow([*columns, "lon", "lat"])
        for row in rows(events):
            point = row.pop("geometry")
            cells = [("; ".join(map(str, v)) if isinstance(v, list) else v) for v in row.values()]
            where = (round(point.x, 6), round(point.y, 6)) if point is not None else ("", "")
            writer.writerow([*(_no_formula(c) for c in cells), *where])


def _no_formula(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA) else cell


def _write_parquet(events: gpd.GeoDataFrame, path: Path) -> None:
    events.to_parquet(path, index=False)


def _write_geopackage(events: gpd.GeoDataFrame, path: Path) -> None:
    """For QGIS and the like: one layer `events`; lists become words parted by "; "."""
    flat = events.copy()
    for column in ("reports", "outlets"):
        flat[column] = ["; ".join(items) for items in flat[column]]
    path.unlink()  # GDAL makes the file itself
    flat.to_file(path, driver="GPKG", layer="events", layer_options={"DESCRIPTION": ATTRIBUTION})


def _write_kml(events: gpd.GeoDataFrame, path: Path) -> None:
    """For Google Earth: a placemark an event, with its time span, sentence and outlets; words are text, never HTML."""
    root = Element("kml", xmlns="http://www.opengis.net/kml/2.2")
    document = SubElement(root, "Document")
    SubElement(document, "name").text = "Dateline events"
    SubElement(document, "description").text = ATTRIBUTION
    for row in rows(events):
        mark = SubElement(document, "Placemark")
        SubElement(mark, "name").text = _xml(row["title"])
        SubElement(mark, "description").text = _xml("\n".join((row["quote"], "; ".join(row["outlets"]))))
        if row["first_day"] or row["last_day"]:
            span = SubElement(mark, "TimeSpan")
            for tag, day in (("begin", row["first_day"]), ("end", row["last_day"])):
                if day:
                    SubElement(span, tag).text = day
        data = SubElement(mark, "ExtendedData")
        for name in ("event_id", "type", "level", "radius_km", "confidence", "status", "date_basis"):
            SubElement(SubElement(data, "Data", name=name), "value").text = _xml(str(row[name]))
        if (point := row["geometry"]) is not None:
            where = SubElement(SubElement(mark, "Point"), "coordinates")
            where.text = f"{point.x:.6f},{point.y:.6f}"
    ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _xml(words: str) -> str:
    """The words without what XML 1.0 cannot hold, and with < and & once more escaped: viewers read them as HTML."""
    return html.escape(_NOT_XML.sub("", words), quote=False)


WRITERS: Final[dict[str, Callable[[gpd.GeoDataFrame, Path], None]]] = {
    ".geojson": _write_geojson,
    ".csv": _write_csv,
    ".parquet": _write_parquet,
    ".gpkg": _write_geopackage,
    ".kml": _write_kml,
}


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new file beside `path` to be written; it takes its place at the end, and is removed if something goes wrong."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
    except OSError as error:
        raise DatelineError(f"{path} cannot be written: {error.strerror}; choose another folder") from error
    os.close(handle)
    beside = Path(name)
    try:
        yield beside
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.chmod(0o666 & ~_umask())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
