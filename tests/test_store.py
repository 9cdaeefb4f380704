from __future__ import annotations

import pytest
from contract_store import A, ReviewContract, StoreContract

from geo.store import Store


@pytest.fixture
def opened(tmp_path):
    """Opens stores by name under one folder, and closes them all."""
    stores = []

    def open_(name):
        stores.append(Store.open(tmp_path / f"{name}.sqlite"))
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


class TestSqlite(StoreContract):
    pass


class TestSqliteReview(ReviewContract):
    pass


def test_a_store_keeps_its_reports_when_opened_again(tmp_path):
    with Store.open(tmp_path) as store:
        store.add([A])
    with Store.open(tmp_path) as store:
        assert store.report("a") == A
    assert (tmp_path / "projects" / "default.sqlite").is_file()
