import assert from "node:assert/strict";
import test from "node:test";

import { boundsOf, byCountry, classesOf, heightOf, optionsFor, plain, seriesOf, shortNumber } from "../../static/js/chart-options.js";

const LOOK = {
  ...{ ink: "ink", soft: "soft", line: "line", card: "card", accent: "accent", wash: "wash", apart: "apart" },
  series: ["one", "two"],
  isNarrow: false,
  isStill: true,
  font: "sans",
};

/** @param {object} changes */
function drawing(changes = {}) {
  return {
    ...{ kind: "bar", title: "Rows by area", measure: "Rows", names: ["area"], numbers: null, ofNoRows: 0 },
    ...{ isFlat: true, isSum: true, isTurned: false },
    labels: [["North", "{a|b}", "(blank)"]],
    isApart: [[false, false, true]],
    cells: [
      { at: [0], value: 2, words: "2" },
      { at: [2], value: 1, words: "1" },
    ],
    ...changes,
  };
}

const BOTH = {
  labels: [["Jan 2024", "Feb 2024"], ["card", "everything else"]],
  isApart: [[false, false], [false, true]],
  cells: [
    { at: [0, 0], value: 2, words: "2" },
    { at: [1, 1], value: null, words: "NaN" },
  ],
};

test("text of others styles nothing and its direction ends with it", () => {
  assert.equal(plain("{a|b}\u202e"), "\u2068{\u200ba|b}\u202e\u2069");
  assert.equal(plain("a\u0001\tb"), "\u2068a\ufffd\tb\u2069"); // a saved picture is XML
});

test("lying bars have a line each, in grey what is everything else or blank", () => {
  const options = optionsFor(drawing(), LOOK);
  assert.deepEqual(options.yAxis.data, ["North", "{a|b}", "(blank)"].map(plain));
  assert.deepEqual(
    options.series[0].data.map((bar) => [bar.value, bar.itemStyle?.color]),
    [[2, undefined], [0, undefined], [1, "apart"]],
  );
  assert.equal(heightOf(drawing({ labels: [Array(40).fill("x")] })) - heightOf(drawing({ labels: [["x"]] })), 39 * 30);
  assert.equal(options.animation, false);
});

test("bars of parts of a sum stand on each other, unless one is below zero", () => {
  const parts = drawing({ ...BOTH, isFlat: false });
  assert.deepEqual(optionsFor(parts, LOOK).series.map((series) => series.stack), ["all", "all"]);
  const below = drawing({ ...BOTH, cells: [{ at: [0, 0], value: -1, words: "-1" }] });
  assert.deepEqual(optionsFor(below, LOOK).series.map((series) => series.stack), [undefined, undefined]);
});

test("a line has a gap where there is no figure, and nothing where there are no rows to count", () => {
  const line = (changes) => optionsFor(drawing({ ...BOTH, kind: "line", ...changes }), LOOK).series;
  assert.deepEqual(line({}).map((series) => series.data), [[2, 0], [0, null]]);
  assert.deepEqual(line({ ofNoRows: null })[0].data, [2, null]);
  assert.equal(line({})[1].lineStyle.color, "apart");
});

test("points stand where their numbers are, and those without one nowhere", () => {
  const numbers = { labels: [["1", "10", "(blank)"]], numbers: [1, 10, null] };
  const [series] = optionsFor(drawing({ ...numbers, kind: "scatter" }), LOOK).series;
  assert.deepEqual(series.data, [{ value: [1, 2], at: 0 }]);
});

test("a heat map has time below, and no cell where there is no figure", () => {
  const heat = optionsFor(drawing({ ...BOTH, kind: "heat", isTurned: true }), LOOK);
  assert.deepEqual(heat.xAxis.data, BOTH.labels[1].map(plain));
  assert.deepEqual(heat.series[0].data, [{ value: [0, 0, 2], at: [0, 0] }]);
  assert.match(heat.tooltip.formatter({ data: { at: [0, 0] } }), /Jan 2024.*card.*Rows.*: 2/s);
});

test("tooltips are drawn, not made of elements", () => {
  for (const kind of ["bar", "line", "scatter", "heat"]) {
    assert.equal(optionsFor(drawing({ ...BOTH, kind }), LOOK).tooltip.renderMode, "richText");
  }
});

test("cells are sorted into the series of the second grouping", () => {
  assert.deepEqual(
    seriesOf(drawing(BOTH)).map((series) => [series.name, series.isApart, series.cells.map((cell) => cell?.words)]),
    [["card", false, ["2", undefined]], ["everything else", true, [undefined, "NaN"]]],
  );
});

test("numbers of an axis are short", () => {
  assert.deepEqual([0.25, 1500].map(shortNumber), ["0.25", "1,500"]);
  assert.match(shortNumber(1_200_000), /^1\.2m$/i);
});

test("a map has the groups of a country together, and is as tall as its width asks for", () => {
  const map = drawing({
    ...{ kind: "map", labels: [["USA", "United States", "Germany", "Atlantis"]], isApart: [[false, false, false, false]] },
    countries: ["US", "US", "DE", null],
    cells: [4, 3, 2, 1].map((value, at) => ({ at: [at], value, words: String(value) })),
  });
  assert.deepEqual([...byCountry(map).keys()], ["US", "DE"]);
  const options = optionsFor(map, LOOK);
  assert.deepEqual(options.series[0].data, [{ name: "US", value: 7 }, { name: "DE", value: 2 }]);
  assert.equal(options.tooltip.formatter({ name: "US" }), `United States\n${plain("USA")}: 4\n${plain("United States")}: 3`);
  assert.equal(options.tooltip.formatter({ name: "DE" }), `${plain("Germany")}: 2`);
  assert.equal(options.tooltip.formatter({ name: "FR" }), "France: no rows");
  assert.ok(heightOf(map, 1200) > heightOf(map, 360));
});

test("classes of a map have as many countries each, and equal ones are in one", () => {
  assert.deepEqual(
    classesOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 1_000_000]).map((each) => each.label),
    ["1 – 2", "3 – 4", "5 – 6", "7 – 8", "9 – 1m"],
  );
  assert.deepEqual(classesOf([2, 2, 2, 2, 5]).map((each) => [each.gte, each.lte, each.label]), [[2, 2, "2"], [5, 5, "5"]]);
  assert.deepEqual(classesOf([]), []);
});

test("a map of places has a point for each that is somewhere, larger the more there are", () => {
  const map = drawing({
    ...{ kind: "map", labels: [["50 to 52", "(blank)"], ["0 to 2"]], isApart: [[false, true], [false]] },
    places: [[1, 51], null],
    cells: [0, 1].map((at) => ({ at: [at, 0], value: 4, words: "4" })),
  });
  const { series, geo, tooltip, visualMap } = optionsFor(map, LOOK);
  assert.deepEqual(series[0].data, [{ value: [1, 51, 4], at: [0, 0] }]);
  assert.ok(series[0].symbolSize([1, 51, 4]) > series[0].symbolSize([1, 51, 1]));
  assert.deepEqual(geo.boundingCoords, boundsOf([[1, 51]]));
  assert.equal(visualMap, undefined);
  assert.equal(tooltip.formatter({ data: series[0].data[0] }), `${plain("50 to 52")}\n${plain("0 to 2")}\n${plain("Rows")}: 4`);
  assert.ok(optionsFor({ ...map, isSum: false }, LOOK).visualMap, "a mean is told by its colour");
});

test("what a map shows of the earth ends with the earth", () => {
  assert.deepEqual(boundsOf([[-180, 89], [180, -90]]), [[-180, 90], [180, -90]]);
  assert.deepEqual(boundsOf([[10, 50]]), [[9.9, 50.1], [10.1, 49.9]]);
});
