"""What one analyst looks at: filters, view and chosen event, as one value that a link can carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from typing import Any, Final

from geo.filters import Filter
from geo.records import EVENT_TYPES, LEVELS, MODALITIES, ROLES, STATUSES

Query = Mapping[str, Sequence[str]]

# The names in the address: ours are short and stay the same, whatever the fields come to be called.
LISTS: Final = {
    "types": "type",
    "countries": "country",
    "admin1s": "province",
    "levels": "level",
    "outlets": "outlet",
    "statuses": "status",
    "modalities": "kind",
    "roles": "role",
}
_AMONG: Final = {"types": EVENT_TYPES, "levels": LEVELS, "statuses": STATUSES, "modalities": MODALITIES, "roles": ROLES}
_MAX_WORDS: Final = 200
_MAX_CORNERS: Final = 200
ZOOMS: Final = (2, 18)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """A filter, the map's view (lon, lat, zoom), the event that is open, and how all this is shown.

    `against` are the days to compare with; `follow` counts only what the map shows; `since` is the version of the
    store after which events are new to whoever looks.
    """

    filter: Filter = field(default_factory=Filter)
    view: tuple[float, float, int] | None = None
    event: str | None = None
    against: tuple[date, date] | None = None
    follow: bool = False
    since: int | None = None


def to_query(looking: Looking) -> dict[str, list[str]]:
    """The parameters of a link to this; what is as at first is left out.

    >>> to_query(Looking(filter=Filter(first_day=date(2022, 11, 1), types=("strike",))))
    {'type': ['strike'], 'from': ['2022-11-01']}
    """
    wanted, default = looking.filter, Filter()
    query = {key: list(getattr(wanted, name)) or ["any"] for name, key in LISTS.items()
             if getattr(wanted, name) != getattr(default, name)}  # fmt: skip
    told = {
        "from": wanted.first_day and wanted.first_day.isoformat(),
        "to": wanted.last_day and wanted.last_day.isoformat(),
        "days": wanted.mode if wanted.mode != default.mode else "",
        "undated": "1" if wanted.undated else "",
        "sure": f"{wanted.min_confidence:g}" if wanted.min_confidence else "",
        "q": wanted.words,
        "box": _numbers(wanted.box or ()),
        "near": _numbers(wanted.around or ()),
        "area": _numbers(v for corner in wanted.polygon for v in corner),
        "at": _numbers(looking.view or ()),
        "event": looking.event,
        "vs": "/".join(day.isoformat() for day in looking.against or ()),
        "count": "view" if looking.follow else "",
        "new": "" if looking.since is None else str(looking.since),
    }
    return query | {key: [value] for key, value in told.items() if value}


def from_query(query: Query) -> Looking:
    """What a link asks for; a part that makes no sense is left out, the rest holds."""
    given: dict[str, Any] = {}
    for name, key in LISTS.items():
        if key in query:
            told = [v for v in query[key] if name not in _AMONG or v in _AMONG[name]]
            if told or "any" in query[key]:
                given[name] = tuple(dict.fromkeys(told))
    one = {key: values[-1] for key, values in query.items() if values}
    for name, key in (("first_day", "from"), ("last_day", "to")):
        with suppress(ValueError):
            given[name] = date.fromisoformat(one.get(key, ""))
    if given.get("first_day") and given.get("last_day") and given["first_day"] > given["last_day"]:
        given["first_day"], given["last_day"] = given["last_day"], given["first_day"]
    given["mode"] = "surely" if one.get("days") == "surely" else "possibly"
    given["undated"] = one.get("undated") == "1"
    given["words"] = one.get("q", "")[:_MAX_WORDS]
    with suppress(ValueError):
        given["min_confidence"] = min(1.0, max(0.0, float(one.get("sure", ""))))
    given |= _space(one)
    view = _parse(one.get("at"), 3)
    return Looking(
        filter=Filter(**given),
        view=(view[0], view[1], int(min(ZOOMS[1], max(ZOOMS[0], view[2])))) if view and _on_earth(view[:2]) else None,
        event=one.get("event") or None,
        against=_interval(one.get("vs", "")),
        follow=one.get("count") == "view",
        since=int(since) if (since := one.get("new", "")[:18]).isascii() and since.isdigit() else None,
    )


def _interval(text: str) -> tuple[date, date] | None:
    """Two days as an ISO 8601 interval tells them, the earlier one first; None where it is none."""
    with suppress(ValueError):
        first, last = (date.fromisoformat(part) for part in text.split("/"))
        return min(first, last), max(first, last)
    return None


def _space(one: Mapping[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    box = _parse(one.get("box"), 4)
    if box and _on_earth(box[:2]) and _on_earth(box[2:]) and box[1] <= box[3]:
        given["box"] = box
    near = _parse(one.get("near"), 3)
    if near and _on_earth(near[:2]) and near[2] > 0:
        given["around"] = near
    corners = _parse(one.get("area"), None)
    if corners and len(corners) % 2 == 0 and 6 <= len(corners) <= 2 * _MAX_CORNERS:  # three corners
        ring = tuple(zip(corners[::2], corners[1::2], strict=True))
        if all(_on_earth(c) for c in ring):
            given["polygon"] = ring
    return given


def _numbers(values: Iterable[float]) -> str:
    return ",".join(f"{v:.10g}" for v in values)


def _parse(text: str | None, count: int | None) -> tuple[float, ...] | None:
    with suppress(ValueError):
        values = tuple(float(v) for v in (text or "").split(","))
        if (count is None or len(values) == count) and all(abs(v) < 1e6 for v in values):  # no inf or nan
            return values
    return None


def _on_earth(point: Sequence[float]) -> bool:
    return abs(point[0]) <= 180 and abs(point[1]) <= 90  # degrees


# --- steps ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Steps:
    """The filters before and after the present one, for undo and redo."""

    past: tuple[Filter, ...] = ()
    future: tuple[Filter, ...] = ()

    def took(self, left: Filter) -> Steps:
        """After a new step that left this filter behind."""
        return Steps((*self.past[-49:], left), ())

    def undone(self, present: Filter) -> tuple[Filter, Steps]:
        """The filter before, and the steps as they are then."""
        return self.past[-1], Steps(self.past[:-1], (present, *self.future))

    def redone(self, present: Filter) -> tuple[Filter, Steps]:
        """The filter that was undone last, and the steps as they are then."""
        return self.future[0], Steps((*self.past, present), self.future[1:])


def preset(name: str, latest: date) -> tuple[date | None, date | None]:
    """The days of a preset (week, month, all), up to the latest day of any event.

    >>> preset("week", date(2022, 11, 12))
    (datetime.date(2022, 11, 6), datetime.date(2022, 11, 12))
    """
    days = {"week": 7, "month": 30}.get(name)
    return (None, None) if days is None else (latest - timedelta(days=days - 1), latest)


def chips(wanted: Filter) -> list[tuple[str, str]]:
    """Each narrowing of a filter on its own: the field, and the value where the field is a list ("" otherwise)."""
    default = Filter()
    made: list[tuple[str, str]] = []
    for f in fields(Filter):
        value = getattr(wanted, f.name)
        if value == getattr(default, f.name):
            continue
        if f.name in LISTS:
            made += [(f.name, v) for v in value] or [(f.name, "")]
        else:
            made.append((f.name, ""))
    return made


def without(wanted: Filter, chip: tuple[str, str]) -> Filter:
    """The filter with one narrowing taken away."""
    name, value = chip
    left: Any = getattr(Filter(), name)
    if value:
        left = tuple(v for v in getattr(wanted, name) if v != value) or left
    return replace(wanted, **{name: left})
