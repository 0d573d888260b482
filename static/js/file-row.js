// One file in the list. The elements stay while their words change, so that focus is never lost.

import { actionButton } from "./buttons.js";
import { ago, moment } from "./format.js";
import { chip } from "./option-chips.js";
import { required, slots } from "./page.js";
import { stepsBar } from "./steps.js";

const TEMPLATE = required("file-row", HTMLTemplateElement);

/**
 * @typedef {object} Shown
 * @property {string} name
 * @property {string} href
 * @property {string} sameHref
 * @property {string} uploadedAt
 * @property {import("./file-model.js").View} view
 * @property {string} alert
 * @property {string[]} options what was said about how to read it
 */

/**
 * @param {object} options
 * @param {(slug: string) => string} options.datasetUrl
 * @param {import("./file-model.js").PageWords} options.words
 * @param {(offered: import("./file-model.js").FileButton, button: HTMLButtonElement) => void} options.onAct
 * @returns {{element: HTMLElement, update: (shown: Shown) => void}}
 */
export function fileRow({ datasetUrl, words, onAct }) {
  const fragment = document.importNode(TEMPLATE.content, true);
  const element = fragment.querySelector("li");
  if (element === null) throw new Error("The template of a row is empty.");
  const slot = slots(fragment);
  const showSteps = stepsBar(slot("steps"), words.steps);
  let shown = "";
  /** @type {Date | null} */
  let date = null;

  /**
   * @param {string[]} slugs
   * @param {string[]} planned those that it is not in yet
   * @param {string} receipt
   */
  function datasets(slugs, planned, receipt) {
    const links =
      slugs.length > 2
        ? [anchor(`${slugs.length} datasets`, receipt)]
        : slugs.map((slug) => (planned.includes(slug) ? slug : anchor(slug, datasetUrl(slug))));
    slot("datasets").replaceChildren(...links.flatMap((link, index) => (index ? [", ", link] : [link])));
  }

  /**
   * @param {import("./file-model.js").NoticePiece[]} pieces
   * @param {number | null} fileId the file of which the receipt is at hand, if any
   * @param {string} href that receipt
   */
  function notice(pieces, fileId, href) {
    slot("notice").hidden = pieces.length === 0;
    const shown = pieces.map(({ text, file }) => (href && file !== null && file === fileId ? anchor(text, href) : text));
    slot("notice").replaceChildren(...shown);
  }

  /** @param {string[]} said */
  function options(said) {
    slot("options").hidden = said.length === 0;
    slot("options").replaceChildren(...said.map(chip));
  }

  /** @param {import("./file-model.js").FileButton[]} wanted */
  function actions(wanted) {
    const place = slot("actions");
    const labels = wanted.map(({ act, label, files = [] }) => `${act}:${label}:${files.join("+")}`).join();
    if (place.dataset.shown === labels) return;
    place.dataset.shown = labels;
    const hadFocus = place.contains(document.activeElement);
    place.replaceChildren(...wanted.map((offered) => actionButton(offered, (button) => onAct(offered, button))));
    place.hidden = wanted.length === 0;
    if (hadFocus) (place.querySelector("button") ?? slot("name")).focus();
  }

  /** @param {Shown} file */
  const update = (file) => {
    tick();
    const now = JSON.stringify(file);
    if (now === shown) return;
    shown = now;
    const { name, href, sameHref, uploadedAt, view, alert } = file;
    element.dataset.phase = view.phase;
    slot("name").textContent = name;
    link(slot("name"), href);
    slot("size").textContent = view.size;
    slot("rows").textContent = view.rows;
    slot("rejected").textContent = view.rejected;
    link(slot("rejected"), view.rejected && href);
    slot("number").textContent = view.number;
    slot("same").textContent = view.same;
    link(slot("same"), sameHref);
    datasets(view.datasets, view.planned, href);
    options(file.options);
    date = uploadedAt ? new Date(uploadedAt) : null;
    if (date) {
      slot("time").setAttribute("datetime", uploadedAt);
      slot("time").title = moment(date);
    }
    tick();
    slot("badge").textContent = view.badge;
    slot("badge").className = `badge ${view.phase}`;
    slot("steps").hidden = !view.showsSteps;
    if (view.showsSteps) showSteps(view.steps);
    notice(view.notice, view.sameFile, sameHref);
    slot("answer").hidden = view.answer === "";
    slot("answer").textContent = view.answer;
    link(slot("answer"), view.answer && href);
    write(slot("alert"), alert || view.alert);
    actions(view.actions);
  };

  function tick() {
    const text = date ? ago(date) : "";
    if (slot("time").textContent !== text) slot("time").textContent = text;
  }

  return { element, update };
}

/**
 * @param {string} text
 * @param {string} href
 */
function anchor(text, href) {
  const made = document.createElement("a");
  made.href = href;
  made.textContent = text;
  return made;
}

/**
 * @param {HTMLElement} element
 * @param {string} href where it leads; empty leaves it as it is
 */
function link(element, href) {
  if (href) element.setAttribute("href", href);
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function write(element, text) {
  element.hidden = text === "";
  if (element.textContent !== text) element.textContent = text;
}
