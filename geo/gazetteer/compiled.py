"""The compiled form of a gazetteer: columns by row, a trie of folded names, shapes; written once, memory-mapped after.

A folder holds one `.npy` file for each column, `names.marisa` (folded name to key number), `heads.bin`,
`rows.npy` and `row_kinds.npy` (key number to rows), `strings.bin` (canonical names in UTF-8), `near.bin` (the Latin
names of each country by length, for fuzzy look-up), `shapes.bin` and `meta.json`; that of an addition also `shared.bin`
(for which names of the one beside it it is asked too). Writing the same content twice gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import shutil
import struct
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from geo.errors import GazetteerError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

FORMAT: Final = 1
POINT_KINDS: Final = ("geonames", "derived:polygon", "derived:seat", "derived:cities", "own")
# How a name came to a row; kept beside each row in the postings.
CANONICAL, ALTERNATE, SHORT, ABBREVIATION, DEMONYM, ADJECTIVE = range(6)
KIND_BITS: Final = 3
_KIND: Final = (1 << KIND_BITS) - 1
_SEVERAL: Final = np.uint32(1 << 31)
_FARTHEST: Final = 32000  # steps, what 16 bits hold
_GRID: Final = 1000.0  # shapes are kept in thousandths of a degree, about 100 m
_TOWN: Final = 150  # from this importance (of 255) on, alternate names too are in near.bin: about 100,000 people
_BLOCK: Final = 16  # strings are found by blocks of this many, which saves a megabyte of offsets
_LEAST, _LENGTHS = 4, 48  # near.bin keeps names of 4 to 47 letters

COLUMNS: Final = {
    "ids": np.int32,
    "lon": np.float32,
    "lat": np.float32,
    "population": np.uint32,
    "radius": np.float16,
    "level": np.uint8,
    "country": np.uint8,
    "kind": np.uint8,
    "point": np.uint8,
    "importance": np.uint8,
    "alternates": np.uint8,
    "admin1": np.uint16,
    "admin2": np.uint16,
}


@dataclass(slots=True, kw_only=True)
class Content:
    """What is written: columns by row (sorted by level block, then id), names, name pairs, shapes, and small tables.

    `admin1` and `admin2` are 1 + an index into `divisions` (geonameid, name), 0 for none. `keys`, `key_rows` and
    `key_kinds` say row by row which folded name leads to which row, and what kind of name it is.
    `slugs` name the rows whose id is negative (our own places): row -> slug.
    """

    columns: dict[str, NDArray[Any]]
    names: Sequence[str]
    divisions: Sequence[tuple[int, str]]
    keys: Sequence[str]
    key_rows: NDArray[np.uint32]
    key_kinds: NDArray[np.uint8]
    countries: Sequence[str]
    kinds: Sequence[str]
    slugs: Mapping[int, str] = field(default_factory=dict)
    crossing: Mapping[int, Sequence[str]] = field(default_factory=dict)
    boxes: Mapping[int, tuple[float, float, float, float]] = field(default_factory=dict)
    shapes: Mapping[int, BaseGeometry] = field(default_factory=dict)
    notes: Mapping[str, Any] = field(default_factory=dict)


def write(folder: Path, content: Content) -> None:
    """Write a compiled gazetteer into a folder (made where missing), replacing what was there."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.iterdir()):
        if old.suffix in {".npy", ".bin", ".marisa"} or old.name == "meta.json":
            old.unlink()
    for name in COLUMNS:
        np.save(folder / f"{name}.npy", content.columns[name])
    _write_strings(folder, "strings", content.names)
    here = set(content.columns["ids"].tolist())
    _write_strings(folder, "divisions", ["" if number in here else name for number, name in content.divisions])
    np.save(folder / "divisions.npy", np.array([number for number, _ in content.divisions], np.int32))
    width = _write_trie(folder, content)
    _write_near(folder, content)
    rows = _write_shapes(folder, content)
    meta = {
        "format": FORMAT,
        "stamp": _stamp(folder),
        "rows": len(content.names),
        "width": width,
        "countries": list(content.countries),
        "kinds": list(content.kinds),
        "slugs": {slug: row for row, slug in sorted(content.slugs.items())},
        "crossing": {str(row): list(codes) for row, codes in sorted(content.crossing.items())},
        "boxes": {str(row): list(box) for row, box in sorted(content.boxes.items())},
        "shapes": rows,
        "notes": dict(content.notes),
    }
    text = json.dumps(meta, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    (folder / "meta.json").write_text(text + "\n", encoding="utf-8")


def put_in_place(made: Path, final: Path) -> None:
    """Let a finished folder take the place of another; what was there stays whole until then."""
    old = final.with_name(f".{final.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if final.exists():
        final.rename(old)
    made.rename(final)
    shutil.rmtree(old, ignore_errors=True)


def write_shared(folder: Path, beside: Compiled, keys: Iterable[str], rows: NDArray[np.int64]) -> None:
    """Write into the folder of an addition for which names of the one beside it is asked too: a bit a name.

    `keys` are the names that the addition holds, `rows` those of the other that it knows better.
    """
    flags = np.zeros(len(beside.trie), bool)
    flags[[number for number in map(beside.trie.get, keys) if number is not None]] = True
    flags |= beside.leading_to(rows)
    (folder / "shared.bin").write_bytes(np.packbits(flags, bitorder="little").tobytes())


def _stamp(folder: Path) -> str:
    """What names a gazetteer's names and their numbers: it changes whenever they do."""
    files = (folder / name for name in ("names.marisa", "heads.bin"))
    return hashlib.blake2b(b"".join(file.read_bytes() for file in files), digest_size=8).hexdigest()


def _write_strings(folder: Path, stem: str, strings: Iterable[str]) -> None:
    encoded = [text.encode().replace(b"\n", b" ") + b"\n" for text in strings]
    blocks = [b"".join(encoded[start : start + _BLOCK]) for start in range(0, len(encoded), _BLOCK)]
    starts = np.zeros(len(blocks) + 1, np.uint32)
    np.cumsum([len(block) for block in blocks], out=starts[1:])
    (folder / f"{stem}.bin").write_bytes(b"".join(blocks))
    np.save(folder / f"{stem}_starts.npy", starts)


def _write_trie(folder: Path, content: Content) -> int:
    """Write the names and which rows they lead to; the bytes that each name's entry in heads.bin takes come back."""
    trie = marisa_trie.Trie(dict.fromkeys(content.keys))
    trie.save(str(folder / "names.marisa"))
    numbers = np.fromiter(map(trie.__getitem__, content.keys), np.uint32, len(content.keys))
    packed = (content.key_rows.astype(np.uint32) << KIND_BITS) | content.key_kinds
    order = np.lexsort((packed, numbers))
    numbers, packed = numbers[order], packed[order]
    fresh = np.ones(len(numbers), bool)  # of one row under one name, the first (best) kind counts
    fresh[1:] = (numbers[1:] != numbers[:-1]) | ((packed[1:] >> KIND_BITS) != (packed[:-1] >> KIND_BITS))
    numbers, packed = numbers[fresh], packed[fresh]
    starts = np.searchsorted(numbers, np.arange(len(trie), dtype=np.uint32))
    counts = np.diff(np.append(starts, len(numbers)))
    heads = packed[starts].astype(np.uint32)
    several = counts > 1
    lengths = np.where(several, counts + 1, 0)  # a list is its length, then its rows
    offsets = np.cumsum(lengths) - lengths
    heads[several] = _SEVERAL | offsets[several].astype(np.uint32)
    lists = np.zeros(int(lengths.sum()), np.uint32)
    list_kinds = np.zeros(len(lists), np.uint8)
    lists[offsets[several]] = counts[several]
    mine = several[numbers]
    at = (offsets + 1 - starts)[numbers[mine]] + np.flatnonzero(mine)
    lists[at], list_kinds[at] = packed[mine] >> KIND_BITS, packed[mine] & _KIND
    width = 3 if max(int(packed.max(initial=0)), len(lists)) < 1 << 22 else 4
    single = heads & ~_SEVERAL | np.where(heads & _SEVERAL, np.uint32(1 << (8 * width - 1)), np.uint32(0))
    little = single.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :width]
    (folder / "heads.bin").write_bytes(np.ascontiguousarray(little).tobytes() + b"\0")
    np.save(folder / "rows.npy", lists)
    np.save(folder / "row_kinds.npy", list_kinds)
    return width


def _write_near(folder: Path, content: Content) -> None:
    town = content.columns["importance"][content.key_rows] >= _TOWN
    wanted = (content.key_kinds == CANONICAL) | ((content.key_kinds <= SHORT) & town)
    country = content.columns["country"][content.key_rows][wanted].tolist()
    found: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    for key, code in zip(compress(content.keys, wanted.tolist()), country, strict=True):
        if key.isascii():
            found[code, len(key)].add(key)
    parts: list[bytes] = []
    ends = np.zeros((len(content.countries) + 1) * _LENGTHS + 1, np.uint32)
    for code in range(len(content.countries) + 1):
        for length in range(_LENGTHS):
            parts.append("".join(sorted(found.get((code, length), ()) if length >= _LEAST else ())).encode())
            place = code * _LENGTHS + length
            ends[place + 1] = ends[place] + len(parts[-1])
    (folder / "near.bin").write_bytes(b"".join(parts))
    np.save(folder / "near_ends.npy", ends)


def _write_shapes(folder: Path, content: Content) -> dict[str, list[int]]:
    blob = bytearray()
    rows: dict[str, list[int]] = {}
    for row in sorted(content.shapes):
        packed = pack_shape(content.shapes[row])
        rows[str(row)] = [len(blob), len(packed)]
        blob += packed
    (folder / "shapes.bin").write_bytes(bytes(blob))
    return rows


def pack_shape(shape: BaseGeometry) -> bytes:
    """A polygon or multipolygon as bytes: counts of rings, then 16-bit steps of a thousandth of a degree."""
    rings: list[NDArray[np.int32]] = []
    counts: list[int] = []
    for polygon in getattr(shape, "geoms", [shape]):
        if polygon.geom_type == "Polygon" and not polygon.is_empty:
            closed = [r for r in map(_steps, (polygon.exterior, *polygon.interiors)) if len(r) > 3]
            if closed:
                counts.append(len(closed))
                rings += closed
    head = np.array([len(counts), *counts, *(len(ring) for ring in rings)], np.int32)
    firsts = np.array([ring[0] for ring in rings], np.int32).reshape(-1, 2)
    steps = [np.diff(ring, axis=0).astype(np.int16) for ring in rings]
    return head.tobytes() + firsts.tobytes() + b"".join(step.tobytes() for step in steps)


def _steps(ring: Any) -> NDArray[np.int32]:
    points: NDArray[np.int32] = np.round(np.asarray(ring.coords)[:, :2] * _GRID).astype(np.int32)
    moved = np.any(np.diff(points, axis=0) != 0, axis=1)
    points = points[np.insert(moved, 0, True)]
    while (far := np.abs(np.diff(points, axis=0)).max(axis=1, initial=0) > _FARTHEST).any():
        middles = (points[:-1][far] + points[1:][far]) // 2
        points = np.insert(points, np.flatnonzero(far) + 1, middles, axis=0)
    return points


def unpack_shape(data: bytes) -> BaseGeometry:
    """The polygon or multipolygon that `pack_shape` packed."""
    import shapely

    polygons = int(np.frombuffer(data, np.int32, 1)[0])
    per_polygon = np.frombuffer(data, np.int32, polygons, 4)
    total = int(per_polygon.sum())
    sizes = np.frombuffer(data, np.int32, total, 4 + 4 * polygons)
    at = 4 + 4 * (polygons + total)
    firsts = np.frombuffer(data, np.int32, total * 2, at).reshape(-1, 2)
    at += 8 * total
    rings = []
    for size, first in zip(sizes.tolist(), firsts, strict=True):
        steps = np.frombuffer(data, np.int16, (size - 1) * 2, at).reshape(-1, 2)
        at += 4 * (size - 1)
        rings.append(np.vstack([first, first + np.cumsum(steps, axis=0, dtype=np.int32)]) / _GRID)
    parts = []
    for count in per_polygon.tolist():
        shell, *holes = rings[:count]
        del rings[:count]
        parts.append(shapely.Polygon(shell, holes))
    shape: BaseGeometry = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    return shape


class Compiled:
    """One compiled gazetteer, opened read-only and memory-mapped."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.meta = _meta(folder)
        self.rows: int = self.meta["rows"]
        self.countries: list[str] = self.meta["countries"]
        self.kinds: list[str] = self.meta["kinds"]
        self.columns = {name: _mapped(folder / f"{name}.npy") for name in COLUMNS}
        self.level, self.nation, self.weight, self.number, self.inside1, self.inside2 = (
            _view(self.columns[name]) for name in ("level", "country", "importance", "ids", "admin1", "admin2")
        )
        self.trie = marisa_trie.Trie()
        self.trie.mmap(str(folder / "names.marisa"))
        self._find = self.trie.get
        self.division_ids = _view(_mapped(folder / "divisions.npy"))
        self.slugs: dict[str, int] = self.meta["slugs"]
        self._slug_of = {row: slug for slug, row in self.slugs.items()}
        self._heads = _bytes(folder / "heads.bin")
        self._width: int = self.meta["width"]
        self._several = 1 << (8 * self._width - 1)
        self._mask = (1 << 8 * self._width) - 1
        self._head = struct.Struct("<I").unpack_from
        self._rows = _view(_mapped(folder / "rows.npy"))
        self._kinds = _view(_mapped(folder / "row_kinds.npy"))
        self._strings = _bytes(folder / "strings.bin")
        self._string_starts = _view(_mapped(folder / "strings_starts.npy"))
        self._division_strings = _bytes(folder / "divisions.bin")
        self._division_starts = _view(_mapped(folder / "divisions_starts.npy"))
        self._near = _bytes(folder / "near.bin")
        self._near_ends = _mapped(folder / "near_ends.npy")
        self._blocks = _blocks(self.columns["level"])

    def called(self, folded: str) -> tuple[int, ...]:
        """The rows of a folded name; () where it is unknown."""
        number = self._find(folded)
        return () if number is None else self.rows_of(number)

    def rows_of(self, number: int) -> tuple[int, ...]:
        """The rows of the name with a number in the trie."""
        head = self._head(self._heads, number * self._width)[0] & self._mask
        if head < self._several:
            return (head >> KIND_BITS,)
        start = head - self._several + 1
        return tuple(self._rows[start : start + self._rows[start - 1]])

    def postings(self, folded: str) -> list[tuple[int, int]]:
        """The (row, kind of name) pairs of a folded name; [] where it is unknown."""
        number = self._find(folded)
        if number is None:
            return []
        head = self._head(self._heads, number * self._width)[0] & self._mask
        if head < self._several:
            return [(head >> KIND_BITS, head & _KIND)]
        start = head - self._several + 1
        end = start + self._rows[start - 1]
        return list(zip(self._rows[start:end], self._kinds[start:end], strict=True))

    def name(self, row: int) -> str:
        """The canonical name of a row."""
        return _string(self._strings, self._string_starts, row)

    def division(self, number: int) -> tuple[str, str] | None:
        """The place_id and name of a division by the number that `admin1` or `admin2` holds; None for 0."""
        if not number:
            return None
        geonameid = int(self.division_ids[number - 1])
        row = self.row_of_number(geonameid)
        text = _string(self._division_strings, self._division_starts, number - 1) if row is None else self.name(row)
        return f"geonames:{geonameid}", text

    def division_id(self, number: int) -> int:
        """The geonameid of a division by the number that `admin1` or `admin2` holds; 0 for 0."""
        return int(self.division_ids[number - 1]) if number else 0

    def country(self, row: int) -> str | None:
        """The country code of a row, None where it belongs to none or to several."""
        number = self.nation[row]
        return self.countries[number - 1] if number else None

    def place_id(self, row: int) -> str:
        """The stable id of a row."""
        number = self.number[row]
        return f"geonames:{number}" if number > 0 else self._slug_of[row]

    def row_of(self, place_id: str) -> int | None:
        """The row of a place_id, None where this gazetteer does not hold it."""
        if not place_id.startswith("geonames:"):
            return self.slugs.get(place_id)
        digits = place_id[len("geonames:") :]
        return self.row_of_number(int(digits)) if digits.isascii() and digits.isdigit() else None

    def row_of_number(self, number: int) -> int | None:
        """The row of a geonameid, None where this gazetteer does not hold it."""
        ids = self.number
        for start, end in self._blocks:
            row = bisect_left(ids, number, start, end)
            if row < end and ids[row] == number:
                return row
        return None

    def holds(self, numbers: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which of some geonameids this gazetteer holds; by sorting, for numpy's isin hashes, far slower."""
        mine = np.sort(self.columns["ids"])
        at = np.minimum(np.searchsorted(mine, numbers), len(mine) - 1)
        held: NDArray[np.bool_] = mine[at] == numbers
        return held

    def shape(self, row: int) -> BaseGeometry | None:
        """The polygon of a row, its box where only that is known, None where neither is."""
        import shapely

        where = self.meta["shapes"].get(str(row))
        if where:
            with (self.folder / "shapes.bin").open("rb") as file:
                file.seek(where[0])
                return unpack_shape(file.read(where[1]))
        box = self.meta["boxes"].get(str(row))
        if box is None:
            return None
        west, south, east, north = box
        halves = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
        return shapely.union_all([shapely.box(left, south, right, north) for left, right in halves])

    def leading_to(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """For each name, by its number in the trie, whether it leads to one of some rows."""
        little = np.zeros((len(self.trie), 4), np.uint8)
        little[:, : self._width] = np.frombuffer(self._heads, np.uint8, len(self.trie) * self._width).reshape(
            -1, self._width
        )
        heads = little.view("<u4")[:, 0]
        several = heads >= self._several
        found: NDArray[np.bool_] = np.isin(heads >> KIND_BITS, rows) & ~several
        lists = np.asarray(self._rows)
        wanted = np.append(np.cumsum(np.isin(lists, rows)), 0)  # the last for what stands before the first
        starts = (heads[several] - self._several).astype(np.int64)  # of a list: its length, then its rows
        found[several] = wanted[starts + lists[starts]] > wanted[starts]
        return found

    def shared(self, beside: Compiled) -> NDArray[np.uint8]:
        """For which names of the one beside it this addition is asked too; for all where it does not say."""
        path = self.folder / "shared.bin"
        size = -(-len(beside.trie) // 8)
        if self.meta["notes"].get("beside") != beside.meta.get("stamp") or not path.exists():
            return np.full(size, 255, np.uint8)  # added beside another version of the gazetteer
        return np.frombuffer(path.read_bytes(), np.uint8, size)

    def near(self, code: str, length: int) -> list[str]:
        """The folded Latin names of one length in one country, for fuzzy look-up."""
        if not 0 < length < _LENGTHS or code not in self.countries:
            return []
        at = (self.countries.index(code) + 1) * _LENGTHS + length
        text = self._near[self._near_ends[at] : self._near_ends[at + 1]].decode("ascii")
        return [text[i : i + length] for i in range(0, len(text), length)]


def _string(blob: mmap.mmap | bytes, starts: memoryview, number: int) -> str:
    block, within = divmod(number, _BLOCK)
    return blob[starts[block] : starts[block + 1]].split(b"\n", within + 1)[within].decode()


def _meta(folder: Path) -> dict[str, Any]:
    try:
        meta: dict[str, Any] = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise GazetteerError(
            f"there is no gazetteer in {folder}; `python -m geo gazetteer build` makes it, or restore data/gazetteer",
        ) from None
    except ValueError as error:
        raise GazetteerError(f"{folder / 'meta.json'} is damaged ({error}); restore it or build it again") from None
    if meta.get("format") != FORMAT:
        raise GazetteerError(
            f"the gazetteer in {folder} has format {meta.get('format')}, this Dateline reads {FORMAT}; build it again",
        )
    return meta


def _mapped(path: Path) -> NDArray[Any]:
    try:
        return np.load(path, mmap_mode="r").view(np.ndarray) if path.stat().st_size else np.zeros(0)
    except (OSError, ValueError) as error:
        raise GazetteerError(f"{path} is missing or damaged ({error}); restore it or build it again") from None


def _view(array: NDArray[Any]) -> memoryview:
    """The array for single look-ups, of which a memoryview is faster than numpy."""
    return memoryview(array)  # type: ignore[arg-type]


def _bytes(path: Path) -> mmap.mmap | bytes:
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""
    except OSError as error:
        raise GazetteerError(f"{path} is missing ({error}); restore it or build it again") from None


def _blocks(level: NDArray[np.uint8]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(level)) + 1
    bounds = [0, *edges.tolist(), len(level)]
    return [(start, end) for start, end in pairwise(bounds) if end > start]
