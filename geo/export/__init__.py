"""Events out: GeoJSON, CSV, GeoParquet, GeoPackage, KML and one HTML page, by the suffix of the file.

Every file is written beside its target and then put in its place, so that a killed process never leaves half a file.
Beside the columns of the events table each event carries the codes of ACLED, UCDP and PLOVER (`codes.py`), and each
file says whom to thank for its data and under which licence (`plain.credit`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo.errors import DatelineError
from geo.export.codes import with_codes
from geo.export.geojson import geojson, write_geojson
from geo.export.kml import write_kml
from geo.export.page import write_page
from geo.export.plain import ATTRIBUTION, Parcel, credit, rows
from geo.export.tables import read, write_csv, write_geopackage, write_parquet
from geo.files import replacing
from geo.publish import Publish, public, public_reports

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.records import Report

__all__ = ["ATTRIBUTION", "WRITERS", "credit", "geojson", "read", "rows", "with_codes", "write"]

WRITERS: Final[dict[str, Callable[[Parcel, Path], None]]] = {
    ".geojson": write_geojson,
    ".csv": write_csv,
    ".parquet": write_parquet,
    ".gpkg": write_geopackage,
    ".kml": write_kml,
    ".html": write_page,
}


def write(
    events: gpd.GeoDataFrame,
    path: Path,
    *,
    reports: Mapping[str, Report] | None = None,
    publish: Publish | None = None,
) -> None:
    """Write the events table to a file, in the format that its suffix names; DatelineError for an unknown one.

    `reports` (by report_id) give the one-file page its titles and links. With `publish` only what may leave is
    written, with coordinates as coarse as it says.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise DatelineError(
            f"events are not written as {path.suffix or 'a file without suffix'}; use {', '.join(WRITERS)}"
        )
    if publish is not None:
        reports, events = public_reports(reports or {}, events, publish), public(events, publish)
    with replacing(path) as beside:
        writer(Parcel(events=events, reports=reports or {}), beside)
