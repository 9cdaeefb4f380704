"""Growing by a GeoNames dump: taken in, interrupted and resumed, beside the shipped gazetteer, faults told."""

from __future__ import annotations

import http.server
import json
import threading
import zipfile
from contextlib import contextmanager

import numpy as np
import pytest

from geo.errors import GazetteerError, LimitError, ReadError
from geo.gazetteer import dump
from geo.gazetteer.local import LocalGazetteer
from geo.gazetteer.names import fold
from geo.records import Query

ROWS = [
    ("12000001", "Нова Балка", "Nova Balka", "Nowa Balka,NVB", "46.61", "33.11", "P", "PPL", "UA", "08", "", "212"),
    ("12000002", "Balka Stara", "Balka Stara", "", "46.62", "33.12", "H", "STM", "UA", "08", "", "0"),
    ("12000003", 'Kolkhoz "Zorya"', 'Kolkhoz "Zorya"', "", "46.63", "33.13", "S", "FRM", "UA", "08", "6510", "0"),
    ("706442", "Khersons’ka Oblast’", "Khersons'ka Oblast'", "Kherson Region", "46.5", "33.5", "A", "ADM1", "UA", "08",
     "", "1100000"),
    ("12189518", "Khersonskyi Raion", "Khersonskyi Raion", "", "46.7", "32.7", "A", "ADM2", "UA", "08", "6510", "0"),
    ("706448", "Kherson", "Kherson", "Cherson", "46.63", "32.61", "P", "PPLA", "UA", "08", "6510", "283649"),
]  # fmt: skip


def line(row):
    number, name, plain, others, lat, lon, class_, code, country, admin1, admin2, people = row
    columns = [
        number,
        name,
        plain,
        others,
        lat,
        lon,
        class_,
        code,
        country,
        "",
        admin1,
        admin2,
        "",
        "",
        people,
        "",
        "7",
    ]
    return "\t".join([*columns, "Europe/Kyiv", "2023-01-01"]) + "\n"


@pytest.fixture
def text(tmp_path):
    file = tmp_path / "UA.txt"
    file.write_text("".join(line(row) for row in ROWS), encoding="utf-8")
    return file


def test_a_dump_is_looked_up_beside_the_shipped_gazetteer(tmp_path, text):
    home = tmp_path / "home"
    shares = []
    added = dump.add(text, home, lambda rows, share: shares.append(share))
    assert (added.rows, added.known, added.unreadable) == (5, 1, 0)
    assert shares[-1] == 1.0
    assert shares == sorted(shares)
    gazetteer = LocalGazetteer.open(extra=home)
    village = gazetteer.candidates([Query(name="Nova Balka")])[0][0].place
    assert (village.place_id, village.level, village.population) == ("geonames:12000001", "point", 212)
    assert village.parents == ("geonames:706442", "geonames:690791")
    assert gazetteer.lookup("Нова Балка") == gazetteer.lookup("nowa balka") != ()
    assert gazetteer.candidates([Query(name="Balka Stara")])[0][0].place.kind == "stream"
    assert gazetteer.candidates([Query(name='Kolkhoz "Zorya"')])[0][0].place.admin2 == "Khersonskyi Raion"
    assert gazetteer.candidates([Query(name="Nova Bolka", country="UA")])[0][0].match == "fuzzy"
    assert gazetteer.candidates([Query(name="Kherson")])[0][0].place.place_id == "geonames:706448"
    facts = gazetteer.facts(gazetteer.lookup("Nova Balka"))
    assert (facts.country.tolist(), facts.admin1.tolist()) == (["UA"], [706442])


def brute(gazetteer, name):
    """The rows of a name, each part asked in turn."""
    found = [start + row for part, start in zip(gazetteer.parts, gazetteer._starts, strict=False)
             for row in part.called(fold(name))]  # fmt: skip
    return set(dict.fromkeys(gazetteer._newer.get(row, row) for row in found))


@pytest.mark.parametrize("stamp", ["as it is", "of another version"])
def test_a_look_up_leaves_the_addition_out_only_where_it_knows_nothing(tmp_path, text, stamp):
    home = tmp_path / "home"
    folder = dump.add(text, home).folder
    if stamp != "as it is":
        told = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        told["notes"]["beside"] = stamp
        (folder / "meta.json").write_text(json.dumps(told), encoding="utf-8")
    gazetteer = LocalGazetteer.open(extra=home)
    asked = int(np.unpackbits(np.frombuffer(gazetteer._shared, np.uint8)).sum())
    assert asked < 1000 if stamp == "as it is" else asked >= len(gazetteer.parts[0].trie)
    names = ["Nova Balka", "Kherson", "Kherson region", "Херсонська область", "Paris", "Springfield", "Nowhere at all"]
    names += [gazetteer.place_at(row).name for row in range(0, gazetteer.rows, 5000)]
    for name in names:
        assert set(gazetteer.lookup(name)) == brute(gazetteer, name), name


def test_a_division_takes_geonames_own_point_from_the_dump_and_keeps_its_outline(tmp_path, text):
    home = tmp_path / "home"
    before = LocalGazetteer.open()
    dump.add(text, home)
    after = LocalGazetteer.open(extra=home)
    for name in ("Kherson region", "Херсонська область"):
        found = after.candidates([Query(name=name)])[0]
        assert [one.place.place_id for one in found].count("geonames:706442") == 1
        assert (found[0].place.lon, found[0].place.lat) == (33.5, 46.5)
    assert after.point_kind("geonames:706442") == "geonames"
    assert before.point_kind("geonames:706442") != "geonames"
    assert after.polygon("geonames:706442").equals(before.polygon("geonames:706442"))
    assert after.place("geonames:706442").radius_km == before.place("geonames:706442").radius_km


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path, text, monkeypatch):
    monkeypatch.setattr(dump, "_STRETCH", 100)
    home = tmp_path / "home"

    def stop(rows, share):
        if rows >= 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dump.add(text, home, stop)
    state = json.loads((home / ".UA.part" / "state.json").read_text(encoding="utf-8"))
    assert 3 <= state["rows"] < len(ROWS)
    assert not list(home.glob("*/meta.json"))
    seen = []
    added = dump.add(text, home, lambda rows, share: seen.append(rows))
    assert seen[0] > state["rows"]
    assert added.rows + added.known == len(ROWS)
    assert not (home / ".UA.part").exists()
    assert LocalGazetteer.open(extra=home).lookup("Nova Balka")


def test_a_changed_file_starts_anew(tmp_path, text, monkeypatch):
    monkeypatch.setattr(dump, "_STRETCH", 100)
    home = tmp_path / "home"
    with pytest.raises(ZeroDivisionError):
        dump.add(text, home, lambda rows, share: 1 / 0)
    text.write_text("".join(line(row) for row in ROWS[:2]), encoding="utf-8")
    assert dump.add(text, home).rows == 2


def test_a_second_run_replaces_the_first(tmp_path, text):
    home = tmp_path / "home"
    dump.add(text, home)
    text.write_text(line(ROWS[1]), encoding="utf-8")
    assert dump.add(text, home).rows == 1
    assert not LocalGazetteer.open(extra=home).lookup("Nova Balka")


def test_a_zip_is_read_without_its_readme(tmp_path, text):
    file = tmp_path / "XX.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", "words " * 5000)
        archive.write(text, "UA.txt")
    assert dump.add(file, tmp_path / "home").rows == 5


def test_rows_that_cannot_be_read_are_counted_and_left_out(tmp_path, text):
    bad = ["short\trow\n", line((*ROWS[0][:4], "95", *ROWS[0][5:])), line((*ROWS[0][:6], "Q", *ROWS[0][7:]))]
    text.write_text("".join(line(row) for row in ROWS) + "".join(bad), encoding="utf-8")
    added = dump.add(text, tmp_path / "home")
    assert (added.rows, added.unreadable) == (5, 3)


def test_a_file_that_is_no_dump_is_refused(tmp_path):
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir,\n" * 100, encoding="utf-8")
    with pytest.raises(ReadError, match="no row of 19"):
        dump.add(file, tmp_path / "home")
    with pytest.raises(ReadError, match="cannot be read"):
        dump.add(tmp_path / "nothing.zip", tmp_path / "home")
    file.write_text(line(ROWS[0]) + "Dear Sir,\n" * 100, encoding="utf-8")
    with pytest.raises(ReadError, match="are not rows"):
        dump.add(file, tmp_path / "home")


def test_a_zip_that_unpacks_to_far_too_much_is_refused(tmp_path):
    file = tmp_path / "bomb.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("UA.txt", "\t" * 10_000_000)
    with pytest.raises(LimitError, match="refused"):
        dump.add(file, tmp_path / "home")


@contextmanager
def served(content, *, cut=0):
    """A server that gives one file, by ranges too; its first answer is cut after `cut` bytes if not 0."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.headers.get("Range"))
            start = int((self.headers.get("Range") or "bytes=0-")[6:-1])
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            body = content[start:]
            self.wfile.write(body[:cut] if cut and len(asked) == 1 else body)

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_country_is_downloaded_and_a_cut_download_goes_on(tmp_path, text):
    file = tmp_path / "made.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(text, "UA.txt")
    home = tmp_path / "home"
    with served(file.read_bytes(), cut=200) as (server, asked):
        with pytest.raises(GazetteerError, match="could not be reached"):
            dump.add_country("ua", home, server=server)
        added = dump.add_country("ua", home, server=server)
    assert (added.rows, added.folder) == (5, home / "UA")
    assert asked == [None, "bytes=200-"]
    assert not (home / "UA.zip").exists()


def test_without_a_network_the_user_is_told_what_to_do(tmp_path):
    with pytest.raises(GazetteerError, match=r"gazetteer add UA\.zip"):
        dump.add_country("UA", tmp_path, server="http://127.0.0.1:9")
    with pytest.raises(GazetteerError, match="not a country code"):
        dump.add_country("../etc", tmp_path)
