"""Events as KML, for Google Earth and the like."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element, ElementTree, SubElement

from geo.export.codes import with_codes
from geo.export.plain import DIGITS, LICENCE, Parcel, credit, rows

_NOT_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SHOWN: Final = frozenset(("title", "quote", "geometry"))  # what a placemark has a place of its own for


def write_kml(parcel: Parcel, path: Path) -> None:
    """A placemark an event, with its time span, sentence, outlets and columns; words are text, never HTML."""
    root = Element("kml", xmlns="http://www.opengis.net/kml/2.2")
    document = SubElement(root, "Document")
    SubElement(document, "name").text = "Dateline events"
    SubElement(document, "description").text = f"{credit(parcel.events)}. {LICENCE}"
    for row in rows(with_codes(parcel.events)):
        _placemark(SubElement(document, "Placemark"), row)
    ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _placemark(mark: Element, row: dict[str, Any]) -> None:
    SubElement(mark, "name").text = _xml(row["title"])
    SubElement(mark, "description").text = _xml("\n".join((row["quote"], "; ".join(row["outlets"]))))
    if row["first_day"] or row["last_day"]:
        span = SubElement(mark, "TimeSpan")
        for tag, day in (("begin", row["first_day"]), ("end", row["last_day"])):
            if day:
                SubElement(span, tag).text = day
    data = SubElement(mark, "ExtendedData")
    for name, value in row.items():
        if name not in _SHOWN and value is not None:
            words = "; ".join(value) if isinstance(value, list) else str(value)
            SubElement(SubElement(data, "Data", name=name), "value").text = _xml(words)
    if (point := row["geometry"]) is not None:
        where = SubElement(SubElement(mark, "Point"), "coordinates")
        where.text = f"{point.x:.{DIGITS}f},{point.y:.{DIGITS}f}"


def _xml(words: str) -> str:
    """The words without what XML 1.0 cannot hold, and with < and & once more escaped: viewers read them as HTML."""
    return html.escape(_NOT_XML.sub("", words), quote=False)
