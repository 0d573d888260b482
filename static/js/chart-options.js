// What ECharts is asked to draw, made of the figures that the server prepared. No element of the page is touched here.

/**
 * A group, by its place on each axis, with its figure as a number and in words.
 * @typedef {{ at: number[], value: number | null, words: string }} Cell
 * @typedef {object} Drawing
 * @property {"bar" | "line" | "scatter" | "heat" | "map"} kind
 * @property {string} title
 * @property {string} measure
 * @property {string[]} names of the groupings
 * @property {string[][]} labels of the groups along each axis
 * @property {boolean[][]} isApart which of them are everything else, or blank
 * @property {(number | null)[] | null} numbers where the groups stand, if on an axis of numbers
 * @property {boolean} isFlat the bars lie: their labels are texts
 * @property {boolean} isSum the parts add up to a whole
 * @property {boolean} isTurned a heat map has the second axis below: it is time
 * @property {number | null} ofNoRows the figure of a group that has no rows
 * @property {Cell[]} cells
 * @property {(string | null)[]} [countries] of a map: which country each group of the first axis is, by ISO 3166
 * @property {([number, number] | null)[]} [places] of a map of places: longitude and latitude of each cell
 * @property {string} [outlines] of a map: the address of the outlines of countries
 */

/**
 * @typedef {object} Look
 * @property {string} ink
 * @property {string} soft
 * @property {string} line
 * @property {string} card
 * @property {string} accent
 * @property {string} wash
 * @property {string} apart
 * @property {string[]} series
 * @property {boolean} isNarrow
 * @property {boolean} isStill nothing moves
 * @property {string} font
 * @property {import("../vendor/echarts/echarts.js").Projection} [projection] of a map
 */

const LINE_HEIGHT = 30;
const BAR_HEIGHT = 14;
const USUAL_HEIGHT = 380;
const MOST_SYMBOLS = 60;
const MOST_WORDS = 60;
const CLASSES = 5;
const LEAST_SIZE = 5; // of a place, in pixels
const MORE_SIZE = 17;
const LEAST_DEGREES = 0.2;
const MARGIN = 0.08;
const WORLD = 0.52; // how tall the countries are, in their width, without the Antarctic

/** The name under which a map has its outlines. */
export const OUTLINES = "world";

/**
 * How tall the chart is, in pixels: lying bars take a line each, a map what its width asks for.
 * @param {Drawing} drawing
 * @param {number} [width]
 */
export function heightOf(drawing, width = 900) {
  if (drawing.kind === "map") return Math.round(width * WORLD) + 90;
  const [groups, series] = [drawing.labels[0].length, drawing.labels[1]?.length ?? 1];
  if (drawing.kind === "heat") return Math.max(240, 120 + 26 * (drawing.isTurned ? groups : series));
  if (drawing.kind !== "bar" || !drawing.isFlat) return USUAL_HEIGHT;
  const each = isStacked(drawing) ? LINE_HEIGHT : Math.max(LINE_HEIGHT, BAR_HEIGHT * series + 12);
  return 60 + (series > 1 ? 40 : 0) + groups * each;
}

/**
 * @param {Drawing} drawing
 * @param {Look} look
 * @returns {Record<string, unknown>}
 */
export function optionsFor(drawing, look) {
  const draw = { bar: bars, line: lines, scatter: points, heat: heatMap, map: drawing.places ? placeMap : countryMap }[drawing.kind];
  return {
    animation: !look.isStill,
    animationDuration: 250,
    color: look.series,
    textStyle: { fontFamily: look.font, color: look.ink },
    ...draw(drawing, look),
  };
}

/** @param {Drawing} drawing */
function isStacked(drawing) {
  return drawing.isSum && drawing.labels.length > 1 && drawing.cells.every((cell) => (cell.value ?? 0) >= 0);
}

/**
 * Text of others as a drawing can hold it: its direction ends with it, it styles nothing, and XML knows its letters.
 * @param {string} text
 */
export function plain(text) {
  // eslint-disable-next-line no-control-regex
  const known = text.replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd");
  return `\u2068${known.replaceAll("{", "{\u200b")}\u2069`;
}

/** @param {number} value */
export function shortNumber(value) {
  const notation = Math.abs(value) >= 100_000 ? "compact" : "standard";
  return new Intl.NumberFormat("en-GB", { notation, maximumSignificantDigits: 6 }).format(value);
}

/**
 * Of each group of the second grouping, or of the only one there is, the cells along the first axis.
 * @param {Drawing} drawing
 */
export function seriesOf(drawing) {
  const names = drawing.labels[1] ?? [drawing.measure];
  /** @type {{ name: string, isApart: boolean, cells: (Cell | undefined)[] }[]} */
  const found = names.map((name, at) => ({
    name,
    isApart: drawing.isApart[1]?.[at] ?? false,
    cells: drawing.labels[0].map(() => undefined),
  }));
  for (const cell of drawing.cells) found[cell.at[1] ?? 0].cells[cell.at[0]] = cell;
  return found;
}

/**
 * @param {Drawing} drawing
 * @param {Look} look
 */
function bars(drawing, look) {
  const every = seriesOf(drawing);
  const alone = every.length === 1 && drawing.labels.length === 1;
  const showWords = alone && drawing.isFlat && drawing.labels[0].length <= MOST_WORDS;
  const groups = groupAxis(drawing, look, { isFlat: drawing.isFlat });
  const figures = figureAxis(drawing, look, { isHidden: showWords, isFlat: drawing.isFlat });
  return {
    ...around(drawing, look, every.length > 1),
    tooltip: tooltip(look, "item", (/** @type {any} */ at) => words(drawing, at.dataIndex, at.seriesIndex)),
    xAxis: drawing.isFlat ? figures : groups,
    yAxis: drawing.isFlat ? groups : figures,
    series: every.map((series, number) => ({
      type: "bar",
      name: plain(series.name),
      stack: isStacked(drawing) ? "all" : undefined,
      barMaxWidth: 44,
      barCategoryGap: drawing.isFlat || drawing.labels[0].length < 30 ? "24%" : "10%",
      itemStyle: { color: series.isApart ? look.apart : alone ? look.accent : look.series[number % look.series.length] },
      label: showWords
        ? { show: true, position: "right", color: look.soft, formatter: (/** @type {any} */ at) => at.data.words }
        : { show: false },
      data: series.cells.map((cell, at) => ({
        value: cell ? cell.value : drawing.ofNoRows,
        words: cell ? cell.words : "",
        ...(alone && drawing.isApart[0][at] ? { itemStyle: { color: look.apart } } : {}),
      })),
    })),
  };
}

/**
 * @param {Drawing} drawing
 * @param {Look} look
 */
function lines(drawing, look) {
  const every = seriesOf(drawing);
  const alone = drawing.labels.length === 1;
  return {
    ...around(drawing, look, !alone),
    tooltip: tooltip(look, "axis", (/** @type {any} */ at) =>
      [
        plain(drawing.labels[0][at[0].dataIndex]),
        ...at.map((/** @type {any} */ one) => {
          const cell = every[one.seriesIndex].cells[one.dataIndex];
          return `${alone ? drawing.measure : plain(every[one.seriesIndex].name)}: ${figure(drawing, cell)}`;
        }),
      ].join("\n"),
    ),
    xAxis: groupAxis(drawing, look, { isFlat: false, boundaryGap: drawing.labels[0].length < 3 }),
    yAxis: figureAxis(drawing, look, { isHidden: false, isFlat: false }),
    series: every.map((series, number) => {
      const color = series.isApart ? look.apart : alone ? look.accent : look.series[number % look.series.length];
      return {
        type: "line",
        name: plain(series.name),
        showSymbol: drawing.labels[0].length <= MOST_SYMBOLS,
        symbol: "circle",
        symbolSize: 6,
        lineStyle: { width: 2.25, color },
        itemStyle: { color },
        areaStyle: alone ? { color, opacity: 0.08 } : undefined,
        data: series.cells.map((cell) => (cell ? cell.value : drawing.ofNoRows)),
      };
    }),
  };
}

/**
 * @param {Drawing} drawing
 * @param {Look} look
 */
function points(drawing, look) {
  const every = seriesOf(drawing);
  const alone = drawing.labels.length === 1;
  const { numbers } = drawing;
  return {
    ...around(drawing, look, !alone),
    tooltip: tooltip(look, "item", (/** @type {any} */ at) => words(drawing, at.data.at, at.seriesIndex)),
    xAxis: numbers
      ? { ...figureAxis(drawing, look, { isHidden: false, isFlat: true }), scale: true }
      : groupAxis(drawing, look, { isFlat: false }),
    yAxis: { ...figureAxis(drawing, look, { isHidden: false, isFlat: false }), scale: true },
    series: every.map((series, number) => ({
      type: "scatter",
      name: plain(series.name),
      symbolSize: drawing.cells.length > 300 ? 6 : 9,
      itemStyle: {
        color: series.isApart ? look.apart : alone ? look.accent : look.series[number % look.series.length],
        opacity: 0.75,
      },
      data: series.cells.flatMap((cell, at) => {
        const place = numbers ? numbers[at] : at;
        return cell && cell.value !== null && place !== null ? [{ value: [place, cell.value], at }] : [];
      }),
    })),
  };
}

/**
 * @param {Drawing} drawing
 * @param {Look} look
 */
function heatMap(drawing, look) {
  const values = drawing.cells.flatMap((cell) => (cell.value === null ? [] : [cell.value]));
  const [least, most] = [Math.min(...values, 0), Math.max(...values, Math.min(...values, 0) + 1)];
  const [below, beside] = drawing.isTurned ? [1, 0] : [0, 1];
  return {
    grid: { left: 8, right: 12, top: 12, bottom: 52, containLabel: true },
    tooltip: tooltip(look, "item", (/** @type {any} */ at) => words(drawing, at.data.at[0], at.data.at[1])),
    xAxis: groupAxis(drawing, look, { isFlat: false, axis: below }),
    yAxis: {
      type: "category",
      data: drawing.labels[beside].map(plain),
      inverse: true,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: look.soft, width: look.isNarrow ? 90 : 170, overflow: "truncate" },
    },
    visualMap: shades(look, least, most, [look.wash, look.accent]),
    series: [
      {
        type: "heatmap",
        name: plain(drawing.measure),
        itemStyle: { borderColor: look.card, borderWidth: drawing.labels[below].length > 60 ? 0 : 1.5, borderRadius: 2 },
        emphasis: { itemStyle: { borderColor: look.ink } },
        data: drawing.cells.flatMap((cell) =>
          cell.value === null ? [] : [{ value: [cell.at[below], cell.at[beside], cell.value], at: cell.at }],
        ),
      },
    ],
  };
}

/**
 * Countries in classes of as many of them each: one that is far above the others leaves these their colours.
 * @param {Drawing} drawing
 * @param {Look} look
 */
function countryMap(drawing, look) {
  const found = byCountry(drawing);
  return {
    tooltip: tooltip(look, "item", (/** @type {any} */ at) => countryWords(drawing, at.name, found.get(at.name) ?? [])),
    visualMap: {
      type: "piecewise",
      pieces: classesOf([...found.values()].flatMap((cells) => valueOf(cells) ?? [])),
      ...(look.isNarrow ? { orient: "vertical", left: 0, itemGap: 2 } : { orient: "horizontal", left: "center", itemGap: 14 }),
      bottom: 0,
      textStyle: { color: look.soft },
      inRange: { color: [look.wash, look.accent] },
      hoverLink: false,
      selectedMode: false,
    },
    series: [
      {
        type: "map",
        name: plain(drawing.measure),
        map: OUTLINES,
        projection: look.projection,
        left: 0,
        right: 0,
        top: 4,
        bottom: look.isNarrow ? 90 : 40,
        selectedMode: false,
        label: { show: false },
        itemStyle: { areaColor: look.line, borderColor: look.card, borderWidth: 0.6 },
        emphasis: { label: { show: false }, itemStyle: { areaColor: "inherit", borderColor: look.ink, borderWidth: 1.2 } },
        data: [...found].flatMap(([country, cells]) => {
          const value = valueOf(cells);
          return value === null ? [] : [{ name: country, value }];
        }),
      },
    ],
  };
}

/**
 * A point for each group: its size tells what adds up to a whole, else its colour.
 * @param {Drawing} drawing
 * @param {Look} look
 */
function placeMap(drawing, look) {
  const data = drawing.cells.flatMap((cell, number) => {
    const place = drawing.places?.[number];
    return place && cell.value !== null ? [{ value: [...place, cell.value], at: cell.at }] : [];
  });
  const values = data.map(({ value }) => value[2]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const isSized = drawing.isSum && least >= 0;
  const more = look.isNarrow ? MORE_SIZE / 2 : MORE_SIZE;
  return {
    tooltip: tooltip(look, "item", (/** @type {any} */ at) => words(drawing, at.data.at[0], at.data.at[1])),
    geo: {
      map: OUTLINES,
      projection: look.projection,
      boundingCoords: boundsOf(data.map(({ value }) => value)),
      preserveAspect: true,
      left: 0,
      right: 0,
      top: 4,
      bottom: isSized ? 4 : 52,
      silent: true,
      itemStyle: { areaColor: look.wash, borderColor: look.soft, borderWidth: 0.6 },
    },
    ...(isSized ? {} : { visualMap: shades(look, least, most, [look.wash, look.accent, look.ink]) }),
    series: [
      {
        type: "scatter",
        name: plain(drawing.measure),
        coordinateSystem: "geo",
        symbolSize: isSized
          ? (/** @type {number[]} */ value) => LEAST_SIZE + more * Math.sqrt(value[2] / (most || 1))
          : LEAST_SIZE + more / 4,
        itemStyle: { ...(isSized ? { color: look.accent } : {}), opacity: 0.75, borderColor: look.card, borderWidth: 0.5 },
        data,
      },
    ],
  };
}

/**
 * Where the places lie, and a little around them: the corner at the upper left and the one at the lower right.
 * @param {number[][]} places
 */
export function boundsOf(places) {
  const sides = [0, 1].map((axis) => {
    const degrees = places.map((place) => place[axis]);
    const [least, most] = [Math.min(...degrees), Math.max(...degrees)];
    const more = Math.max((most - least) * MARGIN, (LEAST_DEGREES - (most - least)) / 2, 0.01);
    const farthest = [180, 90][axis];
    return [Math.max(least - more, -farthest), Math.min(most + more, farthest)];
  });
  const [[west, east], [south, north]] = sides;
  return [
    [west, north],
    [east, south],
  ];
}

/**
 * What colour means which figure.
 * @param {Look} look
 * @param {number} least
 * @param {number} most
 * @param {string[]} color
 */
function shades(look, least, most, color) {
  return {
    min: least,
    max: most,
    orient: "horizontal",
    left: "center",
    bottom: 0,
    itemHeight: 140,
    itemWidth: 12,
    text: [shortNumber(most), shortNumber(least)],
    textStyle: { color: look.soft },
    inRange: { color },
  };
}

/**
 * The groups of each country: “USA” and “United States” are two of one.
 * @param {Drawing} drawing
 */
export function byCountry(drawing) {
  /** @type {Map<string, Cell[]>} */
  const found = new Map();
  for (const cell of drawing.cells) {
    const country = drawing.countries?.[cell.at[0]];
    if (country) found.set(country, [...(found.get(country) ?? []), cell]);
  }
  return found;
}

/**
 * “Germany: 12”; where the table says it otherwise, the country first.
 * @param {Drawing} drawing
 * @param {string} country
 * @param {Cell[]} cells
 */
function countryWords(drawing, country, cells) {
  const name = new Intl.DisplayNames(["en-GB"], { type: "region" }).of(country) ?? country;
  const labels = cells.map((cell) => drawing.labels[0][cell.at[0]]);
  if (!cells.length) return `${name}: no rows`;
  const told = cells.map((cell, at) => `${plain(labels[at])}: ${cell.words}`);
  return (labels.length > 1 || labels[0] !== name ? [name, ...told] : told).join("\n");
}

/** @param {Cell[]} cells that add up, or one */
function valueOf(cells) {
  const values = cells.flatMap((cell) => (cell.value === null ? [] : [cell.value]));
  return values.length ? values.reduce((sum, value) => sum + value) : null;
}

/**
 * Up to five classes with about as many values each; equal values are in one.
 * @param {number[]} values
 */
export function classesOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  /** @type {{ gte: number, lte: number, label: string }[]} */
  const classes = [];
  for (let start = 0; start < sorted.length; ) {
    const size = Math.ceil((sorted.length - start) / (CLASSES - classes.length));
    const [first, last] = [sorted[start], sorted[start + size - 1]];
    const label = first === last ? shortNumber(first) : `${shortNumber(first)} – ${shortNumber(last)}`;
    classes.push({ gte: first, lte: last, label });
    start = sorted.lastIndexOf(last) + 1;
  }
  return classes;
}

/**
 * The legend, and room for what stands around.
 * @param {Drawing} drawing
 * @param {Look} look
 * @param {boolean} hasLegend
 */
function around(drawing, look, hasLegend) {
  return {
    grid: { left: 8, right: drawing.isFlat && drawing.kind === "bar" ? 64 : 20, top: hasLegend ? 44 : 20, bottom: 8, containLabel: true },
    legend: {
      show: hasLegend,
      type: "scroll",
      top: 0,
      left: 0,
      icon: "roundRect",
      itemWidth: 12,
      itemHeight: 12,
      textStyle: { color: look.ink, width: 160, overflow: "truncate" },
      pageTextStyle: { color: look.soft },
      pageIconColor: look.ink,
      pageIconInactiveColor: look.line,
    },
  };
}

/**
 * @param {Drawing} drawing
 * @param {Look} look
 * @param {{ isFlat: boolean, boundaryGap?: boolean, axis?: number }} how
 */
function groupAxis(drawing, look, { isFlat, boundaryGap = true, axis = 0 }) {
  return {
    type: "category",
    data: drawing.labels[axis].map(plain),
    inverse: isFlat,
    boundaryGap,
    axisLine: { show: !isFlat, lineStyle: { color: look.line } },
    axisTick: { show: false },
    axisLabel: {
      color: isFlat ? look.ink : look.soft,
      hideOverlap: true,
      width: isFlat ? (look.isNarrow ? 110 : 200) : 120,
      overflow: "truncate",
      interval: isFlat ? 0 : "auto",
    },
  };
}

/**
 * @param {Drawing} drawing
 * @param {Look} look
 * @param {{ isHidden: boolean, isFlat: boolean }} how
 */
function figureAxis(drawing, look, { isHidden, isFlat }) {
  return {
    type: "value",
    splitNumber: look.isNarrow && isFlat ? 3 : 5,
    splitLine: { show: !isHidden, lineStyle: { color: look.line } },
    axisLabel: { show: !isHidden, color: look.soft, hideOverlap: true, formatter: shortNumber },
    axisLine: { show: false },
    axisTick: { show: false },
    minInterval: drawing.ofNoRows === 0 ? 1 : 0,
  };
}

/**
 * Drawn, not made of elements: those would bring styles of their own.
 * @param {Look} look
 * @param {"item" | "axis"} trigger
 * @param {(at: any) => string} formatter
 */
function tooltip(look, trigger, formatter) {
  return {
    trigger,
    formatter,
    renderMode: "richText",
    confine: true,
    backgroundColor: look.card,
    borderColor: look.line,
    padding: [8, 12],
    textStyle: { color: look.ink, fontSize: 13, lineHeight: 20 },
    axisPointer: { type: "line", lineStyle: { color: look.soft, type: "dashed" } },
  };
}

/**
 * @param {Drawing} drawing
 * @param {number} at
 * @param {number} series
 */
function words(drawing, at, series) {
  const cell = drawing.cells.find((each) => each.at[0] === at && (each.at[1] ?? 0) === series);
  const labels = [drawing.labels[0][at], drawing.labels[1]?.[series]].filter((label) => label !== undefined);
  return [...labels.map(plain), `${plain(drawing.measure)}: ${figure(drawing, cell)}`].join("\n");
}

/**
 * @param {Drawing} drawing
 * @param {Cell | undefined} cell
 */
function figure(drawing, cell) {
  if (cell) return cell.words;
  return drawing.ofNoRows === null ? "–" : String(drawing.ofNoRows);
}
