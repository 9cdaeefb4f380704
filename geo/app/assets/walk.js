// The way to the marks without a mouse: n and p step through those in view from left to right, Enter opens one as a
// click does, Escape leaves. What a step comes to is ringed, told in a tip, and read aloud.
"use strict";

(function (root) {
  const order = (a, b) => a.px - b.px || a.py - b.py;

  // The mark after (by 1) or before (by -1) another; after the last comes the first; null where there are none.
  function next(marks, from, by) {
    const line = [...marks].sort((a, b) => by * order(a, b));
    return line.find((mark) => !from || by * order(mark, from) > 0) || line[0] || null;
  }

  const api = { next };
  root.DatelineWalk = api;
  if (typeof module !== "undefined") module.exports = api;

  api.Walk = class {
    // `layer` has marks, inView(), fanned, fold(), open(mark), describe(mark, point), hideTip() and _redraw().
    constructor(layer, box) {
      this.layer = layer;
      this.at = null; // where it stands, in layer pixels: the marks are made anew at each drawing
      this.heard = document.createElement("div");
      this.heard.className = "dl-heard";
      this.heard.setAttribute("role", "status");
      box.appendChild(this.heard);
      box.addEventListener("keydown", (event) => event.target === box && this.key(event));
      box.addEventListener("blur", () => this.leave());
    }

    get mark() {
      return (this.at && this.layer.marks.find((m) => m.px === this.at.px && m.py === this.at.py)) || null;
    }

    // Those in view; where a spot is unfolded, its own.
    get marks() {
      const seen = this.layer.inView();
      return this.layer.fanned ? seen.filter((m) => m.fan) : seen;
    }

    key(event) {
      if (!this.layer.words || this.layer.shape || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "n") this.step(1);
      else if (event.key === "p") this.step(-1);
      else if (event.key === "Enter") this.open();
      else if (event.key === "Escape") this.back();
    }

    step(by) {
      this.stand(next(this.marks, this.mark, by));
    }

    stand(mark) {
      this.layer.hideTip();
      this.at = mark && { px: mark.px, py: mark.py };
      this.heard.textContent = "";
      if (mark) this.layer.describe(mark, this.layer._map.layerPointToContainerPoint([mark.px, mark.py]));
      this.layer._redraw();
    }

    open() {
      const { mark } = this;
      if (!mark) return;
      this.layer.open(mark);
      if (this.layer.fanned && !mark.fan) this.stand(next(this.marks, null, 1));
    }

    // Out of an unfolded spot, or off the marks.
    back() {
      const { fanned } = this.layer;
      if (!fanned) {
        this.leave();
        return;
      }
      this.layer.fold();
      this.stand(this.at && fanned.mark);
    }

    leave() {
      if (this.at) this.stand(null);
    }

    draw(g) {
      const { mark } = this;
      if (mark) root.DatelineMarks.reached(g, mark.px, mark.py, mark.r, this.layer.dark);
    }

    // What the tip says, to be read aloud.
    say(lines) {
      if (this.at) this.heard.textContent = lines.join(", ");
    }
  };
})(typeof window === "undefined" ? globalThis : window);
