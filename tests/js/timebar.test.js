"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");
const Time = require("../../geo/app/assets/timebar.js");

const day = (text) => Date.parse(`${text}T00:00:00Z`) / 864e5;

test("the largest bin fills the height and a small one can still be seen", () => {
  const tall = Time.heights([[0, 0], [1, 0], [50, 50]], 60);
  assert.equal(tall[0], 0);
  assert.ok(tall[1] >= 2 && tall[1] < 10);
  assert.equal(tall[2], 60);
});

test("ticks stand on round days within the axis", () => {
  for (const [from, to] of [["2022-11-01", "2022-11-20"], ["2022-01-01", "2023-01-01"], ["1960-05-05", "2026-01-01"]]) {
    const ticks = Time.ticks(day(from), day(to), 600);
    assert.ok(ticks.length >= 2 && ticks.length <= 12, `${from} ${ticks.length}`);
    assert.ok(ticks.every(([n]) => n >= day(from) && n < day(to)));
  }
  assert.ok(Time.ticks(day("2022-01-10"), day("2023-01-10"), 600).every(([n]) => new Date(n * 864e5).getUTCDate() === 1));
});

test("the player moves its window to the very end and then stops", () => {
  assert.deepEqual(Time.nextWindow([0, 6], 7, 10), [4, 10]);
  assert.equal(Time.nextWindow([4, 10], 7, 10), null);
});

test("chosen days stay on the axis and never run backwards", () => {
  assert.deepEqual(Time.clampDays([9, 3], [0, 5]), [3, 5]);
  assert.deepEqual(Time.clampDays([-4, 2], [0, 5]), [0, 2]);
  assert.deepEqual(Time.clampDays([20, 30], [0, 5]), [0, 5]);
});
