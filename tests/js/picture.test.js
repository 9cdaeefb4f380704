// The picture's scale and caption: round distances, and no piece beyond the edge of the page.
"use strict";

const test = require("node:test");
const assert = require("node:assert");
const Picture = require("../../geo/app/assets/picture.js");

test("a scale is a round distance no longer than it may be", () => {
  for (const kmPerPixel of [0.0007, 0.31, 3.3, 78]) {
    const { km, pixels } = Picture.scaleBar(kmPerPixel, 100);
    assert.ok(pixels <= 100.001 && pixels >= 39.9, `${km} km in ${pixels} pixels`);
    assert.ok(["1", "2", "5"].includes(km.toExponential()[0]));
  }
  assert.equal(Picture.scaleBar(3.3, 100).km, 200);
});

test("pieces are set in as many lines as they need, none beyond the page unless it is wider alone", () => {
  const { places, lines } = Picture.set([40, 40, 40, 200], 10, 100);
  assert.deepEqual(places, [[0, 0], [50, 0], [0, 1], [0, 2]]);
  assert.equal(lines, 3);
  assert.equal(Picture.set([], 10, 100).lines, 0);
});

test("a pixel at the equator and at 60 degrees is what the mercator projection says", () => {
  assert.ok(Math.abs(Picture.kmPerPixel(0, 256) - 156.543) < 0.001);
  assert.ok(Math.abs(Picture.kmPerPixel(60, 256) - 78.27) < 0.01);
});
