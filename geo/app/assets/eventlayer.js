// The event layer: draws on canvas what /api/cells answers for the filter and the view, and says what was clicked.
// Folium gives it numbers only; words come as JSON over our own routes and are put in with textContent.
"use strict";

(function (root) {
  const { L, DatelineCells: Cells, DatelineBasemap: Basemap, DatelineMarks: Marks, DatelinePicture: Picture, DatelineTime: Time, DatelineWalk: Walk } = root;
  const FAN_AT_MOST = 40;
  const TYPES_TOLD = 3; // in the tip of several events
  const WIDE_AREA = 0.25; // of the height of the view
  const AREAS_AT_ONCE = 80;
  const AREA_LEVELS = [1, 2, 3]; // admin2, admin1, region in geo.records.LEVELS
  const RETRY_MS = 3000; // a server that did not answer is asked again
  const COUNTS_MS = 300; // while the days move, the legend's counts follow at this pace
  const HISTORY_MS = 700; // a view is told when the map has rested so long
  // The tools' signs, drawn on 20 by 20.
  const SIGNS = {
    area: "M10 3 L17 8 L14 16 L6 16 L3 8 Z",
    box: "M3 5 H17 V15 H3 Z",
    world: "M3 8 V3 H8 M12 3 H17 V8 M17 12 V17 H12 M8 17 H3 V12 M8 10 H12 M10 8 V12",
    png: "M10 3 V12 M6 9 L10 13 L14 9 M3 13 V17 H17 V13",
  };

  function element(tag, className, parent) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (parent) parent.appendChild(made);
    return made;
  }

  root.DatelineEvents = L.Renderer.extend({
    options: { padding: 0.15, pane: "overlayPane" },

    initialize(options) {
      L.Renderer.prototype.initialize.call(this, options);
      this.state = null;
      this.palette = Marks.palette(false);
      this.data = null;
      this.areas = new Map();
      this.marks = [];
      this.told = {};
      this.stats = { answers: 0, bytes: 0, last: 0 };
      root.dateline = this;
    },

    // --- what Python says: numbers only --------------------------------------------------------------------------

    // state: { filter, version, dark, selected: [hi, lo] or null and at: where it is, [lon, lat] or null,
    // days: [first, last] or null, ring: the filter's area, then: the days compared with, view: [lon, lat, zoom, nonce],
    // against: the number of the filter to compare with, or 0; follow: whether the histogram counts the view only }
    setState(state) {
      const before = this.state || {};
      this.state = state;
      if (!state.days) this.span = null;
      else if (this.override === undefined && String(state.days) !== String(before.days)) this.span = this.nearDays();
      this.override = undefined;
      if (state.view && (!before.view || before.view[3] !== state.view[3])) {
        this._map.setView([state.view[1], state.view[0]], state.view[2], { animate: Boolean(before.view) });
        this.lastView = state.view.slice(0, 3);
      }
      this.bring(state, before);
      if (state.dark !== before.dark) this.setTheme(state.dark ? "dark" : "light");
      if (this.bar) this.bar.setDays(state.days);
      if (state.follow && !before.follow) this.sayView(true);
      this.showSigns();
      const differs = (...names) => names.some((name) => state[name] !== before[name]);
      if (differs("filter", "version", "against")) {
        this.fold();
        this.load();
      } else this.later();
      if (differs("filter", "version", "follow")) this.loadHistogram();
    },

    // An event that was opened elsewhere, in the list or by "next", comes into view; so does the panel, from its top.
    bring({ selected, at }, before) {
      if (before.filter === undefined || !selected || String(selected) === String(before.selected)) return;
      if (at && !this._map.getBounds().pad(-0.05).contains([at[1], at[0]])) this._map.panTo([at[1], at[0]]);
      const panel = root.parent.document.querySelector(".st-key-panel");
      if (!panel) return;
      panel.scrollTop = 0;
      panel.scrollIntoView({ block: "nearest" });
    },

    // Where the days that are chosen would be a hair's breadth on the axis: a span to look closer at; else null.
    nearDays() {
      const { days } = this.state;
      const range = this.bar && this.bar.range;
      if (!days || !range) return null;
      const wide = days[1] - days[0] + 1;
      return wide < (range[1] - range[0]) / 30 ? [days[0] - 6 * wide, Math.max(days[1], Math.min(range[1], days[1] + 6 * wide))] : null;
    },

    setTheme(theme) {
      this.theme = theme;
      this.dark = theme === "dark";
      this.palette = Marks.palette(this.dark);
      if (this.bar) this.bar.setPalette(this.palette);
      this.paintLegend();
      document.body.classList.toggle("dl-dark", theme === "dark");
      if (this.basemap) this.basemap.setTheme(theme);
    },

    // What the user did, told to Python: the last of each kind, each with a nonce, so that a second click counts.
    say(kind, value) {
      this.nonce = Math.max(Date.now(), (this.nonce || 0) + 1);
      this.told = { ...this.told, [kind]: { value, nonce: this.nonce } };
      root.Streamlit.setComponentValue(this.told);
    },

    // --- Leaflet's renderer ---------------------------------------------------------------------------------------

    _initContainer() {
      const canvas = element("canvas", "dl-events");
      this._container = canvas;
      this._context = canvas.getContext("2d");
      this.furnish();
    },

    _destroyContainer() {
      this._container.remove();
      delete this._context;
    },

    getEvents() {
      return {
        ...L.Renderer.prototype.getEvents.call(this),
        moveend: this._moved,
        click: this._click,
        mousemove: this._hover,
        movestart: this.hideTip,
        zoomstart() {
          this.fold();
          this.hideTip();
        },
      };
    },

    _update() {
      L.Renderer.prototype._update.call(this);
      Marks.fit(this._container, this._context, this._bounds);
      this._redraw();
    },

    _moved() {
      this._update();
      this.load();
      root.clearTimeout(this.viewTimer);
      this.viewTimer = root.setTimeout(() => {
        this.sayView(false);
        if (this.state && this.state.follow) this.loadHistogram();
      }, HISTORY_MS);
    },

    sayView(anyway) {
      if (!this.state) return;
      const c = this._map.getCenter();
      const view = [+c.lng.toFixed(3), +c.lat.toFixed(3), this._map.getZoom()];
      const known = this.lastView || (this.state.view && this.state.view.slice(0, 3));
      const pixel = 360 / Marks.worldPixels(this._map);
      if (!anyway && known && known[2] === view[2] && known.every((v, i) => Math.abs(v - view[i]) < 4 * pixel)) return;
      this.lastView = view;
      this.say("view", { center: view, bounds: this.bounds(0).split(",").map(Number) });
    },

    // --- furniture around the map ---------------------------------------------------------------------------------

    furnish() {
      this.basemap = new Basemap.Layer({ pane: "tilePane", assets: this.options.assets, theme: this.theme, attribution: this.options.credit });
      this.basemap.on("drawn", () => this.later());
      this.basemap.addTo(this._map);
      this._map.attributionControl.setPrefix(false);
      L.control.scale({ imperial: false }).addTo(this._map);
      const box = this._map.getContainer();
      this.walk = new Walk.Walk(this, box);
      const bar = element("div", "dl-time");
      box.parentNode.insertBefore(bar, box);
      box.style.height = `${this.options.height - 160}px`;
      this.tip = element("div", "dl-tip", box);
      this.tip.hidden = true;
      box.addEventListener("mouseleave", () => this.hideTip());
      this.note = element("div", "dl-note", box);
      this.note.setAttribute("role", "status");
      fetch(`${this.options.api}words`).then((a) => a.json()).then((words) => this.speak(words, bar));
      fetch(`${this.options.assets}basemap/labels.json`).then((a) => a.json()).then((labels) => {
        this.labels = labels;
        this.later();
      });
      this._map.invalidateSize();
    },

    speak(words, bar) {
      this.words = words;
      this._map.getContainer().setAttribute("role", "application"); // keys are its own, not the screen reader's
      this._map.getContainer().setAttribute("aria-label", words.map);
      this.bar = new Time.TimeBar(bar, words.time, {
        days: (days, final) => this.chooseDays(days, final),
        span: (span) => {
          this.span = span;
          this.loadHistogram();
        },
      });
      this.bar.setPalette(this.palette);
      if (this.histogram) this.bar.show(this.histogram);
      if (this.state) this.bar.setDays(this.state.days);
      this.makeLegend(bar);
      this.tools();
      this.beyondControl();
      this.later();
    },

    // The types as buttons between time and map: a click filters by one.
    makeLegend(bar) {
      const box = element("div", "dl-legend", bar);
      this.legend = box;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", this.words.legend);
      this.legendRows = this.words.types.map((name, code) => {
        const row = element("button", "dl-legend-row dl-unseen", box);
        row.type = "button";
        element("span", "dl-swatch", row);
        element("span", "dl-legend-name", row).textContent = name;
        element("span", "dl-legend-count", row);
        row.onclick = () => this.say("type", code);
        return row;
      });
      this.paintLegend();
      this.signs = [this.words.marks, this.words.compared.signs].map((told) => this.makeSigns(told, box));
      this.showSigns();
      if (this.histogram) this.writeLegend(this.histogram.types, this.histogram.chosen);
      new ResizeObserver(() => this.fitHeight(bar)).observe(bar);
    },

    makeSigns(told, box) {
      const signs = element("span", "dl-legend-marks", box);
      for (const [kind, text] of told) {
        const row = element("span", "dl-legend-mark", signs);
        element("span", `dl-mark dl-mark-${kind}`, row);
        element("span", "", row).textContent = text;
      }
      return signs;
    },

    // What the marks mean: those of events, or those of a comparison.
    showSigns() {
      const compared = Boolean(this.state && this.state.against);
      (this.signs || []).forEach((signs, which) => {
        signs.hidden = Boolean(which) !== compared;
      });
    },

    paintLegend() {
      (this.legendRows || []).forEach((row, code) => {
        row.firstChild.style.background = this.palette[code];
      });
    },

    // The map takes what the bar above leaves of the height that the page gave us. The bar keeps the height that it once
    // needed at this width: the map does not jump when a legend of other counts takes a line less.
    fitHeight(bar) {
      if (root.getComputedStyle(bar).boxSizing !== "border-box") return; // before its style sheet nothing has its size
      if (bar.offsetWidth !== this.barWidth) bar.style.minHeight = "";
      this.barWidth = bar.offsetWidth;
      bar.style.minHeight = `${bar.offsetHeight}px`;
      this._map.getContainer().style.height = `${Math.max(220, this.options.height - bar.offsetHeight - 10)}px`;
      this._map.invalidateSize({ animate: false });
    },

    writeLegend(counts, chosen) {
      if (!this.legendRows) return;
      this.legend.classList.add("dl-written");
      this.legendRows.forEach((row, code) => {
        row.lastChild.textContent = Cells.shortNumber(counts[code]);
        if (counts[code] || chosen.includes(code)) row.classList.remove("dl-unseen"); // what was there once stays in its place
        row.classList.toggle("dl-none", !counts[code]);
        row.setAttribute("aria-pressed", String(chosen.includes(code)));
        row.classList.toggle("dl-off", chosen.length > 0 && !chosen.includes(code));
      });
    },

    tools() {
      const control = L.control({ position: "topleft" });
      control.onAdd = () => {
        const box = element("div", "leaflet-bar dl-tools");
        for (const [name, text, act] of [
          ["area", this.words.tools.polygon, () => this.startShape("polygon")],
          ["box", this.words.tools.rectangle, () => this.startShape("rectangle")],
          ["world", this.words.tools.fit, () => this.say("fit", 1)],
          ["png", this.words.tools.picture, () => this.picture()],
        ]) {
          const button = element("button", `dl-tool dl-tool-${name}`, box);
          button.type = "button";
          Time.sign(SIGNS[name], button);
          button.title = text;
          button.setAttribute("aria-label", text);
          button.onclick = act;
        }
        L.DomEvent.disableClickPropagation(box);
        return box;
      };
      control.addTo(this._map);
      this.layerControl();
    },

    // How many events lie out of sight, and the way to them: above the scale, where it moves nothing.
    beyondControl() {
      const control = L.control({ position: "bottomleft" });
      control.onAdd = () => {
        this.beyond = element("button", "dl-beyond");
        this.beyond.type = "button";
        this.beyond.title = this.words.tools.fit;
        this.beyond.onclick = () => this.say("fit", 1);
        L.DomEvent.disableClickPropagation(this.beyond);
        return this.beyond;
      };
      control.addTo(this._map);
      this.sayBeyond();
    },

    sayBeyond() {
      if (!this.beyond) return;
      const n = this.outOfView();
      this.beyond.textContent = this.words.beyond.replace("{n}", Cells.shortNumber(n));
      this.beyond.hidden = n === 0;
    },

    // The online map is the user's choice, never the default: no request leaves this machine before it is ticked.
    layerControl() {
      if (!this.options.tiles) return;
      const tiles = L.tileLayer(this.options.tiles, { maxZoom: 19, attribution: this.words.osm, referrerPolicy: "origin" });
      L.control.layers({ [this.words.offlineMap]: this.basemap, [this.words.onlineMap]: tiles }, null, { collapsed: true }).addTo(this._map);
    },

    // --- asking the server ----------------------------------------------------------------------------------------

    query(extra) {
      const p = new URLSearchParams({ f: this.state.filter, v: this.state.version, ...extra });
      const days = this.override;
      if (days !== undefined) {
        p.set("d0", days ? days[0] : "");
        p.set("d1", days ? days[1] : "");
      }
      return p;
    },

    // The view as the server takes it, with a margin (a share of its size).
    bounds(margin) {
      const b = this._map.getBounds().pad(margin);
      return Cells.bounds(b.getWest(), Math.min(85, b.getNorth()), b.getEast(), Math.max(-85, b.getSouth())).join(",");
    },

    // One request at a time; while one is under way only the latest wish is remembered.
    load() {
      if (!this.state || !this._map) return;
      if (this.loading) {
        this.again = true;
        return;
      }
      this.loading = true;
      const { filter, against } = this.state;
      const told = { z: this._map.getZoom(), b: this.bounds(this.options.padding) };
      if (against) told.g = against;
      fetch(`${this.options.api}cells?${this.query(told)}`)
        .then((answer) => {
          if (!answer.ok) throw new Error(String(answer.status));
          return answer.arrayBuffer();
        })
        .then((buffer) => {
          this.data = Cells.decode(buffer);
          this.stats = { answers: this.stats.answers + 1, bytes: buffer.byteLength, filter, at: performance.now() };
          this.fold();
          this._redraw();
          if (!this.walk.mark) this.hideTip();
          this.setNote(this.words ? this.emptiness() : "");
          this.sayBeyond();
        })
        .catch(() => {
          this.setNote(this.words ? this.words.failed : "");
          root.clearTimeout(this.retry);
          this.retry = root.setTimeout(() => this.load(), RETRY_MS);
        })
        .finally(() => {
          this.loading = false;
          if (this.again) {
            this.again = false;
            this.load();
          }
        });
    },

    // Why no mark is to be seen; "" where there are some.
    emptiness() {
      const { inside, matched } = this.data;
      return matched === 0 ? this.words.nothing : inside === 0 ? this.words.elsewhere.replace("{n}", Cells.shortNumber(matched)) : "";
    },

    // How many of the events are not among the marks in view; none while two periods are compared, as both are counted then.
    outOfView() {
      const d = this.data;
      if (!d || d.mode === "changes") return 0;
      const shown = this.inView().filter((m) => !m.fan);
      return d.matched - shown.reduce((n, m) => n + (m.members ? m.members.length : d.count[m.cell]), 0);
    },

    setNote(text) {
      this.note.textContent = text;
      this.note.hidden = !text;
    },

    loadHistogram() {
      if (!this.state) return Promise.resolve();
      const number = (this.asked = (this.asked || 0) + 1);
      const told = this.span ? { a: this.span[0], e: this.span[1] } : {};
      if (this.state.follow) told.b = this.bounds(0);
      return fetch(`${this.options.api}histogram?${this.query(told)}`)
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
        .then((histogram) => {
          if (number < this.answered) return; // overtaken by a later one
          this.answered = number;
          this.histogram = histogram;
          const first = !this.bar || !this.bar.histogram;
          if (this.bar) this.bar.show(histogram);
          if (first && !this.span && (this.span = this.nearDays())) this.loadHistogram();
          this.writeLegend(histogram.types, histogram.chosen);
        })
        .catch((error) => this.setNote(this.words ? this.words.failed : "", error));
    },

    // The next is asked for when the last has been told.
    followCounts() {
      if (this.counting) return;
      this.counting = root.setTimeout(() => this.loadHistogram().finally(() => {
        this.counting = null;
      }), COUNTS_MS);
    },

    chooseDays(days, final) {
      this.override = days;
      this.load();
      if (!final) this.followCounts();
      if (!days) this.span = null;
      if (final) this.say("days", days);
      if (final && !days) this.loadHistogram();
    },

    area(placeId) {
      if (this.areas.has(placeId)) return this.areas.get(placeId);
      this.areas.set(placeId, null);
      fetch(`${this.options.api}area/${encodeURIComponent(placeId)}`)
        .then((answer) => (answer.ok ? answer.json() : null))
        .then((geometry) => {
          this.areas.set(placeId, geometry ? Basemap.parts(geometry, Cells.project) : []);
          this.later();
        });
      return null;
    },

    // --- drawing --------------------------------------------------------------------------------------------------

    toPixels(x, y) {
      return Marks.layerPixels(this._map, x / Cells.WORLD, y / Cells.WORLD);
    },

    // How many pixels the doubt of an event reaches.
    reach(i) {
      const d = this.data;
      return Cells.kmToPixels(d.radius[i] / 10, d.y[i] / Cells.WORLD, Marks.worldPixels(this._map));
    },

    // Drawn once before the next frame, however many ask for it: outlines come one by one.
    later() {
      this.frame = this.frame || root.requestAnimationFrame(() => this._redraw());
    },

    _redraw() {
      root.cancelAnimationFrame(this.frame);
      this.frame = null;
      if (!this._context || !this._bounds) return;
      const g = this._context;
      const { min, max } = this._bounds;
      g.clearRect(min.x, min.y, max.x - min.x, max.y - min.y);
      this.ink = Basemap.INKS[this.theme === "dark" ? "dark" : "light"];
      if (this.labels) Marks.names(g, this._map, this._bounds, this.labels, this.dark ? "dark" : "light");
      this.marks = [];
      if (this.data && this.data.mode === "changes") this.drawChanges(g);
      else if (this.data && this.data.mode === "cells") this.drawCells(g);
      else if (this.data) this.drawEvents(g);
      if (this.state && this.state.ring && this.state.ring.length) this.drawRing(g, this.state.ring);
      if (this.fanned) this.drawFan(g);
      this.walk.draw(g);
      if (this.shape) this.drawShape(g);
    },

    // Two periods compared: how many more or fewer events lie in each part of the map.
    drawChanges(g) {
      const d = this.data;
      const order = [...d.now.keys()].sort((a, b) => Math.abs(d.now[a] - d.then[a]) - Math.abs(d.now[b] - d.then[b]));
      for (const i of order) {
        const [px, py] = this.toPixels(d.x[i], d.y[i]);
        const r = Marks.difference(g, px, py, d.now[i], d.then[i], this.dark);
        this.marks.push({ px, py, r, change: i, x: d.x[i], y: d.y[i] });
      }
    },

    drawCells(g) {
      const d = this.data;
      for (let i = 0; i < d.n; i += 1) {
        const [px, py] = this.toPixels(d.x[i], d.y[i]);
        const r = d.count[i] === 1 ? 5 : bubble(d.count[i]);
        if (d.count[i] === 1) Marks.mark(g, px, py, r, { colour: this.palette[d.type[i]] });
        else Marks.bubble(g, px, py, r, [[d.type[i], 1]], this.dark, Cells.shortNumber(d.count[i]));
        this.marks.push({ px, py, r, cell: i, x: d.x[i], y: d.y[i], oneSpot: Boolean(d.oneSpot[i]) });
      }
    },

    drawEvents(g) {
      const d = this.data;
      this.drawAreas(g);
      const selected = this.state.selected;
      const grouped = Cells.groups(d, (x, y) => this.toPixels(x, y), Marks.NEAR);
      for (const group of grouped) {
        const first = group.members[0];
        const { px, py } = group;
        const chosen = selected && group.members.some((i) => d.hi[i] === selected[0] && d.lo[i] === selected[1]);
        const r = group.members.length > 1 ? bubble(group.members.length) : Cells.markSize(d.reports[first]);
        if (chosen) Marks.halo(g, px, py, r, this.dark);
        if (group.members.length > 1) Marks.bubble(g, px, py, r, this.shares(group.members), this.dark, Cells.shortNumber(group.members.length));
        else this.mark(g, px, py, r, first);
        this.marks.push({ px, py, r, members: group.members, oneSpot: group.oneSpot, x: d.x[first], y: d.y[first] });
      }
    },

    shares(members) {
      const counts = new Map();
      for (const i of members) counts.set(this.data.type[i], (counts.get(this.data.type[i]) || 0) + 1);
      return [...counts].sort((a, b) => b[1] - a[1]);
    },

    // One event: a dot for a point, with a ring as wide as its doubt; a square on a hatched area.
    mark(g, px, py, r, i) {
      const d = this.data;
      const colour = this.palette[d.type[i]];
      const reach = this.reach(i);
      if (d.level[i] === 0 && d.radius[i] / 10 > Cells.EXACT_KM && reach > r + 3) Marks.ring(g, px, py, reach, colour);
      Marks.mark(g, px, py, r, { colour, opacity: Cells.opacity(d.confidence[i]), square: AREA_LEVELS.includes(d.level[i]) });
    },

    // Districts, provinces and regions: their outline, hatched; a circle of their radius where no outline is known.
    drawAreas(g) {
      const d = this.data;
      const seen = new Map();
      for (let i = 0; i < d.n && seen.size < AREAS_AT_ONCE; i += 1) {
        if (!AREA_LEVELS.includes(d.level[i]) || d.area[i] === Cells.NO_AREA) continue;
        if (!seen.has(d.area[i])) seen.set(d.area[i], i);
      }
      for (const [area, i] of seen) {
        const reach = this.reach(i);
        if (reach < 9 || reach > this._map.getSize().y) continue; // a speck, or wider than the view
        const parts = this.area(d.areas[area]);
        if (parts === null) continue;
        g.beginPath();
        if (parts.length) this.tracePolygon(g, parts, d.x[i] / Cells.WORLD);
        else g.arc(...this.toPixels(d.x[i], d.y[i]), reach, 0, 7);
        // What fills most of the view is drawn faintly, or its hatching would hide the map and all that lies on it.
        Marks.hatch(g, this.palette[d.type[i]], reach > this._map.getSize().y * WIDE_AREA ? 0.15 : 0.5);
      }
    },

    tracePolygon(g, parts, x) {
      const world = Marks.worldPixels(this._map);
      const origin = this._map.getPixelOrigin();
      const [px] = this.toPixels(x * Cells.WORLD, 0);
      const shift = origin.x - Math.round((px + origin.x - x * world) / world) * world;
      const edge = 4 / world;
      const box = [
        (this._bounds.min.x + shift) / world - edge, (this._bounds.min.y + origin.y) / world - edge,
        (this._bounds.max.x + shift) / world + edge, (this._bounds.max.y + origin.y) / world + edge,
      ];
      for (const part of parts) {
        Basemap.trace(g, part, box, world, shift, origin.y);
        g.closePath();
      }
    },

    // --- events at one spot ---------------------------------------------------------------------------------------

    fold() {
      this.fanned = null;
    },

    unfold(mark) {
      this.fanned = { mark, places: Cells.fan(mark.members.length) };
      this._redraw();
    },

    drawFan(g) {
      const { mark, places } = this.fanned;
      g.lineWidth = 1;
      g.strokeStyle = this.ink.text;
      places.forEach(([dx, dy], n) => {
        const [px, py] = [mark.px + dx, mark.py + dy];
        g.beginPath();
        g.moveTo(mark.px, mark.py);
        g.lineTo(px, py);
        g.stroke();
        const i = mark.members[n];
        const r = Cells.markSize(this.data.reports[i]);
        const selected = this.state.selected;
        if (selected && this.data.hi[i] === selected[0] && this.data.lo[i] === selected[1]) Marks.halo(g, px, py, r, this.dark);
        Marks.mark(g, px, py, r, { colour: this.palette[this.data.type[i]] });
        g.lineWidth = 1;
        g.strokeStyle = this.ink.text;
        this.marks.unshift({ px, py, r, members: [i], oneSpot: true, fan: true });
      });
    },

    // The marks whose middle can be seen: they are drawn a little beyond the edge too.
    inView() {
      const { x, y } = this._map.containerPointToLayerPoint([0, 0]);
      const size = this._map.getSize();
      return this.marks.filter((m) => m.px >= x && m.px <= x + size.x && m.py >= y && m.py <= y + size.y);
    },

    // --- pointing and clicking ------------------------------------------------------------------------------------

    hitAt(event) {
      const p = this._map.latLngToLayerPoint(event.latlng);
      const fanned = Cells.hit(this.marks.filter((m) => m.fan), p.x, p.y, 3);
      return fanned || Cells.hit(this.marks, p.x, p.y, 4);
    },

    _click(event) {
      if (this.shape) {
        this.addCorner(event.latlng);
        return;
      }
      this.walk.leave();
      const mark = this.hitAt(event);
      if (mark) this.open(mark);
      else {
        this.fold();
        this._redraw();
      }
    },

    open(mark) {
      if (mark.members && mark.members.length === 1) this.select(mark.members[0]);
      else if (mark.members && mark.oneSpot && mark.members.length <= FAN_AT_MOST) this.unfold(mark);
      else if (mark.oneSpot || this._map.getZoom() >= 15) this.say("spot", [mark.x, mark.y]);
      else this.closer(mark);
    },

    select(i) {
      const [hi, lo] = [this.data.hi[i], this.data.lo[i]];
      this.state = { ...this.state, selected: [hi, lo] };
      this._redraw();
      this.say("event", Cells.hex(hi, lo));
    },

    closer(mark) {
      if (mark.members) {
        const points = mark.members.map((i) => Cells.unproject(this.data.x[i] / Cells.WORLD, this.data.y[i] / Cells.WORLD));
        const bounds = L.latLngBounds(points.map(([lon, lat]) => [lat, lon]));
        this._map.fitBounds(bounds, { padding: [60, 60], maxZoom: Math.min(13, this._map.getZoom() + 4) });
        return;
      }
      const [lon, lat] = Cells.unproject(mark.x / Cells.WORLD, mark.y / Cells.WORLD);
      this._map.setView([lat, lon], Math.min(16, this._map.getZoom() + 2));
    },

    _hover(event) {
      const mark = this.shape ? null : this.hitAt(event);
      this._map.getContainer().style.cursor = this.shape ? "crosshair" : mark ? "pointer" : "";
      root.clearTimeout(this.hoverTimer);
      if (!mark || !this.words) this.hideTip();
      else this.hoverTimer = root.setTimeout(() => this.describe(mark, event.containerPoint), 60);
    },

    // No tip now, and none of what was pointed at before: its answer may still be on the way.
    hideTip() {
      root.clearTimeout(this.hoverTimer);
      this.described = null;
      this.tip.hidden = true;
    },

    // The tip's words: counts from the cells, an event's own title from the server; always as text.
    describe(mark, point) {
      this.described = mark;
      if (mark.members && mark.members.length === 1) {
        const i = mark.members[0];
        fetch(`${this.options.api}event/${Cells.hex(this.data.hi[i], this.data.lo[i])}?${this.query({})}`)
          .then((answer) => (answer.ok ? answer.json() : null))
          .then((told) => told && this.described === mark && this.showTip([told.title, told.when], point));
        return;
      }
      const d = this.data;
      if (mark.change !== undefined) {
        const { now, then } = this.words.compared;
        const { text } = Marks.change(d.now[mark.change], d.then[mark.change]);
        this.showTip([text, `${now}: ${d.now[mark.change]}`, `${then}: ${d.then[mark.change]}`], point);
        return;
      }
      const members = mark.members || [mark.cell];
      const n = mark.members ? members.length : d.count[mark.cell];
      const known = members.filter((i) => d.first[i] !== Cells.UNDATED);
      const first = Math.min(...known.map((i) => d.first[i]));
      const last = Math.max(...known.map((i) => (d.last ? d.last[i] : d.first[i] + d.span[i])));
      const days = known.length ? (first === last ? Cells.dayText(first) : `${Cells.dayText(first)} – ${Cells.dayText(last)}`) : "";
      const types = mark.members ? this.typesTold(members) : `${this.words.mostly} ${this.words.types[d.type[mark.cell]]}`;
      this.showTip([`${n} ${this.words.events}`, days, types], point);
    },

    typesTold(members) {
      const told = this.shares(members).map(([type, n]) => `${this.words.types[type]} ${n}`);
      return told.slice(0, TYPES_TOLD).join(", ") + (told.length > TYPES_TOLD ? ", …" : "");
    },

    showTip(lines, point) {
      this.tip.textContent = "";
      const said = lines.filter(Boolean);
      this.walk.say(said);
      said.forEach((line, n) => {
        element("div", n === 0 ? "dl-tip-title" : "", this.tip).textContent = line;
      });
      this.tip.hidden = false;
      const size = this._map.getSize();
      this.tip.style.left = `${Math.min(point.x + 14, size.x - this.tip.offsetWidth - 8)}px`;
      this.tip.style.top = `${Math.min(point.y + 14, size.y - this.tip.offsetHeight - 8)}px`;
    },

    // --- drawing an area to filter by -----------------------------------------------------------------------------

    startShape(kind) {
      this.shape = { kind, corners: [] };
      this._map.doubleClickZoom.disable();
      this.setNote(kind === "polygon" ? this.words.tools.polygonHelp : this.words.tools.rectangleHelp);
      this.shapeKeys = (e) => {
        if (e.key === "Escape") this.endShape(false);
        if (e.key === "Enter") this.endShape(true);
      };
      document.addEventListener("keydown", this.shapeKeys);
      this._map.once("dblclick", () => this.endShape(true));
    },

    addCorner(latlng) {
      this.shape.corners.push([latlng.lng, latlng.lat]);
      if (this.shape.kind === "rectangle" && this.shape.corners.length === 2) this.endShape(true);
      else this._redraw();
    },

    endShape(keep) {
      if (!this.shape) return;
      const { kind, corners } = this.shape;
      this.shape = null;
      document.removeEventListener("keydown", this.shapeKeys);
      root.setTimeout(() => this._map.doubleClickZoom.enable(), 300);
      this.setNote("");
      const round = (v) => +v.toFixed(4);
      if (keep && kind === "rectangle" && corners.length === 2) {
        const [lons, lats] = [0, 1].map((k) => corners.map((c) => round(c[k])).sort((a, b) => a - b));
        this.say("box", [lons[0], lats[0], lons[1], lats[1]]);
      } else if (keep && corners.length >= 3) this.say("polygon", corners.map((c) => c.map(round)));
      this._redraw();
    },

    // The area that the filter is narrowed to.
    drawRing(g, ring) {
      g.beginPath();
      for (const [lon, lat] of ring) {
        const [x, y] = Cells.project(lon, lat);
        g.lineTo(...this.toPixels(x * Cells.WORLD, y * Cells.WORLD));
      }
      g.closePath();
      g.setLineDash([8, 5]);
      g.lineWidth = 2;
      g.strokeStyle = Marks.ink(this.dark);
      g.stroke();
      g.setLineDash([]);
    },

    drawShape(g) {
      g.beginPath();
      this.shape.corners.forEach(([lon, lat], n) => {
        const p = this._map.latLngToLayerPoint([lat, lon]);
        if (n === 0) g.moveTo(p.x, p.y);
        else g.lineTo(p.x, p.y);
        g.rect(p.x - 3, p.y - 3, 6, 6);
        g.moveTo(p.x, p.y);
      });
      g.lineWidth = 2;
      g.strokeStyle = Marks.ink(this.dark);
      g.stroke();
    },

    // --- the map as a picture -------------------------------------------------------------------------------------

    picture() {
      const size = this._map.getSize();
      const made = Picture.picture({
        size: [size.x, size.y],
        ground: (g) => this.paintGround(g, size),
        marks: (g, sharp) => this.paintMarks(g, sharp),
        kmPerPixel: Picture.kmPerPixel(this._map.getCenter().lat, Marks.worldPixels(this._map)),
        unit: "km",
        legend: this.legendTold(),
        line: [this.daysTold(), this.words.creditText].filter(Boolean).join(" · "),
        ink: this.dark ? "#dddddd" : "#333333",
        paper: this.dark ? "#16191d" : "#ffffff",
      });
      Picture.save(made, "dateline-map.png");
    },

    // The days that are shown, and those that they are compared with.
    daysTold() {
      const days = Picture.span(this.bar && this.bar.shown);
      const { against, then } = this.state;
      return against && then ? `${days} ${this.words.compared.with} ${Picture.span(then)}` : days;
    },

    paintGround(g, size) {
      const corner = this._map.getPixelBounds().min;
      const zoom = this._map.getZoom();
      const data = (zoom >= Basemap.FINE_FROM && this.basemap.data.fine) || this.basemap.data.coarse;
      Basemap.paint(g, data, { size: [size.x, size.y], scale: Marks.worldPixels(this._map), ox: corner.x, oy: corner.y, zoom, ink: this.ink });
    },

    // The marks as they stand on the screen, drawn as finely as the picture is.
    paintMarks(g, sharp) {
      Marks.fit(this._container, this._context, this._bounds, sharp);
      this._redraw();
      const offset = this._bounds.min.subtract(this._map.containerPointToLayerPoint([0, 0]));
      const shown = this._bounds.getSize();
      g.drawImage(this._container, offset.x, offset.y, shown.x, shown.y);
      this._update();
    },

    // What the picture's colours and marks mean: the types that are shown and the kinds of marks, or more and fewer.
    legendTold() {
      if (this.data && this.data.mode === "changes") {
        const colours = [Marks.MORE, Marks.FEWER, Marks.SAME];
        return this.words.compared.signs.map(([, text], i) => ({ colour: colours[i], text }));
      }
      const shown = this.histogram ? this.histogram.types : [];
      const types = this.words.types.map((text, code) => ({ colour: this.palette[code], text, n: shown[code] })).filter(({ n }) => n);
      return [...types, ...this.words.marks.map(([mark, text]) => ({ mark, text }))];
    },
  });

  const bubble = Cells.bubbleSize;
})(window);
