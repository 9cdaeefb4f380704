"""Kill an import at random moments, and see that nothing is lost, half there or unequal afterwards.

    python benchmarks/crash.py --trials 100 --store sqlite|postgres [--reports 2000] [--json]

A trial starts an import in a process of its own, kills it (SIGKILL), opens the store, checks it, looks for reports that
the import had said to be kept (`lost`) or that are there in part (`partial`), runs the import again to its end, and
compares the store with that of an undisturbed import by content hash (`unequal`).
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests")]

from geo.errors import StoreError  # noqa: E402
from geo.records import Extraction, Report  # noqa: E402
from geo.store import Store  # noqa: E402

SENTENCES = (
    "Officials in {a} said on {day} that {n} people were killed when a missile hit a market in {b}.",
    "Troops entered {b} on {day}, a spokesman said in {a}.",
    "Thousands protested in {a} yesterday; police arrested {n} of them.",
    "A flood in {b} damaged {n} houses, and residents were taken to {a}.",
    "Shelling of {a} went on, and the power station near {b} was hit on {day}.",
)
TOWNS = (
    "Kherson",
    "Kharkiv",
    "Mariupol",
    "Bakhmut",
    "Lviv",
    "Mykolaiv",
    "Izium",
    "Kupiansk",
    "Odesa",
    "Kyiv",
    "Suva",
    "Dnipro",
    "Nowhereton",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def opened(where: str) -> Store:
    """The store at a file, or of a project (after #) on a server."""
    address, _, project = where.partition("#")
    return Store.open(address, project=project or "default")


@dataclass(slots=True)
class Outcome:
    """What became of all trials; everything but `trials` and `killed` should be 0."""

    trials: int = 0
    killed: int = 0
    lost: int = 0
    partial: int = 0
    unequal: int = 0
    unopened: int = 0


def made(many: int) -> Iterator[Report]:
    """So many short reports, the same each time; some tell of the same happenings."""
    chance = random.Random(7)
    for n in range(many):
        told = {
            "a": chance.choice(TOWNS),
            "b": chance.choice(TOWNS),
            "day": chance.choice(DAYS),
            "n": chance.randint(2, 40),
        }
        yield Report(
            report_id=f"r{n}",
            title=f"Report {n}",
            text=" ".join(s.format(**told) for s in chance.sample(SENTENCES, 3)),
            published=datetime(2022, 3, 1, tzinfo=UTC) + timedelta(days=chance.randrange(300)),
            source=chance.choice(("Reuters", "AP", "Ukrinform")),
            url=f"https://example.org/{n}",
            language="en",
        )


def extracted(reports: Iterable[Report]) -> Iterator[Extraction]:
    """What the reports yield with the model-free recogniser."""
    from geo import standard
    from geo.settings import Settings

    with tempfile.TemporaryDirectory() as home:
        yield from standard.pipeline(Settings(home=Path(home), model="none")).extract(reports)


def simply(reports: Iterable[Report]) -> Iterator[Extraction]:
    """What they yield without gazetteer and pipeline: four known names, each a claim of its sentence."""
    from contract_store import made as simple

    for n, report in enumerate(reports):
        day = report.published.date() if report.published and n % 7 else None
        yield simple(report.report_id, report.text, published=report.published, source=report.source, day=day)


def imported(where: str, kept: Path, many: int, extractions: Path) -> None:
    """Import everything into a store, and write down after each commit how far it is safe."""
    import pickle

    told: list[Extraction] = pickle.loads(extractions.read_bytes())
    with opened(where) as store, kept.open("a", buffering=1) as safe:
        store.add(told[:many], progress=lambda seen: print(seen, file=safe, flush=True))


def trial(where: str, chance: random.Random, setting: Setting, outcome: Outcome) -> None:
    """One kill and what came of it."""
    kept = Path(setting.folder) / "kept"
    kept.unlink(missing_ok=True)
    command = [sys.executable, __file__, "--import", where, str(kept), str(setting.many), str(setting.extractions)]
    process = subprocess.Popen(command)
    try:
        process.wait(timeout=setting.starting + chance.random() * setting.lasting)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        outcome.killed += 1
    safe = [int(line) for line in kept.read_text().splitlines() if line.strip()] if kept.exists() else []
    outcome.trials += 1
    try:
        with opened(where) as store:
            wrong = store.check()
            outcome.partial += len(wrong) + _partial(store, setting.told)
            outcome.lost += _lost(store, setting.told[: max(safe, default=0)])
            store.add(setting.told)
            outcome.unequal += store.digest() != setting.digest
    except StoreError as error:
        outcome.unopened += 1
        print(error, file=sys.stderr)


def _lost(store: Store, told: list[Extraction]) -> int:
    return len(store.missing([x.report for x in told]))


def _partial(store: Store, told: list[Extraction]) -> int:
    """Reports that are there, but not with all that they yielded."""
    there = {r.report_id for r in store.reports()}
    chosen = [x for x in told if x.report.report_id in there]
    counted = store.counts()
    return int(
        counted.mentions != sum(len(x.mentions) for x in chosen)
        or counted.claims != sum(len(x.claims) for x in chosen)
        or sum(counted.skipped.values()) != sum(len(x.skips) for x in chosen)
    )


@dataclass(slots=True)
class Setting:
    """What all trials share."""

    folder: str
    many: int
    told: list[Extraction]
    extractions: Path
    digest: str = ""
    starting: float = 0.0
    lasting: float = 0.0


def run(trials: int, kind: str, many: int, *, simple: bool = False) -> Outcome:
    """All trials on one kind of home."""
    import pickle

    with tempfile.TemporaryDirectory(prefix="dateline-crash-") as folder, _server(kind) as url:
        told = list((simply if simple else extracted)(made(many)))
        file = Path(folder) / "extractions"
        file.write_bytes(pickle.dumps(told))
        setting = Setting(folder=folder, many=many, told=told, extractions=file)

        def where(number: int) -> str:
            return f"{url}#{number}" if url else str(Path(folder) / f"{number}.sqlite")

        _undisturbed(where(0), setting)
        outcome, chance = Outcome(), random.Random()
        for number in range(1, trials + 1):
            trial(where(number), chance, setting, outcome)
            for left in Path(folder).glob(f"{number}.sqlite*"):
                left.unlink()
    return outcome


def _undisturbed(where: str, setting: Setting) -> None:
    begun = time.monotonic()
    command = [
        sys.executable,
        __file__,
        "--import",
        where,
        str(Path(setting.folder) / "first"),
        "0",
        str(setting.extractions),
    ]
    subprocess.run(command, check=True)
    setting.starting = (time.monotonic() - begun) * 0.8
    begun = time.monotonic()
    command[-2] = str(setting.many)
    subprocess.run(command, check=True)
    setting.lasting = max(0.5, time.monotonic() - begun - setting.starting)
    with opened(where) as store:
        setting.digest = store.digest()


@contextmanager
def _server(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        with nullcontext(""):
            yield ""
        return
    import own_postgres

    with own_postgres.server(durable=True) as url:
        yield url


def main() -> int:
    """Run the trials and print their counts; 1 where anything was lost."""
    if sys.argv[1:2] == ["--import"]:
        imported(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
        return 0
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--store", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--reports", type=int, default=2000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--simple", action="store_true", help="four known names in place of gazetteer and recogniser")
    arguments = parser.parse_args()
    outcome = asdict(run(arguments.trials, arguments.store, arguments.reports, simple=arguments.simple))
    print(json.dumps(outcome) if arguments.json else "\n".join(f"{k} {v}" for k, v in outcome.items()))
    return int(any(outcome[name] for name in ("lost", "partial", "unequal", "unopened")))


if __name__ == "__main__":
    sys.exit(main())
