"""The only place that chooses parts: Settings to gazetteer, pipeline and store."""

from __future__ import annotations

import functools
import logging
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from geo import __version__
from geo.errors import DatelineError, PolicyError
from geo.gazetteer.local import LocalGazetteer
from geo.interfaces import Geocoder, Recogniser
from geo.outlets import Outlets
from geo.pipeline import Pipeline
from geo.publish import Publish
from geo.resolve import learned
from geo.settings import Settings
from geo.store import Run, Store
from geo.store import projects as known
from geo.taught import Taught

log = logging.getLogger(__name__)
DATA: Final = Path(__file__).resolve().parents[1] / "data"
SAMPLES: Final = DATA / "samples.jsonl"


@functools.cache
def gazetteer(home: Path) -> LocalGazetteer:
    """The shipped gazetteer, with what the user added to it under `home`."""
    return LocalGazetteer.open(extra=home / "gazetteer")


@dataclass(frozen=True, slots=True)
class Parts:
    """Builds the pipeline of some settings wherever it is called: what `batch.py` sends to a worker.

    Where it is `taught`, what people decided of names in the settings' store weighs.
    """

    settings: Settings
    taught: bool = False

    def __call__(self) -> Pipeline:
        """The pipeline of these settings."""
        if not self.taught:
            return pipeline(self.settings, batch=True)
        with store(self.settings) as kept:
            return pipeline(self.settings, batch=True, store=kept)


def geocoder(settings: Settings, *, batch: bool = False) -> Geocoder:
    """The gazetteer, with an online service behind it where the settings name one.

    A batch run never asks a service that everybody shares (its usage policy): it goes on without, and says so.
    """
    places = gazetteer(settings.home)
    if not settings.tables.get("online"):
        return places
    from geo.gazetteer.online import with_online
    from geo.gazetteer.online_settings import online_settings

    try:
        return with_online(places, online_settings(settings.tables["online"]), settings.home, batch=batch)
    except PolicyError as error:
        if not batch:
            raise
        log.warning("%s", error)
        return places


def pipeline(settings: Settings, *, batch: bool = False, store: Store | None = None) -> Pipeline:
    """The parts that these settings choose; the language model is loaded when first used.

    What people decided of names in `store` weighs, unless the settings switch that off, and so does what they said of
    outlets.
    """
    places = gazetteer(settings.home)
    outlets = Outlets(outlet for outlet, _ in store.outlets()) if store else Outlets()
    decided = store.decided() if store and settings.learn_from_review else ()
    return Pipeline(
        recogniser=_recogniser(settings, places),
        geocoder=geocoder(settings, batch=batch),
        rank=learned,
        taught=Taught(decided, homes=outlets.homes),
        outlets=outlets,
    )


def run(settings: Settings) -> Run:
    """Which versions of code, gazetteer and model the pipeline of these settings has."""
    stamps = "+".join(part.meta.get("stamp", "") for part in gazetteer(settings.home).parts)
    return Run(code=__version__, gazetteer=stamps, model=settings.model)


def store(settings: Settings) -> Store:
    """The store of the chosen project, made if there is none."""
    return Store.open(settings.where, project=settings.project)


def is_one_file(settings: Settings) -> bool:
    """Whether the settings name one file as the store, beside which there are no projects."""
    return bool(settings.store) and "://" not in settings.store


def projects(settings: Settings) -> list[str]:
    """The projects that can be chosen, the settings' own among them; it alone where the store is one file."""
    if is_one_file(settings):
        return [settings.project]
    return sorted({settings.project, *known(settings.store or settings.home)})


def publish(settings: Settings, store: Store | None = None) -> Publish:
    """What may leave in an export marked public: the [publish] table of the settings, and what people hid by hand."""
    told: dict[str, Any] = {key: _frozen(key, value) for key, value in settings.tables.get("publish", {}).items()}
    known = {field.name for field in fields(Publish)}
    if unknown := told.keys() - known:
        raise DatelineError(f"unknown {sorted(unknown)} in [publish]; known are {sorted(known)}")
    for event_id, how in (store.hidden() if store else {}).items():
        told[f"{how}_ids"] = told.get(f"{how}_ids", frozenset()) | {event_id}
    try:
        return Publish(**told)
    except (TypeError, ValueError) as error:
        raise DatelineError(f"[publish] makes no sense: {error}") from error


def _frozen(key: str, value: Any) -> Any:
    """A list of the settings as what the record holds: a set of ids, or a tuple."""
    if not isinstance(value, list):
        return value
    return frozenset(value) if key.endswith("_ids") else tuple(value)


def _recogniser(settings: Settings, places: LocalGazetteer) -> Recogniser:
    if settings.model == "none":
        from geo.recognise.plain import PlainRecogniser

        return PlainRecogniser(places)
    from geo.recognise.model import ModelRecogniser

    return ModelRecogniser(places, model=settings.model)
