"""Files that are written as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.errors import DatelineError


@contextmanager
def replacing(path: Path, *, private: bool = False) -> Iterator[Path]:
    """A new file beside `path` to be written; it takes its place at the end, and is removed if something goes wrong.

    It is readable as the user's other files are, or by its owner only where it is `private`. DatelineError where it
    cannot be written: a folder that is missing or not ours, a full disk.
    """
    beside = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
        os.close(handle)
        beside = Path(name)
        yield beside
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        if not private:  # as mkstemp made it
            beside.chmod(0o666 & ~_umask())
        beside.replace(path)
    except OSError as error:
        raise DatelineError(f"{path} cannot be written: {error.strerror or error}; choose another folder") from error
    finally:
        if beside:
            beside.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
