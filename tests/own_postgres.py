"""A PostgreSQL server of our own for tests and benchmarks: started on a free loopback port, gone at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOW_TO_INSTALL = "apt-get install postgresql postgresql-15-postgis-3"


def missing() -> str:
    """Why no server can be started here, with the remedy; "" where one can."""
    binaries = _binaries()
    if binaries is None:
        return f"PostgreSQL is not installed: {HOW_TO_INSTALL}"
    version = binaries.parent.name
    if not Path(f"/usr/share/postgresql/{version}/extension/postgis.control").exists():
        return f"PostGIS is not installed: apt-get install postgresql-{version}-postgis-3"
    if os.geteuid() == 0 and not _has_user("postgres"):
        return "PostgreSQL does not run as root, and there is no user postgres"
    return ""


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """A server with one database; yields its address. Only a durable one waits for the disk, as a real one does."""
    binaries = _binaries()
    assert binaries is not None, missing()
    folder = Path(tempfile.mkdtemp(prefix="dateline-pg-", dir="/tmp"))
    who = "postgres" if os.geteuid() == 0 else None
    if who:
        shutil.chown(folder, who)
    data, port = folder / "data", _free_port()
    initdb = [binaries / "initdb", "-D", data, "-U", "dateline", "-A", "trust", "-E", "UTF8", "--locale=C"]
    subprocess.run(initdb, check=True, user=who, cwd=folder, stdout=subprocess.DEVNULL)
    settings = {
        "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder,
        "fsync": "on" if durable else "off", "max_connections": 60, "shared_buffers": "256MB",
    }  # fmt: skip
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", data, *options], user=who, cwd=folder, stderr=log, stdout=log
        )
        try:
            _wait(binaries, port, process, folder / "log")
            yield f"postgresql+psycopg://dateline@127.0.0.1:{port}/postgres"
        finally:
            process.send_signal(2)  # SIGINT: fast shutdown
            process.wait(timeout=60)
            shutil.rmtree(folder, ignore_errors=True)


def _wait(binaries: Path, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        asked = [binaries / "pg_isready", "-h", "127.0.0.1", "-p", str(port), "-q"]
        if subprocess.run(asked, check=False).returncode == 0:
            return
        if process.poll() is not None:
            raise RuntimeError(f"PostgreSQL did not start: {log.read_text()[-500:]}")
        time.sleep(0.1)
    raise RuntimeError("PostgreSQL did not answer within 30 s")


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]))
    return found[-1].parent if found else None


def _has_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
