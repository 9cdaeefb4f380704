// What /api/cells answers, decoded; positions, groups and colours of marks: pure functions, tested with Node.
"use strict";

(function (root) {
  const WORLD = 2 ** 32;
  const MAGIC = 0x314c5444; // "DTL1"
  const NO_AREA = 0xffff;
  const UNDATED = 2147483647;
  const EXACT_KM = 5; // up to this radius a place is drawn as a dot without a ring

  // One colour a type, in the order of geo.records.EVENT_TYPES; from Paul Tol's and Okabe and Ito's safe palettes.
  const COLOURS = [
    "#882255", "#d55e00", "#e69f00", "#332288", "#cc6677", "#999933", "#117733",
    "#0072b2", "#44aa99", "#aa4499", "#56b4e9", "#c2a83e", "#777777",
  ];

  const hex = (hi, lo) => hi.toString(16).padStart(8, "0") + lo.toString(16).padStart(8, "0");

  // The answer of /api/cells as typed arrays; an Error where it is none.
  function decode(buffer) {
    const head = new Uint32Array(buffer, 0, 8);
    if (head[0] !== MAGIC) throw new Error("not an answer of /api/cells");
    const n = head[2];
    const data = { mode: ["events", "cells", "changes"][head[1]], n, inside: head[3], matched: head[4], areas: [] };
    let at = 32;
    const take = (Type) => {
      const array = new Type(buffer, at, n);
      at += n * Type.BYTES_PER_ELEMENT;
      return array;
    };
    data.x = take(Uint32Array);
    data.y = take(Uint32Array);
    if (data.mode === "changes") {
      data.now = take(Uint32Array);
      data.then = take(Uint32Array);
    } else if (data.mode === "cells") {
      data.count = take(Uint32Array);
      data.first = take(Int32Array);
      data.last = take(Int32Array);
      data.type = take(Uint8Array);
      data.oneSpot = take(Uint8Array);
    } else {
      data.lo = take(Uint32Array);
      data.hi = take(Uint32Array);
      data.first = take(Int32Array);
      data.span = take(Uint16Array);
      data.radius = take(Uint16Array);
      data.area = take(Uint16Array);
      data.type = take(Uint8Array);
      data.level = take(Uint8Array);
      data.confidence = take(Uint8Array);
      data.reports = take(Uint8Array);
      data.areas = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, at, head[5])));
    }
    return data;
  }

  // Longitude and latitude in degrees to 0..1, and back.
  function project(lon, lat) {
    const sine = Math.sin((Math.max(-85.0511287798, Math.min(85.0511287798, lat)) * Math.PI) / 180);
    return [(lon + 180) / 360, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
  }

  function unproject(x, y) {
    return [x * 360 - 180, (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI];
  }

  // The bounds of a view as the server takes them: west, north, east, south; west > east across the antimeridian.
  function bounds(west, north, east, south) {
    const whole = (v) => Math.max(0, Math.min(WORLD - 1, Math.floor(v * WORLD)));
    const [x0, y0] = project(west, north);
    const [x1, y1] = project(east, south);
    if (x1 - x0 >= 1) return [0, whole(y0), WORLD - 1, whole(y1)];
    const turn = (v) => v - Math.floor(v);
    return [whole(turn(x0)), whole(y0), whole(turn(x1)), whole(y1)];
  }

  // How many pixels a distance in km is, at a y (0..1) and on a world so many pixels wide.
  function kmToPixels(km, y, worldPixels) {
    const [, lat] = unproject(0.5, y);
    return (km / (40075.017 * Math.cos((lat * Math.PI) / 180))) * worldPixels;
  }

  // The radius in pixels of a mark: more reports, larger.
  const markSize = (reports) => Math.min(12, 5.5 + 1.7 * Math.log2(Math.max(1, reports)));
  const bubbleSize = (count) => Math.min(26, 10 + 4 * Math.log10(count + 1));
  const opacity = (confidence) => 0.4 + 0.6 * (confidence / 255);

  function shortNumber(n) {
    if (n < 1000) return String(n);
    if (n < 1e6) return (n / 1e3).toFixed(n < 9950 ? 1 : 0) + "k";
    return (n / 1e6).toFixed(n < 9.95e6 ? 1 : 0) + "M";
  }

  // Events whose marks would lie on each other, as groups: { px, py, members, oneSpot }. Greedy, on a grid.
  function groups(data, toPixels, near) {
    const grid = new Map();
    const made = [];
    for (let i = 0; i < data.n; i += 1) {
      const [px, py] = toPixels(data.x[i], data.y[i]);
      const gx = Math.floor(px / near);
      const gy = Math.floor(py / near);
      let home = null;
      for (let dx = -1; dx <= 1 && !home; dx += 1) {
        for (let dy = -1; dy <= 1 && !home; dy += 1) {
          home = (grid.get(`${gx + dx},${gy + dy}`) || []).find((g) => Math.hypot(g.px - px, g.py - py) < near) || null;
        }
      }
      if (home) {
        home.members.push(i);
        if (data.x[home.members[0]] !== data.x[i] || data.y[home.members[0]] !== data.y[i]) home.oneSpot = false;
      } else {
        const group = { px, py, members: [i], oneSpot: true };
        made.push(group);
        const key = `${gx},${gy}`;
        if (!grid.has(key)) grid.set(key, []);
        grid.get(key).push(group);
      }
    }
    return made;
  }

  // Where n marks fanned out from one spot stand: on a circle, then on a spiral.
  function fan(n) {
    if (n <= 10) {
      const r = Math.max(28, (n * 20) / (2 * Math.PI));
      return Array.from({ length: n }, (_, i) => {
        const a = (2 * Math.PI * i) / n - Math.PI / 2;
        return [r * Math.cos(a), r * Math.sin(a)];
      });
    }
    const out = [];
    let angle = 0;
    let r = 26;
    for (let i = 0; i < n; i += 1) {
      out.push([r * Math.cos(angle), r * Math.sin(angle)]);
      angle += 20 / r;
      r += (20 / r) * 3.6;
    }
    return out;
  }

  // The mark under a point, the nearest if several are: marks are { px, py, r }.
  function hit(marks, x, y, slack) {
    let best = null;
    let nearest = Infinity;
    for (const mark of marks) {
      const d = Math.hypot(mark.px - x, mark.py - y);
      if (d <= mark.r + slack && d < nearest) {
        nearest = d;
        best = mark;
      }
    }
    return best;
  }

  // A day number as YYYY-MM-DD, and back.
  const dayText = (n) => new Date(n * 864e5).toISOString().slice(0, 10);
  const dayNumber = (text) => Math.round(Date.parse(`${text}T00:00:00Z`) / 864e5);

  const api = {
    WORLD, NO_AREA, UNDATED, EXACT_KM, COLOURS, decode, hex, project, unproject, bounds, kmToPixels, markSize, bubbleSize,
    opacity, shortNumber, groups, fan, hit, dayText, dayNumber,
  };
  root.DatelineCells = api;
  if (typeof module !== "undefined") module.exports = api;
})(typeof window === "undefined" ? globalThis : window);
