"""Reading reports in a process of its own, so that the language model never lives in the server.

The server writes a job into a folder and starts `python -m geo.app.work FOLDER`; the process says how far it is, one
JSON object a line, and commits as it goes: stopping it at any moment leaves what is done.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from geo.app.tell import report_called
from geo.settings import Settings

if TYPE_CHECKING:
    from geo.records import Report

T = TypeVar("T")
ROOT: Final = Path(__file__).resolve().parents[2]
BATCH: Final = 4  # reports between two commits: each shows on the map as soon as it is kept
MANY: Final = 32  # for long work; a larger batch is read faster
LONG: Final = 200  # reports; from here on work is long
FINAL: Final = ("done", "stopped", "failed")
NOTHING: Final = {"read": 0, "new": 0, "skipped": 0}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to read: the name it came with (shown, never used as a path), and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Again:
    """The earlier reports of an outlet, to be read again for somebody."""

    outlet: str
    who: str


@dataclass(slots=True)
class Progress:
    """How far a job is, and in `result` what came of it so far: a line of the worker says what is new in it."""

    stage: str = "starting"
    done: int = 0
    total: int = 0
    report: str = ""
    error: str = ""
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.stage in FINAL

    @property
    def share(self) -> float:
        """How much is done, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0


class Job:
    """One run of the worker process, watched by a thread of the server."""

    def __init__(
        self,
        settings: Settings,
        uploads: Sequence[Upload] = (),
        paths: Sequence[Path] = (),
        *,
        again: Again | None = None,
        since: int = 0,
    ) -> None:
        """Start it; `since` is the version of the store before it, so that what it writes can be told apart."""
        self.progress = Progress()
        self.again = again
        self.since = since
        self.wrote: frozenset[str] | None = None  # events, once it is known which
        self._folder = Path(tempfile.mkdtemp(prefix="dateline-"))
        self._write(settings, uploads, paths, again)
        with (self._folder / "errors").open("wb") as errors:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, and a folder of ours
                [sys.executable, "-m", "geo.app.work", str(self._folder)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()
        atexit.register(self.stop)

    def _write(self, settings: Settings, uploads: Sequence[Upload], paths: Sequence[Path], again: Again | None) -> None:
        for number, upload in enumerate(uploads):
            (self._folder / str(number)).write_bytes(upload.data)
        told = {
            "settings": {**asdict(settings), "home": str(settings.home)},
            "names": [upload.name for upload in uploads],
            "paths": [str(path) for path in paths],
            "again": asdict(again) if again else None,
        }
        (self._folder / "job.json").write_text(json.dumps(told), encoding="utf-8")

    @property
    def ended(self) -> bool:
        """Whether it writes no more: one that was stopped may still be at its last batch."""
        return self._process.poll() is not None

    def stop(self) -> None:
        """Stop it, keeping what is done."""
        if self._process.poll() is None:
            self.progress = replace(self.progress, stage="stopped")
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(10)

    def wait(self, seconds: float) -> Progress:
        """Its progress when it is over, or after so many seconds."""
        self._watcher.join(seconds)
        return self.progress

    def _watch(self) -> None:
        with self._process:  # closes its output
            for line in self._process.stdout or ():
                with contextlib.suppress(ValueError, TypeError):
                    told = Progress(**json.loads(line))
                    if not self.progress.over:
                        self.progress = replace(told, result={**self.progress.result, **told.result})
        code = self._process.returncode
        if not self.progress.over:
            said = (self._folder / "errors").read_text(encoding="utf-8", errors="replace").strip().splitlines()
            why = said[-1] if said else f"the reading process ended with code {code}"
            self.progress = replace(self.progress, stage="failed", error=why)
        shutil.rmtree(self._folder, ignore_errors=True)
        atexit.unregister(self.stop)


# --- in the worker process --------------------------------------------------------------------------------------------


def main(folder: Path) -> None:
    """Do the job in a folder, saying how far it is on standard output."""
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    settings = Settings(**{**job["settings"], "home": Path(job["settings"]["home"])})
    if job["again"]:
        _read_again(settings, Again(**job["again"]))
        return
    _say(Progress(stage="reading"))
    reports, refused = _read(folder, job)
    _say(Progress(stage="starting", total=len(reports), result={**NOTHING, "refused": refused}))
    result = _extract(settings, reports) if reports else NOTHING
    _say(Progress(stage="done", done=len(reports), total=len(reports), result=result))


def _read(folder: Path, job: dict[str, Any]) -> tuple[list[Report], list[str]]:
    from geo.readers import Refusal, read, read_bytes

    found: list[Report | Refusal] = list(read([Path(p) for p in job["paths"]]))
    for number, name in enumerate(job["names"]):
        reading = read_bytes(name, (folder / str(number)).read_bytes())
        found += [*reading.reports, *reading.refused]
    reports = [item for item in found if not isinstance(item, Refusal)]
    return reports, [str(item) for item in found if isinstance(item, Refusal)]


def _extract(settings: Settings, reports: Sequence[Report]) -> dict[str, int]:
    from geo import standard
    from geo.add import add

    totals = dict(NOTHING)
    with standard.store(settings) as store:
        pipeline = standard.pipeline(settings, batch=len(reports) >= LONG, store=store)
        for done, some in _parts(reports):
            name = report_called(some[0])
            _say(Progress(stage="extracting", done=done, total=len(reports), report=name, result=totals))
            added = add(store, pipeline.extract, some, run=standard.run(settings))
            totals["read"] += added.read
            totals["new"] += added.new
            totals["skipped"] += added.set_aside.total()
    return totals


def _read_again(settings: Settings, wanted: Again) -> None:
    from geo import standard
    from geo.add import again

    changed = 0
    with standard.store(settings) as store:
        ids = store.outdated(wanted.outlet)
        _say(Progress(stage="starting", total=len(ids)))
        pipeline = standard.pipeline(settings, batch=len(ids) >= LONG, store=store)
        for done, some in _parts(ids):
            name, so_far = report_called(store.told(some[:1])[0]), {"read": done, "changed": changed}
            _say(Progress(stage="extracting", done=done, total=len(ids), report=name, result=so_far))
            changed += again(store, pipeline.extract, some, who=wanted.who, run=standard.run(settings))
    result = {"read": len(ids), "changed": changed}
    _say(Progress(stage="done", done=len(ids), total=len(ids), result=result))


def _parts(items: Sequence[T]) -> Iterator[tuple[int, Sequence[T]]]:
    """The items in parts that are kept at once, and how many came before each."""
    size = BATCH if len(items) < LONG else MANY
    for done in range(0, len(items), size):
        yield done, items[done : done + size]


def _say(progress: Progress) -> None:
    sys.stdout.write(json.dumps(asdict(progress)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
