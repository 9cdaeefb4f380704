"""Words with numbers in them: what is counted stands in the form that fits its number."""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter
from typing import Any


@dataclass(frozen=True, slots=True)
class Counted:
    """A pattern as `str.format` knows it, where `{n:report|reports}` is the form that fits the number told as n.

    >>> two = Counted("{n} {n:report|reports}")
    >>> two.format(n=1), two.format(n="1,200")
    ('1 report', '1,200 reports')
    """

    pattern: str

    def format(self, **told: object) -> str:
        """The words with these numbers and names; numbers may come as they are shown."""
        return _FORMS.format(self.pattern, **told)


class _Forms(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        one, forms, many = format_spec.partition("|")
        if not forms:
            return str(super().format_field(value, format_spec))
        return one if str(value) == "1" else many


_FORMS = _Forms()
