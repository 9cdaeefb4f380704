"""The dashboard: `streamlit run dashboard.py` serves the pages of geo/app and our few routes beside them."""

import logging
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from geo.app.gate import Gate
from geo.app.guard import Guard
from geo.app.routes import routes
from geo.app.warm import warm

logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s: %(message)s")

app = st.App(
    Path(__file__).parent / "geo" / "app" / "first.py",
    lifespan=warm,
    routes=routes(st.get_option("server.baseUrlPath")),
    middleware=[Middleware(Guard, hosts=lambda: st.get_option("server.allowedHosts") or []), Middleware(Gate)],
)
