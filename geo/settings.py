"""Settings: where things are kept and which parts are used, from the environment and one readable file."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

from geo.errors import DatelineError
from geo.files import replacing

FILE: Final = "settings.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a user may choose; every line is a key of `settings.toml` in the home folder.

    `home` holds the projects, the user's gazetteer and the geocoder cache. `store` is a path to a SQLite file or a
    SQLAlchemy URL; empty means `<home>/projects/<project>.sqlite`. `model` is a spaCy model's name, or "none" for
    the model-free recogniser. `samples` fills an empty store with the sample reports on first start.
    `learn_from_review` lets names that people decided weigh when reports are added later. `tables` holds the file's
    tables as they stand ([online], [roles], [publish]), each read by the part that it is for.
    """

    home: Path
    project: str = "default"
    store: str = ""
    model: str = "en_core_web_sm"
    samples: bool = True
    learn_from_review: bool = True
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False, repr=False)

    @property
    def where(self) -> str:
        """The store's path or URL."""
        return self.store or str(self.home / "projects" / f"{self.project}.sqlite")


def load(home: Path | None = None, **given: Any) -> Settings:
    """The settings: given values before the environment, before `settings.toml`, before what is set here.

    DATELINE_HOME, DATELINE_STORE, DATELINE_PROJECT and DATELINE_MODEL are read from the environment.
    """
    home = home or Path(os.environ.get("DATELINE_HOME") or _default_home()).expanduser()
    told, tables = _file(home / FILE)
    for key in ("store", "project", "model"):
        if value := os.environ.get(f"DATELINE_{key.upper()}"):
            told[key] = value
    told |= {key: value for key, value in given.items() if value is not None}
    known = {f.name for f in fields(Settings)} - {"home", "tables"}
    if unknown := told.keys() - known:
        raise DatelineError(f"unknown setting {sorted(unknown)} in {home / FILE}; known are {sorted(known)}")
    settings = replace(Settings(home=home, tables=tables), **told)
    name = settings.project
    if not name or set(name) & set('/\\:*?"<>|') or name.startswith(".") or not name.isprintable():
        raise DatelineError(f"{name!r} is no project name; use letters, digits, - and _")
    return settings


def keep_table(home: Path, name: str, table: Mapping[str, Any]) -> None:
    """Write one table of `settings.toml` anew, as a whole or not at all; an empty one is taken out.

    The rest of the file stays as it is, comments included. The file is readable by its owner only from then on, for a
    table may hold a key.
    """
    path = home / FILE
    before, tables = _file(path)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    kept = "".join(_without(text, name)).rstrip()
    written = "\n\n".join(filter(None, (kept, "\n".join(_lines(name, table))))) + "\n"
    wanted = {**before, **tables, name: dict(table)} if table else {**before, **tables}
    if not table:
        wanted.pop(name, None)
    _write(path, written, wanted, f"[{name}]")


def keep_value(home: Path, name: str, value: str | float) -> None:
    """Write one single key of `settings.toml` anew, as a whole or not at all; the rest of the file stays as it is."""
    path = home / FILE
    before, tables = _file(path)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = text.splitlines(keepends=True)
    top = next((n for n, line in enumerate(lines) if line.strip().startswith("[")), len(lines))
    others = [line for line in lines[:top] if line.partition("=")[0].strip() != name]
    written = "".join((f"{name} = {json.dumps(value)}\n", *others, *lines[top:]))
    _write(path, written, {**before, **tables, name: value}, name)


def _write(path: Path, written: str, wanted: Mapping[str, Any], what: str) -> None:
    """Put the file in place, if it says what is wanted and nothing else."""
    if not _says(written, wanted):
        raise DatelineError(f"{what} cannot be put into {path} without touching the rest; edit it by hand")
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path, private=True) as beside:
        beside.write_text(written, encoding="utf-8")


def _without(text: str, name: str) -> Iterator[str]:
    """The lines of a TOML text but those of one table and of the tables in it."""
    inside = False
    for line in text.splitlines(keepends=True):
        head = line.strip()
        if head.startswith("["):
            title = head.lstrip("[ ").partition("]")[0].strip().replace('"', "")
            inside = title == name or title.startswith(f"{name}.")
        if not inside:
            yield line


def _lines(name: str, table: Mapping[str, Any]) -> Iterator[str]:
    """A table of words, numbers and tables as TOML; JSON's strings are TOML's but for the DEL character."""
    inner = {key: value for key, value in table.items() if isinstance(value, Mapping)}
    if table:
        yield f"[{name}]"
    for key, value in table.items():
        if key not in inner:
            yield f"{json.dumps(key)} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")
    for key, value in inner.items():
        yield from _lines(f"{name}.{json.dumps(key)}", value)


def _says(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False


def _default_home() -> Path:
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "dateline"


def _file(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The single keys of the settings file, and its tables."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DatelineError(f"{path} is not TOML: {error}; correct it or remove it") from error
    tables = {key: value for key, value in told.items() if isinstance(value, dict)}
    return {key: value for key, value in told.items() if key not in tables}, tables
