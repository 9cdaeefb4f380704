"""Every English word that the pages show, so that it can be translated; the names of the types are the exports'."""

from __future__ import annotations

from typing import Any, Final

from geo.app.counted import Counted
from geo.export import words as page_words
from geo.records import BASES, EVENT_TYPES, LEVELS, MODALITIES, ROLES, STATUSES

TITLE: Final = "Dateline"
PAGE_MAP: Final = "Map"
PAGE_ADD: Final = "Add reports"
PROJECTS: Final = "Projects"
PROJECTS_HELP: Final = "A project is a case of its own: its reports, events, decisions and history stand apart."
PROJECT: Final = "Project"
PROJECT_OPEN: Final = "Work in it"
PROJECT_NEW: Final = "Name of a new project"
PROJECT_NEW_HELP: Final = "Letters, digits, - and _."
PROJECT_MAKE: Final = "Begin it"
PROJECT_OPENED: Final = "You work in {name} now."
PROJECT_HERE: Final = "Project: {name}"
PAGE_NUMBERS: Final = "What is missing"

TYPES: Final = page_words.TYPES
LEVEL_WORDS: Final = {
    "point": "a place",
    "admin2": "somewhere in a district",
    "admin1": "somewhere in a province",
    "region": "somewhere in a region",
    "country": "somewhere in a country",
}
LEVEL_SHORT: Final = {
    "point": "Place",
    "admin2": "District",
    "admin1": "Province",
    "region": "Region",
    "country": "Country",
}
STATUS_WORDS: Final = {
    "unreviewed": "Unreviewed",
    "accepted": "Accepted",
    "corrected": "Corrected",
    "rejected": "Rejected",
    "disputed": "Disputed",
}
MODALITY_WORDS: Final = {
    "actual": "Happened",
    "planned": "Planned",
    "denied": "Denied",
    "hypothetical": "Hypothetical",
}
BASIS_WORDS: Final = {
    "stated": "the report names the day",
    "relative": "told relative to another day",
    "published": "the report gives no day; it is the news of the day it was published",
    "none": "the report gives no day",
}
ROLE_WORDS: Final = {
    "place": "it happened there",
    "said": "it was said there",
    "actor": "stands for a government or a people",
    "demonym": "names a people",
    "origin": "where somebody comes from",
    "target": "what it was aimed at",
    "background": "background",
}
COUNT_WORDS: Final = {
    "killed": "killed",
    "injured": "injured",
    "captured": "captured",
    "evacuated": "evacuated",
    "displaced": "displaced",
}

# The map's own words, sent to it as JSON.
MAP: Final[dict[str, Any]] = {
    "map": "Map of events. Arrow keys move it, plus and minus zoom; n and p step through the marks, Enter opens one, "
    "Escape leaves them. The list below holds the same events.",
    "types": [TYPES[t] for t in EVENT_TYPES],
    "legend": "Types",
    "marks": [["dot", "exact place"], ["ring", "somewhere within the ring"], ["area", "somewhere in the area"]],
    "events": "events",
    "mostly": "mostly",
    "compared": {
        "now": "in the days chosen",
        "then": "in the days compared with",
        "with": "compared with",
        "signs": [["more", "more than then"], ["fewer", "fewer than then"], ["same", "as many"]],
    },
    "nothing": "No event on the map fits the filters.",
    "elsewhere": "Outside this view: {n} of the events.",
    "beyond": "{n} outside this view",
    "failed": "The server did not answer; the map may be out of date.",
    "offlineMap": "Offline map (Natural Earth)",
    "onlineMap": "OpenStreetMap (online: asks tile.openstreetmap.org)",
    "osm": "© OpenStreetMap contributors",
    "creditText": "Places: GeoNames, CC BY 4.0 · Natural Earth · Dateline",
    "tools": {
        "polygon": "Draw an area to filter by",
        "rectangle": "Draw a rectangle to filter by",
        "fit": "Show all events",
        "picture": "Save the map as a picture",
        "polygonHelp": "Click the corners, then press Enter or double-click. Escape gives up.",
        "rectangleHelp": "Click two opposite corners. Escape gives up.",
    },
    "time": {
        "play": "Play",
        "pause": "Pause",
        "speed": "Speed",
        "speeds": [["2", "2 days/s"], ["7", "1 week/s"], ["30", "1 month/s"], ["120", "4 months/s"]],
        "allDays": "All days",
        "noDays": "No dated events",
        "outside": "outside these days",
        "histogram": "Events by day and type. Drag to choose days, turn the wheel to look closer.",
        "firstDay": "First day",
        "lastDay": "Last day",
    },
}

# Filters
WORDS: Final = "Words"
WORDS_HELP: Final = "Searched in titles, sentences and whole reports; all words must be there."
FROM: Final = "From"
TO: Final = "To"
MODE: Final = "In the range"
MODES: Final = {"possibly": "Possibly", "surely": "Surely"}
MODE_HELP: Final = "Possibly: any of its days lies in the range. Surely: all of them do."
UNDATED: Final = "Also events without a day"
PRESETS: Final = {"week": "7 days", "month": "30 days", "all": "All"}
PRESETS_HELP: Final = "Up to the latest day of any event."
TYPE: Final = "Type"
COUNTRY: Final = "Country"
PROVINCE: Final = "Province"
LEVEL: Final = "How exactly placed"
OUTLET: Final = "Outlet"
STATUS: Final = "Review"
MODALITY: Final = "Happened or not"
ROLE: Final = "There, said there, or background"
CONFIDENCE: Final = "Confidence at least"
FILTERS: Final = "Filters"
MORE: Final = "More filters"
ANY: Final = "Any"
MODALITY_ANY: Final = "happened or not: any"
ROLE_ANY: Final = "there or not: any"
ACTIVE: Final = "Active filters"
ACTIVE_HELP: Final = "Take one away to widen the selection."
UNDO: Final = "Undo"
REDO: Final = "Redo"
RESET: Final = "Reset"
FIND_PLACE: Final = "Find a place"
FIND_PLACE_HELP: Final = "Moves the map there."
WITHIN: Final = "Only within (km)"
NO_PLACE: Final = "No place of this name is known."
ACTIVE_NONE: Final = "None"
CHIP_AGAINST: Final = "compared with {days}"
CHIP: Final = {
    "words": "words: {}",
    "first_day": "from {}",
    "last_day": "to {}",
    "mode": "surely in the range",
    "undated": "also without a day",
    "box": "in the rectangle",
    "polygon": "in the drawn area",
    "around": "within {:g} km",
    "min_confidence": "confidence {:.0%} or more",
}

# The map page
SUM: Final = Counted("{mentions} {mentions:mention|mentions} = {told} in events + {aside} set aside")
SUM_WHY: Final = "Why were they set aside?"
IN_SELECTION: Final = Counted("{n} of {all} {all:event|events}")
ON_MAP: Final = "{n} on the map"
SHELF: Final = "Not on the map ({n})"
SHELF_HELP: Final = "Known only to a country, or to no place: never drawn as a pin."
LIST: Final = "List ({n})"
ORDER: Final = "Order"
ORDERS: Final = {
    "best": "Best matches first",
    "newest": "Newest first",
    "oldest": "Oldest first",
    "sure": "Surest first",
    "told": "Most reported first",
}
UNDATED_COUNT: Final = "{n} without a day"
UNDATED_SHELF: Final = "Without a day ({n})"
UNDATED_HELP: Final = "No report says when: never shown on the time bar."
HIDDEN: Final = Counted("{n} more {n:is|are} hidden: show")
HIDDEN_HELP: Final = "What was only said, planned, denied or told of the past is hidden until asked for."
CHOOSE: Final = "Click a mark, or a row of the list, to read what was reported."
PREVIOUS: Final = "Previous"
NEXT: Final = "Next"
CLOSE: Final = "Close"
SPOT: Final = Counted("{n} {n:event|events} at this place")
OF: Final = "{i} of {n}"
EMPTY: Final = "There are no reports yet. Add some on the page “Add reports”."
NO_MATCH: Final = "No event fits these filters. Take one away, or reset them all."
NEAR_HERE: Final = "Only within {km} km of here"
GONE: Final = "This event is not in the store any more; it may have been merged with another."
PAGE: Final = "Page (of {n})"
COLUMNS: Final = {
    "type": "Type",
    "place": "Place",
    "admin1": "Province",
    "country": "Country",
    "first_day": "First day",
    "last_day": "Last day",
    "confidence": "Confidence",
    "reports": "Reports",
    "level": "Known to",
    "status": "Review",
}
CHOOSE_COLUMNS: Final = "Columns"

# At a glance
IN_ALL: Final = "In this selection"
IN_VIEW: Final = "In the area in view"
FOLLOW: Final = "Count only what the map shows"
OVER_TYPES: Final = "Types"
OVER_PROVINCES: Final = "Where most happened"
OVER_ALL: Final = "All"
COMPARED_HEAD: Final = ("now", "then", "change")

# Comparing
COMPARE: Final = "Compare"
COMPARE_FIRST: Final = "Choose days first: drag over the time bar, or fill in From and To."
COMPARE_NOW: Final = "Compare {days} with:"
COMPARE_BEFORE: Final = "as long before"
COMPARE_YEAR: Final = "a year before"
COMPARE_OWN: Final = "Other days"
COMPARE_STOP: Final = "Stop comparing"
COMPARED_WITH: Final = "{what}, compared with {days}"

# Named views
VIEWS: Final = "Views"
VIEWS_NONE: Final = "Keep what you look at under a name, and see here what is new in it."
VIEW_NAME: Final = "Name"
VIEW_NAME_HINT: Final = "Strikes near Kherson"
VIEW_KEEP: Final = "Keep this view"
VIEW_NEW: Final = "{name} · {n} new"
VIEW_LOOKED: Final = "Looked at on {when}."
VIEW_DROP: Final = "Forget"
NEW_SINCE: Final = Counted("{n} {n:event|events} new or changed since you last looked")

# Taking away
TAKE: Final = "Take away"
TAKE_HELP: Final = Counted("The {n} {n:event|events} of this selection, with the licence of the data inside.")
TAKE_AS: Final = {
    ".geojson": "GeoJSON",
    ".csv": "CSV (tables)",
    ".parquet": "GeoParquet",
    ".gpkg": "GeoPackage (QGIS)",
    ".kml": "KML (Google Earth)",
    ".html": "One web page, works offline",
}

# The panel
WHERE: Final = "Where"
WHEN: Final = "When"
WHAT: Final = "What"
SURE: Final = "Confidence"
PEOPLE: Final = "People"
ANCHORS: Final = Counted("{reports} {reports:report|reports}, {origins} {origins:origin|origins}")
SAME_ORIGIN: Final = "same origin as “{}”"
ROLES_KEY: Final = "Names underlined:"
READ_FROM: Final = "from the words “{}”"
PUBLISHED: Final = "published {}"
UNDATED_EVENT: Final = "Day unknown"
UNPUBLISHED: Final = "publication day unknown"
RADIUS: Final = "within about {:.0f} km"
ALSO: Final = "could also be {}"
BECAUSE: Final = "because of the words “{}”"
AT_LEAST: Final = "at least {}"
AS_SAID: Final = "“{}”"
AT_MOST: Final = "at most {}"
SAID_BY: Final = "according to {}"
UNTITLED: Final = "Untitled report"
NO_OUTLET: Final = "outlet unknown"
SOURCE_LINK: Final = "Open the source"
WHOLE_TEXT: Final = "Whole text"

# Adding
ADD_TITLE: Final = "Add reports"
ADD_FILES: Final = "Files"
ADD_FOLDER: Final = "Or a whole folder"
ADD_FOLDER_HELP: Final = "All files in it that can be read, and in the folders within."
ADD_FILES_HELP: Final = "Text, Markdown, HTML, JSON Lines or CSV of reports."
ADD_PASTE: Final = "Or paste a report"
ADD_REPORT_TITLE: Final = "Title"
ADD_REPORT_DAY: Final = "Published on"
ADD_REPORT_OUTLET: Final = "Outlet"
ADD_REPORT_URL: Final = "Link"
ADD_REPORT_TEXT: Final = "Text"
ADD_START: Final = "Add"
ADD_CANCEL: Final = "Stop"
ADD_NOTHING: Final = "Choose a file or paste a text first."
ADD_BUSY: Final = "Reports are being read; the map fills as they come in."
ADD_STAGES: Final = {
    "starting": "Starting the reader (loading the language model) …",
    "reading": "Reading files …",
    "extracting": "Reading report {done} of {total}: {report}",
    "done": "Done",
    "stopped": "Stopped; what was done is kept.",
    "failed": "It did not work: {error}",
}
ADD_RESULT: Final = Counted(
    "{read} {read:report|reports} read, {new} new, {changed} {changed:event|events} new or changed, "
    "{skipped} {skipped:mention|mentions} set aside, {refused} refused."
)
AGAIN_RESULT: Final = Counted(
    "{read} {read:report was|reports were} read again; {changed} of them {changed:says|say} something else now."
)
ADD_SHOW: Final = Counted("Show the new {n:event|events} on the map")
ADD_REFUSED: Final = "What was refused, and why"
SAMPLES: Final = "This is the first start: Dateline is reading its sample reports."

# Numbers
NUMBERS_TITLE: Final = "What is missing"
NUMBERS_ASIDE: Final = "Mentions set aside, by reason"
NUMBERS_EMPTY: Final = "Reports without events"
NUMBERS_CHOOSE: Final = "Choose a report to read it, and why its names were set aside."
NUMBERS_NAMES: Final = "Names set aside"
NUMBERS_NO_NAME: Final = "No name of a place was found in it."
NUMBERS_DAYS: Final = "Days without reports"
REASON: Final = "Reason"
SPAN: Final = "From and to"
DAYS: Final = "Days"
NOTHING_MISSING: Final = "Nothing is missing here."
COUNT: Final = "Mentions"
REPORTS: Final = "Reports"


OF_LISTS: Final = {
    "types": TYPES, "levels": LEVEL_SHORT, "statuses": STATUS_WORDS, "modalities": MODALITY_WORDS, "roles": ROLE_WORDS,
}  # fmt: skip
"""The words of the codes in each list of a filter."""


def _complete() -> None:
    """Every code has its word; called by the tests."""
    for words, codes in (
        (TYPES, EVENT_TYPES),
        (LEVEL_WORDS, LEVELS),
        (LEVEL_SHORT, LEVELS),
        (STATUS_WORDS, STATUSES),
        (MODALITY_WORDS, MODALITIES),
        (BASIS_WORDS, BASES),
        (ROLE_WORDS, ROLES),
    ):
        if set(words) != set(codes):
            raise KeyError(sorted(set(words) ^ set(codes)))
