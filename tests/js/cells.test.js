"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");
const Cells = require("../../geo/app/assets/cells.js");

function answer(mode, columns, tail = "") {
  const n = columns[0].length;
  const bytes = new TextEncoder().encode(tail);
  const size = 32 + columns.reduce((sum, c) => sum + c.byteLength, 0) + bytes.length;
  const buffer = new ArrayBuffer(size);
  new Uint32Array(buffer, 0, 8).set([0x314c5444, mode, n, n, n, bytes.length, 0, 0]);
  let at = 32;
  for (const column of columns) {
    new Uint8Array(buffer, at, column.byteLength).set(new Uint8Array(column.buffer));
    at += column.byteLength;
  }
  new Uint8Array(buffer, at).set(bytes);
  return buffer;
}

const u32 = (...v) => Uint32Array.from(v);
const u16 = (...v) => Uint16Array.from(v);
const u8 = (...v) => Uint8Array.from(v);

test("single events are read with their area's place id", () => {
  const data = Cells.decode(
    answer(0, [u32(1, 2), u32(3, 4), u32(5, 6), u32(7, 8), Int32Array.of(19000, -3), u16(0, 2), u16(25, 900), u16(65535, 0), u8(1, 12), u8(0, 2), u8(255, 0), u8(1, 9)], '["geonames:706442"]'),
  );
  assert.equal(data.mode, "events");
  assert.equal(data.n, 2);
  assert.deepEqual([...data.first], [19000, -3]);
  assert.equal(data.areas[data.area[1]], "geonames:706442");
  assert.equal(data.area[0], Cells.NO_AREA);
  assert.equal(Cells.hex(data.hi[0], data.lo[0]), "0000000700000005");
});

test("cells are read with their counts and days", () => {
  const data = Cells.decode(answer(1, [u32(1), u32(2), u32(3000), Int32Array.of(1), Int32Array.of(9), u8(4), u8(1)]));
  assert.equal(data.mode, "cells");
  assert.equal(data.count[0], 3000);
  assert.equal(data.oneSpot[0], 1);
});

test("what is no answer of ours is refused", () => {
  assert.throws(() => Cells.decode(new ArrayBuffer(64)), /not an answer/);
});

test("positions come back", () => {
  for (const [lon, lat] of [[32.6, 46.65], [-179.9, -80], [0, 0]]) {
    const [back, up] = Cells.unproject(...Cells.project(lon, lat));
    assert.ok(Math.abs(back - lon) < 1e-9 && Math.abs(up - lat) < 1e-9);
  }
});

test("a view across the antimeridian has its west east of its east", () => {
  const [west, , east] = Cells.bounds(170, 10, 190, -10);
  assert.ok(west > east);
  assert.deepEqual(Cells.bounds(-400, 80, 400, -80).filter((_, i) => i % 2 === 0), [0, 2 ** 32 - 1]);
});

test("a kilometre is as long as it is at its latitude", () => {
  const [, equator] = Cells.project(0, 0);
  const [, north] = Cells.project(0, 60);
  assert.ok(Math.abs(Cells.kmToPixels(40075.017, equator, 1000) - 1000) < 1e-6);
  assert.ok(Math.abs(Cells.kmToPixels(1, north, 1000) / Cells.kmToPixels(1, equator, 1000) - 2) < 1e-6);
});

test("marks that would lie on each other make one group, and every event is in exactly one", () => {
  const data = { n: 5, x: u32(10, 10, 14, 400, 401), y: u32(10, 10, 10, 10, 10) };
  const groups = Cells.groups(data, (x, y) => [x, y], 17);
  assert.deepEqual(groups.map((g) => g.members), [[0, 1, 2], [3, 4]]);
  assert.deepEqual(groups.map((g) => g.oneSpot), [false, false]);
  const spot = Cells.groups({ n: 2, x: u32(7, 7), y: u32(7, 7) }, (x, y) => [x, y], 17);
  assert.equal(spot[0].oneSpot, true);
});

test("fanned marks do not touch each other", () => {
  for (const n of [2, 10, 11, 40]) {
    const places = Cells.fan(n);
    assert.equal(places.length, n);
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j < i; j += 1) assert.ok(Math.hypot(places[i][0] - places[j][0], places[i][1] - places[j][1]) > 11, `${n}: ${i} ${j}`);
    }
  }
});

test("the nearest mark under the pointer is hit, and none beyond its edge", () => {
  const marks = [{ px: 0, py: 0, r: 10 }, { px: 12, py: 0, r: 10 }];
  assert.equal(Cells.hit(marks, 9, 0, 0), marks[1]);
  assert.equal(Cells.hit(marks, 40, 0, 3), null);
});

test("counts are short and days are days", () => {
  assert.deepEqual([7, 999, 1000, 9960, 123456, 1.2e6].map(Cells.shortNumber), ["7", "999", "1.0k", "10k", "123k", "1.2M"]);
  assert.equal(Cells.dayText(Cells.dayNumber("2022-11-12")), "2022-11-12");
});

test("there is a colour for each of the thirteen types, none twice", () => {
  assert.equal(new Set(Cells.COLOURS).size, 13);
});
