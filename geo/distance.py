"""Great-circle distances in km: haversine, mean Earth radius 6371.0088 km (IUGG 1980), within 0.6 % of the geodesic."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_KM: Final = 6371.0088


def km(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike) -> NDArray[np.float64]:
    """Great-circle distance in km between points in degrees; arrays broadcast, NaN stays NaN.

    >>> round(float(km(0.0, 0.0, 0.0, 1.0)), 1)
    111.2
    """
    a, b, c, d = (np.radians(np.asarray(v, dtype=float)) for v in (lon1, lat1, lon2, lat2))
    h = np.sin((d - b) / 2) ** 2 + np.cos(b) * np.cos(d) * np.sin((c - a) / 2) ** 2
    distance: NDArray[np.float64] = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(h, 0.0, 1.0)))
    return distance
