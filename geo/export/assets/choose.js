// Which events of the one-file page are wanted, counted and worded: pure functions, tested with Node.
"use strict";

(function (root) {
  const BINS = 180; // a histogram has at most so many
  const WIDTHS = [1, 7, ...Array.from({ length: 19 }, (_, i) => 7 * 2 ** (i + 1))]; // days

  // The address if it is a whole http or https one, null for anything else.
  function link(url) {
    if (typeof url !== "string" || /[\u0000-\u0020]/.test(url)) return null;
    try {
      const told = new URL(url);
      return (told.protocol === "http:" || told.protocol === "https:") && told.hostname ? told.href : null;
    } catch {
      return null;
    }
  }

  // Whether an event lies in a range of days: possibly (it overlaps) or surely (it lies wholly inside).
  function inDays(event, range, mode, undated) {
    if (!range) return true;
    if (event.first === null && event.last === null) return undated;
    if (event.first === null || event.last === null) return false;
    const [begins, ends] = mode === "surely" ? [event.first, event.last] : [event.last, event.first];
    return begins >= range[0] && ends <= range[1];
  }

  const fold = (text) => text.toLowerCase();

  // What the words of a search are looked for in.
  const haystack = (event) => fold([event.title, event.quote, event.name, event.where, ...event.outlets].join("\n"));

  // Whether an event fits all but the days.
  function fits(event, { types, words }) {
    if (types.size > 0 && !types.has(event.type)) return false;
    return fold(words).split(/\s+/).every((word) => !word || event.hay.includes(word));
  }

  const chosen = (events, state) =>
    events.filter((e) => fits(e, state) && inDays(e, state.days, state.mode, state.undated));

  // Events by first day and type, as the time bar takes them; `span` shows a part of time. `days`: the first and last day
  // of what is counted, null where nothing is.
  function histogram(events, types, span) {
    const dated = events.filter((e) => e.first !== null);
    if (dated.length === 0) return { start: 0, width: 1, counts: [], days: null };
    const start = span ? span[0] : dated.reduce((low, e) => Math.min(low, e.first), Infinity);
    const end = span ? span[1] : dated.reduce((high, e) => Math.max(high, e.last ?? e.first), -Infinity);
    const width = WIDTHS.find((w) => (end - start) / w < BINS - 1) || WIDTHS[WIDTHS.length - 1];
    const counts = Array.from({ length: Math.floor((end - start) / width) + 1 }, () => Array(types).fill(0));
    let ends = null;
    for (const e of dated) {
      const bin = counts[Math.floor((e.first - start) / width)];
      if (!bin) continue;
      bin[e.type] += 1;
      const [first, last] = ends || [e.first, e.first];
      ends = [Math.min(first, e.first), Math.max(last, e.last ?? e.first)];
    }
    return { start, width, counts, days: ends };
  }

  // How many events of each type fit everything but the choice of types.
  function typeCounts(events, state, types) {
    const counts = Array(types).fill(0);
    for (const e of chosen(events, { ...state, types: new Set() })) counts[e.type] += 1;
    return counts;
  }

  // The latest first, undated ones last, in their order otherwise.
  const sorted = (events) => [...events].sort((a, b) => (b.first ?? -Infinity) - (a.first ?? -Infinity) || a.at - b.at);

  // The words with what stands in {…} filled in.
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

  const counted = ([one, many], n) => fill(n === 1 ? one : many, { n });

  // How many people, as it was told: "7", "7–10", "at least 7"; null where nothing was told.
  function people([low, high], words) {
    if (low === null && high === null) return null;
    if (high === null) return fill(words.atLeast, { n: low });
    if (low === null) return fill(words.atMost, { n: high });
    return low === high ? String(low) : `${low}–${high}`;
  }

  // The days in words, as short as they can be said; null where unknown.
  function days(first, last, language) {
    const known = [first, last].filter((n) => n !== null);
    if (known.length === 0) return null;
    const style = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
    const [a, b] = [known[0], known[known.length - 1]].map((n) => new Date(n * 864e5));
    return known[0] === known[known.length - 1] ? style.format(a) : style.formatRange(a, b);
  }

  const api = { link, inDays, haystack, fits, chosen, histogram, typeCounts, sorted, fill, counted, people, days };
  root.DatelineChoose = api;
  if (typeof module !== "undefined") module.exports = api;
})(typeof window === "undefined" ? globalThis : window);
