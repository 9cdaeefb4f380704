"""Every English word that the one-file page shows, in one file, so that it can be translated."""

from __future__ import annotations

from typing import Any, Final

TYPES: Final = {
    "fighting": "Fighting",
    "strike": "Strike",
    "explosion": "Explosion",
    "control": "Change of control",
    "violence": "Violence",
    "arrest": "Arrest",
    "protest": "Protest",
    "movement": "Troop movement",
    "humanitarian": "Humanitarian",
    "damage": "Damage",
    "disaster": "Disaster",
    "diplomacy": "Diplomacy",
    "other": "Other",
}

# What stands in the page before its script runs.
STATIC: Final = {
    "TITLE": "Dateline",
    "NO_SCRIPT": "This page draws its map with a script that stands in the file itself. Allow scripts for it.",
    "TIME": "Time",
    "FILTERS": "Filters",
    "FROM": "From",
    "TO": "To",
    "MODE": "Days",
    "POSSIBLY": "possibly in the range",
    "SURELY": "surely in the range",
    "UNDATED": "with undated",
    "FIND": "Words",
    "RESET": "Reset",
    "THEME": "Light or dark",
    "MAP": "Map of events. Arrow keys move it, plus and minus zoom; the list holds the same events.",
    "EVENTS": "Events",
    "SHELF": "Known only to the country, or not placed",
    "LEGEND": "Legend",
    "MORE": "Show more",
    "ABOUT": (
        "Mark: a dot is a known place, a ring how far from it the event may have been, a hatched circle a district, "
        "province or region. Opacity is confidence, size the number of reports."
    ),
}

# What the script says; {…} are filled in by it.
PAGE: Final[dict[str, Any]] = {
    "levels": {
        "point": "a place",
        "admin2": "somewhere in the district",
        "admin1": "somewhere in the province",
        "region": "somewhere in the region",
        "country": "somewhere in the country",
    },
    "basis": {
        "stated": "the report names the day",
        "relative": "told relative to another day",
        "published": "the report gives no day; it is the news of the day it was published",
        "none": "the report gives no day",
    },
    "statuses": {
        "unreviewed": "not reviewed",
        "accepted": "reviewed and accepted",
        "corrected": "reviewed and corrected",
        "rejected": "rejected",
        "disputed": "disputed",
    },
    "marks": [["dot", "known place"], ["ring", "within the ring"], ["area", "somewhere in the area"]],
    "counted": "{shown} of {all} events, from {reports}",
    "reportsCounted": ["{n} report", "{n} reports"],
    "undatedHidden": "{n} undated not shown",
    "shelf": "Known only to the country, or not placed ({n})",
    "nothing": "No event fits these filters.",
    "none": "This file holds no events.",
    "undated": "day unknown",
    "within": "within about {km} km of the mark",
    "confidence": "Confidence {share} %, {status}",
    "origins": "{reports}, {origins}",
    "originsCounted": ["{n} origin", "{n} origins"],
    "killed": "{n} killed",
    "injured": "{n} injured",
    "atLeast": "at least {n}",
    "atMost": "at most {n}",
    "where": "Where",
    "when": "When",
    "sure": "How sure",
    "people": "People",
    "sources": "Sources",
    "published": "published {day}",
    "untitled": "Untitled report",
    "noQuote": "The sentence is not published.",
    "here": "{n} events here",
    "previous": "Previous event",
    "next": "Next event",
    "close": "Close",
    "shelved": "This event has no mark on the map.",
    "time": {
        "play": "Play",
        "pause": "Pause",
        "speed": "Speed",
        "speeds": [["7", "a week a second"], ["30", "a month a second"], ["180", "half a year a second"]],
        "allDays": "All days",
        "histogram": "Number of events by day and type",
        "firstDay": "First day",
        "lastDay": "Last day",
        "noDays": "No event has a day",
    },
}
