"""The answers of online services read into our records: place ids, levels, radii, country codes.

One reader a service, for the form that its documentation gives; every other geopy geocoder has a plain reader, which
takes what it finds under the usual names and holds it to be less sure.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from geo.distance import km
from geo.gazetteer.answers import Found
from geo.records import Level

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What is to be said of a service: whom to thank, where its rules stand, what they ask of us in one sentence."""

    attribution: str = ""
    attribution_url: str = ""
    policy_url: str = ""
    policy: str = "Its own terms hold; read them before you switch it on."


_OSM: Final = ("© OpenStreetMap contributors", "https://www.openstreetmap.org/copyright")
SERVICES: Final[Mapping[str, Service]] = {
    "nominatim": Service(
        attribution=_OSM[0],
        attribution_url=_OSM[1],
        policy_url="https://operations.osmfoundation.org/policies/nominatim/",
        policy="The public server allows at most one request a second for all of us together, wants to know who asks "
        "and to be named on the map, and forbids bulk work; batch runs do not use it.",
    ),
    "photon": Service(
        attribution=_OSM[0],
        attribution_url=_OSM[1],
        policy_url="https://photon.komoot.io/",
        policy="The public server is for fair use and slows down or shuts out those who ask too much; batch runs do "
        "not use it.",
    ),
    "geonames": Service(
        attribution="GeoNames, CC BY 4.0",
        attribution_url="https://www.geonames.org/",
        policy_url="https://www.geonames.org/export/",
        policy="A free account has a limit of requests an hour and a day; GeoNames is to be named with its licence.",
    ),
    "arcgis": Service(
        attribution="Powered by Esri",
        attribution_url="https://www.esri.com/",
        policy_url="https://developers.arcgis.com/documentation/mapping-and-location-services/geocoding/",
        policy="Answers may be stored only with a paid subscription; without one set keep_days = 0, keep no project.",
    ),
    "pelias": Service(
        attribution="© OpenStreetMap contributors, OpenAddresses, Who's On First, GeoNames",
        attribution_url="https://github.com/pelias/documentation/blob/master/data-sources.md",
        policy_url="https://github.com/pelias/documentation",
        policy="Whoever runs the server sets the limits; its data sources are to be named.",
    ),
    "banfrance": Service(
        attribution="Base Adresse Nationale, Licence Ouverte 2.0",
        attribution_url="https://adresse.data.gouv.fr/",
        policy_url="https://adresse.data.gouv.fr/api-doc/adresse",
        policy="It knows France only, and allows 50 requests a second.",
    ),
    "opencage": Service(
        attribution="OpenCage; © OpenStreetMap contributors",
        attribution_url="https://opencagedata.com/credits",
        policy_url="https://opencagedata.com/api",
        policy="The key has a limit of requests a day; answers may be stored.",
    ),
}

# Types by which services name what lies inside a town or is one: a point to us, whatever rank its boundary has.
_TOWNS: Final = frozenset(
    "city town village hamlet municipality suburb quarter neighbourhood borough city_district isolated_dwelling farm "
    "locality localadmin neighborhood allotments croft city_block municipality street house venue address".split()
)
_FIRST: Final = frozenset("state province macroregion governorate republic".split())
_SECOND: Final = frozenset("county district state_district macrocounty raion department".split())
_REGIONS: Final = frozenset(
    "sea ocean continent archipelago peninsula region bay strait mountain_range desert river empire marinearea valley "
    "plateau gulf water lake island islet channel canal stream ridge wood forest natural waterway".split()
)
_WORDS: Final[tuple[tuple[frozenset[str], Level], ...]] = (
    (_TOWNS, "point"),
    (frozenset(("country", "dependency", "nation")), "country"),
    (_FIRST, "admin1"),
    (_SECOND, "admin2"),
    (_REGIONS, "region"),
)
_SMALL_REGION_KM: Final = 10.0  # an island or a lake smaller than this is as good as a point
_ROAD_KM: Final = 60.0  # whatever else reaches further (a highway, a pipeline) is no point
_MOST_KM: Final[Mapping[Level, float]] = {
    "point": _ROAD_KM, "admin2": 400.0, "admin1": 2000.0, "region": 5000.0, "country": 4500.0,
}  # fmt: skip
_USUAL_KM: Final[Mapping[Level, float]] = {
    "point": 5.0, "admin2": 30.0, "admin1": 110.0, "region": 150.0, "country": 350.0,
}  # fmt: skip  # where a service tells no extent
_CRIMEA: Final = (32.3, 44.3, 36.65, 46.25)  # lon, lat, lon, lat; Taman, across the strait, begins at 36.66
# How much a class of things is meant by news: of "Kherson", not the cafe of that name in Warsaw.
_WEIGHTS: Final[Mapping[str, float]] = {
    "place": 1.0, "boundary": 1.0, "natural": 0.9, "waterway": 0.9, "water": 0.9, "aeroway": 0.9, "military": 0.9,
    "bridge": 0.9, "man_made": 0.9, "power": 0.9, "landuse": 0.7, "historic": 0.7, "highway": 0.6, "railway": 0.6,
    "tourism": 0.6, "amenity": 0.5, "building": 0.5, "leisure": 0.5,
}  # fmt: skip
_OTHER_WEIGHT: Final = 0.3
_UNTOLD: Final = 0.4  # the prior where a service gives none
# ISO 3166-1 alpha-3 and alpha-2 together, as GeoNames has them; XKX and KOS are both met for Kosovo.
_ALPHA3: Final = """
    ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD AREAE ARGAR ARMAM ASMAS ATAAQ ATFTF ATGAG AUSAU AUTAT AZEAZ BDIBI
    BELBE BENBJ BESBQ BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL BLRBY BLZBZ BMUBM BOLBO BRABR BRBBB BRNBN BTNBT
    BVTBV BWABW CAFCF CANCA CCKCC CHECH CHLCL CHNCN CIVCI CMRCM CODCD COGCG COKCK COLCO COMKM CPVCV CRICR CUBCU
    CUWCW CXRCX CYMKY CYPCY CZECZ DEUDE DJIDJ DMADM DNKDK DOMDO DZADZ ECUEC EGYEG ERIER ESHEH ESPES ESTEE ETHET
    FINFI FJIFJ FLKFK FRAFR FROFO FSMFM GABGA GBRGB GEOGE GGYGG GHAGH GIBGI GINGN GLPGP GMBGM GNBGW GNQGQ GRCGR
    GRDGD GRLGL GTMGT GUFGF GUMGU GUYGY HKGHK HMDHM HNDHN HRVHR HTIHT HUNHU IDNID IMNIM INDIN IOTIO IRLIE IRNIR
    IRQIQ ISLIS ISRIL ITAIT JAMJM JEYJE JORJO JPNJP KAZKZ KENKE KGZKG KHMKH KIRKI KNAKN KORKR KOSXK KWTKW LAOLA
    LBNLB LBRLR LBYLY LCALC LIELI LKALK LSOLS LTULT LUXLU LVALV MACMO MAFMF MARMA MCOMC MDAMD MDGMG MDVMV MEXMX
    MHLMH MKDMK MLIML MLTMT MMRMM MNEME MNGMN MNPMP MOZMZ MRTMR MSRMS MTQMQ MUSMU MWIMW MYSMY MYTYT NAMNA NCLNC
    NERNE NFKNF NGANG NICNI NIUNU NLDNL NORNO NPLNP NRUNR NZLNZ OMNOM PAKPK PANPA PCNPN PERPE PHLPH PLWPW PNGPG
    POLPL PRIPR PRKKP PRTPT PRYPY PSEPS PYFPF QATQA REURE ROURO RUSRU RWARW SAUSA SDNSD SENSN SGPSG SGSGS SHNSH
    SJMSJ SLBSB SLESL SLVSV SMRSM SOMSO SPMPM SRBRS SSDSS STPST SURSR SVKSK SVNSI SWESE SWZSZ SXMSX SYCSC SYRSY
    TCATC TCDTD TGOTG THATH TJKTJ TKLTK TKMTM TLSTL TONTO TTOTT TUNTN TURTR TUVTV TWNTW TZATZ UGAUG UKRUA UMIUM
    URYUY USAUS UZBUZ VATVA VCTVC VENVE VGBVG VIRVI VNMVN VUTVU WLFWF WSMWS XKXXK YEMYE ZAFZA ZMBZM ZWEZW
"""


def read_all(service: str, locations: Iterable[Any]) -> tuple[Found, ...]:
    """The places in geopy's locations, in the service's order; one that makes no sense is left out."""
    reader = _READERS.get(service.casefold(), _plain)
    return tuple(
        found
        for rank, location in enumerate(locations)
        if location is not None and (found := _checked(reader(service.casefold(), location, rank))) is not None
    )


def _checked(found: Found) -> Found | None:
    sensible = -180 <= found.lon <= 180 and -90 <= found.lat <= 90 and found.name.strip()
    return found if sensible and not (found.lon == 0.0 == found.lat) else None


def _made(service: str, identity: str, location: Any, names: Iterable[Any], **told: Any) -> Found:
    """A Found from what a reader told, with radius, level and country put into our terms."""
    lon, lat = float(location.longitude), float(location.latitude)
    kept = tuple(dict.fromkeys(str(name).strip() for name in names if name))
    radius = told.pop("radius")
    level, radius_km = _sized(told.pop("level"), radius)
    return Found(
        place_id=f"{service}:{identity}" if identity else f"{service}:{lon:.5f},{lat:.5f}",
        name=kept[0] if kept else "",
        names=kept,
        lon=round(lon, 7),
        lat=round(lat, 7),
        level=level,
        radius_km=radius_km,
        country=_country(told.pop("country", None), lon, lat),
        prior=round(min(max(told.pop("prior"), 0.0), 1.0), 4),
        **told,
    )


def _sized(level: Level, radius: float | None) -> tuple[Level, float]:
    """Level and radius in km, made to agree: no point reaches over a province, no pond is a region."""
    if radius is None or not math.isfinite(radius):
        return level, _USUAL_KM[level]
    if level == "region" and radius < _SMALL_REGION_KM:
        level = "point"
    elif level == "point" and radius > _ROAD_KM:
        level = "region"
    return level, round(min(max(radius, 0.5), _MOST_KM[level]), 2)


def _radius(west: Any, south: Any, east: Any, north: Any) -> float | None:
    """Half the diagonal of a box in degrees, in km; the short way round where it crosses the date line."""
    try:
        w, s, e, n = float(west), float(south), float(east), float(north)
    except (TypeError, ValueError):
        return None
    if not all(map(math.isfinite, (w, s, e, n))):
        return None
    wide = abs(e - w) if e >= w else 360.0 - abs(e - w)
    return float(km(0.0, s, min(wide, 180.0), n)) / 2


def _country(told: Any, lon: float, lat: float) -> str | None:
    """GeoNames' country code for what a service told; Crimea is in Ukraine, as GeoNames has it."""
    code = str(told or "").upper()
    code = _two_letters().get(code, code) if len(code) == 3 else code
    code = {"UK": "GB", "EL": "GR", "KV": "XK"}.get(code, code)
    west, south, east, north = _CRIMEA
    if code == "RU" and west <= lon <= east and south <= lat <= north:
        return "UA"
    return code if len(code) == 2 and code.isalpha() and code.isascii() else None


@cache
def _two_letters() -> dict[str, str]:
    return {pair[:3]: pair[3:] for pair in _ALPHA3.split()}


def _level(*kinds: str, rank: int | None = None) -> Level:
    """Our level of what a service calls a place, the plainest word first; `rank` is Nominatim's address rank."""
    for kind in filter(None, kinds):
        for words, level in _WORDS:
            if kind in words:
                return level
    if rank is not None and "administrative" in kinds and rank <= 12:
        return "country" if rank <= 4 else "admin1" if rank <= 9 else "admin2"
    return "point"


def _nominatim(service: str, location: Any, rank: int) -> Found:
    """Nominatim's JSON: class, type, addresstype, place_rank, importance, boundingbox, address, names."""
    raw: Raw = location.raw
    address, names = raw.get("address") or {}, raw.get("namedetails") or {}
    of, kind = str(raw.get("class") or raw.get("category") or ""), str(raw.get("type") or "")
    south, north, west, east = (list(raw.get("boundingbox") or ()) + [None] * 4)[:4]
    prior = _number(raw.get("importance"), _UNTOLD) * _WEIGHTS.get(of, _OTHER_WEIGHT)
    first = raw.get("name") or str(raw.get("display_name", "")).partition(",")[0]
    return _made(
        service, f"{raw.get('osm_type', '')}{raw.get('osm_id', '')}", location, (first, *names.values()),
        level=_level(str(raw.get("addresstype") or ""), kind, of, rank=_whole(raw.get("place_rank"))),
        radius=_radius(west, south, east, north),
        country=address.get("country_code"),
        admin1=_first(address, "state", "province", "region"),
        admin2=_first(address, "county", "state_district", "district"),
        kind=_kind(raw.get("addresstype"), of, kind),
        prior=prior * 0.98**rank,
        population=_whole((raw.get("extratags") or {}).get("population")),
    )  # fmt: skip


def _photon(service: str, location: Any, rank: int) -> Found:
    """Photon's GeoJSON: osm_key, osm_value, type, extent (west, north, east, south), countrycode."""
    raw: Raw = location.raw["properties"]
    of, kind = str(raw.get("osm_key") or ""), str(raw.get("osm_value") or "")
    layer = str(raw.get("type") or "other")
    kinds = (kind, of) if kind in _TOWNS or layer in ("other", "locality") else (layer, kind)
    west, north, east, south = (list(raw.get("extent") or ()) + [None] * 4)[:4]
    return _made(
        service, f"{raw.get('osm_type', '')}{raw.get('osm_id', '')}", location, (raw.get("name"), raw.get("street")),
        level=_level(*kinds), radius=_radius(west, south, east, north), country=raw.get("countrycode"),
        admin1=_first(raw, "state"), admin2=_first(raw, "county"), kind=_kind(None, of, kind),
        prior=_UNTOLD * _WEIGHTS.get(of, _OTHER_WEIGHT) * 0.95**rank,
    )  # fmt: skip


_GEONAMES: Final[Mapping[str, Level]] = {
    "PCL": "country", "ADM1": "admin1", "ADM2": "admin2", "RGN": "region", "ADM": "admin2", "TERR": "country",
    "CONT": "region", "ZN": "region",
}  # fmt: skip


def _geonames(service: str, location: Any, rank: int) -> Found:
    """GeoNames' searchJSON: geonameId (the embedded gazetteer's own ids), fcl, fcode, countryCode, population."""
    raw: Raw = location.raw
    of, code = str(raw.get("fcl") or ""), str(raw.get("fcode") or "")
    level: Level = next((ours for start, ours in _GEONAMES.items() if code.startswith(start)), "point")
    if level == "point" and of in ("H", "T", "L", "V"):
        level = "region"
    box = raw.get("bbox") or {}
    people = _whole(raw.get("population"))
    known = min(0.95, 0.2 + 0.1 * math.log10(people)) if people else 0.2
    radius = _radius(box.get("west"), box.get("south"), box.get("east"), box.get("north"))
    if radius is None and level == "point" and people:
        radius = min(max(math.sqrt(people / 2500 / math.pi), 1.0), 40.0)  # as `build.settlement_radius` has it
    return _made(
        service, str(raw.get("geonameId") or ""), location, (raw.get("name"), raw.get("toponymName")), level=level,
        radius=radius, country=raw.get("countryCode"), admin1=raw.get("adminName1") or None,
        admin2=raw.get("adminName2") or None, kind=str(raw.get("fcodeName") or code),
        population=people, prior=known * 0.98**rank,
    )  # fmt: skip


def _arcgis(service: str, location: Any, rank: int) -> Found:
    """ArcGIS' findAddressCandidates with outFields=*: score (0 to 100), extent, attributes; it gives no ids."""
    raw: Raw = location.raw
    told, box = raw.get("attributes") or {}, raw.get("extent") or {}
    kind = str(told.get("Type") or told.get("Addr_type") or "")
    levels: dict[str, Level] = {
        "country": "country", "state or province": "admin1", "province": "admin1", "territory": "admin1",
        "county": "admin2", "district": "admin2", "ocean": "region", "sea": "region", "lake": "region",
        "river": "region", "mountain range": "region", "island": "region", "gulf": "region", "bay": "region",
    }  # fmt: skip
    name = told.get("PlaceName") or str(raw.get("address") or "").partition(",")[0]
    radius = _radius(box.get("xmin"), box.get("ymin"), box.get("xmax"), box.get("ymax"))
    return _made(
        service, "", location, (name, told.get("City")), level=levels.get(kind.lower(), "point"), radius=radius,
        country=told.get("Country") or told.get("CountryCode"), admin1=told.get("Region") or None,
        admin2=told.get("Subregion") or None, kind=kind.lower(),
        prior=_number(told.get("Score", raw.get("score")), 50.0) / 100 * 0.6 * 0.95**rank,
    )  # fmt: skip


def _pelias(service: str, location: Any, rank: int) -> Found:
    """Pelias' GeoJSON: gid, layer, country_a (alpha-3), confidence, and a bbox beside the properties."""
    raw: Raw = location.raw["properties"]
    west, south, east, north = (list(location.raw.get("bbox") or ()) + [None] * 4)[:4]
    layer = str(raw.get("layer") or "")
    level: Level = "admin1" if layer == "region" else _level(layer)
    weight = 0.5 if layer in ("venue", "address", "street") else 1.0
    return _made(
        service, str(raw.get("gid") or ""), location, (raw.get("name"),), level=level,
        radius=_radius(west, south, east, north), country=raw.get("country_code") or raw.get("country_a"),
        admin1=raw.get("region") or None, admin2=raw.get("county") or None, kind=layer,
        prior=_number(raw.get("confidence"), _UNTOLD) * 0.7 * weight * 0.95**rank,
    )  # fmt: skip


def _ban(service: str, location: Any, rank: int) -> Found:
    """The Base Adresse Nationale's GeoJSON, and addok's, on which it runs: id, type, citycode, importance."""
    raw: Raw = location.raw["properties"]
    kind = str(raw.get("type") or "")
    france = "citycode" in raw  # addok also serves other countries; INSEE's code is France's alone
    people = _whole(raw.get("population"))
    parts = [part.strip() for part in str(raw.get("context") or "").split(",")]
    radius = {"municipality": 5.0, "locality": 1.0, "street": 1.0, "housenumber": 0.5}.get(kind)
    return _made(
        service, str(raw.get("id") or ""), location, (raw.get("name") or raw.get("city"), raw.get("label")),
        level=_level(kind), radius=radius,
        country="FR" if france else raw.get("countrycode"), admin1=(parts[-1] or None) if len(parts) > 1 else None,
        admin2=(parts[1] or None) if len(parts) > 2 else None, kind=kind, population=people,
        prior=_number(raw.get("importance"), _UNTOLD) * _number(raw.get("score"), 1.0) * 0.95**rank,
    )  # fmt: skip


def _plain(service: str, location: Any, rank: int) -> Found:
    """Any other service: what stands under the usual names, in the answer or in its address components."""
    raw: Raw = location.raw if isinstance(location.raw, Mapping) else {}
    keys = ("components", "address", "properties")
    inner: Raw = next((raw[key] for key in keys if isinstance(raw.get(key), Mapping)), {})
    told = {**raw, **inner}
    kind = str(told.get("_type") or told.get("layer") or told.get("type") or "")
    return _made(
        service, str(told.get("id") or told.get("place_id") or ""), location,
        (told.get(kind), str(location.address or "").partition(",")[0]), level=_level(kind),
        radius=_plain_radius(raw), country=_first(told, "country_code", "countryCode", "ISO_3166-1_alpha-2"),
        admin1=_first(told, "state", "province"), admin2=_first(told, "county", "district"), kind=kind,
        prior=_UNTOLD * 0.8 * 0.95**rank,
    )  # fmt: skip


def _plain_radius(raw: Raw) -> float | None:
    bounds, box = raw.get("bounds"), raw.get("bbox")
    if isinstance(bounds, Mapping) and all(isinstance(bounds.get(end), Mapping) for end in ("southwest", "northeast")):
        low, high = bounds["southwest"], bounds["northeast"]
        return _radius(low.get("lng"), low.get("lat"), high.get("lng"), high.get("lat"))
    return _radius(*box) if isinstance(box, list) and len(box) == 4 else None


def _first(told: Raw, *keys: str) -> str | None:
    return next((str(told[key]) for key in keys if told.get(key)), None)


def _kind(address_type: Any, of: str, kind: str) -> str:
    """What sort of place, in one or two plain words."""
    word = kind if kind not in ("yes", "administrative", "") else str(address_type or of)
    return word.replace("_", " ")


def _number(told: Any, otherwise: float) -> float:
    try:
        number = float(told)
    except (TypeError, ValueError):
        return otherwise
    return number if math.isfinite(number) else otherwise


def _whole(told: Any) -> int | None:
    number = _number(told, 0.0)
    return int(number) if number >= 1 else None


_READERS: Final[Mapping[str, Callable[[str, Any, int], Found]]] = {
    "nominatim": _nominatim, "pickpoint": _nominatim, "openmapquest": _nominatim, "photon": _photon,
    "geonames": _geonames, "arcgis": _arcgis, "pelias": _pelias, "geocodeearth": _pelias, "banfrance": _ban,
}  # fmt: skip
