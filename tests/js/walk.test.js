// The keyboard's way through the marks.
"use strict";

const test = require("node:test");
const assert = require("node:assert");
const Walk = require("../../geo/app/assets/walk.js");

const marks = [[30, 0], [10, 5], [10, 2], [20, 9]].map(([px, py]) => ({ px, py }));
const walked = (by, from, steps) => {
  const seen = [];
  let at = from;
  for (let n = 0; n < steps; n += 1) {
    at = Walk.next(marks, at, by);
    seen.push(marks.indexOf(at));
  }
  return seen;
};

test("the marks are stepped through from left to right, then from the top down, and around the end", () => {
  assert.deepEqual(walked(1, null, 5), [2, 1, 3, 0, 2]);
  assert.deepEqual(walked(-1, null, 5), [0, 3, 1, 2, 0]);
});

test("a step goes on from where it stands, even if that mark is gone", () => {
  assert.deepEqual(walked(1, { px: 15, py: 0 }, 1), [3]);
  assert.deepEqual(walked(-1, { px: 15, py: 0 }, 1), [1]);
  assert.equal(Walk.next([], { px: 15, py: 0 }, 1), null);
});
