"""Where the north or the south-east of a country or division is: in the middle of that third of its outline."""

from __future__ import annotations

import math
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo.gazetteer.compiled import Compiled

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SHIPPED: Final = Path(__file__).parents[2] / "data" / "gazetteer"
_THIRD: Final = 1 / 3
_MOST: Final = 0.6  # the share of a land from which its greatest piece stands for it: the United States without Alaska


@lru_cache(maxsize=5000)
def middle_of(place_id: str, bearing: float) -> tuple[float, float] | None:
    """The lon, lat in degrees of the middle of the third of a place that lies towards a bearing in degrees.

    None for a place of which the shipped gazetteer has no outline.
    """
    row = _shipped().row_of(place_id)
    shape = None if row is None else _shipped().shape(row)
    if shape is None:
        return None
    middle = third(_mainland(shape), bearing).centroid
    return round(middle.x, 5), round(middle.y, 5)


def third(shape: BaseGeometry, bearing: float) -> BaseGeometry:
    """The third of a shape's extent that lies towards a bearing in degrees.

    >>> import shapely
    >>> third(shapely.box(0, 0, 1, 3), 0.0).bounds
    (0.0, 2.0, 1.0, 3.0)
    """
    from shapely import affinity, box

    squeeze = max(0.1, math.cos(math.radians(shape.centroid.y)))
    flat = affinity.rotate(affinity.scale(shape, squeeze, origin=(0, 0)), bearing, origin=(0, 0))
    left, bottom, right, top = flat.bounds
    cut = flat.intersection(box(left, top - _THIRD * (top - bottom), right, top))
    return affinity.scale(affinity.rotate(cut, -bearing, origin=(0, 0)), 1 / squeeze, origin=(0, 0))


def _mainland(shape: BaseGeometry) -> BaseGeometry:
    pieces = getattr(shape, "geoms", [shape])
    greatest = max(pieces, key=lambda piece: piece.area)
    return greatest if greatest.area >= _MOST * shape.area else shape


@cache
def _shipped() -> Compiled:
    return Compiled(SHIPPED)
