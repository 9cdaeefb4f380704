// The one-file page: map, time bar, list and popups from the JSON that stands in the file; it asks nobody anything.
// Foreign words come out of that JSON and are put in with textContent only; addresses must be http or https.
"use strict";

(function (root) {
  const { L, DatelineCells: Cells, DatelineBasemap: Basemap, DatelineMarks: Marks, DatelineTime: Time, DatelineChoose: Choose } = root;
  const PAGE = 100; // rows of the list shown at a time
  const CLOSE_UP = 9; // the zoom from which a click on a group opens its list
  let palette = Marks.palette(false);
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
    made.dataset.type = type;
    made.style.background = palette[type];
    return made;
  }

  // Colours for a light or a dark page, also of what stands there already.
  function usePalette(dark) {
    palette = Marks.palette(dark);
    for (const made of document.querySelectorAll(".op-swatch")) made.style.background = palette[made.dataset.type];
  }

  // How many of these events are of each type, the most first.
  function shares(events) {
    const counts = new Map();
    for (const e of events) counts.set(e.type, (counts.get(e.type) || 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1]);
  }

  // --- the marks -----------------------------------------------------------------------------------------------------

  const Layer = L.Renderer.extend({
    options: { padding: 0.15, pane: "overlayPane" },

    initialize(options) {
      L.Renderer.prototype.initialize.call(this, options);
      this.data = { n: 0, x: [], y: [], events: [] };
      this.marks = [];
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
      Marks.fit(this._container, this._context, this._bounds);
      this.draw();
    },

    show(events, selected) {
      this.data = { n: events.length, x: events.map((e) => e.x), y: events.map((e) => e.y), events };
      this.selected = selected;
      this.draw();
    },

    toPixels(x, y) {
      return Marks.layerPixels(this._map, x, y);
    },

    draw() {
      if (!this._context || !this._bounds) return;
      const g = this._context;
      const { min, max } = this._bounds;
      g.clearRect(min.x, min.y, max.x - min.x, max.y - min.y);
      if (this.options.labels) Marks.names(g, this._map, this._bounds, this.options.labels, this.dark ? "dark" : "light");
      for (const e of this.data.events) if (e.level !== "point") this.drawArea(g, e);
      const groups = Cells.groups(this.data, (x, y) => this.toPixels(x, y), Marks.NEAR);
      this.marks = groups.map((group) => {
        const members = group.members.map((i) => this.data.events[i]);
        const r = members.length > 1 ? Math.min(18, Cells.bubbleSize(members.length)) : Cells.markSize(members[0].reports);
        if (members.includes(this.selected)) Marks.halo(g, group.px, group.py, r, this.dark);
        if (members.length > 1) Marks.bubble(g, group.px, group.py, r, shares(members), this.dark, Cells.shortNumber(members.length));
        else this.mark(g, group.px, group.py, r, members[0]);
        return { px: group.px, py: group.py, r, members, oneSpot: group.oneSpot };
      });
    },

    reach(e) {
      return Cells.kmToPixels(e.km, e.y, Marks.worldPixels(this._map));
    },

    // A district, province or region: a hatched circle as wide as it reaches, unless that is a speck or the whole view.
    drawArea(g, e) {
      const reach = this.reach(e);
      const size = this._map.getSize();
      if (reach < 9 || reach > Math.max(size.x, size.y)) return;
      g.beginPath();
      g.arc(...this.toPixels(e.x, e.y), reach, 0, 7);
      Marks.hatch(g, palette[e.type], 0.4);
    },

    // One event: a dot for a place, with a ring as wide as its doubt; a square in the middle of an area.
    mark(g, px, py, r, e) {
      const reach = this.reach(e);
      const point = e.level === "point";
      const colour = palette[e.type];
      if (point && e.km > Cells.EXACT_KM && reach > r + 3) Marks.ring(g, px, py, reach, colour);
      Marks.mark(g, px, py, r, { colour, opacity: Cells.opacity(e.confidence * 255), square: !point });
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
      this.marks = new Layer({ labels }).addTo(this.map);
      L.control.scale({ imperial: false }).addTo(this.map);
      const credit = L.control({ position: "bottomright" });
      credit.onAdd = () => element("div", "op-credit", null, credits);
      credit.addTo(this.map);
      this.map.on("click", (e) => this.clicked(e));
      this.map.on("mousemove", (e) => {
        this.map.getContainer().style.cursor = this.under(e) ? "pointer" : "";
      });
      this.map.on("popupclose", () => this.leave());
      this.map.on("resize", () => this.fitPopup());
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
        usePalette(on);
        this.bar.setPalette(palette);
        this.marks.draw();
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
      this.popped = L.popup({ ...this.popupSize(), autoPanPaddingTopLeft: [52, 12], autoPanPaddingBottomRight: [12, 12] })
        .setLatLng(latlng)
        .setContent(told)
        .openOn(this.map);
    }

    popupSize() {
      const wide = Math.min(330, this.map.getSize().x - 110); // beside the buttons, on a narrow screen too
      return { maxWidth: wide, minWidth: Math.min(260, wide) };
    }

    // A popup that is open when the window narrows.
    fitPopup() {
      if (!this.popped || !this.popped.isOpen()) return;
      L.setOptions(this.popped, this.popupSize());
      this.popped.update();
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
