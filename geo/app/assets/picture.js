// The map as a picture to take away: ground, marks, scale, and below them what the marks mean and whose data it is.
"use strict";

(function (root) {
  const Cells = root.DatelineCells || (typeof require === "undefined" ? null : require("./cells.js"));
  const SHARP = 2; // pixels of the picture for one on the screen
  const LINE = 19;
  const EDGE = 12;
  const FONT = "11px system-ui, sans-serif";

  // The longest round distance that is at most so many pixels long: { km, pixels }.
  function scaleBar(kmPerPixel, most) {
    const whole = kmPerPixel * most;
    const power = 10 ** Math.floor(Math.log10(whole));
    const km = [5, 2, 1].map((n) => n * power).find((n) => n <= whole);
    return { km, pixels: km / kmPerPixel };
  }

  // Pieces that are so wide, set in lines no wider than the page: [x, line] of each, and how many lines there are.
  function set(widths, gap, page) {
    let x = 0;
    let line = 0;
    const places = widths.map((wide) => {
      if (x > 0 && x + wide > page) {
        x = 0;
        line += 1;
      }
      const place = [x, line];
      x += wide + gap;
      return place;
    });
    return { places, lines: widths.length ? line + 1 : 0 };
  }

  function write(g, pieces, top, gap, page, draw) {
    const sign = draw ? 15 : 0;
    const { places, lines } = set(pieces.map((p) => g.measureText(p.text).width + sign), gap, page);
    pieces.forEach((piece, i) => {
      const [x, y] = [EDGE + places[i][0], top + LINE * (places[i][1] + 0.5)];
      if (draw) draw(piece, x, y);
      g.fillText(piece.text, x + sign, y);
    });
    return lines * LINE;
  }

  // What a piece of the legend stands for: a type by its colour, a kind of mark as the map draws it.
  function drawSign(g, { colour, mark }, x, y, ink) {
    g.fillStyle = colour || ink;
    g.strokeStyle = ink;
    g.lineWidth = 1.2;
    g.beginPath();
    if (mark === "dot" || mark === "ring") g.arc(x + 5, y, 4.5, 0, 7);
    else g.rect(x, y - 5, 10, 10);
    if (mark === "area") {
      for (const [across, down, side] of [[4, -5, 4], [10, -5, 10], [10, 1, 4]]) {
        g.moveTo(x + across, y + down);
        g.lineTo(x + across - side, y + down + side);
      }
    }
    g.setLineDash(mark === "ring" ? [2.5, 2] : []);
    if (mark === "ring" || mark === "area") g.stroke();
    else g.fill();
    g.setLineDash([]);
    g.fillStyle = ink;
  }

  function drawScale(g, { km, pixels }, bottom, unit, ink, paper) {
    g.fillStyle = paper;
    g.globalAlpha = 0.85;
    g.fillRect(EDGE, bottom - 22, pixels + 8, 16);
    g.globalAlpha = 1;
    g.fillStyle = g.strokeStyle = ink;
    g.fillText(`${km} ${unit}`, EDGE + 6, bottom - 14);
    g.beginPath();
    g.moveTo(EDGE + 2, bottom - 12);
    g.lineTo(EDGE + 2, bottom - 6);
    g.lineTo(EDGE + 2 + pixels, bottom - 6);
    g.lineTo(EDGE + 2 + pixels, bottom - 12);
    g.lineWidth = 1.5;
    g.stroke();
  }

  // The picture as a canvas. `told`: size [w, h], ground(g), marks(g), kmPerPixel, unit, legend [{ colour or
  // mark, text }], line, ink and paper.
  function picture(told) {
    const canvas = document.createElement("canvas");
    const g = canvas.getContext("2d");
    const [wide, high] = told.size;
    const page = wide - 2 * EDGE;
    const words = told.line.split(" ").map((text) => ({ text }));
    g.font = FONT;
    const rows = [[told.legend, 14, 15], [words, 3.5, 0]].map(([pieces, gap, sign]) => set(pieces.map((p) => g.measureText(p.text).width + sign), gap, page).lines);
    canvas.width = wide * SHARP;
    canvas.height = (high + (rows[0] + rows[1]) * LINE + EDGE) * SHARP;
    g.scale(SHARP, SHARP);
    told.ground(g);
    told.marks(g, SHARP);
    g.fillStyle = told.paper;
    g.fillRect(0, high, wide, canvas.height);
    g.font = FONT;
    g.textAlign = "left";
    g.textBaseline = "middle";
    drawScale(g, scaleBar(told.kmPerPixel, 100), high, told.unit, told.ink, told.paper);
    const used = write(g, told.legend, high + EDGE / 2, 14, page, (piece, x, y) => drawSign(g, piece, x, y, told.ink));
    g.fillStyle = told.ink;
    write(g, words, high + EDGE / 2 + used, 3.5, page, null);
    return canvas;
  }

  function save(canvas, name) {
    canvas.toBlob((blob) => {
      const link = document.createElement("a");
      document.body.appendChild(link);
      link.href = URL.createObjectURL(blob);
      link.download = name;
      link.click();
      root.setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      link.remove();
    });
  }

  const kmPerPixel = (lat, worldPixels) => (40075.017 * Math.cos((lat * Math.PI) / 180)) / worldPixels;
  const span = (days) => (days ? `${Cells.dayText(days[0])} – ${Cells.dayText(days[1])}` : "");

  const api = { scaleBar, set, picture, save, kmPerPixel, span };
  root.DatelinePicture = api;
  if (typeof module !== "undefined") module.exports = api;
})(typeof window === "undefined" ? globalThis : window);
