// The time bar: a histogram by day and type with a brush, a player and keys; it tells its owner what is chosen.
"use strict";

(function (root) {
  const PAD = 14;
  // The player's signs, drawn on 20 by 20: not every font has them.
  const PLAY = "M6 4 V16 L16 10 Z";
  const PAUSE = "M5 4 H8.5 V16 H5 Z M11.5 4 H15 V16 H11.5 Z";

  // The stack heights of a bin are drawn from the largest bin; a square root keeps small days visible.
  function heights(counts, height) {
    const totals = counts.map((bin) => bin.reduce((a, b) => a + b, 0));
    const top = Math.max(1, ...totals);
    return totals.map((n) => (n === 0 ? 0 : Math.max(2, Math.sqrt(n / top) * height)));
  }

  // Where to write which day under the bars: about one label in 90 pixels, on round days.
  function ticks(start, end, pixels) {
    const dayOf = (n) => new Date(n * 864e5);
    const span = end - start;
    const wish = span / Math.max(1, pixels / 90);
    const out = [];
    if (wish <= 20) {
      const step = [1, 2, 5, 7, 14].find((s) => s >= wish) || 20;
      for (let n = Math.ceil(start / step) * step; n < end; n += step) out.push([n, dayOf(n).toISOString().slice(5, 10)]);
      return out;
    }
    const months = [1, 2, 3, 6, 12, 24, 60, 120].find((m) => m * 30.4 >= wish) || 240;
    const first = dayOf(start);
    let month = first.getUTCFullYear() * 12 + first.getUTCMonth();
    month = Math.ceil(month / months) * months;
    for (; ; month += months) {
      const n = Date.UTC(Math.floor(month / 12), month % 12, 1) / 864e5;
      if (n >= end) return out;
      if (n >= start) out.push([n, months >= 12 ? String(Math.floor(month / 12)) : dayOf(n).toISOString().slice(0, 7)]);
    }
  }

  // The next window of a player that moves by `step` days and stops at the end; null when it has arrived.
  function nextWindow([from, to], step, end) {
    if (to >= end) return null;
    const by = Math.min(step, end - to);
    return [from + by, to + by];
  }

  const clampDays = ([a, b], [low, high]) => {
    const from = Math.max(low, Math.min(a, b));
    const to = Math.min(high, Math.max(a, b));
    return from > to ? [low, high] : [from, to];
  };

  const api = { heights, ticks, nextWindow, clampDays };
  root.DatelineTime = api;
  if (typeof module !== "undefined") module.exports = api;
  if (typeof document === "undefined") return;

  const Cells = root.DatelineCells;

  function element(tag, className, parent, attributes) {
    const made = document.createElement(tag);
    made.className = className;
    for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
    if (parent) parent.appendChild(made);
    return made;
  }

  // A drawing on 20 by 20 as a sign in a button; the button says in words what it does.
  api.sign = (path, parent) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 20 20");
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS(svg.namespaceURI, "path");
    line.setAttribute("d", path);
    svg.appendChild(line);
    parent.replaceChildren(svg);
  };

  api.TimeBar = class {
    // `owner` has days(range or null, final) and span(range or null): called when the brush or the axis moves.
    constructor(box, words, owner) {
      this.words = words;
      this.owner = owner;
      this.histogram = null;
      this.palette = Cells.COLOURS;
      this.days = null;
      this.box = box;
      this.build();
    }

    build() {
      const w = this.words;
      const head = element("div", "dl-time-head", this.box);
      this.playButton = element("button", "dl-button dl-play", head, { type: "button" });
      this.offer(PLAY, w.play);
      this.playButton.onclick = () => (this.timer ? this.pause() : this.play());
      this.speed = element("select", "dl-select", head, { "aria-label": w.speed, title: w.speed });
      for (const [value, text] of w.speeds) element("option", "", this.speed, { value }).textContent = text;
      this.label = element("output", "dl-time-label", head, { "aria-live": "polite" });
      this.whole = element("button", "dl-button dl-quiet", head, { type: "button" });
      this.whole.textContent = w.allDays;
      this.whole.onclick = () => this.choose(null, true);
      this.stage = element("div", "dl-time-stage", this.box);
      this.canvas = element("canvas", "dl-time-canvas", this.stage, { role: "img", "aria-label": w.histogram });
      this.handles = [0, 1].map((side) => {
        const handle = element("div", "dl-handle", this.stage, {
          role: "slider", tabindex: "0", "aria-label": side ? w.lastDay : w.firstDay, "aria-orientation": "horizontal",
        });
        handle.addEventListener("keydown", (e) => this.key(e, side));
        return handle;
      });
      this.stage.addEventListener("pointerdown", (e) => this.grab(e));
      this.stage.addEventListener("pointermove", (e) => this.hover(e));
      this.stage.addEventListener("pointerleave", () => this.write());
      this.stage.addEventListener("dblclick", () => this.choose(null, true));
      this.stage.addEventListener("wheel", (e) => this.wheel(e), { passive: false });
      new ResizeObserver(() => this.draw()).observe(this.stage);
    }

    // What the player's button does when it is pressed next.
    offer(path, text) {
      api.sign(path, this.playButton);
      this.playButton.title = text;
      this.playButton.setAttribute("aria-label", text);
    }

    show(histogram) {
      this.histogram = histogram;
      this.later();
    }

    setDays(days) {
      this.days = days;
      this.later();
    }

    setPalette(palette) {
      this.palette = palette;
      this.later();
    }

    // Told at once, drawn once before the next frame: one change of the filter comes as days and as a histogram.
    later() {
      this.write();
      this.frame = this.frame || root.requestAnimationFrame(() => this.draw());
    }

    get range() {
      const h = this.histogram;
      return h && h.counts.length ? [h.start, h.start + h.width * h.counts.length - 1] : null;
    }

    get chosen() {
      return this.days ? clampDays(this.days, [-1e6, 1e6]) : this.range;
    }

    // The days that are told: those chosen, or the first and last that have events; the axis goes a little beyond.
    get shown() {
      return this.days ? this.chosen : (this.histogram && this.histogram.days) || this.range;
    }

    toX(day) {
      const [low, high] = this.range;
      return PAD + ((day - low) / (high - low + 1)) * (this.stage.clientWidth - 2 * PAD);
    }

    toDay(x) {
      const [low, high] = this.range;
      const share = (x - PAD) / Math.max(1, this.stage.clientWidth - 2 * PAD);
      return Math.max(low, Math.min(high, low + Math.floor(share * (high - low + 1))));
    }

    choose(days, final) {
      this.days = days;
      this.later();
      this.owner.days(days, final);
    }

    grab(event) {
      if (!this.range || event.button !== 0) return;
      this.pause();
      const x = event.clientX - this.stage.getBoundingClientRect().left;
      const at = this.toDay(x);
      const [from, to] = this.shown;
      const near = (day) => Math.abs(this.toX(day) - x) < 9;
      let move;
      if (near(from)) move = (d) => [d, to];
      else if (near(to + 1)) move = (d) => [from, d];
      else if (this.days && at > from && at < to) move = (d) => [from + d - at, to + d - at];
      else move = (d) => [Math.min(at, d), Math.max(at, d)];
      let moved = false;
      const drag = (e) => {
        const day = this.toDay(e.clientX - this.stage.getBoundingClientRect().left);
        if (!moved && Math.abs(e.clientX - event.clientX) < 3) return;
        moved = true;
        const [a, b] = move(day);
        this.choose([Math.min(a, b), Math.max(a, b)], false);
      };
      const drop = () => {
        root.removeEventListener("pointermove", drag);
        root.removeEventListener("pointerup", drop);
        if (moved) this.choose(this.days, true);
      };
      root.addEventListener("pointermove", drag);
      root.addEventListener("pointerup", drop);
      event.preventDefault();
    }

    key(event, side) {
      const step = { ArrowLeft: -1, ArrowRight: 1, PageDown: -30, PageUp: 30 }[event.key];
      if (!step || !this.range) return;
      event.preventDefault();
      const days = [...this.shown];
      days[side] += step * (event.shiftKey ? 7 : 1);
      if (days[0] > days[1]) days[1 - side] = days[side];
      this.choose(clampDays(days, this.range), true);
    }

    wheel(event) {
      if (!this.range) return;
      event.preventDefault();
      const [low, high] = this.range;
      const at = this.toDay(event.clientX - this.stage.getBoundingClientRect().left);
      const factor = event.deltaY < 0 ? 0.6 : 1.7;
      const next = [Math.round(at - (at - low) * factor), Math.round(at + (high - at) * factor)];
      if (next[1] - next[0] < 6) return;
      this.owner.span(next);
    }

    play() {
      const range = this.range;
      if (!range) return;
      let days = this.days || [range[0], range[0] + Math.max(1, Math.round((range[1] - range[0]) / 12))];
      if (days[1] >= range[1]) days = [range[0], range[0] + (days[1] - days[0])];
      this.offer(PAUSE, this.words.pause);
      const step = () => {
        const perSecond = Number(this.speed.value);
        const by = Math.max(1, Math.round(perSecond / 5));
        days = nextWindow(days, by, range[1]);
        if (!days) return this.pause();
        this.choose(days, false);
        this.timer = root.setTimeout(step, (1000 * by) / perSecond);
        return undefined;
      };
      this.choose(days, false);
      this.timer = root.setTimeout(step, 300);
    }

    pause() {
      if (!this.timer) return;
      root.clearTimeout(this.timer);
      this.timer = null;
      this.offer(PLAY, this.words.play);
      this.choose(this.days, true);
    }

    hover(event) {
      if (!this.range) return;
      const x = event.clientX - this.stage.getBoundingClientRect().left;
      const h = this.histogram;
      const bin = Math.floor((this.toDay(x) - h.start) / h.width);
      const n = (h.counts[bin] || []).reduce((a, b) => a + b, 0);
      const from = h.start + bin * h.width;
      const span = h.width === 1 ? Cells.dayText(from) : `${Cells.dayText(from)} – ${Cells.dayText(from + h.width - 1)}`;
      this.write(`${span}: ${n}`);
    }

    write(text) {
      const days = this.shown;
      if (!days) this.label.textContent = this.words.noDays;
      else this.label.textContent = text || `${Cells.dayText(days[0])} – ${Cells.dayText(days[1])}${this.beyond()}`;
      this.whole.hidden = !this.days;
    }

    // Events that the axis does not show: the wheel brings them in.
    beyond() {
      const n = this.histogram && this.histogram.outside;
      return n ? ` · ${n} ${this.words.outside}` : "";
    }

    draw() {
      this.frame = null;
      const [width, height] = [this.stage.clientWidth, this.stage.clientHeight];
      const ratio = root.devicePixelRatio || 1;
      this.canvas.width = width * ratio;
      this.canvas.height = height * ratio;
      const context = this.canvas.getContext("2d");
      context.scale(ratio, ratio);
      context.clearRect(0, 0, width, height);
      if (!this.range || width < 2 * PAD) return;
      const style = root.getComputedStyle(this.stage);
      this.drawAxis(context, width, height, style);
      this.drawBars(context, height - 16, style);
      this.placeHandles();
    }

    drawAxis(context, width, height, style) {
      const [low, high] = this.range;
      context.fillStyle = style.color;
      context.font = "11px system-ui, sans-serif";
      context.textAlign = "left";
      for (const [day, text] of ticks(low, high + 1, width)) {
        context.fillRect(Math.round(this.toX(day)), height - 15, 1, 4);
        if (this.toX(day) < width - 50) context.fillText(text, this.toX(day) + 3, height - 4);
      }
    }

    drawBars(context, height, style) {
      const h = this.histogram;
      const tall = heights(h.counts, height - 4);
      const [from, to] = this.chosen;
      h.counts.forEach((bin, i) => {
        const start = h.start + i * h.width;
        const x = this.toX(start);
        const wide = Math.max(1, this.toX(start + h.width) - x - (h.counts.length < 120 ? 1 : 0));
        const total = bin.reduce((a, b) => a + b, 0);
        let y = height;
        context.globalAlpha = start + h.width - 1 < from || start > to ? 0.25 : 1;
        bin.forEach((n, type) => {
          if (!n) return;
          const part = (n / total) * tall[i];
          context.fillStyle = this.palette[type];
          context.fillRect(x, y - part, wide, part);
          y -= part;
        });
      });
      context.globalAlpha = 1;
      if (!this.days) return;
      context.fillStyle = style.getPropertyValue("--brush");
      context.fillRect(this.toX(from), 0, this.toX(to + 1) - this.toX(from), height);
    }

    placeHandles() {
      const days = this.shown;
      const range = this.range;
      this.handles.forEach((handle, side) => {
        handle.style.left = `${Math.max(PAD, Math.min(this.stage.clientWidth - PAD, this.toX(days[side] + side)))}px`;
        handle.setAttribute("aria-valuemin", range[0]);
        handle.setAttribute("aria-valuemax", range[1]);
        handle.setAttribute("aria-valuenow", days[side]);
        handle.setAttribute("aria-valuetext", Cells.dayText(days[side]));
      });
    }
  };
})(typeof window === "undefined" ? globalThis : window);
