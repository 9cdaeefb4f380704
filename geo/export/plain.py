"""What every format needs: events as plain values, and whom to thank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo.gazetteer.online_answers import SERVICES

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.records import Report

ATTRIBUTION: Final = "Places: GeoNames (https://www.geonames.org/), CC BY 4.0"
LICENCE: Final = (
    "Names and points of places: CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/). "
    "Sentences are quoted from the reports named; the rights in them stay with their publishers."
)
DIGITS: Final = 6  # decimals of a degree written in formats made of text: 0.1 m


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What leaves: an events table, and the reports it rests on, as far as they are at hand, by report_id."""

    events: gpd.GeoDataFrame
    reports: Mapping[str, Report]


def credit(events: gpd.GeoDataFrame) -> str:
    """Whom to thank for the places of these events: GeoNames, and the online geocoders that were asked."""
    providers = dict.fromkeys(str(place).partition(":")[0] for place in events["place_id"].unique())
    told = dict.fromkeys(
        f"{service.attribution} ({service.attribution_url})"
        for provider in providers
        if provider != "geonames" and (service := SERVICES.get(provider)) and service.attribution
    )
    return "; ".join((ATTRIBUTION, *told))


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
