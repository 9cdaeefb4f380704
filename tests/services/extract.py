"""A small OpenStreetMap extract made by us: the lower Dnipro in 14 places, one oblast and two roads.

The names are real and the points roughly so; ids are our own, for nothing here is copied from OpenStreetMap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

# name:en, name:uk, name:ru, place, population, lon, lat
_PLACES = (
    ("Kherson", "Херсон", "Херсон", "city", 283649, 32.617, 46.636),
    ("Mykolaiv", "Миколаїв", "Николаев", "city", 476101, 31.995, 46.975),
    ("Nova Kakhovka", "Нова Каховка", "Новая Каховка", "town", 45069, 33.349, 46.755),
    ("Beryslav", "Берислав", "Берислав", "town", 12123, 33.427, 46.842),
    ("Oleshky", "Олешки", "Алёшки", "town", 24383, 32.720, 46.623),
    ("Hola Prystan", "Гола Пристань", "Голая Пристань", "town", 13711, 32.523, 46.522),
    ("Snihurivka", "Снігурівка", "Снигирёвка", "town", 12307, 32.808, 47.073),
    ("Antonivka", "Антонівка", "Антоновка", "village", 12637, 32.712, 46.681),
    ("Chornobaivka", "Чорнобаївка", "Чернобаевка", "village", 9275, 32.535, 46.703),
    ("Blahodatne", "Благодатне", "Благодатное", "village", 700, 32.310, 46.930),
    ("Davydiv Brid", "Давидів Брід", "Давыдов Брод", "village", 1000, 33.163, 47.243),
    ("Posad-Pokrovske", "Посад-Покровське", "Посад-Покровское", "village", 2349, 32.232, 46.802),
    ("Kyselivka", "Киселівка", "Киселёвка", "village", 2400, 32.412, 46.778),
    ("Tiahynka", "Тягинка", "Тягинка", "village", 1500, 33.010, 46.772),
)
_OBLAST = (
    (31.50, 46.00),
    (33.30, 45.75),
    (35.20, 46.10),
    (34.90, 46.90),
    (33.80, 47.55),
    (32.60, 47.20),
    (31.70, 46.70),
)
_STAMP = 'version="1" timestamp="2026-01-01T00:00:00Z"'
_BRIDGE = ((32.7205, 46.6760), (32.7260, 46.6695), (32.7330, 46.6620))
_STREET = ((32.6150, 46.6400), (32.6200, 46.6440), (32.6260, 46.6490))


def write_extract(path: Path) -> Path:
    """Write the extract as OSM XML; the path."""
    nodes: list[str] = []
    for number, (name, ukrainian, russian, place, people, lon, lat) in enumerate(_PLACES, 1):
        tags = {
            "place": place, "name": ukrainian, "name:uk": ukrainian, "name:en": name, "name:ru": russian,
            "population": str(people),
        }  # fmt: skip
        nodes.append(_node(number, lon, lat, tags))
    oblast = {
        "type": "boundary", "boundary": "administrative", "admin_level": "4", "name": "Херсонська область",
        "name:uk": "Херсонська область", "name:en": "Kherson Oblast", "name:ru": "Херсонская область",
        "ISO3166-2": "UA-65",
    }  # fmt: skip
    bridge = {"highway": "primary", "bridge": "yes", "name": "Антонівський міст", "name:en": "Antonivka Road Bridge"}
    street = {"highway": "residential", "name": "Перекопська вулиця", "name:en": "Perekopska Street"}
    ways = [
        _way(nodes, 1, 100, _OBLAST, {}, closed=True),
        _way(nodes, 2, 300, _BRIDGE, bridge),
        _way(nodes, 3, 400, _STREET, street),
    ]
    relation = f'<relation id="1" {_STAMP}><member type="way" ref="1" role="outer"/>{_tags(oblast)}</relation>'
    body = "\n".join([*nodes, *ways, relation])
    path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n{body}\n</osm>\n', encoding="utf-8")
    return path


def _node(number: int, lon: float, lat: float, tags: Mapping[str, str]) -> str:
    return f'<node id="{number}" {_STAMP} lon="{lon}" lat="{lat}">{_tags(tags)}</node>'


def _way(
    nodes: list[str], number: int, first: int, points: Iterable[tuple[float, float]], tags: Mapping[str, str], *,
    closed: bool = False,
) -> str:  # fmt: skip
    """A way over new nodes, which are added to `nodes`; a closed one ends where it begins."""
    refs = []
    for offset, (lon, lat) in enumerate(points):
        nodes.append(_node(first + offset, lon, lat, {}))
        refs.append(f'<nd ref="{first + offset}"/>')
    refs += refs[:1] if closed else []
    return f'<way id="{number}" {_STAMP}>{"".join(refs)}{_tags(tags)}</way>'


def _tags(tags: Mapping[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())
