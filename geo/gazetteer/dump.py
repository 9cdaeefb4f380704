"""Grow the gazetteer by a GeoNames country dump: taken into the user's own folder, beside the shipped one.

A dump is a zip or text file of 19 tab-separated columns without quoting, as GeoNames publishes them for each country.
It is read in stretches; each is kept as it is done, so that an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import gc
import io
import json
import logging
import math
import shutil
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.errors import GazetteerError, LimitError, ReadError
from geo.gazetteer import compiled
from geo.gazetteer.compiled import Compiled
from geo.gazetteer.names import fold, is_abbreviation
from geo.gazetteer.phrases import strip_generic
from geo.records import LEVELS, Level

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)

SERVER: Final = "https://download.geonames.org/export/dump"
_COLUMNS: Final = 19
_STRETCH: Final = 16 << 20  # bytes of text read at a time
_LARGEST: Final = 8 << 30
_DENSEST: Final = 100  # times that a zip may unpack to; GeoNames' own reach about 6
_CLASSES: Final = frozenset("AHLPRSTUV")
_SHARE_BAD: Final = 0.5
_SHORT: Final = 9  # letters and dots that an abbreviation has at most
_WANTED: Final = {
    0: "ids", 1: "names", 2: "plain", 3: "others", 4: "lat", 5: "lon", 6: "classes", 7: "codes", 8: "countries",
    10: "admin1", 11: "admin2", 14: "population", 18: "changed",
}  # fmt: skip
_NUMBERS: Final = ("ids", "lat", "lon", "population")

Progress = Callable[[int, float], None]

_DIVISIONS: Final[dict[str, Level]] = {
    "ADM1": "admin1", "ADM2": "admin2", "ADM3": "admin2", "ADMD": "admin2", "ADM1H": "admin1", "ADM2H": "admin2",
    "PCLI": "country", "PCLD": "country", "PCLS": "country", "PCLF": "country", "PCLIX": "country", "TERR": "country",
    "PCL": "country", "ZN": "region", "ZNB": "region", "RGN": "region", "LTER": "region", "PRSH": "admin2",
}  # fmt: skip
# What a feature code is in words, its level, and how far such a place reaches in km.
_FEATURES: Final[dict[str, tuple[str, Level, float]]] = {
    "STM": ("stream", "region", 10.0), "STMI": ("stream", "region", 10.0), "CNL": ("canal", "region", 10.0),
    "LK": ("lake", "region", 5.0), "RSV": ("reservoir", "region", 5.0), "BAY": ("bay", "region", 10.0),
    "SEA": ("sea", "region", 300.0), "STRT": ("strait", "region", 20.0), "GULF": ("gulf", "region", 150.0),
    "RGN": ("region", "region", 50.0), "RGNE": ("region", "region", 50.0), "AREA": ("area", "region", 10.0),
    "PRK": ("park", "region", 5.0), "RES": ("reserve", "region", 10.0), "LCTY": ("locality", "point", 2.0),
    "MT": ("mountain", "point", 5.0), "MTS": ("mountains", "region", 40.0), "HLL": ("hill", "point", 2.0),
    "ISL": ("island", "region", 8.0), "ISLS": ("islands", "region", 30.0), "PEN": ("peninsula", "region", 20.0),
    "DSRT": ("desert", "region", 80.0), "PLN": ("plain", "region", 20.0), "VAL": ("valley", "region", 10.0),
    "FRST": ("forest", "region", 8.0), "RD": ("road", "point", 5.0), "RR": ("railway", "point", 5.0),
    "ST": ("street", "point", 1.0), "AIRP": ("airport", "point", 3.0), "AIRB": ("airbase", "point", 3.0),
    "BDG": ("bridge", "point", 1.0), "HSP": ("hospital", "point", 1.0), "SCH": ("school", "point", 1.0),
    "CH": ("church", "point", 1.0), "MSQE": ("mosque", "point", 1.0), "RSTN": ("railway station", "point", 1.0),
    "PRT": ("port", "point", 3.0), "DAM": ("dam", "point", 2.0), "PS": ("power station", "point", 2.0),
    "PSN": ("nuclear power station", "point", 3.0), "PPLC": ("capital", "point", 0.0),
    "PPLA": ("seat of a first-order division", "point", 0.0), "PPLX": ("part of a town", "point", 2.0),
    "PPLA2": ("seat of a second-order division", "point", 0.0), "PPLQ": ("abandoned place", "point", 0.0),
    "PPLW": ("destroyed place", "point", 0.0), "PPLH": ("former place", "point", 0.0),
    "PPLL": ("locality", "point", 0.0),
}  # fmt: skip
_CLASS_WORDS: Final[dict[str, tuple[str, Level, float]]] = {
    "A": ("division", "admin2", 10.0), "H": ("water", "region", 5.0), "L": ("area", "region", 5.0),
    "P": ("settlement", "point", 0.0), "R": ("road", "point", 3.0), "S": ("spot", "point", 1.0),
    "T": ("height", "point", 3.0), "U": ("undersea feature", "region", 20.0), "V": ("vegetation", "region", 5.0),
}  # fmt: skip
_RADIUS: Final = {"country": 300.0, "admin1": 70.0, "admin2": 15.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What was taken in: rows kept, rows that the shipped gazetteer has anyway, rows that could not be read."""

    folder: Path
    rows: int
    known: int
    unreadable: int


def add(file: Path, home: Path, progress: Progress | None = None, *, shipped: Path | None = None) -> Added:
    """Take a GeoNames dump into `home`; `LocalGazetteer.open(extra=home)` then looks it up beside the shipped one.

    `progress` is called with the rows so far and the share (0 to 1) of the file. Called again after an interruption, it
    goes on where it stopped.
    """
    beside = Compiled(shipped or Path(__file__).parents[2] / "data" / "gazetteer")
    name = file.stem or "dump"
    work = home / f".{name}.part"
    state = _state(work, file)
    with _no_pauses(), _text(file) as (stream, total):
        _read(stream, total, work, state, progress)
    if not state["rows"]:
        raise ReadError(f"{file} has no row of {_COLUMNS} tab-separated columns; a GeoNames country dump is needed")
    _check_share(file, state)
    made = home / f".{name}.new"
    with _no_pauses():
        rows, known = _compile(work, state["stretches"], beside, made)
    final = home / name
    compiled.put_in_place(made, final)
    shutil.rmtree(work)
    if progress:
        progress(rows, 1.0)
    return Added(folder=final, rows=rows, known=known, unreadable=state["unreadable"])


def _check_share(file: Path, state: dict[str, Any]) -> None:
    if state["unreadable"] > _SHARE_BAD * (state["rows"] + state["unreadable"]):
        raise ReadError(
            f"{file}: {state['unreadable']:,} of {state['rows'] + state['unreadable']:,} rows are not rows of a "
            f"GeoNames dump ({_COLUMNS} tab-separated columns, feature class one of {''.join(sorted(_CLASSES))})",
        )


def add_country(
    code: str, home: Path, progress: Progress | None = None, *, server: str = SERVER, shipped: Path | None = None,
) -> Added:  # fmt: skip
    """Download GeoNames' dump of a country and take it in; GazetteerError with the remedy where there is no network."""
    code = code.upper()
    if not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise GazetteerError(f"{code!r} is not a country code; give two letters such as UA")
    home.mkdir(parents=True, exist_ok=True)
    file = home / f"{code}.zip"
    _download(f"{server}/{code}.zip", file, progress)
    added = add(file, home, progress, shipped=shipped)
    file.unlink()
    return added


def _download(url: str, file: Path, progress: Progress | None) -> None:
    """Download a file, going on where an earlier try stopped."""
    part = file.with_suffix(".zip.part")
    start = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={start}-"} if start else {})  # noqa: S310 - https
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own constant, or a test's
            whole = answer.status == 200
            total = int(answer.headers.get("Content-Length") or 0) + (0 if whole else start)
            with part.open("wb" if whole else "ab") as out:
                while block := answer.read(1 << 18):
                    out.write(block)
                    if progress and total:
                        progress(0, out.tell() / total)
                _whole(out.tell(), total)
    except urllib.error.HTTPError as error:
        if error.code != 416:
            raise GazetteerError(f"{url} answered {error.code} {error.reason}; is the country code right?") from None
    except OSError as error:
        raise GazetteerError(
            f"{url} could not be reached ({getattr(error, 'reason', error)}). Without a network, fetch the file "
            f"elsewhere and run `python -m geo gazetteer add {file.name}`; a download that was cut "
            "goes on where it stopped",
        ) from None
    part.replace(file)


def _whole(done: int, total: int) -> None:
    if done < total:
        raise OSError(f"cut after {done:,} of {total:,} bytes")


def _state(work: Path, file: Path) -> dict[str, Any]:
    """Where an earlier run on the same file stopped, or a fresh start."""
    try:
        found = file.stat()
    except OSError as error:
        raise ReadError(f"{file} cannot be read: {error.strerror}; give a zip or text file of GeoNames") from None
    source = [str(file.resolve()), found.st_size, found.st_mtime_ns]
    try:
        state: dict[str, Any] = json.loads((work / "state.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        state = {}
    if state.get("source") != source:
        shutil.rmtree(work, ignore_errors=True)
        state = {"source": source, "offset": 0, "stretches": 0, "rows": 0, "unreadable": 0}
    work.mkdir(parents=True, exist_ok=True)
    return state


@contextmanager
def _no_pauses() -> Iterator[None]:
    """No garbage collection meanwhile: it walks millions of live strings again and again, a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextmanager
def _text(file: Path) -> Iterator[tuple[IO[bytes], int]]:
    """The dump's text as a byte stream, with its length; from a zip its largest text file."""
    if not zipfile.is_zipfile(file):
        with file.open("rb") as stream:
            yield stream, file.stat().st_size
        return
    with zipfile.ZipFile(file) as archive:
        members = [m for m in archive.infolist() if m.filename.endswith(".txt") and "readme" not in m.filename.lower()]
        if not members:
            raise ReadError(f"{file} holds no text file; a GeoNames country dump such as UA.zip is needed")
        member = max(members, key=lambda one: one.file_size)
        if member.file_size > _LARGEST or member.file_size > _DENSEST * max(member.compress_size, 1):
            raise LimitError(f"{file}: {member.filename} would unpack to {member.file_size:,} bytes; that is refused")
        with archive.open(member) as stream:
            yield stream, member.file_size


def _read(stream: IO[bytes], total: int, work: Path, state: dict[str, Any], progress: Progress | None) -> None:
    """Read the rest of the stream, keeping each stretch and the state after it."""
    stream.seek(state["offset"])
    while text := stream.read(_STRETCH):
        text += stream.readline()
        state["offset"] += len(text)
        rows, unreadable = _rows(text)
        if len(rows):
            _keep(work / f"{state['stretches']}.npz", rows)
            state["stretches"] += 1
        state["rows"] += len(rows)
        state["unreadable"] += unreadable
        temporary = work / "state.json.new"
        temporary.write_text(json.dumps(state), encoding="utf-8")
        temporary.replace(work / "state.json")
        if progress:
            progress(state["rows"], min(0.6 * state["offset"] / max(total, 1), 0.6))


def _rows(text: bytes) -> tuple[pd.DataFrame, int]:
    """The rows of a stretch that can be read, and how many cannot."""
    import pandas as pd

    lines = text.count(b"\n") + (not text.endswith(b"\n"))
    try:
        frame = _frame(text, {0: "int64", 4: "float64", 5: "float64", 14: "int64"})
    except (ValueError, TypeError, OverflowError):
        whole = [line for line in text.split(b"\n") if line.count(b"\t") == _COLUMNS - 1]
        if not whole:
            return pd.DataFrame(), lines
        frame = _frame(b"\n".join(whole), {})
        for name in _NUMBERS:
            frame[name] = pd.to_numeric(frame[name].replace("", "0"), errors="coerce")
    good = frame["ids"].between(1, 2**31 - 1) & frame["lat"].between(-90, 90) & frame["lon"].between(-180, 180)
    good &= frame["population"].ge(0) & frame["classes"].isin(list(_CLASSES)) & frame["changed"].notna()
    good &= frame["names"].fillna("").ne("")
    kept = frame[good].fillna("")
    return kept, lines - len(kept)


def _frame(text: bytes, numbers: dict[int, str]) -> pd.DataFrame:
    import csv

    import pandas as pd

    return pd.read_csv(
        io.BytesIO(text), sep="\t", header=None, names=range(_COLUMNS), usecols=list(_WANTED), engine="c",
        dtype={column: numbers.get(column, "str") for column in _WANTED}, quoting=csv.QUOTE_NONE, keep_default_na=False,
        encoding_errors="replace", on_bad_lines="skip", index_col=False,
    ).rename(columns=_WANTED)  # fmt: skip


def _keep(path: Path, rows: pd.DataFrame) -> None:
    """Write a stretch: its numbers, its strings, and its folded names with the rows they belong to."""
    strings = {name: rows[name].tolist() for name in ("names", "codes", "countries", "admin1", "admin2", "classes")}
    others = rows["others"].tolist()
    keys, key_rows, key_kinds = _names(strings["names"], rows["plain"].tolist(), others)
    strings["keys"] = keys
    arrays: dict[str, NDArray[Any]] = {
        "ids": rows["ids"].to_numpy(np.int32),
        "lat": rows["lat"].to_numpy(np.float32),
        "lon": rows["lon"].to_numpy(np.float32),
        "population": rows["population"].clip(0, 2**32 - 1).to_numpy(np.uint32),
        "alternates": np.array([min(text.count(",") + 1, 255) if text else 0 for text in others], np.uint8),
        "key_rows": np.array(key_rows, np.uint32),
        "key_kinds": np.array(key_kinds, np.uint8),
    }
    arrays |= {name: np.frombuffer("\n".join(values).encode(), np.uint8) for name, values in strings.items()}
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def _names(names: list[str], plain: list[str], others: list[str]) -> tuple[list[str], list[int], list[int]]:
    """The folded names of some rows: the names, the rows they belong to, and their kinds."""
    keys = [fold(name) for name in names]
    rows = list(range(len(names)))
    kinds = [compiled.CANONICAL] * len(names)
    for row, (name, ascii_name, more) in enumerate(zip(names, plain, others, strict=True)):
        if ascii_name != name and ascii_name:
            keys.append(fold(ascii_name))
            rows.append(row)
            kinds.append(compiled.CANONICAL)
        if more:
            several = more.split(",")
            keys += [fold(other) for other in several]
            rows += [row] * len(several)
            kinds += [
                compiled.ABBREVIATION if len(other) < _SHORT and is_abbreviation(other) else compiled.ALTERNATE
                for other in several
            ]
    if not all(keys):
        kept = [index for index, key in enumerate(keys) if key]
        return [keys[i] for i in kept], [rows[i] for i in kept], [kinds[i] for i in kept]
    return keys, rows, kinds


@dataclass(slots=True, kw_only=True)
class _Pile:
    """All stretches together."""

    ids: NDArray[np.int32]
    arrays: dict[str, NDArray[Any]]
    strings: dict[str, list[str]]
    keys: list[str]
    key_rows: NDArray[np.uint32]
    key_kinds: NDArray[np.uint8]


def _pile(work: Path, stretches: int) -> _Pile:
    arrays: dict[str, list[NDArray[Any]]] = {}
    strings: dict[str, list[str]] = {}
    start = 0
    for number in range(stretches):
        with np.load(work / f"{number}.npz") as stretch:
            for name in ("ids", "lat", "lon", "population", "alternates", "key_kinds"):
                arrays.setdefault(name, []).append(stretch[name])
            arrays.setdefault("key_rows", []).append(stretch["key_rows"] + np.uint32(start))
            for name in ("names", "codes", "countries", "admin1", "admin2", "classes", "keys"):
                strings.setdefault(name, []).extend(stretch[name].tobytes().decode().split("\n"))
            start += len(stretch["ids"])
    joined = {name: np.concatenate(values) for name, values in arrays.items()}
    return _Pile(
        ids=joined.pop("ids"), keys=strings.pop("keys"), key_rows=joined.pop("key_rows"),
        key_kinds=joined.pop("key_kinds"), arrays=joined, strings=strings,
    )  # fmt: skip


def _compile(work: Path, stretches: int, beside: Compiled, out: Path) -> tuple[int, int]:
    """Compile what was read; the number of rows kept, and of those that the shipped gazetteer has anyway."""
    pile = _pile(work, stretches)
    pairs = list(zip(pile.strings["classes"], pile.strings["codes"], strict=True))
    told = {pair: _sort(*pair) for pair in set(pairs)}
    sorts = [told[pair] for pair in pairs]
    level = np.array([LEVELS.index(found[1]) for found in sorts], np.uint8)
    _, first = np.unique(pile.ids, return_index=True)
    fresh = np.zeros(len(pile.ids), bool)
    fresh[first] = True
    known = fresh & (level == 0) & beside.holds(pile.ids)
    rows = np.flatnonzero(fresh & ~known)
    rows = rows[np.lexsort((pile.ids[rows], -level[rows].astype(np.int8)))]
    content = _content(pile, rows, level, sorts, beside)
    shutil.rmtree(out, ignore_errors=True)
    compiled.write(out, content)
    ids = content.columns["ids"][content.columns["level"] > 0]
    better = [beside.row_of_number(number) for number in ids[beside.holds(ids)].tolist()]
    compiled.write_shared(out, beside, content.keys, np.array(better, np.int64))
    return len(rows), int(known.sum())


def _sort(class_: str, code: str) -> tuple[str, Level, float]:
    """What a row is in words, its level and its usual radius in km (0 for settlements: by their people)."""
    if class_ == "A":
        level = _DIVISIONS.get(code, "point" if code in {"ADM4", "ADM5"} else "admin2")
        words = {"country": "country", "admin1": "first-order division", "admin2": "second-order division"}
        return words.get(level, "division"), level, _RADIUS.get(level, 10.0)
    return _FEATURES.get(code) or _CLASS_WORDS[class_]


def _content(
    pile: _Pile, rows: NDArray[np.int64], level: NDArray[np.uint8], sorts: list[tuple[str, Level, float]],
    beside: Compiled,
) -> compiled.Content:  # fmt: skip
    place = np.full(len(pile.ids), -1, np.int64)
    place[rows] = np.arange(len(rows))
    order = rows.tolist()
    kinds = sorted({sorts[row][0] for row in order})
    countries = sorted({pile.strings["countries"][row] for row in order} - {""})
    numbers = {kind: number for number, kind in enumerate(kinds)}
    nations = {code: number + 1 for number, code in enumerate(countries)}
    divisions, inside1, inside2 = _parents(pile, order, level, beside)
    radius, importance = _sizes(pile, rows, sorts)
    columns: dict[str, NDArray[Any]] = {
        "ids": pile.ids[rows], "lon": pile.arrays["lon"][rows], "lat": pile.arrays["lat"][rows],
        "population": pile.arrays["population"][rows], "radius": radius, "level": level[rows],
        "country": np.array([nations.get(pile.strings["countries"][row], 0) for row in order], np.uint8),
        "kind": np.array([numbers[sorts[row][0]] for row in order], np.uint8), "point": np.zeros(len(rows), np.uint8),
        "importance": importance, "alternates": pile.arrays["alternates"][rows], "admin1": inside1, "admin2": inside2,
    }  # fmt: skip
    _borrow(columns, beside)
    kept = place[pile.key_rows] >= 0
    keys = [key for key, keep in zip(pile.keys, kept.tolist(), strict=True) if keep]
    key_rows, key_kinds = place[pile.key_rows][kept], pile.key_kinds[kept]
    short_keys, short_rows = _short(keys, key_rows, columns["level"])
    return compiled.Content(
        columns=columns, names=[pile.strings["names"][row] for row in order], divisions=divisions,
        keys=keys + short_keys, key_rows=np.append(key_rows, short_rows).astype(np.uint32),
        key_kinds=np.append(key_kinds, np.full(len(short_rows), compiled.SHORT)).astype(np.uint8),
        countries=countries, kinds=kinds, notes={"credit": "GeoNames (CC BY 4.0)", "beside": beside.meta.get("stamp")},
    )  # fmt: skip


def _parents(
    pile: _Pile, order: list[int], level: NDArray[np.uint8], beside: Compiled,
) -> tuple[list[tuple[int, str]], NDArray[Any], NDArray[Any]]:  # fmt: skip
    """The divisions that rows lie in, and for each row 1 + the number of its first and second-order one, 0 for none."""
    strings = pile.strings
    found: dict[str, tuple[int, str]] = {}
    for code, number in beside.meta["notes"].get("admin1", {}).items():
        row = beside.row_of_number(number)
        if row is not None:
            found[code] = (number, beside.name(row))
    for row in np.flatnonzero(level > 0).tolist():
        if strings["codes"][row] in {"ADM1", "ADM2"}:
            parts = [strings["countries"][row], strings["admin1"][row]]
            parts += [strings["admin2"][row]] if strings["codes"][row] == "ADM2" else []
            found[".".join(parts)] = (int(pile.ids[row]), strings["names"][row])
    divisions: dict[tuple[int, str], int] = {}
    inside: tuple[list[int], list[int]] = ([], [])
    seen: dict[tuple[str, str, str], tuple[int, int]] = {}
    for one in zip(*([strings[name][row] for row in order] for name in ("countries", "admin1", "admin2")), strict=True):
        if one not in seen:
            both = [found.get(".".join(one[:2])), found.get(".".join(one))]
            first, second = [divisions.setdefault(one, len(divisions) + 1) if one else 0 for one in both]
            seen[one] = (first, second)
        inside[0].append(seen[one][0])
        inside[1].append(seen[one][1])
    dtype = np.uint16 if len(divisions) < 1 << 16 else np.uint32
    return list(divisions), np.array(inside[0], dtype), np.array(inside[1], dtype)


def _sizes(
    pile: _Pile, rows: NDArray[np.int64], sorts: list[tuple[str, Level, float]],
) -> tuple[NDArray[np.float16], NDArray[np.uint8]]:  # fmt: skip
    """The radius in km and the importance of each row, as the shipped gazetteer reckons them for settlements."""
    people = pile.arrays["population"][rows].astype(float)
    usual = np.array([sorts[row][2] for row in rows.tolist()])
    by_people = np.clip(np.sqrt(people / (math.pi * 2500.0)), 1.0, 40.0)
    radius = np.where(usual > 0, usual, by_people).astype(np.float16)
    settled = np.array([pile.strings["classes"][row] == "P" for row in rows.tolist()])
    importance = 0.08 * np.log10(people + 1) + 0.02 * np.log2(1.0 + pile.arrays["alternates"][rows]) + 0.08 * settled
    return radius, np.round(np.clip(importance, 0.01, 1.0) * 255).astype(np.uint8)


def _borrow(columns: dict[str, NDArray[Any]], beside: Compiled) -> None:
    """Take over what the shipped gazetteer knows better of divisions: their size, how much they are spoken of."""
    shared = (columns["level"] > 0) & beside.holds(columns["ids"])
    for row in np.flatnonzero(shared).tolist():
        known = beside.row_of_number(int(columns["ids"][row]))
        if known is not None:
            for name in ("radius", "importance", "alternates"):
                columns[name][row] = beside.columns[name][known]


def _short(keys: list[str], key_rows: NDArray[np.int64], level: NDArray[np.uint8]) -> tuple[list[str], list[int]]:
    """Division names without their generic word ("kherson" for "kherson oblast"), and their rows."""
    short: dict[tuple[str, int], None] = {}
    divisions = np.isin(level, (LEVELS.index("admin1"), LEVELS.index("admin2")))
    for index in np.flatnonzero(divisions[key_rows]).tolist():
        base, levels = strip_generic(keys[index])
        if levels:
            short[base, int(key_rows[index])] = None
    return [key for key, _ in short], [row for _, row in short]
