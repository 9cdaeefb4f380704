"""Turns and pauses: one queue for all processes on the machine, kept in a file."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from geo.errors import GeocoderError
from geo.gazetteer.limiter import Breaker, Limiter


class Clock:
    """A clock that tests set by hand."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_second_turn_begins_a_gap_after_the_first_ended(tmp_path: Path) -> None:
    clock = Clock()
    limiter = Limiter(tmp_path / "turns", clock=clock, sleep=clock.sleep)
    first = limiter.take("osm", lease_s=10, patience_s=5)
    assert first
    clock.now += 3  # the request took 3 s
    limiter.give("osm", first, gap_s=1.1)
    given = clock.now
    assert limiter.take("osm", lease_s=10, patience_s=5)
    assert clock.now - given == pytest.approx(1.1, abs=0.1)


def test_services_do_not_wait_for_each_other(tmp_path: Path) -> None:
    clock = Clock()
    limiter = Limiter(tmp_path / "turns", clock=clock, sleep=clock.sleep)
    assert limiter.take("osm", lease_s=10, patience_s=0)
    assert limiter.take("geonames", lease_s=10, patience_s=0)
    assert limiter.take("osm", lease_s=10, patience_s=0) is None


def test_who_dies_with_its_turn_loses_it_when_the_lease_ends(tmp_path: Path) -> None:
    clock = Clock()
    limiter = Limiter(tmp_path / "turns", clock=clock, sleep=clock.sleep)
    lost = limiter.take("osm", lease_s=10, patience_s=0)
    assert lost
    clock.now += 9.9
    assert limiter.take("osm", lease_s=10, patience_s=0) is None
    clock.now += 0.2
    assert limiter.take("osm", lease_s=10, patience_s=0)
    limiter.give("osm", lost, gap_s=0)  # it wakes up after all, and gives back what is not its own
    assert limiter.take("osm", lease_s=10, patience_s=0) is None


def test_a_clock_set_back_does_not_block_a_service_for_years(tmp_path: Path) -> None:
    clock = Clock()
    limiter = Limiter(tmp_path / "turns", clock=clock, sleep=clock.sleep)
    assert limiter.take("osm", lease_s=10, patience_s=0)
    clock.now -= 10 * 365 * 86400
    assert limiter.take("osm", lease_s=10, patience_s=0)


def _hammer(path: Path, log: Path, gap: float) -> None:
    limiter = Limiter(path)
    for _ in range(5):
        ticket = limiter.take("osm", lease_s=5, patience_s=60)
        assert ticket
        with log.open("a") as out:
            out.write(f"{time.monotonic()}\n")
        limiter.give("osm", ticket, gap_s=gap)


def test_three_processes_that_start_at_once_take_turns(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    arguments = (tmp_path / "turns", tmp_path / "log", 0.1)
    processes = [context.Process(target=_hammer, args=arguments) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    times = sorted(float(line) for line in (tmp_path / "log").read_text().split())
    assert len(times) == 15
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.099


def test_the_third_failure_in_a_row_pauses_a_service_and_further_ones_for_longer_up_to_half_an_hour(
    tmp_path: Path,
) -> None:
    clock = Clock()
    breaker = Breaker(tmp_path / "turns", clock=clock)
    pauses = []
    for _ in range(10):
        pauses.append(breaker.failed("osm", "cut"))
        clock.now += pauses[-1]
    assert pauses == [0, 0, 60, 120, 240, 480, 960, 1800, 1800, 1800]


def test_an_answer_ends_the_count_of_failures(tmp_path: Path) -> None:
    breaker = Breaker(tmp_path / "turns")
    for _ in range(5):
        assert breaker.failed("osm", "cut") == 0
        assert breaker.failed("osm", "cut") == 0
        breaker.answered("osm")
    assert breaker.wait("osm") == 0


def test_all_processes_see_a_pause_and_a_person_may_end_it_unless_the_service_set_it(tmp_path: Path) -> None:
    clock = Clock()
    breaker, other = (Breaker(tmp_path / "turns", clock=clock) for _ in range(2))
    breaker.failed("osm", "it refused us", pause_s=1800)
    assert other.wait("osm") == 1800
    assert other.again("osm")
    assert breaker.wait("osm") == 0
    breaker.failed("osm", "too many", pause_s=120, limited=True)
    assert not other.again("osm")
    assert other.wait("osm") == 120


def test_an_absurd_retry_after_pauses_for_a_day_at_most(tmp_path: Path) -> None:
    breaker = Breaker(tmp_path / "turns")
    assert breaker.failed("osm", "too many", pause_s=1e12, limited=True) <= 86400
    assert Breaker(tmp_path / "turns").failed("photon", "too many", pause_s=-5, limited=True) == 0


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    Breaker(tmp_path / "home" / "turns").answered("osm")
    assert (tmp_path / "home" / "turns").stat().st_mode & 0o077 == 0


def test_a_damaged_file_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "turns").write_bytes(b"this is no database at all" * 100)
    with pytest.raises(GeocoderError, match="may be removed"):
        Breaker(tmp_path / "turns").wait("osm")


def test_a_file_locked_by_another_is_waited_for(tmp_path: Path) -> None:
    Breaker(tmp_path / "turns").wait("osm")
    holder = sqlite3.connect(tmp_path / "turns", isolation_level=None, check_same_thread=False)
    holder.execute("begin immediate")
    threading.Timer(0.3, lambda: holder.execute("commit")).start()
    assert Breaker(tmp_path / "turns").failed("osm", "cut") == 0
    holder.close()
