"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");
const Basemap = require("../../geo/app/assets/basemap.js");

const flat = (lon, lat) => [lon, lat];

test("every ring and line of a geometry is read with its box", () => {
  const square = [[0, 0], [4, 0], [4, 2], [0, 0]];
  const read = (type, coordinates) => Basemap.parts({ type, coordinates }, flat);
  assert.equal(read("Polygon", [square]).length, 1);
  assert.equal(read("MultiPolygon", [[square], [square, square]]).length, 3);
  assert.equal(read("LineString", square).length, 1);
  assert.deepEqual(read("MultiLineString", [square])[0].box, [0, 0, 4, 2]);
  assert.deepEqual(Basemap.parts(null, flat), []);
});

test("a long way outside the view is left out, and the line still leaves and enters where it should", () => {
  const points = [[5, 5], ...Array.from({ length: 100 }, (_, i) => [20 + i, 50 + i]), [6, 6]];
  const [part] = Basemap.parts({ type: "LineString", coordinates: points }, flat);
  const drawn = [];
  const pen = { moveTo: (x, y) => drawn.push([x, y]), lineTo: (x, y) => drawn.push([x, y]) };
  Basemap.trace(pen, part, [0, 0, 10, 10], 1, 0, 0);
  assert.deepEqual(drawn, [[5, 5], [20, 50], [119, 149], [6, 6]]);
});

test("labels never lie on each other, countries first", () => {
  const labels = { countries: [["Ukraine", 10, 10, 2]], cities: [], admin1: [["Kherson", 12, 10, 5], ["Lviv", 90, 90, 5]] };
  const placed = Basemap.placeLabels(labels, 6, flat, [100, 100], () => 40);
  assert.deepEqual(placed.map(([text]) => text), ["Ukraine", "Lviv"]);
  assert.deepEqual(Basemap.placeLabels(labels, 3, flat, [100, 100], () => 40).map(([text]) => text), ["Ukraine"]);
});
