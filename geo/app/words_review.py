"""Every English word of the review page, in one file beside words.py, so that it can be translated."""

from __future__ import annotations

from typing import Final

from geo.app.counted import Counted

PAGE: Final = "Review"
TITLE: Final = "Review"
VIEWS: Final = {
    "decide": "Decide", "aside": "Names set aside", "add": "Add by hand",
    "reports": "Outlets and reports", "log": "History", "score": "Scorecard",
}  # fmt: skip
EMPTY: Final = "Nothing waits for a decision."
INBOX: Final = "Inbox ({n})"
INBOX_HELP: Final = "First what a decision would probably set right most of."
COLUMNS: Final = {"what": "What", "where": "Outlet", "times": "Times", "gain": "Worth"}
NAME_TASK: Final = "“{name}”"
GAIN_HELP: Final = "How many places a decision probably sets right."
ALL_OUTLETS: Final = "outlet unknown"
ASKED_NAME: Final = Counted(
    "“{name}” stands in {mentions} {mentions:event|events} of {reports} {reports:report|reports} of {outlet}, "
    "and none is decided."
)
ASKED_EVENT: Final = "Confidence {confidence:.0%}; nobody has looked at this event yet."
GONE: Final = "This event is not in the store any more; it may have been merged with another."

# Actions, each with its key
ACCEPT: Final = "Accept"
REJECT: Final = "Reject"
DISPUTE: Final = "Dispute"
REOPEN: Final = "Reopen"
NEXT: Final = "Next"
UNDO: Final = "Undo"
REDO: Final = "Redo"
WHY: Final = "Why, or a note"
NOTE: Final = "Write note"
REASONS: Final = ("not an event", "not at this place", "did not happen", "told twice", "not news")
REJECT_WHY: Final = "Reason for rejecting"
KEYS: Final = {
    "accept": "A", "reject": "X", "dispute": "D", "reopen": "O", "next": "N", "undo": "U", "redo": "Y", "note": "W",
    "apply": "P", "fields": "F", "merge": "M", "split": "S",
}  # fmt: skip

# Place
PLACE: Final = "Place"
CANDIDATES: Final = Counted(
    "{n:Key 1 chooses|Keys 1 to {n} choose} what the name means; a click on the map moves the mark by hand."
)
DISTANCE: Final = "{km:,.0f} km away"
PRESENT: Final = "as placed now"
BY_HAND: Final = "Coordinates by hand"
CHOOSE: Final = "Use"
SEARCH: Final = "Another place"
SEARCH_HELP: Final = "Looked up in the gazetteer."
LON: Final = "Longitude"
LAT: Final = "Latitude"
RADIUS: Final = "Within (km)"
USE_MARK: Final = "Use this mark"
SCOPE: Final = "Apply to"
SCOPES: Final = {
    "event": "this event",
    "report": "this name in this report",
    "outlet": "this name in this outlet",
    "everywhere": "this name everywhere",
}
PREVIEW: Final = Counted(
    "{moved} of {claims} {claims:claim|claims} in {reports} {reports:report|reports} would move to {place}; "
    "{events} {events:event is|events are} touched."
)
PREVIEW_FROM: Final = "{n} from {place}"
PREVIEW_REOPENED: Final = Counted("{n} accepted {n:event returns|events return} to unreviewed.")
PREVIEW_LEFT: Final = Counted(
    "{n} {n:claim is|claims are} left alone: people decided {n:it|them}, or rejected {n:its event|their events}."
)
CHOOSE_FIRST: Final = "Choose a candidate, or move the mark, first."
APPLY: Final = "Apply place"
AND_ACCEPT: Final = "and accept this event"

# Fields
FIELDS: Final = "Days, type, role"
FIRST_DAY: Final = "First day"
LAST_DAY: Final = "Last day"
TYPE: Final = "Type"
ROLE: Final = "Role of the name"
MODALITY: Final = "Happened or not"
CHANGE: Final = "Change"
NOTHING_CHANGED: Final = "Nothing was changed."
DAYS_BACKWARDS: Final = "The last day lies before the first."

# Merge and split
MERGE_SPLIT: Final = "Merge, split"
MERGE_WITH: Final = "The same happening as"
NO_NEIGHBOURS: Final = "No other event lies near in place and time."
MERGE: Final = "Merge"
SPLIT_OUT: Final = "Not the same happening: take out"
SPLIT: Final = "Split"
ONE_CLAIM: Final = "It rests on one claim: there is nothing to split."
SPLIT_ALL: Final = "At least one claim must stay."

# Publishing
PUBLISH: Final = "Publishing"
PUBLISH_HELP: Final = (
    "This is for files that are marked as public. A coarse event keeps its division and country; what names its place, "
    "and its sentence, stay behind."
)
PUBLISH_HOW: Final = "When published, show this event"
PUBLISH_AS: Final = {"": "as it is", "coarsen": "coarsely", "remove": "without coordinates"}
PUBLISH_GO: Final = "Keep so"

TAKE_PUBLIC: Final = "For the public"
TAKE_PUBLIC_HELP: Final = (
    "Only what the settings let out, and as coarsely as they and the reviewers say; without the reports' texts."
)

# By hand
ADD: Final = "Add an event by hand"
ADD_WORDS: Final = "The sentence that says so"
ADD_TITLE: Final = "Title of the source"
ADD_OUTLET: Final = "Outlet"
ADD_URL: Final = "Link"
ADD_PUBLISHED: Final = "Published on"
ADD_NAME: Final = "Place, as the gazetteer knows it"
ADD_PLACE: Final = "Which one"
ADD_GO: Final = "Add event"
ADD_MISSING: Final = "An event needs the sentence that says so, a place, and a source (outlet, title or link)."
ADDED: Final = "The event is added and accepted."
ADD_KNOWN: Final = "The store holds this event already."

# History
HISTORY: Final = "History"
NO_HISTORY: Final = "Nobody has changed this event."
HISTORY_LINE: Final = "{when} · {who} · {what}"
ACTIONS: Final = {
    "accept": "accepted it", "reject": "rejected it", "dispute": "marked it as disputed", "reopen": "reopened it",
    "note": "wrote a note", "correct": "corrected it", "merge": "merged events", "split": "split it",
    "tell": "told of a name that was set aside", "hide": "said how it may be published",
    "undo": "took entry {n} back", "redo": "did entry {n} again", "join": "new reports joined it",
    "outlet": "said something of an outlet", "erase": "erased words of a report",
    "replace": "put in a newer version of a report", "read": "had reports read again",
}  # fmt: skip
ENTRY: Final = "entry {n}"
FIELD_WORDS: Final = {
    "status": "review", "place": "place", "days": "days", "type": "type", "modality": "happened or not",
    "title": "title", "claims": "claims", "role": "role",
}  # fmt: skip
FROM_TO: Final = "{field}: {before} → {after}"
NOT_THERE: Final = "not there"
ERASED: Final = "what it said was erased"
OF_REPORT: Final = "report {name}"
MORE: Final = Counted("and {n} more {n:event|events}")
BECAUSE: Final = "why: {why}"

# The whole log, and past moments
LOG: Final = "Every change"
LOG_EMPTY: Final = "Nobody has changed anything yet."
OLDER: Final = "Older"
TAKE_BACK: Final = "Take back"
DO_AGAIN: Final = "Do again"
TAKEN_BACK: Final = "taken back"
LASTING: Final = "stays"
AS_OF: Final = "What was believed then"
AS_OF_DAY: Final = "On (UTC)"
AS_OF_TIME: Final = "at"
AS_OF_HELP: Final = "Choose a day: the store shows the events as they stood at that moment."
AS_OF_SUM: Final = Counted(
    "{n} {n:event was|events were} believed. Of them {gone} {gone:is|are} gone since and {changed} {changed:says|say} "
    "something else now; {new} {new:is|are} new since."
)
AS_OF_COLUMNS: Final = {
    "since": "Since then", "first_day": "First day", "type": "Type", "place": "Place", "status": "Review",
    "confidence": "Confidence", "quote": "Sentence",
}  # fmt: skip
SINCE_CHANGED: Final = "changed"
SINCE_GONE: Final = "gone"

# Names set aside
ASIDE_HELP: Final = "Choose a name that made no event, to say what happened there or which place it is."
ASIDE_NAME: Final = "Name"
ASIDE_REASON: Final = "Why it was set aside"
ASIDE_WORDS: Final = "Letters of the name"
ASIDE_DECIDED: Final = "Decided by"
TELL: Final = "It happened there: make an event"
TELL_HELP: Final = "Its sentence becomes an accepted event at this place. Days left empty are unknown."
PLACE_ONLY: Final = "Only keep the place"
PLACE_ONLY_HELP: Final = "The name stays set aside; later reports learn which place it is."
TOLD: Final = "The event is added and accepted."
PLACED: Final = "The place is kept."

# Outlets
OUTLETS: Final = "Outlets"
OUTLETS_HELP: Final = "Where an outlet is at home and by which clock it writes counts for reports read from now on."
OUTLET: Final = "Outlet"
OUTLET_LINE: Final = "{name} ({n})"
HOME: Final = "At home in"
LANGUAGE: Final = "Language (two letters, for texts too short to tell)"
ZONE: Final = "Time zone"
SAY: Final = "Keep"
SAID: Final = "Kept. Reports are read so from now on."
OUTDATED: Final = Counted("{n} of its reports {n:was|were} read before this was said.")
AGAIN: Final = "Read them again"
AGAIN_HELP: Final = "What people decided stays. It can be stopped, and gone on with later."

# What people decided, as evidence
TEACH: Final = "What people decided weighs when reports are read"
TEACH_HELP: Final = "The places chosen or accepted for names are evidence for the same names in the same outlet."
TEACH_ADMIN: Final = "Only an admin can switch this."
TAUGHT: Final = Counted(
    "{n} decided {n:name|names} of {outlets} {outlets:outlet|outlets} {n:weighs|weigh} when reports are read "
    "from now on."
)
UNTAUGHT: Final = Counted(
    "{n} decided {n:name|names} of {outlets} {outlets:outlet|outlets} {n:is|are} left out when reports are read "
    "from now on."
)
TAUGHT_COLUMNS: Final = {"name": "Name", "outlet": "Outlet", "place": "Place", "times": "Times"}

# Reports
REPORTS: Final = "Reports"
REPORT_SEARCH: Final = "Words of the report"
REPORT_SEARCH_HELP: Final = "Left empty, the latest reports are listed."
REPORT: Final = "Report"
REPORT_HELP: Final = "Choose a report to put a newer version in its place, or to erase it."
REPORT_TEXT: Final = "Text"
UNDATED: Final = "undated"
REPLACE_HELP: Final = (
    "Both versions are kept. Where the newer one says the same words of the same name, what people decided stands."
)
REPLACE: Final = "Put in the newer version"
REPLACED: Final = "The newer version is in its place."
ERASE_HELP: Final = (
    "Erasing takes the text and every quote away for good, those of older versions too. The log keeps that it happened."
)
ERASE_ADMIN: Final = "Only an admin can erase a report."
ERASE_SURE: Final = "I am sure: this cannot be taken back."
ERASE_UNSURE: Final = "Tick that you are sure, then press again."
ERASE: Final = "Erase the report"
ERASED_DONE: Final = "The report is erased."

# Scorecard
SCORECARD_HELP: Final = "Counted on the machine's events that people accepted, corrected or rejected."
SCORE_EMPTY: Final = "No event has been decided yet."
SCORE_COLUMNS: Final = {
    "by": "By", "group": "Of", "part": "Part", "n": "Decided", "share": "Right", "low": "95 % from", "high": "to",
}  # fmt: skip
SCORE_BY: Final = {
    "all": "all together", "confidence": "confidence", "type": "type", "level": "level", "outlet": "outlet",
}  # fmt: skip
SCORE_PARTS: Final = {"event": "that it happened", "place": "place", "days": "days", "type": "type"}

# Signing in
SIGN_IN: Final = "Sign in to see this map."
SIGN_IN_BUTTON: Final = "Sign in"
SIGN_OUT: Final = "Sign out"
EXPIRED: Final = "Your sign-in has ended. Sign in again."
NO_ROLE: Final = "You are signed in as {name}, but nobody has given you a role here. Ask an admin."
