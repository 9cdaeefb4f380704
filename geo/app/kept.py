"""Named views: what an analyst keeps looking at, in the home folder; each remembers what was new when last opened.

One JSON file a project: {who: {name: {"query": {...}, "version": n, "looked": "2022-11-12T10:00:00+00:00"}}}. It is
written whole or not at all; two who write at once in one server wait for each other.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from geo.app.state import Looking, from_query, to_query
from geo.files import replacing

FOLDER: Final = "views"
LONGEST: Final = 80  # characters of a name
MOST: Final = 100  # views of one person
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Kept:
    """A named view: what it looks at, and the store's version and the moment (UTC) when it was looked at last."""

    name: str
    query: Mapping[str, list[str]]
    version: int
    looked: datetime

    @property
    def looking(self) -> Looking:
        """What it looks at."""
        return from_query(self.query)


def file_in(home: Path, project: str) -> Path:
    """Where a project's views are kept."""
    return home / FOLDER / f"{project}.json"


def views(file: Path, who: str) -> list[Kept]:
    """Somebody's views by name; none where the file is missing, or was spoilt and is put aside."""
    found = []
    for name, told in sorted(_read(file).get(who, {}).items()):
        try:
            looked = datetime.fromisoformat(told["looked"])
            query = {str(key): [str(v) for v in values] for key, values in told["query"].items()}
            found.append(Kept(str(name), query, int(told["version"]), looked))
        except (KeyError, TypeError, ValueError, AttributeError):  # one spoilt view must not hide the others
            continue
    return found


def keep(file: Path, who: str, name: str, looking: Looking, version: int) -> None:
    """Keep a view under a name, in the place of one of that name; the version is the store's now."""
    query = {key: values for key, values in to_query(looking).items() if key not in ("event", "new")}
    told = {"query": query, "version": version, "looked": datetime.now(UTC).isoformat(timespec="seconds")}
    name = " ".join(name.split())[:LONGEST]
    with _lock:
        everybody = _read(file)
        mine = everybody.setdefault(who, {})
        if name and (name in mine or len(mine) < MOST):
            mine[name] = told
            _write(file, everybody)


def drop(file: Path, who: str, name: str) -> None:
    """Forget a view."""
    with _lock:
        everybody = _read(file)
        if everybody.get(who, {}).pop(name, None) is not None:
            _write(file, everybody)


def _read(file: Path) -> dict[str, dict[str, Any]]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return {who: dict(mine) for who, mine in dict(told).items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError):
        file.replace(file.with_suffix(".spoilt"))  # for whoever wants to mend it; the next view is not written over it
        return {}


def _write(file: Path, told: Mapping[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with replacing(file) as beside:
        beside.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
