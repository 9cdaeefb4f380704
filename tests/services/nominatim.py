"""A real Nominatim on loopback: imported into a PostgreSQL of our own, served, and gone at the end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import own_postgres
from services.extract import write_extract

HOW_TO_INSTALL = "apt-get install osm2pgsql, then tests/services/install_nominatim.sh"


def missing() -> str:
    """Why no Nominatim can be started here, with the remedy; "" where one can."""
    if words := own_postgres.missing():
        return words
    if shutil.which("osm2pgsql") is None:
        return f"osm2pgsql is not installed: {HOW_TO_INSTALL}"
    if not _program().exists():
        return f"Nominatim is not installed in {_program().parents[1]}: {HOW_TO_INSTALL}"
    return ""


@contextmanager
def server() -> Iterator[str]:
    """A Nominatim that knows the places of `extract.py`; yields its address."""
    with own_postgres.server() as url, tempfile.TemporaryDirectory(prefix="dateline-nominatim-") as folder:
        project = Path(folder)
        where = url.partition("@")[2].partition("/")[0]
        host, _, port = where.partition(":")
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("NOMINATIM_", "PG"))},
            "NOMINATIM_DATABASE_DSN": f"pgsql:host={host};port={port};user=dateline;dbname=nominatim",
            "NOMINATIM_IMPORT_STYLE": "full",
            "NOMINATIM_LANGUAGES": "en,uk,ru",
            "NOMINATIM_DATABASE_WEBUSER": "dateline",
        }
        extract = write_extract(project / "extract.osm")
        _run(["import", "--osm-file", str(extract), "--offline", "-j", "1"], project, environment)
        with _served(project, environment) as address:
            yield address


@contextmanager
def _served(project: Path, environment: dict[str, str]) -> Iterator[str]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    program, at = str(_program()), f"127.0.0.1:{port}"
    words = [program, "serve", "--server", at, "--engine", "falcon", "--project-dir", str(project)]
    with (project / "serve.log").open("wb") as log:
        process = subprocess.Popen(words, cwd=project, env=environment, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}", process, project / "serve.log")
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/search?q=Kherson", timeout=120) as page:
                page.read()  # the first answer takes long on a busy machine, and is not what the tests time
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def _run(words: list[str], project: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [_program(), *words, "--project-dir", project], cwd=project, env=environment, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"nominatim {words[0]} ended with {done.returncode}: {done.stderr[-2000:]}")


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/status", timeout=5) as page:
                page.read()
        except (urllib.error.URLError, OSError):
            if process.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"Nominatim did not answer: {log.read_text()[-2000:]}")


def _program() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    venv = os.environ.get("DATELINE_NOMINATIM") or cache / "dateline-tests" / "nominatim"
    return Path(venv) / "bin" / "nominatim"
