// Draw each chart of the page beside its table, in the colours and the size of the page, and save them as pictures.

import { equalEarth, init, registerMap } from "../vendor/echarts/echarts.js";
import { heightOf, optionsFor, OUTLINES, plain } from "./chart-options.js";
import { given, required } from "./page.js";

/** @typedef {import("./chart-options.js").Drawing} Drawing */

const NARROW = 560;
const SAVED_WIDTH = 1200;
const SAVED_SCALE = 2;
const TITLE_HEIGHT = 56;
const SERIES = 8;

/** @type {Promise<void> | undefined} */
let outlines; // of all maps of the page

for (const figure of document.querySelectorAll("figure[data-drawing]")) {
  if (figure instanceof HTMLElement) void begin(figure);
}

/** @param {HTMLElement} figure */
async function begin(figure) {
  /** @type {Drawing} */
  const drawing = JSON.parse(required(given(figure, "drawing"), HTMLElement).textContent ?? "");
  const element = figure.querySelector(".chart");
  if (!(element instanceof HTMLElement)) throw new Error("The figure has no place for its chart.");
  try {
    if (drawing.outlines) await (outlines ??= loadOutlines(drawing.outlines));
  } catch (error) {
    figure.hidden = false;
    figure.querySelector("figcaption")?.remove();
    element.textContent = `${error instanceof Error ? error.message : error} The table has all figures.`;
    return;
  }
  show(figure, element, drawing);
}

/** @param {string} address */
async function loadOutlines(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`The outlines of the countries did not come (${answer.status}).`);
  registerMap(OUTLINES, await answer.json());
}

/**
 * @param {HTMLElement} figure
 * @param {HTMLElement} element
 * @param {Drawing} drawing
 */
function show(figure, element, drawing) {
  figure.hidden = false;
  const figures = figure.parentElement?.querySelector("details.figures-of");
  if (figures instanceof HTMLDetailsElement) figures.open = false; // beside a chart the table is one click away
  const fit = () => (element.style.height = `${heightOf(drawing, element.clientWidth)}px`);
  fit();
  const chart = init(element, null, { renderer: "svg" });
  const draw = () => chart.setOption(optionsFor(drawing, lookOf(element, element.clientWidth)), true);
  draw();
  let { clientWidth: width } = element;
  new ResizeObserver(() => {
    if (element.clientWidth === width) return;
    width = element.clientWidth;
    fit();
    chart.resize();
    draw();
  }).observe(element);
  for (const query of ["(prefers-color-scheme: dark)", "(prefers-reduced-motion: reduce)"]) {
    matchMedia(query).addEventListener("change", draw);
  }
  for (const button of figure.querySelectorAll("[data-save]")) {
    if (!(button instanceof HTMLButtonElement)) continue;
    button.addEventListener("click", () => save(element, drawing, given(button, "save"), given(figure, "name")));
  }
}

/**
 * @param {HTMLElement} element
 * @param {number} width
 * @returns {import("./chart-options.js").Look}
 */
function lookOf(element, width) {
  const probe = document.createElement("span");
  element.append(probe);
  /** @param {string} name */
  const color = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const look = {
    ink: color("ink"),
    soft: color("ink-soft"),
    line: color("line"),
    card: color("card"),
    accent: color("accent"),
    wash: color("accent-wash"),
    apart: color("series-apart"),
    series: Array.from({ length: SERIES }, (_, number) => color(`series-${number + 1}`)),
    isNarrow: width < NARROW,
    isStill: matchMedia("(prefers-reduced-motion: reduce)").matches,
    projection: equalEarth,
    font: getComputedStyle(element).fontFamily.replaceAll('"', "'"), // a saved picture has it within double quotes
  };
  probe.remove();
  return look;
}

/**
 * A picture of its own: as wide as a slide, with its title, whatever the width of the page.
 * @param {HTMLElement} element
 * @param {Drawing} drawing
 * @param {string} format
 * @param {string} name
 */
async function save(element, drawing, format, name) {
  const look = { ...lookOf(element, SAVED_WIDTH), isStill: true };
  const height = Math.max(heightOf(drawing, SAVED_WIDTH), 480) + TITLE_HEIGHT;
  const chart = init(null, null, { renderer: "svg", ssr: true, width: SAVED_WIDTH, height });
  const options = optionsFor(drawing, look);
  chart.setOption({
    ...options,
    ...moved(options),
    backgroundColor: look.card,
    title: { text: plain(drawing.title), left: 16, top: 14, textStyle: { color: look.ink, fontSize: 18 } },
    tooltip: undefined,
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  const blob =
    format === "svg" ? new Blob([svg], { type: "image/svg+xml" }) : await pictureOf(svg, SAVED_WIDTH, height);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${name}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * What stands at the top goes below the title.
 * @param {Record<string, any>} options
 */
function moved(options) {
  const { geo, grid, legend, series } = options;
  if (geo) return { geo: { ...geo, top: geo.top + TITLE_HEIGHT } };
  if (!grid) return { series: series.map((/** @type {any} */ each) => ({ ...each, top: each.top + TITLE_HEIGHT })) };
  return {
    grid: { ...grid, left: 24, right: Math.max(grid.right, 32), top: grid.top + TITLE_HEIGHT, bottom: grid.bottom + 16 },
    ...(legend ? { legend: { ...legend, top: TITLE_HEIGHT - 6, left: 16 } } : {}),
  };
}

/**
 * @param {string} svg
 * @param {number} width
 * @param {number} height
 * @returns {Promise<Blob>}
 */
async function pictureOf(svg, width, height) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * SAVED_SCALE;
  canvas.height = height * SAVED_SCALE;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser makes no picture of it."))));
  });
}
