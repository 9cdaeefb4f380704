// The drawing that the map and the one-file page share: colours by theme, and how a difference is told.
"use strict";

const test = require("node:test");
const assert = require("node:assert");
const Cells = require("../../geo/app/assets/cells.js");
const Marks = require("../../geo/app/assets/marks.js");

const light = (hex) => {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => {
  const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};

test("every type has a colour of its own in light and dark, and on the dark ground all can be seen", () => {
  for (const dark of [false, true]) assert.equal(new Set(Marks.palette(dark)).size, 13);
  assert.deepEqual(Marks.palette(false), Cells.COLOURS);
  for (const colour of Marks.palette(true)) assert.ok(contrast(colour, "#16191d") >= 3, `${colour} on the dark ground`);
});

test("the pages around the map lighten the same types", () => {
  const { readFileSync } = require("node:fs");
  const told = readFileSync(require("node:path").join(__dirname, "../../geo/app/style.py"), "utf8");
  const pairs = [...told.matchAll(/(\d+): "(#[0-9a-f]{6})"/g)].map(([, type, colour]) => [Number(type), colour]);
  const dark = Marks.palette(true);
  assert.deepEqual(pairs, [...dark.keys()].filter((t) => dark[t] !== Cells.COLOURS[t]).map((t) => [t, dark[t]]));
});

test("a difference is told with its sign and its colour, and is larger where more has changed", () => {
  const [more, fewer, same] = [Marks.change(12, 2), Marks.change(2, 1502), Marks.change(3, 3)];
  assert.deepEqual([more.text, fewer.text, same.text], ["+10", "−1.5k", "="]);
  assert.deepEqual([more.colour, fewer.colour, same.colour], [Marks.MORE, Marks.FEWER, Marks.SAME]);
  assert.ok(fewer.r > more.r && more.r > same.r);
});

test("what /api/cells tells of two periods is read as two counts a cell", () => {
  const head = new Uint32Array([0x314c5444, 2, 2, 9, 9, 0, 0, 0]);
  const body = new Uint32Array([10, 20, 30, 40, 5, 0, 1, 3]);
  const both = new Uint32Array(16);
  both.set(head);
  both.set(body, 8);
  const data = Cells.decode(both.buffer);
  assert.equal(data.mode, "changes");
  assert.deepEqual([[...data.now], [...data.then]], [[5, 0], [1, 3]]);
});
