// The basemap: Natural Earth drawn on canvas tiles from two TopoJSON files, and its labels; no request leaves this machine.
"use strict";

(function (root) {
  const FINE_FROM = 5; // the zoom from which the fine file is drawn
  const INKS = {
    light: { sea: "#dce6ec", land: "#f6f4ee", border: "#8b939b", admin1: "#cfd0cb", disputed: "#8b939b", text: "#5d6670", halo: "#f6f4ee" },
    dark: { sea: "#1b2126", land: "#2c3238", border: "#77818b", admin1: "#444c54", disputed: "#77818b", text: "#a9b2bb", halo: "#2c3238" },
  };

  // Rings or lines of a GeoJSON geometry as { points: Float64Array of x, y in 0..1, box }.
  function parts(geometry, project) {
    if (!geometry) return [];
    const depth = { LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2 }[geometry.type];
    const lines = depth === 0 ? [geometry.coordinates] : depth === 1 ? geometry.coordinates : geometry.coordinates.flat();
    return lines.map((line) => {
      const points = new Float64Array(line.length * 2);
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      line.forEach(([lon, lat], i) => {
        const [x, y] = project(lon, lat);
        points[2 * i] = x;
        points[2 * i + 1] = y;
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
      });
      return { points, box };
    });
  }

  const meets = (a, b) => a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];

  // Trace a line within a box, leaving out runs of points that lie beyond the same side of it.
  function trace(context, part, box, scale, ox, oy) {
    const p = part.points;
    let skipped = -1;
    let side = -1;
    for (let i = 0; i < p.length; i += 2) {
      const code = p[i] < box[0] ? 1 : p[i] > box[2] ? 2 : p[i + 1] < box[1] ? 3 : p[i + 1] > box[3] ? 4 : 0;
      if (i > 0 && code !== 0 && code === side && i < p.length - 2) {
        skipped = i;
        continue;
      }
      if (skipped >= 0) context.lineTo(p[skipped] * scale - ox, p[skipped + 1] * scale - oy);
      skipped = -1;
      side = code;
      if (i === 0) context.moveTo(p[0] * scale - ox, p[1] * scale - oy);
      else context.lineTo(p[i] * scale - ox, p[i + 1] * scale - oy);
    }
  }

  function shapes(topology, topojson, project) {
    const feature = (name) => (topology.objects[name] ? topojson.feature(topology, topology.objects[name]) : null);
    const geometries = (f) => (f ? (f.features ? f.features.map((x) => x.geometry) : [f.geometry]) : []);
    const read = (name) => geometries(feature(name)).map((g) => parts(g, project));
    return { countries: read("countries"), borders: read("borders").flat(), disputed: read("disputed").flat(), admin1: read("admin1").flat() };
  }

  function strokeAll(context, lines, box, scale, ox, oy, colour, width, dash) {
    context.beginPath();
    for (const line of lines) if (meets(line.box, box)) trace(context, line, box, scale, ox, oy);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.setLineDash(dash);
    context.stroke();
    context.setLineDash([]);
  }

  // Draw a square of the world: `scale` pixels to the whole world, its corner at ox, oy.
  function paint(context, data, { size, scale, ox, oy, zoom, ink }) {
    const edge = 4 / scale;
    const box = [ox / scale - edge, oy / scale - edge, (ox + size[0]) / scale + edge, (oy + size[1]) / scale + edge];
    context.fillStyle = ink.sea;
    context.fillRect(0, 0, size[0], size[1]);
    if (!data) return;
    context.lineJoin = "round";
    context.fillStyle = ink.land;
    for (const rings of data.countries) {
      const near = rings.filter((ring) => meets(ring.box, box));
      if (near.length === 0) continue;
      context.beginPath();
      for (const ring of near) {
        trace(context, ring, box, scale, ox, oy);
        context.closePath();
      }
      context.fill("evenodd");
      context.strokeStyle = ink.land;
      context.lineWidth = 0.6;
      context.stroke();
    }
    if (zoom >= FINE_FROM) strokeAll(context, data.admin1, box, scale, ox, oy, ink.admin1, 1, []);
    strokeAll(context, data.borders, box, scale, ox, oy, ink.border, zoom < 4 ? 0.7 : 1.1, []);
    strokeAll(context, data.disputed, box, scale, ox, oy, ink.disputed, 1.1, [4, 4]);
  }

  // Labels that fit at a zoom: [text, px, py, rank], larger things first, none on another.
  function placeLabels(labels, zoom, toPixels, size, measure) {
    const taken = [];
    const out = [];
    for (const [rank, list] of [[0, labels.countries], [1, labels.cities || []], [2, labels.admin1]]) {
      for (const [text, lon, lat, from] of list) {
        if (zoom < from || (rank === 0 && zoom > 7)) continue;
        const [px, py] = toPixels(lon, lat);
        if (px < 0 || py < 0 || px > size[0] || py > size[1]) continue;
        const half = measure(text, rank) / 2 + 3;
        const shift = rank === 1 ? half + 5 : 0;
        const box = [px + shift - half, py - 8, px + shift + half, py + 8];
        if (taken.some((t) => meets(t, box))) continue;
        taken.push(box);
        out.push([text, px + shift, py, rank, px]);
      }
    }
    return out;
  }

  const FONTS = ["600 12px system-ui, sans-serif", "11px system-ui, sans-serif", "italic 11px system-ui, sans-serif"];

  function drawLabels(context, placed, ink) {
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    for (const [text, px, py, rank, dot] of placed) {
      context.font = FONTS[rank];
      context.strokeStyle = ink.halo;
      context.lineWidth = 3;
      context.strokeText(text, px, py);
      context.fillStyle = ink.text;
      context.fillText(text, px, py);
      if (rank === 1) {
        context.beginPath();
        context.arc(dot, py, 1.8, 0, 7);
        context.fill();
      }
    }
  }

  const api = { INKS, FONTS, FINE_FROM, parts, meets, trace, shapes, paint, placeLabels, drawLabels };
  root.DatelineBasemap = api;
  if (typeof module !== "undefined") module.exports = api;

  if (!root.L) return;
  root.DatelineBasemap.Layer = root.L.GridLayer.extend({
    options: { updateWhenIdle: false, keepBuffer: 2, maxZoom: 18, minZoom: 1 },
    initialize(options) {
      root.L.setOptions(this, options);
      this.data = {};
    },
    onAdd(map) {
      root.L.GridLayer.prototype.onAdd.call(this, map);
      this.need("coarse");
      if (map.getZoom() >= FINE_FROM) this.need("fine");
      map.on("zoomend", () => map.getZoom() >= FINE_FROM && this.need("fine"));
    },
    need(name) {
      if (this.data[name] !== undefined) return;
      this.data[name] = null;
      fetch(`${this.options.assets}basemap/world-${name}.json`)
        .then((answer) => answer.json())
        .then((topology) => {
          this.data[name] = shapes(topology, root.topojson, root.DatelineCells.project);
          this.redraw();
          this.fire("drawn");
        });
    },
    setTheme(theme) {
      this.options.theme = theme;
      this.redraw();
    },
    ink() {
      return INKS[this.options.theme === "dark" ? "dark" : "light"];
    },
    createTile(coords) {
      const tile = document.createElement("canvas");
      const ratio = root.devicePixelRatio || 1;
      tile.width = tile.height = 256 * ratio;
      const context = tile.getContext("2d");
      context.scale(ratio, ratio);
      const data = (coords.z >= FINE_FROM && this.data.fine) || this.data.coarse;
      paint(context, data, {
        size: [256, 256], scale: 256 * 2 ** coords.z, ox: coords.x * 256, oy: coords.y * 256, zoom: coords.z, ink: this.ink(),
      });
      return tile;
    },
  });
})(typeof window === "undefined" ? globalThis : window);
