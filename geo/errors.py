"""Everything that Dateline raises on purpose.

DatelineError
├── ReadError            a file or a row could not be read: names the file, the line and the remedy
│   └── LimitError       it was too large, too slow or too deep to be read safely
├── GazetteerError       the gazetteer is missing, damaged or of another version
├── GeocoderError        an online geocoding service did not answer as it should
│   └── PolicyError      the request would break the service's usage policy
├── StoreError           the store could not be opened, read or written
│   ├── StoreBusy        another process holds it; nothing was lost; try again
│   ├── StoreTooNew      written by a newer Dateline
│   └── NotFound         no such report, event, claim or project
├── TableError           a table is not an events table: names the column and the value
├── EvaluationError      a corpus or a pinned floor does not fit
└── NotAllowed           the user's role does not allow the action
"""


class DatelineError(Exception):
    """The root of everything raised on purpose; its text says what was wrong, the value, and what to do."""


class ReadError(DatelineError):
    """A file or a row of it could not be read; the text names the file, the line and the remedy."""


class LimitError(ReadError):
    """A file was too large, too slow or too deep to be read safely."""


class GazetteerError(DatelineError):
    """The gazetteer is missing, damaged or of another version."""


class GeocoderError(DatelineError):
    """An online geocoding service did not answer as it should."""


class PolicyError(GeocoderError):
    """The request would break the usage policy of the service."""


class StoreError(DatelineError):
    """The store could not be opened, read or written."""


class StoreBusy(StoreError):
    """Another process holds the store; nothing was lost; the same call may be made again."""


class StoreTooNew(StoreError):
    """The store was written by a newer Dateline."""


class NotFound(StoreError):
    """There is no such report, event, claim or project."""


class TableError(DatelineError):
    """A table is not an events table; the text names the column and the value."""


class EvaluationError(DatelineError):
    """A corpus or a pinned floor does not fit."""


class NotAllowed(DatelineError):
    """The user's role does not allow the action."""
