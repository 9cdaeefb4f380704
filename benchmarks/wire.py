"""An analyst without a screen: says to the server what a browser says, and asks for what the map's layer asks for.

It speaks Streamlit's own protocol (protobuf over a websocket) and our routes, so that many can be at one server without
the browsers' own work, which analysts do on machines of their own. `benchmarks/analysts.py` counts with it.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

STATE = re.compile(r"dateline\.setState\((\{.*?\})\);")
WORLD = f"0,0,{2**32 - 1},{2**32 - 1}"
PATIENCE = 60  # seconds for one run of the page
MATCHED = slice(16, 20)  # in the head of the answer (geo/maps.py, `packed`): events that the filter leaves on the map


@dataclass
class Wire:
    """One session at a server: its address, the ids of its buttons by their words, and what its map shows."""

    url: str
    query: str = ""
    buttons: dict[str, str] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    matched: int = -1
    page: str = ""
    socket: ClientConnection | None = None

    async def open(self) -> None:
        """Load the page, as it is at the address."""
        self.state, self.matched = {}, -1
        address = self.url.replace("http", "ws", 1) + "_stcore/stream"
        self.socket = await connect(address, subprotocols=["streamlit"], max_size=None)  # type: ignore[list-item]
        await self._run(BackMsg(), shown=lambda: bool(self.state))

    async def close(self) -> None:
        """Leave."""
        if self.socket is not None:
            await self.socket.close()

    async def press(self, name: str) -> tuple[float, float]:
        """Press a button: seconds until the map has the marks of its new filter, and until the page is whole."""
        said = BackMsg()
        widget = said.rerun_script.widget_states.widgets.add()
        widget.id, widget.trigger_value = self.buttons[name], True
        before = self.state["filter"]
        return await self._run(said, shown=lambda: self.state["filter"] != before)

    async def _run(self, said: BackMsg, *, shown: Any) -> tuple[float, float]:
        """Have the page run; the marks are asked for as soon as the map is told its state, beside what else comes."""
        assert self.socket is not None
        said.rerun_script.query_string = self.query
        said.rerun_script.page_script_hash = self.page
        begin = time.perf_counter()
        await self.socket.send(said.SerializeToString())
        marks: asyncio.Task[float] | None = None
        async with asyncio.timeout(PATIENCE):
            while True:
                message = ForwardMsg()
                message.ParseFromString(await self.socket.recv())  # type: ignore[arg-type]
                self._take(message)
                if marks is None and shown():
                    marks = asyncio.create_task(asyncio.to_thread(self._ask, begin))
                if message.WhichOneof("type") == "script_finished" and marks is not None:
                    whole = time.perf_counter() - begin
                    return await marks, whole

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "navigation":
            self.page = message.navigation.page_script_hash
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.WhichOneof("type") == "button":
                self.buttons[element.button.label] = element.button.id
            elif element.WhichOneof("type") == "component_instance":
                told = json.loads(element.component_instance.json_args).get("feature_group") or ""
                if found := STATE.search(told):
                    self.state = json.loads(found[1])

    def _ask(self, begin: float) -> float:
        """The marks and the bars, as the layer asks for them; the time when the marks are there."""
        told = f"f={self.state['filter']}&v={self.state['version']}"
        with urllib.request.urlopen(f"{self.url}api/cells?{told}&z={int(self.state['view'][2])}&b={WORLD}") as answer:
            self.matched = int.from_bytes(answer.read()[MATCHED], "little")
        there = time.perf_counter() - begin
        with urllib.request.urlopen(f"{self.url}api/histogram?{told}") as answer:
            answer.read()
        return there
