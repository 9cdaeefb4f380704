// The one-file page: map, time bar, list and popups from the JSON that stands in the file; it asks nobody anything.
// Foreign words come out of that JSON and are put in with textContent only; addresses must be http or https.
"use strict";

(function (root) {
  const { L, DatelineCells: Cells, DatelineBasemap: Basemap, DatelineTime: Time, DatelineChoose: Choose } = root;
  const NEAR = 17; // marks closer than this many pixels share one
  const PAGE = 100; // rows of the list shown at a time
  const CLOSE_UP = 9; // the zoom from which a click on a group opens its list
  const byId = (id) => document.getElementById(id);
  const read = (id) => JSON.parse(byId(id).textContent);

  // An element with a class and words; the only way by which words come into the page.
  function element(tag, className, parent, words) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (words !== undefined) made.textContent = words;
    if (parent) parent.appendChild(made);
    return made;
  }

  function button(className, parent, words, act) {
    const made = element("button", className, parent, words);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  function swatch(parent, type) {
    const made = element("span", "op-swatch", parent);
    made.style.background = Cells.COLOURS[type];
    return made;
  }

  // --- the marks -----------------------------------------------------------------------------------------------------

  const Marks = L.Renderer.extend({
    options: { padding: 0.15, pane: "overlayPane" },

    initialize(options) {
      L.Renderer.prototype.initialize.call(this, options);
      this.data = { n: 0, x: [], y: [], events: [] };
      this.marks = [];
      this.patterns = new Map();
    },

    _initContainer() {
      this._container = element("canvas", "dl-events");
      this._context = this._container.getContext("2d");
    },

    _destroyContainer() {
      this._container.remove();
      delete this._context;
    },

    getEvents() {
      return { ...L.Renderer.prototype.getEvents.call(this), moveend: this._update };
    },

    _update() {
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      const ratio = root.devicePixelRatio || 1;
      L.DomUtil.setPosition(this._container, this._bounds.min);
      this._container.width = size.x * ratio;
      this._container.height = size.y * ratio;
      this._container.style.width = `${size.x}px`;
      this._container.style.height = `${size.y}px`;
      this._context.setTransform(ratio, 0, 0, ratio, 0, 0);
      this._context.translate(-this._bounds.min.x, -this._bounds.min.y);
      this.draw();
    },

    show(events, selected) {
      this.data = { n: events.length, x: events.map((e) => e.x), y: events.map((e) => e.y), events };
      this.selected = selected;
      this.draw();
    },

    world() {
      return 256 * 2 ** this._map.getZoom();
    },

    // Layer pixels of a position in 0..1, in the copy of the world nearest to the view's middle.
    toPixels(x, y) {
      const world = this.world();
      const origin = this._map.getPixelOrigin();
      const middle = this._map.project(this._map.getCenter()).x;
      return [(x + Math.round(middle / world - x)) * world - origin.x, y * world - origin.y];
    },

    draw() {
      if (!this._context || !this._bounds) return;
      const g = this._context;
      const { min, max } = this._bounds;
      g.clearRect(min.x, min.y, max.x - min.x, max.y - min.y);
      this.drawNames(g, min, max);
      for (const e of this.data.events) if (e.level !== "point") this.drawArea(g, e);
      const groups = Cells.groups(this.data, (x, y) => this.toPixels(x, y), NEAR);
      this.marks = groups.map((group) => {
        const members = group.members.map((i) => this.data.events[i]);
        const r = members.length > 1 ? Math.min(18, Cells.bubbleSize(members.length)) : Cells.markSize(members[0].reports);
        if (members.includes(this.selected)) this.halo(g, group.px, group.py, r);
        if (members.length > 1) this.bubble(g, group.px, group.py, r, members);
        else this.mark(g, group.px, group.py, r, members[0]);
        return { px: group.px, py: group.py, r, members, oneSpot: group.oneSpot };
      });
    },

    drawNames(g, min, max) {
      if (!this.options.labels) return;
      const toPixels = (lon, lat) => {
        const [px, py] = this.toPixels(...Cells.project(lon, lat));
        return [px - min.x, py - min.y];
      };
      const measure = (text, rank) => {
        g.font = Basemap.FONTS[rank];
        return g.measureText(text).width;
      };
      const size = [max.x - min.x, max.y - min.y];
      const placed = Basemap.placeLabels(this.options.labels, this._map.getZoom(), toPixels, size, measure);
      g.save();
      g.translate(min.x, min.y);
      Basemap.drawLabels(g, placed, Basemap.INKS[this.dark ? "dark" : "light"]);
      g.restore();
    },

    reach(e) {
      return Cells.kmToPixels(e.km, e.y, this.world());
    },

    // A district, province or region: a hatched circle as wide as it reaches, unless that is a speck or the whole view.
    drawArea(g, e) {
      const reach = this.reach(e);
      const size = this._map.getSize();
      if (reach < 9 || reach > Math.max(size.x, size.y)) return;
      const colour = Cells.COLOURS[e.type];
      g.beginPath();
      g.arc(...this.toPixels(e.x, e.y), reach, 0, 7);
      g.globalAlpha = 0.4;
      g.fillStyle = this.hatch(colour);
      g.fill();
      g.globalAlpha = 0.7;
      g.lineWidth = 1.2;
      g.strokeStyle = colour;
      g.stroke();
      g.globalAlpha = 1;
    },

    hatch(colour) {
      if (!this.patterns.has(colour)) {
        const tile = document.createElement("canvas");
        tile.width = tile.height = 8;
        const t = tile.getContext("2d");
        t.strokeStyle = colour;
        t.lineWidth = 1.2;
        t.beginPath();
        for (const o of [-8, 0, 8]) {
          t.moveTo(o, 8);
          t.lineTo(o + 8, 0);
        }
        t.stroke();
        this.patterns.set(colour, this._context.createPattern(tile, "repeat"));
      }
      return this.patterns.get(colour);
    },

    halo(g, px, py, r) {
      g.beginPath();
      g.arc(px, py, r + 5, 0, 7);
      g.lineWidth = 3;
      g.strokeStyle = this.dark ? "#fff" : "#111";
      g.stroke();
    },

    // One event: a dot for a place, with a ring as wide as its doubt; a square in the middle of an area.
    mark(g, px, py, r, e) {
      const reach = this.reach(e);
      if (e.level === "point" && e.km > Cells.EXACT_KM && reach > r + 3) this.ring(g, px, py, reach, Cells.COLOURS[e.type]);
      g.beginPath();
      if (e.level === "point") g.arc(px, py, r, 0, 7);
      else g.rect(px - r * 0.85, py - r * 0.85, r * 1.7, r * 1.7);
      g.globalAlpha = Cells.opacity(e.confidence * 255);
      g.fillStyle = Cells.COLOURS[e.type];
      g.fill();
      g.globalAlpha = 1;
      g.lineWidth = 1.3;
      g.strokeStyle = "#fff";
      g.stroke();
    },

    ring(g, px, py, reach, colour) {
      g.beginPath();
      g.arc(px, py, reach, 0, 7);
      g.globalAlpha = 0.75;
      g.setLineDash([5, 4]);
      g.lineWidth = 1.5;
      g.strokeStyle = colour;
      g.stroke();
      g.setLineDash([]);
      g.globalAlpha = 1;
    },

    // Several events: a count in a ring whose parts are the types.
    bubble(g, px, py, r, members) {
      const counts = new Map();
      for (const e of members) counts.set(e.type, (counts.get(e.type) || 0) + 1);
      let angle = -Math.PI / 2;
      for (const [type, n] of [...counts].sort((a, b) => b[1] - a[1])) {
        const next = angle + (2 * Math.PI * n) / members.length;
        g.beginPath();
        g.moveTo(px, py);
        g.arc(px, py, r, angle, next);
        g.fillStyle = Cells.COLOURS[type];
        g.fill();
        angle = next;
      }
      g.beginPath();
      g.arc(px, py, r * 0.7, 0, 7);
      g.fillStyle = this.dark ? "#20262b" : "#ffffff";
      g.fill();
      g.fillStyle = this.dark ? "#fff" : "#1d232a";
      g.font = "600 10px system-ui, sans-serif";
      g.textAlign = "center";
      g.textBaseline = "middle";
      g.fillText(Cells.shortNumber(members.length), px, py + 0.5);
    },
  });

  // --- the page ------------------------------------------------------------------------------------------------------

  class Page {
    constructor(told, basemap, labels) {
      this.words = told.words;
      this.types = told.types;
      this.reports = told.reports;
      this.events = told.events.map((e, at) => this.prepared(e, at));
      this.state = { days: null, mode: "possibly", undated: false, types: new Set(), words: "" };
      this.rows = PAGE;
      this.selected = null;
      this.makeMap(basemap, labels, told.credits);
      this.makeFilters();
      this.makeTheme();
      this.makeLegend();
      this.refresh();
      this.showAll();
    }

    prepared(e, at) {
      const [x, y] = e.lon === null ? [null, null] : Cells.project(e.lon, e.lat);
      const made = { ...e, at, x, y };
      return { ...made, hay: Choose.haystack(made) };
    }

    // --- furniture

    makeMap(basemap, labels, credits) {
      const moving = !root.matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.map = L.map("map", {
        attributionControl: false, minZoom: 1, maxZoom: 13, worldCopyJump: true, center: [25, 15], zoom: 2,
        fadeAnimation: moving, zoomAnimation: moving, inertia: moving,
      });
      this.ground = new Basemap.Layer({ pane: "tilePane", noWrap: false });
      this.ground.data = { coarse: Basemap.shapes(basemap, root.topojson, Cells.project), fine: null };
      this.ground.addTo(this.map);
      this.marks = new Marks({ labels }).addTo(this.map);
      L.control.scale({ imperial: false }).addTo(this.map);
      const credit = L.control({ position: "bottomright" });
      credit.onAdd = () => element("div", "op-credit", null, credits);
      credit.addTo(this.map);
      this.map.on("click", (e) => this.clicked(e));
      this.map.on("mousemove", (e) => {
        this.map.getContainer().style.cursor = this.under(e) ? "pointer" : "";
      });
      this.map.on("popupclose", () => this.leave());
    }

    makeFilters() {
      this.bar = new Time.TimeBar(byId("time"), this.words.time, {
        days: (days) => this.set({ days }),
        span: (span) => {
          this.span = span;
          this.bar.show(this.histogram());
        },
      });
      const days = () => {
        const [from, to] = ["from", "to"].map((id) => byId(id).value);
        const ends = this.span || this.bar.range || [0, 0];
        if (!from && !to) return this.set({ days: null });
        const range = [from ? Cells.dayNumber(from) : Math.min(ends[0], Cells.dayNumber(to)), to ? Cells.dayNumber(to) : Math.max(ends[1], Cells.dayNumber(from))];
        return this.set({ days: [Math.min(...range), Math.max(...range)] });
      };
      byId("from").addEventListener("change", days);
      byId("to").addEventListener("change", days);
      byId("mode").addEventListener("change", (e) => this.set({ mode: e.target.value }));
      byId("undated").addEventListener("change", (e) => this.set({ undated: e.target.checked }));
      byId("words").addEventListener("input", (e) => this.set({ words: e.target.value }));
      byId("filters").addEventListener("submit", (e) => e.preventDefault());
      byId("filters").addEventListener("reset", () => {
        this.span = null;
        this.set({ days: null, mode: "possibly", undated: false, types: new Set(), words: "" });
      });
      byId("more").addEventListener("click", () => {
        this.rows += PAGE;
        this.list();
      });
      document.addEventListener("keydown", (e) => this.key(e));
    }

    makeTheme() {
      const dark = root.matchMedia("(prefers-color-scheme: dark)");
      const put = (on) => {
        this.dark = on;
        document.body.classList.toggle("dl-dark", on);
        this.ground.setTheme(on ? "dark" : "light");
        this.marks.dark = on;
        this.marks.draw();
        this.bar.draw();
      };
      dark.addEventListener("change", (e) => put(e.matches));
      byId("theme").addEventListener("click", () => put(!this.dark));
      put(dark.matches);
    }

    makeLegend() {
      const box = byId("legend");
      this.legend = this.types.map((name, type) => {
        const row = button("op-legend-row", box, "", () => this.toggle(type));
        swatch(row, type);
        element("span", "", row, name);
        element("span", "op-count", row);
        return row;
      });
      for (const [kind, text] of this.words.marks) {
        const row = element("span", "op-sign", box);
        element("span", `op-mark op-mark-${kind}`, row);
        element("span", "", row, text);
      }
    }

    // --- what is chosen

    toggle(type) {
      const types = new Set(this.state.types);
      if (!types.delete(type)) types.add(type);
      this.set({ types });
    }

    set(change) {
      this.state = { ...this.state, ...change };
      this.rows = PAGE;
      this.refresh();
    }

    histogram() {
      return Choose.histogram(this.events.filter((e) => Choose.fits(e, this.state)), this.types.length, this.span);
    }

    refresh() {
      const s = this.state;
      this.shown = Choose.sorted(Choose.chosen(this.events, s));
      this.bar.show(this.histogram());
      this.bar.setDays(s.days);
      for (const [i, id] of ["from", "to"].entries()) byId(id).value = s.days ? Cells.dayText(s.days[i]) : "";
      this.marks.show(this.shown.filter((e) => e.x !== null), this.selected);
      this.writeLegend();
      this.list();
      this.count();
    }

    writeLegend() {
      const counts = Choose.typeCounts(this.events, this.state, this.types.length);
      const { types } = this.state;
      this.legend.forEach((row, type) => {
        row.lastChild.textContent = counts[type] ? String(counts[type]) : "";
        row.hidden = !counts[type] && !types.has(type);
        row.setAttribute("aria-pressed", String(types.has(type)));
        row.classList.toggle("op-off", types.size > 0 && !types.has(type));
      });
    }

    count() {
      const w = this.words;
      const reports = this.shown.reduce((sum, e) => {
        for (const id of e.ids) sum.add(id);
        return sum;
      }, new Set());
      const undated = this.state.days && !this.state.undated ? this.events.filter((e) => e.first === null && e.last === null && Choose.fits(e, this.state)).length : 0;
      const told = Choose.fill(w.counted, { shown: this.shown.length, all: this.events.length, reports: Choose.counted(w.reportsCounted, reports.size) });
      byId("counted").textContent = undated ? `${told} · ${Choose.fill(w.undatedHidden, { n: undated })}` : told;
      const note = byId("note");
      note.hidden = this.shown.length > 0;
      note.textContent = this.shown.length > 0 ? "" : this.events.length ? w.nothing : w.none;
    }

    // --- the list

    list() {
      const placed = this.shown.filter((e) => e.x !== null);
      const rest = this.shown.filter((e) => e.x === null);
      byId("list").replaceChildren(...placed.slice(0, this.rows).map((e) => this.row(e)));
      byId("more").hidden = placed.length <= this.rows;
      const shelf = byId("shelf");
      shelf.hidden = rest.length === 0;
      shelf.firstElementChild.textContent = Choose.fill(this.words.shelf, { n: rest.length });
      shelf.lastElementChild.replaceChildren(...rest.slice(0, this.rows).map((e) => this.row(e)));
    }

    row(e) {
      const item = element("li");
      const row = button("op-row", item, "", () => this.select(e, true));
      row.dataset.event = String(e.at);
      row.setAttribute("aria-current", String(e === this.selected));
      swatch(row, e.type);
      element("span", "op-row-title", row, e.title);
      element("span", "op-row-when", row, `${this.when(e)} · ${this.types[e.type]}`);
      return item;
    }

    // --- reading

    select(e, focus) {
      const from = document.activeElement;
      if (!from.closest(".op-tell")) this.back = focus ? from : null; // where the keys go back to when this is closed
      this.opening = true;
      this.map.closePopup();
      byId("card").hidden = true;
      this.opening = false;
      this.selected = e;
      for (const row of document.querySelectorAll(".op-row")) row.setAttribute("aria-current", String(row.dataset.event === String(e.at)));
      const told = this.tell(e);
      if (e.x === null) this.card(told);
      else this.popup(e, told);
      this.marks.selected = e;
      this.marks.draw();
      if (!focus) return;
      told.focus({ preventScroll: true });
      byId("map").scrollIntoView({ block: "nearest" });
    }

    popup(e, told) {
      const at = [e.lat, e.lon];
      if (this.map.getZoom() < 4 && !this.map.getBounds().contains(at)) this.map.setView(at, 5, { animate: false });
      const [px] = this.marks.toPixels(e.x, e.y);
      const lon = this.map.layerPointToLatLng([px, 0]).lng; // in the copy of the world that is looked at
      this.openPopup([e.lat, lon], told);
    }

    openPopup(latlng, told) {
      const wide = Math.min(330, this.map.getSize().x - 110); // beside the buttons, on a narrow screen too
      L.popup({ maxWidth: wide, minWidth: Math.min(260, wide), autoPanPaddingTopLeft: [52, 12], autoPanPaddingBottomRight: [12, 12] })
        .setLatLng(latlng)
        .setContent(told)
        .openOn(this.map);
    }

    card(told) {
      const card = byId("card");
      element("p", "op-meta", told, this.words.shelved);
      card.replaceChildren(told);
      button("dl-button", card, this.words.close, () => this.closeCard());
      card.hidden = false;
    }

    closeCard() {
      byId("card").hidden = true;
      this.leave();
    }

    leave() {
      if (this.opening) return;
      this.selected = null;
      this.marks.selected = null;
      this.marks.draw();
      for (const row of document.querySelectorAll('.op-row[aria-current="true"]')) row.setAttribute("aria-current", "false");
      if (this.back && this.back.isConnected) this.back.focus({ preventScroll: true });
      this.back = null;
    }

    // An event in words: what, where, when, how sure, the sentence, and who said it.
    tell(e) {
      const w = this.words;
      const box = element("article", "op-tell");
      box.tabIndex = -1;
      const kicker = element("p", "op-kicker", box);
      swatch(kicker, e.type);
      element("span", "", kicker, this.types[e.type]);
      element("h3", "", box, e.title);
      element("blockquote", "", box, e.quote || w.noQuote);
      const facts = element("dl", "", box);
      const fact = (name, ...lines) => {
        element("dt", "", facts, name);
        const told = element("dd", "", facts);
        for (const line of lines.filter(Boolean)) element("div", "", told, line);
      };
      fact(w.when, this.when(e), w.basis[e.basis]);
      fact(w.where, e.where, this.doubt(e));
      fact(w.sure, Choose.fill(w.confidence, { share: Math.round(e.confidence * 100), status: w.statuses[e.status] }),
        Choose.fill(w.origins, { reports: Choose.counted(w.reportsCounted, e.reports), origins: Choose.counted(w.originsCounted, e.origins) }));
      const people = ["killed", "injured"].map((kind) => [kind, Choose.people(e[kind], w)]).filter(([, n]) => n !== null);
      if (people.length) fact(w.people, ...people.map(([kind, n]) => Choose.fill(w[kind], { n })));
      element("dt", "", facts, w.sources);
      this.sources(e, element("dd", "", facts));
      this.steps(e, box);
      return box;
    }

    doubt(e) {
      if (e.level !== "point") return this.words.levels[e.level];
      return e.km > Cells.EXACT_KM ? Choose.fill(this.words.within, { km: Math.round(e.km) }) : "";
    }

    when(e) {
      return Choose.days(e.first, e.last, document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang) || this.words.undated;
    }

    sources(e, parent) {
      const list = element("ul", "op-sources", parent);
      const known = e.ids.map((id) => this.reports[id]).filter(Boolean);
      for (const report of known) this.source(report, element("li", "", list));
      const told = new Set(known.map((r) => r.outlet));
      for (const outlet of e.outlets) if (!told.has(outlet)) element("li", "", list, outlet);
    }

    source(report, item) {
      const url = Choose.link(report.url);
      const title = element(url ? "a" : "span", "", item, report.title || this.words.untitled);
      if (url) {
        title.href = url;
        title.target = "_blank";
        title.rel = "noopener noreferrer nofollow";
        title.title = url;
      }
      const day = report.day === null ? "" : Choose.fill(this.words.published, { day: Choose.days(report.day, report.day, "en-GB") });
      element("span", "op-meta", item, ["", report.outlet, day].filter((part, i) => i === 0 || part).join(" · "));
    }

    steps(e, box) {
      const at = this.shown.indexOf(e);
      const steps = element("div", "op-steps", box);
      for (const [by, name, sign] of [[-1, this.words.previous, "◀"], [1, this.words.next, "▶"]]) {
        const other = this.shown[at + by];
        const made = button("dl-button", steps, sign, () => this.select(other, true));
        made.setAttribute("aria-label", name);
        made.title = name;
        made.disabled = at < 0 || !other;
      }
    }

    // --- the mouse and the keys

    under(e) {
      return Cells.hit(this.marks.marks, e.layerPoint.x, e.layerPoint.y, 4);
    }

    clicked(e) {
      const mark = this.under(e);
      if (!mark) return;
      if (mark.members.length === 1) this.select(mark.members[0], false);
      else if (mark.oneSpot || this.map.getZoom() >= CLOSE_UP) this.choose(mark, e.latlng);
      else this.map.fitBounds(mark.members.map((m) => [m.lat, m.lon]), { padding: [60, 60], maxZoom: CLOSE_UP });
    }

    // Events on one spot: a list to choose from.
    choose(mark, latlng) {
      const box = element("div", "op-tell");
      element("h3", "", box, Choose.fill(this.words.here, { n: mark.members.length }));
      const rows = element("ul", "op-rows", box);
      for (const e of Choose.sorted(mark.members)) rows.appendChild(this.row(e));
      this.openPopup(latlng, box);
      L.DomEvent.disableScrollPropagation(box);
    }

    key(e) {
      if (e.key === "Escape") {
        if (!byId("card").hidden) this.closeCard();
        this.map.closePopup();
      }
      const row = document.activeElement && document.activeElement.closest && document.activeElement.closest(".op-row");
      const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[e.key];
      if (!row || !step) return;
      const other = row.parentElement[step];
      if (!other) return;
      e.preventDefault();
      other.firstElementChild.focus();
    }

    // Show all events: the whole of them, no nearer than a province.
    showAll() {
      const placed = this.events.filter((e) => e.x !== null);
      this.map.invalidateSize({ animate: false });
      if (placed.length) this.map.fitBounds(placed.map((e) => [e.lat, e.lon]), { padding: [50, 50], maxZoom: 7, animate: false });
    }
  }

  root.datelinePage = new Page(read("told"), read("basemap"), read("labels"));
})(window);
