"""The shell's way to the same functions: `python -m geo COMMAND`; exit codes 0 done, 1 some input refused, 2 usage."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO, TypeVar

from geo.errors import DatelineError

if TYPE_CHECKING:
    from geo.records import Report
    from geo.settings import Settings

DONE: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
T = TypeVar("T")


class Refused:
    """Counts what was refused, and says each on standard error."""

    def __init__(self, stream: TextIO) -> None:
        self.count = 0
        self._stream = stream

    def __call__(self, message: object) -> None:
        """Say one refusal."""
        self.count += 1
        print(f"refused: {message}", file=self._stream)

    @property
    def code(self) -> int:
        """The exit code that fits."""
        return REFUSED if self.count else DONE


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO if arguments.verbose else logging.WARNING, format="%(name)s: %(message)s")
    try:
        return int(arguments.run(arguments))
    except DatelineError as error:
        print(f"error: {error}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("stopped; what was done is kept", file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        sys.stderr.close()
        return DONE


# --- commands --------------------------------------------------------------------------------------------------------


def extract(arguments: argparse.Namespace) -> int:
    """Reports to events, mentions and dates, each report by itself; no store involved."""
    from geo import export, lines, standard
    from geo.events import table
    from geo.pipeline import events

    refused = Refused(sys.stderr)
    found = []
    with _writing(arguments.mentions) as mentions, _writing(arguments.dates) as dates:
        pipeline = standard.pipeline(_settings(arguments))
        for extraction in _progress(pipeline.extract(_reports(arguments.paths, refused)), "reports"):
            found += [e for e in events(extraction) if _wanted(e.modality, e.claims[0].role, arguments.modality)]
            _write_lines(mentions, lines.mentions([extraction]))
            _write_lines(dates, lines.timexes([extraction]))
    events_table = table(found)
    if arguments.to:
        export.write(events_table, arguments.to)
    elif not (arguments.mentions or arguments.dates):
        _print_events(events_table)
    return refused.code


def add(arguments: argparse.Namespace) -> int:
    """Reports into the store; the same report twice changes nothing."""
    from geo import standard
    from geo.add import add as add_reports

    refused = Refused(sys.stderr)
    settings = _settings(arguments)
    with standard.store(settings) as store:
        result = add_reports(
            store, standard.pipeline(settings), _progress(_reports(arguments.paths, refused), "reports")
        )
    print(result)
    return refused.code


def events(arguments: argparse.Namespace) -> int:
    """The events of the store, narrowed by days."""
    from geo import export, standard
    from geo.filters import Filter

    modalities = () if arguments.modality == "all" else (arguments.modality,)
    wanted = Filter(
        first_day=arguments.since, last_day=arguments.until, mode=arguments.mode, undated=arguments.undated,
        modalities=modalities, words=arguments.words,
    )  # fmt: skip
    with standard.store(_settings(arguments)) as store:
        found = store.load(wanted)
    if arguments.to:
        export.write(found, arguments.to)
    else:
        _print_events(found)
    return DONE


def places(arguments: argparse.Namespace) -> int:
    """The ranked candidates for a name, and why."""
    from geo import standard
    from geo.gazetteer.search import search, written

    known = standard.gazetteer(_settings(arguments).home)
    found = search(known, arguments.name, near=arguments.near, country=arguments.country, limit=arguments.limit)
    print(written(found) if found else f"no place called {arguments.name!r} is known")
    return DONE if found else REFUSED


# --- what the commands share -----------------------------------------------------------------------------------------


def _settings(arguments: argparse.Namespace) -> Settings:
    from geo import settings

    store = getattr(arguments, "store", None)
    return settings.load(
        store=str(store) if store else None, project=arguments.project, model=getattr(arguments, "model", None)
    )


def _reports(paths: Sequence[Path], refused: Refused) -> Iterator[Report]:
    from geo.readers import Refusal, read

    for item in read(paths):
        if isinstance(item, Refusal):
            refused(item)
        else:
            yield item


def _progress(items: Iterable[T], unit: str) -> Iterator[T]:
    """The items, counted on standard error where somebody is looking."""
    from tqdm import tqdm

    return iter(tqdm(items, unit=f" {unit}", disable=not sys.stderr.isatty(), leave=False))


def _wanted(modality: str, role: str, asked: str) -> bool:
    return asked == "all" or (modality == asked and role == "place")


class _writing:  # noqa: N801 - reads as a verb where it is used
    """A text file to be written and put in place at the end, or nothing where no path is given."""

    def __init__(self, path: Path | None) -> None:
        from geo.export import replacing

        self._manager = replacing(path) if path else None
        self._file: TextIO | None = None

    def __enter__(self) -> TextIO | None:
        if self._manager:
            self._file = self._manager.__enter__().open("w", encoding="utf-8")
        return self._file

    def __exit__(self, *trouble: object) -> None:
        if self._file:
            self._file.close()
        if self._manager:
            self._manager.__exit__(*trouble)


def _write_lines(file: TextIO | None, some: Iterator[str]) -> None:
    if file:
        file.writelines(f"{line}\n" for line in some)


def _print_events(events_table: Any) -> None:
    from geo.export import rows

    for row in rows(events_table):
        days = " to ".join(dict.fromkeys(d for d in (row["first_day"], row["last_day"]) if d)) or "undated"
        where = f"{row['place']} ({', '.join(filter(None, (row['level'], row['admin1'], row['country'])))})"
        print(f"{days:24}  {row['type']:12}  {where}  {row['confidence']:.2f}\n    {' '.join(row['quote'].split())}")
    print(f"{len(events_table)} events")


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{words!r} is no day; write YYYY-MM-DD") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m geo", description="Reports in, a map of dated events out.")
    parser.add_argument("--verbose", action="store_true", help="say what is done, on standard error")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: Any, help_text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help_text, description=run.__doc__)
        added.add_argument("--project", help="the project (case) to work in; default: default")
        added.set_defaults(run=run)
        return added

    sub = command("extract", extract, "reports to events, without a store")
    sub.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders of reports")
    sub.add_argument("--to", type=Path, metavar="FILE", help="write events to FILE: .geojson, .csv, .parquet, .gpkg or .kml")
    sub.add_argument("--modality", default="actual", choices=["actual", "planned", "denied", "hypothetical", "all"])
    sub.add_argument("--mentions", type=Path, metavar="FILE", help="write every place name to FILE, as JSON Lines")
    sub.add_argument("--dates", type=Path, metavar="FILE", help="write every date expression to FILE, as JSON Lines")
    sub.add_argument("--model", help='a spaCy model, or "none" for the model-free recogniser')

    sub = command("add", add, "reports into the store")
    sub.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders of reports")
    sub.add_argument("--store", metavar="FILE", help="the store, instead of the one in DATELINE_HOME")
    sub.add_argument("--model", help='a spaCy model, or "none" for the model-free recogniser')

    sub = command("events", events, "the events of the store")
    sub.add_argument("--since", type=_day, metavar="DAY", help="on or after this day (YYYY-MM-DD)")
    sub.add_argument("--until", type=_day, metavar="DAY", help="on or before this day (YYYY-MM-DD)")
    sub.add_argument("--mode", default="possibly", choices=["surely", "possibly"], help="wholly inside, or overlapping")
    sub.add_argument("--undated", action="store_true", help="events without days as well")
    sub.add_argument("--words", default="", help="only events whose title, sentence or report has these words")
    sub.add_argument("--modality", default="actual", choices=["actual", "planned", "denied", "hypothetical", "all"])
    sub.add_argument("--to", type=Path, metavar="FILE", help="write them to FILE: .geojson, .csv, .parquet, .gpkg or .kml")
    sub.add_argument("--store", metavar="FILE", help="the store, instead of the one in DATELINE_HOME")

    sub = command("places", places, "the places that a name may mean")
    sub.add_argument("name")
    sub.add_argument("--near", metavar="NAME", help="a place nearby")
    sub.add_argument("--country", metavar="CODE", help="GeoNames' country code")
    sub.add_argument("--limit", type=int, default=10)
    return parser


if __name__ == "__main__":
    sys.exit(main())
