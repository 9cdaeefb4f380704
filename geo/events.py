"""The events table: one row an event, as a GeoDataFrame in EPSG:4326 with a strict schema."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import pandera.pandas as pa
from shapely import Point

from geo.errors import TableError
from geo.records import BASES, EVENT_TYPES, LEVELS, MODALITIES, ROLES, STATUSES

if TYPE_CHECKING:
    from geo.records import Count, Event

CRS: Final = "EPSG:4326"
DAY: Final = "datetime64[s]"
INSTANT: Final = "datetime64[us, UTC]"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the events table: `dtype` is its pandas dtype, `unit` its unit or code list."""

    name: str
    dtype: str
    unit: str
    meaning: str
    nullable: bool = False
    among: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


COLUMNS: Final[tuple[Column, ...]] = (
    Column("event_id", "str", "id", "stable from run to run"),
    Column("title", "str", "words", "type and place, for lists"),
    Column("type", "str", "one of thirteen", "what kind of happening", among=EVENT_TYPES),
    Column("subtype", "str", "word", "finer kind where told apart (retaken with or without resistance)"),
    Column("trigger", "str", "words", "the words that gave the type"),
    Column("modality", "str", "one of four", "actual, planned, denied or hypothetical", among=MODALITIES),
    Column(
        "role", "str", "one of seven", "place: it happened there; said and background are shown on demand", among=ROLES
    ),
    Column("place_id", "str", "id", "the gazetteer's id of the place"),
    Column("place", "str", "name", "the gazetteer's name of the place"),
    Column("name", "str", "words", "the place as the first report writes it"),
    Column("level", "str", "one of five", "how exactly the place is known", among=LEVELS),
    Column("country", "str", "GeoNames code", "ISO 3166-1 alpha-2, and XK", nullable=True),
    Column("admin1", "str", "name", "first-order division", nullable=True),
    Column("radius_km", "float64", "km", "how far from the point it may have been", low=0),
    Column("confidence", "float64", "0 to 1", "how likely the event is right", low=0, high=1),
    Column("first_day", DAY, "day", "first day on which it happened", nullable=True),
    Column("last_day", DAY, "day", "last day on which it happened, included", nullable=True),
    Column("date_basis", "str", "one of four", "where the days came from", among=BASES),
    Column("edtf", "str", "EDTF", "the days as an Extended Date/Time Format string"),
    Column("published", INSTANT, "UTC instant", "the earliest publication", nullable=True),
    Column("status", "str", "one of five", "what review has said", among=STATUSES),
    Column("report_id", "str", "id", "the first report"),
    Column("reports", "object", "list of ids", "all reports that claim it"),
    Column("report_count", "int64", "count", "number of reports", low=1),
    Column("origin_count", "int64", "count", "number of independent origins", low=1),
    Column("outlets", "object", "list of names", "who published them"),
    Column("quote", "str", "words", "the sentence that says so, verbatim"),
    Column("killed_low", "Int64", "people", "killed, at least", nullable=True, low=0),
    Column("killed_high", "Int64", "people", "killed, at most", nullable=True, low=0),
    Column("injured_low", "Int64", "people", "injured, at least", nullable=True, low=0),
    Column("injured_high", "Int64", "people", "injured, at most", nullable=True, low=0),
)
NAMES: Final = (*(c.name for c in COLUMNS), "geometry")


def _check(column: Column) -> pa.Column:
    checks = []
    if column.among:
        checks.append(pa.Check.isin(column.among))
    if column.low is not None:
        checks.append(pa.Check.ge(column.low))
    if column.high is not None:
        checks.append(pa.Check.le(column.high))
    return pa.Column(column.dtype, checks, nullable=column.nullable)


def _points(geometry: pd.Series) -> bool:
    present = geometry.dropna()
    return bool((present.geom_type == "Point").all()) and not bool(present.is_empty.any())


SCHEMA: Final = pa.DataFrameSchema(
    {c.name: _check(c) for c in COLUMNS} | {"geometry": pa.Column("geometry", nullable=True)},
    checks=[
        pa.Check(lambda t: ~(t["first_day"] > t["last_day"]), error="first_day is after last_day"),
        pa.Check(lambda t: _points(t["geometry"]), error="geometry is not a Point"),
        pa.Check(lambda t: t["event_id"].is_unique, error="event_id is not unique"),
    ],
    strict=True,
    ordered=True,
)


def frame(columns: dict[str, Any]) -> gpd.GeoDataFrame:
    """The events table from columns (name to sequence, geometry as Points or None), cast to the schema's dtypes."""
    data = {c.name: pd.Series(columns[c.name], dtype=c.dtype) for c in COLUMNS}
    return gpd.GeoDataFrame(data, geometry=gpd.GeoSeries(columns["geometry"], crs=CRS), crs=CRS)[list(NAMES)]


def table(events: Sequence[Event]) -> gpd.GeoDataFrame:
    """The events table of these events, in their order; a country-level event has no geometry."""
    rows = [row(event) for event in events]
    return frame({name: [r[name] for r in rows] for name in NAMES})


def row(event: Event) -> dict[str, Any]:
    """One event as a dict of the table's columns."""
    first = event.claims[0]
    killed, injured = span_of(event.counts, "killed"), span_of(event.counts, "injured")
    reports = list(dict.fromkeys(c.report_id for c in event.claims))
    return {
        "event_id": event.event_id,
        "title": event.title,
        "type": event.type,
        "subtype": event.subtype,
        "trigger": event.trigger,
        "modality": event.modality,
        "role": event.role,
        "place_id": event.place.place_id,
        "place": event.place.name,
        "name": first.mentions[0].text,
        "level": event.place.level,
        "country": event.place.country,
        "admin1": event.place.admin1,
        "radius_km": event.place.radius_km,
        "confidence": event.confidence,
        "first_day": event.days.first_day,
        "last_day": event.days.last_day,
        "date_basis": event.days.basis,
        "edtf": event.days.edtf,
        "published": event.published,
        "status": event.status,
        "report_id": reports[0],
        "reports": reports,
        "report_count": len(reports),
        "origin_count": len(event.origins),
        "outlets": list(event.outlets),
        "quote": first.quote.text,
        "killed_low": killed[0],
        "killed_high": killed[1],
        "injured_low": injured[0],
        "injured_high": injured[1],
        "geometry": None if event.place.level == "country" else Point(event.place.lon, event.place.lat),
    }


def span_of(counts: Sequence[Count], kind: str) -> tuple[int | None, int | None]:
    """The lowest low and the highest high told of one kind of count; None where not told."""
    told = [c for c in counts if c.kind == kind]
    lows = [c.low for c in told if c.low is not None]
    highs = [c.high for c in told if c.high is not None]
    return (min(lows) if lows else None, max(highs) if highs else None)


def checked(events: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The same table, if it fits the schema, EPSG:4326 and a RangeIndex; TableError otherwise."""
    if events.crs is None or events.crs.to_epsg() != 4326:
        raise TableError(f"the events table must be in {CRS}, not {events.crs}")
    if not isinstance(events.index, pd.RangeIndex):
        raise TableError("the events table must have a RangeIndex: call .reset_index(drop=True)")
    try:
        SCHEMA.validate(events, lazy=False)
    except pa.errors.SchemaError as error:
        raise TableError(f"not an events table: {error}") from error
    return events
