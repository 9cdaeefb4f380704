"""The parts of the README that programs write: tables between `<!-- NAME -->` and `<!-- /NAME -->`."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

from geo.errors import EvaluationError
from geo.events import COLUMNS

ROOT: Final = Path(__file__).resolve().parents[2]
README: Final = ROOT / "README.md"


def put(section: str, text: str, *, readme: Path = README) -> None:
    """Write the text of one section into the README; EvaluationError where it has no such section."""
    old = readme.read_text(encoding="utf-8")
    begin, end = _marks(section)
    if begin not in old or end not in old:
        raise EvaluationError(f"{readme} has no section {section!r}: write {begin} and {end} where it belongs")
    before, _, rest = old.partition(begin)
    after = rest.partition(end)[2]
    readme.write_text(f"{before}{begin}\n{text.strip()}\n{end}{after}", encoding="utf-8")


def get(section: str, *, readme: Path = README) -> str:
    """The text of one section of the README."""
    begin, end = _marks(section)
    found = re.search(rf"{re.escape(begin)}\n(.*?)\n{re.escape(end)}", readme.read_text(encoding="utf-8"), re.DOTALL)
    if found is None:
        raise EvaluationError(f"{readme} has no section {section!r}")
    return found.group(1)


def where_things_are() -> str:
    """Each file of `geo/` and the first line of its docstring, as a table; a folder stands with its `__init__`."""
    files = [ROOT / "dashboard.py", *sorted((ROOT / "geo").glob("*.py")), *sorted((ROOT / "geo").glob("*/__init__.py"))]
    named = sorted((f for f in files if f != ROOT / "geo" / "__init__.py"), key=_shown)
    lines = [f"| `{_shown(f)}` | {_first_line(f)} |" for f in named]
    return "\n".join(["| file | what it is |", "|---|---|", *lines])


def columns() -> str:
    """The columns of the events table, with dtype, unit and meaning, as a table."""
    lines = [f"| `{c.name}` | {c.dtype} | {c.unit} | {c.meaning}{_missing(c.nullable)} |" for c in COLUMNS]
    last = "| `geometry` | geometry | Point, lon, lat | the place's representative point; missing for a country |"
    return "\n".join(["| column | dtype | unit | meaning |", "|---|---|---|---|", *lines, last])


def _missing(nullable: bool) -> str:  # noqa: FBT001 - one flag, one word
    return "; missing where unknown" if nullable else ""


def _shown(file: Path) -> str:
    return str(file.relative_to(ROOT)).removesuffix("__init__.py")


def _first_line(file: Path) -> str:
    words = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return words.partition("\n")[0]


def _marks(section: str) -> tuple[str, str]:
    return f"<!-- {section} -->", f"<!-- /{section} -->"


def main() -> None:
    """Write the sections that need no measuring."""
    put("where things are", where_things_are())
    put("columns", columns())


if __name__ == "__main__":
    main()
