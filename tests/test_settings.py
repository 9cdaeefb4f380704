"""Settings come from where the user put them, and a wrong one is named."""

import os

import pytest

from geo import standard
from geo.errors import DatelineError
from geo.settings import keep_table, keep_value, load


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in ("HOME", "STORE", "PROJECT", "MODEL"):
        monkeypatch.delenv(f"DATELINE_{name}", raising=False)


def test_without_a_file_the_store_is_in_the_home_folder(tmp_path):
    assert load(tmp_path).where == str(tmp_path / "projects" / "default.sqlite")


def test_what_is_given_goes_before_the_environment_and_that_before_the_file(tmp_path, monkeypatch):
    (tmp_path / "settings.toml").write_text('project = "file"\nmodel = "none"\n[online]\nservice = "Nominatim"\n')
    assert load(tmp_path).project == "file"
    monkeypatch.setenv("DATELINE_PROJECT", "environment")
    assert load(tmp_path).project == "environment"
    settings = load(tmp_path, project="given", store=None)
    assert (settings.project, settings.model) == ("given", "none")
    assert settings.tables["online"] == {"service": "Nominatim"}
    assert hash(settings) == hash(load(tmp_path, project="given"))


@pytest.mark.parametrize(
    ("text", "says"),
    [('colour = "red"', "unknown setting"), ("project = ", "is not TOML"), ('project = "../x"', "no project name")],
)
def test_a_wrong_setting_is_named(tmp_path, text, says):
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(DatelineError, match=says):
        load(tmp_path)


def test_the_publish_table_is_the_publish_gate_and_a_wrong_key_is_named(tmp_path):
    (tmp_path / "settings.toml").write_text('[publish]\nstatuses = ["accepted"]\ncoarsen_ids = ["e1"]\n')
    gate = standard.publish(load(tmp_path))
    assert (gate.statuses, gate.coarsen_ids) == (("accepted",), {"e1"})
    (tmp_path / "settings.toml").write_text("[publish]\ncoarse = 1\n")
    with pytest.raises(DatelineError, match="coarse"):
        standard.publish(load(tmp_path))


SERVICE = {"service": "Nominatim", "endpoint": "https://nominatim.example.org"}


def test_the_settings_file_is_changed_as_a_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "settings.toml"
    path.write_text(
        '# top\nmodel = "none"\n[online]\nservice = "Photon"\n[online.login]\na = "b"\n\n'
        '[roles]  # who\nread = ["@x.org"]\n'
    )
    told = {**SERVICE, "login": {"user name": 'a "quoted" \\ word\n'}, "retries": 3, "timeout_s": 1.5, "private": True}
    keep_table(tmp_path, "online", told)
    after = load(tmp_path)
    assert after.tables["online"] == told
    assert after.tables["roles"] == {"read": ["@x.org"]}
    assert (after.model, "# top" in path.read_text(), "# who" in path.read_text()) == ("none", True, True)
    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(DatelineError, match="No space left"):
        keep_table(tmp_path, "online", SERVICE)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".settings")] == []


def test_a_single_key_is_changed_and_the_rest_stays_as_it_is(tmp_path):
    path = tmp_path / "settings.toml"
    keep_value(tmp_path, "learn_from_review", value=False)
    assert path.read_text() == "learn_from_review = false\n"
    rest = '# top\nmodel = "none"\n[publish]\nlearn_from_review = 1  # of the table\n'
    path.write_text(f"learn_from_review = false\n{rest}")
    keep_value(tmp_path, "learn_from_review", value=True)
    assert path.read_text() == f"learn_from_review = true\n{rest}"
    path.write_text('model = """\nlearn_from_review = 1\n"""\n')
    with pytest.raises(DatelineError, match="edit it by hand"):
        keep_value(tmp_path, "learn_from_review", value=False)


def test_a_table_that_cannot_be_told_apart_is_left_to_its_owner(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text('model = """\n[online]\n"""\n')
    before = path.read_bytes()
    with pytest.raises(DatelineError, match="edit it by hand"):
        keep_table(tmp_path, "online", SERVICE)
    assert path.read_bytes() == before
