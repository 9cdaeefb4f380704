"""The first start: the sample reports are read, with progress, into an empty store."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.app.desk import Desk


def offer(shared: Desk) -> bool:
    """Fill an empty store with the sample reports; whether the page should wait for them."""
    return not shared
