"""Date words to Days: the expressions of a report with their spans, TIMEX3 values and calendar days.

`find` is all that most callers need. The words are in `words.py`, the patterns in `grammar.py`, what they mean in
`dated.py`, `related.py` and `amounts.py`, and what they are read against in `context.py`.
"""

from geo.dates.find import day_of, find, is_open

__all__ = ["day_of", "find", "is_open"]
