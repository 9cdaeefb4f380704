"""The frozen records that travel through the pipeline.

reports -> mentions -> places -> days -> claims -> events. Offsets are Python code points into the named field of
the report, end exclusive. Coordinates are lon, lat in degrees, WGS 84 (EPSG:4326). Days are calendar days, both
ends included. Unknown is None, never a default.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Literal, get_args

Field = Literal["title", "text"]
Level = Literal["point", "admin2", "admin1", "region", "country"]
Role = Literal["place", "said", "actor", "demonym", "origin", "target", "background"]
Modality = Literal["actual", "planned", "denied", "hypothetical"]
Basis = Literal["stated", "relative", "published", "none"]
TimexType = Literal["DATE", "TIME", "DURATION", "SET"]
Status = Literal["unreviewed", "accepted", "corrected", "rejected", "disputed"]
CountKind = Literal["killed", "injured", "captured", "evacuated", "displaced"]
EventType = Literal[
    "fighting",
    "strike",
    "explosion",
    "control",
    "violence",
    "arrest",
    "protest",
    "movement",
    "humanitarian",
    "damage",
    "disaster",
    "diplomacy",
    "other",
]

FIELDS: Final[tuple[Field, ...]] = get_args(Field)
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
ROLES: Final[tuple[Role, ...]] = get_args(Role)
MODALITIES: Final[tuple[Modality, ...]] = get_args(Modality)
BASES: Final[tuple[Basis, ...]] = get_args(Basis)
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
EVENT_TYPES: Final[tuple[EventType, ...]] = get_args(EventType)


def _require(condition: bool, message: str, *told: object) -> None:  # noqa: FBT001 - the condition is the whole point
    """Unless the condition holds, refuse with a message; it is put together only then, for records are many."""
    if not condition:
        raise ValueError(message % told)


def _squeezed(words: str) -> str:
    """The letters and digits of some words, for comparing them whatever their spacing, case and marks."""
    return "".join(c for c in words.casefold() if c.isalnum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A text somebody published: where each event on the map comes from.

    `published` is a UTC instant (midnight where only the day is known), None where
    the report is undated. `language` is an ISO 639-1 code, None where it could not be told.
    """

    report_id: str
    text: str
    title: str = ""
    published: datetime | None = None
    url: str | None = None
    source: str | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        _require(bool(self.report_id), "a report needs a report_id")
        _require(
            self.published is None or self.published.utcoffset() == UTC.utcoffset(None),
            "published must be a UTC instant, not %r",
            self.published,
        )

    @property
    def published_day(self) -> date | None:
        """The calendar day (UTC) of publication, None where unknown."""
        return self.published.date() if self.published else None

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields to be read: the text, and before it the title unless there is none or the text begins with it."""
        if not self.title or _squeezed(self.text[: 2 * len(self.title) + 80]).find(_squeezed(self.title)) in range(80):
            return ("text",)
        return ("title", "text")

    def field(self, name: Field) -> str:
        """The text of one field, "title" or "text"."""
        return self.title if name == "title" else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of one field of a report, with its words: `report.field(span.field)[start:end] == span.text`."""

    field: Field
    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        _require(0 <= self.start < self.end, "not a span: %s..%s", self.start, self.end)
        _require(
            len(self.text) == self.end - self.start,
            "span %s..%s does not fit its text %r",
            self.start,
            self.end,
            self.text,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An entry of a gazetteer.

    `place_id` is "geonames:N", "dateline:slug" or "<provider>:id". `lon`, `lat` is the representative point, in
    degrees. `radius_km` is how far the place may reach from it. `country` is GeoNames' code (ISO 3166-1 alpha-2, and
    XK), None for international waters and regions across borders. `parents` are place_ids, innermost first.
    """

    place_id: str
    name: str
    level: Level
    lon: float
    lat: float
    radius_km: float
    country: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    population: int | None = None
    kind: str = ""
    parents: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        on_earth = -180 <= self.lon <= 180 and -90 <= self.lat <= 90
        _require(on_earth, "no such point: lon %s, lat %s", self.lon, self.lat)
        _require(self.radius_km > 0, "radius_km must be positive, not %s", self.radius_km)
        _require(self.level in LEVELS, "no such level: %r", self.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked of a Geocoder: the name as written, and what is known around it."""

    name: str
    country: str | None = None
    container: str | None = None
    level: Level | None = None
    near: tuple[float, float] | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One place that a name may mean. `score` (0 to 1) is the geocoder's prior; `match` says how the name fitted."""

    place: Place
    score: float
    match: str = "exact"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention(Span):
    """A place name as written. The recogniser finds it; later stages return copies with more filled in.

    `label` is what the recogniser called it, `score` (0 to 1) how sure it is that this names a place. `place` is None
    where unresolved; `confidence` (0 to 1, calibrated) belongs to that choice; `runners_up` are the other
    candidates, best first; `reason` says in one sentence why this place. `role` and `modality` come from `roles.py`.
    """

    report_id: str
    label: str = ""
    score: float = 1.0
    place: Place | None = None
    confidence: float | None = None
    runners_up: tuple[Candidate, ...] = ()
    reason: str = ""
    role: Role | None = None
    modality: Modality = "actual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The calendar days of a happening, both included; both None where unknown.

    `basis` says where they came from, `edtf` carries the same as an EDTF string (Library of Congress, 2019),
    `words` are the words they were read from, "" where there were none.
    """

    first_day: date | None = None
    last_day: date | None = None
    basis: Basis = "none"
    edtf: str = ""
    words: str = ""

    def __post_init__(self) -> None:
        if self.first_day and self.last_day:
            _require(self.first_day <= self.last_day, "days run backwards: %s..%s", self.first_day, self.last_day)
        _require(self.basis in BASES, "no such date basis: %r", self.basis)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timex(Span):
    """A date expression as written, with TIMEX3 type and value, and the days it names if it names any."""

    type: TimexType
    value: str
    days: Days | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many people: low to high with the best single figure, the words, and who said so.

    Low or high is None where open ("at least seven": low 7, high None).
    """

    kind: CountKind
    low: int | None
    best: int | None
    high: int | None
    words: str
    said_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What ONE report says happened at one place on some days, with the words that say so.

    `mentions` are the place names it rests on, the place itself first, then its containers and repetitions.
    `quote` is the sentence (or clause) that says it, a verbatim span of the report.
    """

    claim_id: str
    report_id: str
    place: Place
    mentions: tuple[Mention, ...]
    days: Days
    type: EventType
    trigger: str
    quote: Span
    role: Role = "place"
    modality: Modality = "actual"
    confidence: float = 0.5
    counts: tuple[Count, ...] = ()
    said_by: str = ""
    subtype: str = ""

    def __post_init__(self) -> None:
        _require(bool(self.mentions), "a claim rests on at least one mention")
        _require(0 <= self.confidence <= 1, "confidence must be 0 to 1, not %s", self.confidence)
        _require(self.type in EVENT_TYPES, "no such event type: %r", self.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """A mention set aside, with the reason: one of the keys of `geo.claims.SKIP_REASONS`."""

    mention: Mention
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """All that one report yielded. Every mention is in some claim or in a skip with its reason, never in both."""

    report: Report
    mentions: tuple[Mention, ...]
    timexes: tuple[Timex, ...]
    claims: tuple[Claim, ...]
    skips: tuple[Skip, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One happening: one or more claims, merged reversibly.

    The claims stand in the order (published, report_id, quote start); what the event says of itself (place, days,
    type) is worked out from them in `merge.py`. `origins` are sets of report_ids that share one source.
    """

    event_id: str
    title: str
    type: EventType
    trigger: str
    modality: Modality
    place: Place
    days: Days
    confidence: float
    claims: tuple[Claim, ...]
    origins: tuple[tuple[str, ...], ...]
    counts: tuple[Count, ...] = ()
    status: Status = "unreviewed"
    subtype: str = ""
    published: datetime | None = None
    outlets: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _require(bool(self.claims), "an event rests on at least one claim")

    @property
    def role(self) -> Role:
        """What the place is to the event: "place" as soon as one of its claims says that it happened there."""
        return min((claim.role for claim in self.claims), key=ROLES.index)
