"""The page that most people write first: a loop of folium.Marker (or one GeoJson group) in st_folium, for comparison.

Run by benchmarks/map.py with EVENTS (how many) and KIND (marker or geojson) in the environment; Leaflet and the rest
come from this machine, so that it draws at all without a network.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import folium
import streamlit as st
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from streamlit.runtime.scriptrunner import get_script_run_ctx

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests")]
ASSETS = "../../assets/vendor/"


@st.cache_data
def places(n: int) -> list[tuple[float, float]]:
    """Where n made-up events are."""
    from crowds import crowd

    points = crowd(n, places=min(n, 20_000)).geometry.dropna()
    return list(zip(points.y, points.x, strict=True))


def page() -> None:
    """The page."""
    from streamlit_folium import st_folium

    folium.Map.default_js = [("leaflet", f"{ASSETS}leaflet.js")]
    folium.Map.default_css = [("leaflet", f"{ASSETS}leaflet.css")]
    told = places(int(os.environ["EVENTS"]))
    half = st.button("half")
    shown = told[: len(told) // 2] if half else told
    made = folium.Map(location=(48, 31), zoom_start=3, tiles=None)
    made.options["max_zoom"] = 18
    if os.environ["KIND"] == "marker":
        for lat, lon in shown:
            folium.Marker((lat, lon)).add_to(made)
        st_folium(made, key="plain", height=600, use_container_width=True, returned_objects=[])
        return
    group = folium.FeatureGroup()
    points = [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]}, "properties": {}}
              for lat, lon in shown]  # fmt: skip
    folium.GeoJson(
        {"type": "FeatureCollection", "features": points}, marker=folium.CircleMarker(radius=4, fill=True)
    ).add_to(group)
    st_folium(made, key="plain", height=600, use_container_width=True, returned_objects=[], feature_group_to_add=group)


if get_script_run_ctx() is None:
    files = StaticFiles(directory=ROOT / "geo" / "app" / "assets")
    app = st.App(__file__, routes=[Mount("/assets", files)])
else:
    page()
