"""The same contract on a real PostgreSQL with PostGIS, which these tests start themselves."""

from __future__ import annotations

import itertools

import own_postgres
import pytest
from contract_store import A, ReviewContract, StoreContract
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from test_store_stateful import QUICK, Reviewing

from geo import standard
from geo.errors import StoreError
from geo.settings import load
from geo.store import Store

pytestmark = [
    pytest.mark.postgis,
    pytest.mark.skipif(bool(own_postgres.missing()), reason=own_postgres.missing() or "-"),
]
_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def address():
    with own_postgres.server() as url:
        yield url


@pytest.fixture
def opened(address):
    """Opens stores by name, each test in schemas of its own, and closes them all."""
    number, stores = next(_NUMBERS), []

    def open_(name):
        stores.append(Store.open(address, project=f"{name}{number}"))
        return stores[-1]

    yield open_
    for store in stores:
        store.close()


@pytest.fixture
def store(opened):
    return opened("one")


@pytest.fixture
def again(opened):
    return lambda: opened("one")


@pytest.fixture
def fresh(opened):
    return lambda: opened("two")


class TestPostgres(StoreContract):
    pass


class TestPostgresReview(ReviewContract):
    pass


class ReviewingOnServer(Reviewing):
    """The same sequences as on SQLite, each in schemas of its own."""

    address = ""

    def open(self, name):
        return Store.open(self.address, project=f"{name}_drawn{next(_NUMBERS)}")


@pytest.mark.slow
def test_any_sequence_of_decisions_can_be_taken_back_on_a_server_too(address):
    ReviewingOnServer.address = address
    run_state_machine_as_test(ReviewingOnServer, settings=settings(QUICK, max_examples=4))


def test_projects_on_one_server_do_not_see_each_other(opened):
    opened("one").add([A])
    assert opened("two").counts().reports == 0
    assert opened("one").counts().reports == 1


def test_the_project_of_the_settings_is_a_schema_of_its_own_and_can_be_listed(address, tmp_path):
    names = [f"case_{next(_NUMBERS)}" for _ in range(2)]
    cases = [load(tmp_path, store=address, project=name) for name in names]
    with standard.store(cases[0]) as first, standard.store(cases[1]) as second:
        first.add([A])
        assert (first.counts().reports, second.counts().reports) == (1, 0)
    assert set(names) <= set(standard.projects(cases[0]))


def test_a_server_that_does_not_answer_is_named_without_its_password():
    with pytest.raises(StoreError, match="did not answer") as caught:
        Store.open("postgresql://someone:secret@127.0.0.1:1/none")
    assert "secret" not in str(caught.value)
