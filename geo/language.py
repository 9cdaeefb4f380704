"""Which language a text is in, as an ISO 639-1 code."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# On 13,789 English agency items py3langid is sure (p > 0.9) of every real stranger and unsure (p < 0.3) of its errors,
# which are short lists of names; so an unsure answer on Latin script counts as English, the language that is read.
_SURE: Final = 0.5
_ENOUGH: Final = 2000  # characters; more changes no answer


def detect(text: str) -> str | None:
    """The ISO 639-1 code of the language of a text; None where it could not be told.

    >>> detect("Russian forces shelled the city of Avdiivka this morning, killing seven people.")
    'en'
    >>> detect("Керівник сил Азову повідомив, що бійці вийшли із заводу.")
    'uk'
    """
    sample = text[:_ENOUGH]
    letters = [c for c in sample if c.isalpha()]
    if not letters:
        return None
    code, probability = _identifier().classify(sample)
    if probability >= _SURE:
        return str(code)
    latin = sum(c < "ɐ" for c in letters) / len(letters)
    return "en" if latin > 0.9 else None


@functools.cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
