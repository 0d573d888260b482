// Rows in the reader's format: shown so and copied exactly; of a page's own rows by a button that is remembered.

import { given, required } from "./page.js";
import { readersFormat } from "./readers-format.js";

const REMEMBERED = "exact-values";

/** @param {HTMLTableElement} table */
export function watchFormat(table) {
  const note = required("shown-as", HTMLElement);
  const words = required("shown-as-words", HTMLElement);
  const button = required("shown-as-button", HTMLButtonElement);
  const { locale, timeZone } = new Intl.DateTimeFormat(navigator.language).resolvedOptions();
  const showCells = cellsIn(locale, table);
  if (!showCells) return;

  /** @param {boolean} isExact */
  function show(isExact) {
    showCells?.(isExact);
    words.textContent = isExact
      ? "Numbers, dates and times are shown exactly as they are stored."
      : `Numbers, dates and times are shown in your format (${locale}, ${timeZone}), and copied exactly.`;
    button.textContent = isExact ? "My format" : "Exact values";
  }

  let isExact = localStorage.getItem(REMEMBERED) === "yes";
  show(isExact);
  note.hidden = false;
  button.addEventListener("click", () => {
    isExact = !isExact;
    localStorage.setItem(REMEMBERED, isExact ? "yes" : "no");
    show(isExact);
  });
  document.addEventListener("copy", (event) => copyExactly(event, table));
}

/**
 * Rows that a page shows beside others: without a button, as their own page shows them.
 * @param {HTMLTableElement} table
 */
export function showInFormat(table) {
  const showCells = cellsIn(navigator.language, table);
  if (!showCells) return;
  showCells(false);
  document.addEventListener("copy", (event) => copyExactly(event, table));
}

/**
 * What shows the values of a table, exactly or not; `undefined`: each is the same in both.
 * @param {string} language
 * @param {HTMLTableElement} table
 */
function cellsIn(language, table) {
  const shown = readersFormat({ language });
  const types = [...table.tHead?.rows[0]?.cells ?? []].map((cell) => cell.dataset.type ?? "");
  const cells = [...table.tBodies].flatMap((body) => [...body.rows].flatMap((row) => [...row.cells]));
  const changing = cells.filter((cell) => {
    const exact = cell.textContent ?? "";
    const type = types[cell.cellIndex] ?? "";
    if (!type || shown(exact, type) === exact) return false;
    cell.dataset.value = exact;
    return true;
  });
  if (changing.length === 0) return undefined;
  return (/** @type {boolean} */ isExact) => {
    for (const cell of changing) {
      const exact = given(cell, "value");
      cell.textContent = isExact ? exact : shown(exact, types[cell.cellIndex] ?? "");
      cell.title = isExact ? "" : exact;
    }
  };
}

/**
 * What is selected goes out as it is stored: one whole cell, or cells of several with tabs between.
 * @param {ClipboardEvent} event
 * @param {HTMLTableElement} table
 */
function copyExactly(event, table) {
  const selection = getSelection();
  if (!event.clipboardData || !selection || selection.rangeCount === 0) return;
  const range = selection.getRangeAt(0);
  const within = range.commonAncestorContainer;
  if (!table.contains(within)) return; // the page around it too: as it is seen
  const cell = (within instanceof Element ? within : within.parentElement)?.closest("td");
  if (cell) {
    if (cell.dataset.value === undefined || selection.toString().trim() !== cell.textContent) return;
    event.clipboardData.setData("text/plain", cell.dataset.value);
    event.preventDefault();
    return;
  }
  const copied = document.createElement("table");
  copied.append(range.cloneContents());
  const rows = copied.rows.length > 0 ? [...copied.rows] : [copied];
  const lines = rows.map((row) => [...row.querySelectorAll("th, td")].map(exactText));
  event.clipboardData.setData("text/plain", lines.map((line) => line.join("\t")).join("\n"));
  event.clipboardData.setData("text/html", new XMLSerializer().serializeToString(copied));
  event.preventDefault();
}

/** @param {Element} cell */
function exactText(cell) {
  const exact = cell instanceof HTMLElement ? cell.dataset.value : undefined;
  if (exact !== undefined) cell.textContent = exact;
  return (cell.textContent ?? "").trim();
}
