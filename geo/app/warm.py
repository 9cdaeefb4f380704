"""Opens what every page needs as the server starts, so that nobody waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import logging
from collections.abc import AsyncIterator
from typing import Final

from geo.app.desk import close, desk
from geo.errors import DatelineError

# Not the pages themselves: streamlit-folium must be imported by a running page, or it is not registered.
_HEAVY: Final = ("folium", "pyarrow", "geo.maps", "geo.claims", "geo.app.panel", "geo.app.filters_bar", "geo.app.work")
_log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def warm(_: object) -> AsyncIterator[None]:
    """While the server runs; the store is opened beside the first requests, not before them."""
    opening = asyncio.get_running_loop().run_in_executor(None, open_all)
    yield
    await opening
    close()


def open_all() -> None:
    """Import what is heavy, open the store and build the index; trouble is told to whoever opens a page."""
    for name in _HEAVY:
        importlib.import_module(name)
    try:
        desk()
    except DatelineError as error:
        _log.warning("%s", error)
    gc.collect()
    gc.freeze()  # what stays as long as the server is not gone through again by each collection
