// What the one-file page chooses, counts and says, without a browser: node --test tests/js
"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");
const Choose = require("../../geo/export/assets/choose.js");

const event = (more) => {
  const made = { at: 0, type: 1, first: 10, last: 12, title: "Strike in Kherson", quote: "Shells hit it.", name: "Kherson", where: "Kherson, Ukraine", outlets: ["rferl.org"], ...more };
  return { ...made, hay: Choose.haystack(made) };
};
const state = (more) => ({ days: null, mode: "possibly", undated: false, types: new Set(), words: "", ...more });

test("only whole http and https addresses are links", () => {
  assert.equal(Choose.link("https://example.org/a?b=1"), "https://example.org/a?b=1");
  assert.equal(Choose.link("http://example.org/"), "http://example.org/");
  for (const bad of ["javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "//example.org", "file:///etc/passwd", "", null, undefined, "https://"]) {
    assert.equal(Choose.link(bad), null, String(bad));
  }
});

test("possibly in the range overlaps, surely lies inside, and possibly contains surely", () => {
  for (let from = 5; from < 16; from += 1) {
    for (let to = from; to < 16; to += 1) {
      const possibly = Choose.inDays(event(), [from, to], "possibly", false);
      const surely = Choose.inDays(event(), [from, to], "surely", false);
      assert.equal(possibly, from <= 12 && to >= 10);
      assert.equal(surely, from <= 10 && to >= 12);
      assert.ok(possibly || !surely);
    }
  }
});

test("an undated event is in no range unless asked for, one with half a date never", () => {
  const undated = event({ first: null, last: null });
  assert.equal(Choose.inDays(undated, null, "possibly", false), true);
  assert.equal(Choose.inDays(undated, [0, 99], "possibly", false), false);
  assert.equal(Choose.inDays(undated, [0, 99], "possibly", true), true);
  assert.equal(Choose.inDays(event({ last: null }), [0, 99], "possibly", true), false);
});

test("all words must be found, whatever their case, and types narrow", () => {
  const all = [event(), event({ at: 1, type: 6, title: "Protest in Lviv", name: "Lviv", where: "Lviv" })];
  assert.deepEqual(Choose.chosen(all, state({ words: "KHERSON shells" })).map((e) => e.at), [0]);
  assert.deepEqual(Choose.chosen(all, state({ words: "kherson lviv" })), []);
  assert.deepEqual(Choose.chosen(all, state({ types: new Set([6]) })).map((e) => e.at), [1]);
  assert.deepEqual(Choose.typeCounts(all, state({ types: new Set([6]) }), 13)[1], 1);
});

test("the histogram counts every dated event once and has at most 180 bins", () => {
  for (const span of [1, 100, 500, 4000, 100000]) {
    const events = Array.from({ length: 50 }, (_, i) => event({ first: 19000 + Math.floor((i * span) / 50), last: 19000 + span }));
    const h = Choose.histogram([...events, event({ first: null, last: null })], 13);
    assert.ok(h.counts.length <= 180, `${h.counts.length} bins for ${span} days`);
    assert.equal(h.counts.flat().reduce((a, b) => a + b, 0), 50);
    assert.ok(h.start + h.width * h.counts.length > 19000 + span);
    assert.deepEqual(h.days, [19000, 19000 + span]);
  }
  const week = [event({ first: 19003, last: 19003 }), event({ first: 19005, last: null }), event({ first: 19020, last: 19020 })];
  assert.deepEqual(Choose.histogram(week, 13, [19000, 19010]).days, [19003, 19005]);
  assert.equal(Choose.histogram(week, 13, [18000, 18010]).days, null);
  assert.deepEqual(Choose.histogram([], 13).counts, []);
});

test("the latest event comes first, undated ones last", () => {
  const events = [event({ at: 0, first: null }), event({ at: 1, first: 5 }), event({ at: 2, first: 9 }), event({ at: 3, first: 9 })];
  assert.deepEqual(Choose.sorted(events).map((e) => e.at), [2, 3, 1, 0]);
});

test("days and people are said shortly, and unknown stays unknown", () => {
  const day = (text) => Date.parse(`${text}T00:00:00Z`) / 864e5;
  assert.equal(Choose.days(day("2022-11-12"), day("2022-11-12"), "en-GB"), "12 November 2022");
  assert.match(Choose.days(day("2022-11-10"), day("2022-11-12"), "en-GB"), /^10\s?–\s?12 November 2022$/u);
  assert.equal(Choose.days(null, null, "en-GB"), null);
  const words = { atLeast: "at least {n}", atMost: "at most {n}" };
  assert.equal(Choose.people([7, 7], words), "7");
  assert.equal(Choose.people([7, 10], words), "7–10");
  assert.equal(Choose.people([7, null], words), "at least 7");
  assert.equal(Choose.people([null, 3], words), "at most 3");
  assert.equal(Choose.people([null, null], words), null);
  assert.equal(Choose.people([0, 0], words), "0");
});

test("words with braces and dollars are filled in once and taken for nothing else", () => {
  assert.equal(Choose.fill("{a} of {b}", { a: "{b} $& ${1+1}", b: 2 }), "{b} $& ${1+1} of 2");
});
