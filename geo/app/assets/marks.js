// How marks are drawn on a canvas: dots, rings, bubbles, hatched areas; shared by the map and the one-file page.
"use strict";

(function (root) {
  const Cells = root.DatelineCells || (typeof require === "undefined" ? null : require("./cells.js"));
  // On a dark ground the three darkest of Cells.COLOURS would not be seen (less than 2:1); these stand for them there.
  const LIGHTER = { 0: "#c2407f", 3: "#7d71e3", 6: "#2f9e50" };
  const DARK = Cells.COLOURS.map((colour, type) => LIGHTER[type] || colour);
  const ROUND = 7; // radians: more than a whole turn
  const NEAR = 20; // pixels: marks closer than this share one
  const MORE = "#d55e00"; // differences: blue and orange are told apart by all eyes, and a sign stands beside them
  const FEWER = "#0072b2";
  const SAME = "#8a929a";
  const patterns = new Map();

  const palette = (dark) => (dark ? DARK : Cells.COLOURS);
  const ink = (dark) => (dark ? "#ffffff" : "#111111");
  const paper = (dark) => (dark ? "#20262b" : "#ffffff");

  // What a difference between two counts looks like: its words, its colour, and the radius in pixels.
  function change(now, then) {
    const more = now - then;
    const text = more === 0 ? "=" : `${more > 0 ? "+" : "−"}${Cells.shortNumber(Math.abs(more))}`;
    const colour = more > 0 ? MORE : more < 0 ? FEWER : SAME;
    return { text, colour, r: Math.min(24, 9 + 4.5 * Math.log10(Math.abs(more) + 1)) };
  }

  function disc(g, px, py, r, fill) {
    g.beginPath();
    g.arc(px, py, r, 0, ROUND);
    g.fillStyle = fill;
    g.fill();
  }

  function outlined(g, width, colour) {
    g.lineWidth = width;
    g.strokeStyle = colour;
    g.stroke();
  }

  function halo(g, px, py, r, dark) {
    g.beginPath();
    g.arc(px, py, r + 6, 0, ROUND);
    outlined(g, 3, ink(dark));
  }

  // Around the mark that the keys have come to, outside of a halo.
  function reached(g, px, py, r, dark) {
    g.beginPath();
    g.arc(px, py, r + 10, 0, ROUND);
    outlined(g, 6, paper(dark));
    outlined(g, 3, dark ? "#6cb6ff" : "#005aaa");
  }

  // One event: a dot for a place, a square in the middle of an area.
  function mark(g, px, py, r, { colour, opacity = 1, square = false }) {
    g.beginPath();
    if (square) g.rect(px - r * 0.85, py - r * 0.85, r * 1.7, r * 1.7);
    else g.arc(px, py, r, 0, ROUND);
    g.globalAlpha = opacity;
    g.fillStyle = colour;
    g.fill();
    g.globalAlpha = 1;
    outlined(g, 1.3, "#ffffff");
  }

  // How far from its dot an event may have been.
  function ring(g, px, py, reach, colour) {
    g.beginPath();
    g.arc(px, py, reach, 0, ROUND);
    g.globalAlpha = 0.75;
    g.setLineDash([5, 4]);
    outlined(g, 1.5, colour);
    g.setLineDash([]);
    g.globalAlpha = 1;
  }

  function number(g, px, py, r, text, colour) {
    g.fillStyle = colour;
    g.font = `600 ${r > 14 ? 11 : 10}px system-ui, sans-serif`;
    g.textAlign = "center";
    g.textBaseline = "middle";
    g.fillText(text, px, py + 0.5);
  }

  // Several events: their number in a ring whose parts are [type, how many].
  function bubble(g, px, py, r, parts, dark, text) {
    const total = parts.reduce((sum, [, n]) => sum + n, 0);
    let angle = -Math.PI / 2;
    for (const [type, n] of parts) {
      const next = angle + (2 * Math.PI * n) / total;
      g.beginPath();
      g.moveTo(px, py);
      g.arc(px, py, r, angle, next);
      g.closePath();
      g.fillStyle = palette(dark)[type];
      g.fill();
      angle = next;
    }
    disc(g, px, py, r * 0.72, paper(dark));
    g.beginPath();
    g.arc(px, py, r, 0, ROUND);
    outlined(g, 1, "rgba(255,255,255,.9)");
    number(g, px, py, r, text, ink(dark));
  }

  // How a count has changed: filled with the colour of more or fewer, the difference written in it.
  function difference(g, px, py, now, then, dark) {
    const { text, colour, r } = change(now, then);
    g.beginPath();
    g.arc(px, py, r, 0, ROUND);
    g.fillStyle = paper(dark);
    g.fill();
    g.globalAlpha = 0.22;
    g.fillStyle = colour;
    g.fill();
    g.globalAlpha = 1;
    outlined(g, 2, colour);
    number(g, px, py, r, text, ink(dark));
    return r;
  }

  // Slanting lines of a colour, to fill an area with.
  function hatching(g, colour) {
    if (!patterns.has(colour)) {
      const tile = document.createElement("canvas");
      tile.width = tile.height = 8;
      const t = tile.getContext("2d");
      t.beginPath();
      for (const o of [-8, 0, 8]) {
        t.moveTo(o, 8);
        t.lineTo(o + 8, 0);
      }
      outlined(t, 1.2, colour);
      patterns.set(colour, g.createPattern(tile, "repeat"));
    }
    return patterns.get(colour);
  }

  // Fill the path that was traced with hatching, and draw its edge.
  function hatch(g, colour, strength) {
    g.globalAlpha = strength;
    g.fillStyle = hatching(g, colour);
    g.fill("evenodd");
    g.globalAlpha = 0.8;
    outlined(g, 1.2, colour);
    g.globalAlpha = 1;
  }

  // A canvas as large as a Leaflet renderer's bounds, sharp on fine screens, drawn on in layer pixels.
  function fit(canvas, context, bounds, sharp) {
    const size = bounds.getSize();
    const ratio = sharp || root.devicePixelRatio || 1;
    root.L.DomUtil.setPosition(canvas, bounds.min);
    canvas.width = size.x * ratio;
    canvas.height = size.y * ratio;
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.translate(-bounds.min.x, -bounds.min.y);
  }

  const worldPixels = (map) => 256 * 2 ** map.getZoom();

  // Layer pixels of a position in 0..1, in the copy of the world nearest to the view's middle.
  function layerPixels(map, x, y) {
    const world = worldPixels(map);
    const origin = map.getPixelOrigin();
    const middle = map.project(map.getCenter()).x;
    return [(x + Math.round(middle / world - x)) * world - origin.x, y * world - origin.y];
  }

  // The names of places on the ground, where they do not lie on each other.
  function names(g, map, { min, max }, labels, theme) {
    const { DatelineBasemap: Basemap } = root;
    const toPixels = (lon, lat) => {
      const [px, py] = layerPixels(map, ...Cells.project(lon, lat));
      return [px - min.x, py - min.y];
    };
    const measure = (text, rank) => {
      g.font = Basemap.FONTS[rank];
      return g.measureText(text).width;
    };
    const placed = Basemap.placeLabels(labels, map.getZoom(), toPixels, [max.x - min.x, max.y - min.y], measure);
    g.save();
    g.translate(min.x, min.y);
    Basemap.drawLabels(g, placed, Basemap.INKS[theme]);
    g.restore();
  }

  const api = {
    NEAR, MORE, FEWER, SAME, palette, ink, change, halo, reached, mark, ring, bubble, difference, hatch, fit, worldPixels, layerPixels, names,
  };
  root.DatelineMarks = api;
  if (typeof module !== "undefined") module.exports = api;
})(typeof window === "undefined" ? globalThis : window);
