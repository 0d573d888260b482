// The bar in named phases. Each step fills only as far as the server says.

import { percent } from "./format.js";

/**
 * @typedef {import("./file-model.js").Steps} Steps
 * @typedef {{isPast: boolean, isNow: boolean, isEndless: boolean, share: number}} StepState
 */

/**
 * How far a file is: the index of its step (beyond the last one when it is through) and the part of it that is done.
 * @param {string[]} names of the steps, in order
 * @param {Steps} view
 * @returns {{current: number, share: number}}
 */
export function position(names, { phase, done, total }) {
  const share = total > 0 && phase !== "waiting" ? Math.min(1, done / total) : 0;
  if (phase === "published" || phase === "loaded") return { current: names.length, share };
  return { current: Math.max(0, names.indexOf(phase === "publishing" ? "published" : phase)), share };
}

/**
 * What each step shows.
 * @param {string[]} names
 * @param {Steps} view
 * @returns {StepState[]}
 */
export function stepStates(names, view) {
  const { current, share } = position(names, view);
  const mayTakeLong = !view.stopped && (view.phase === "waiting" || view.phase === "publishing");
  return names.map((_, index) => ({
    isPast: index < current,
    isNow: index === current,
    isEndless: index === current && mayTakeLong,
    share: index < current ? 1 : index === current ? share : 0,
  }));
}

/**
 * Build the bar in `place`; what it returns shows a view in it.
 * @param {HTMLElement} place
 * @param {[string, string][]} steps names and words
 * @returns {(view: Steps) => void}
 */
export function stepsBar(place, steps) {
  const names = steps.map(([name]) => name);
  const bar = document.createElement("div");
  bar.className = "steps-bar";
  bar.setAttribute("role", "progressbar");
  bar.setAttribute("aria-label", "Progress");
  bar.setAttribute("aria-valuemin", "0");
  bar.setAttribute("aria-valuemax", "100");
  const parts = steps.map(([name, word]) => stepPart(bar, name, word));
  const detail = document.createElement("p");
  detail.className = "steps-detail";
  place.replaceChildren(bar, detail);

  return function show(view) {
    const states = stepStates(names, view);
    parts.forEach(({ step, fill }, index) => {
      const { isPast, isNow, isEndless, share } = states[index];
      step.classList.toggle("past", isPast);
      step.classList.toggle("now", isNow);
      step.classList.toggle("endless", isEndless);
      fill.style.setProperty("--share", isNow ? share.toFixed(4) : String(share));
    });
    const { current, share } = position(names, view);
    bar.classList.toggle("stopped", view.stopped);
    bar.setAttribute("aria-valuenow", String(Math.round((100 * (current + share)) / names.length)));
    bar.setAttribute("aria-valuetext", view.text || `${view.phase} ${percent(view.done, view.total)}`);
    detail.textContent = view.text;
  };
}

/**
 * @param {HTMLElement} bar
 * @param {string} name
 * @param {string} word
 */
function stepPart(bar, name, word) {
  const step = document.createElement("div");
  step.className = "step";
  step.dataset.step = name;
  const track = document.createElement("div");
  track.className = "track";
  const fill = document.createElement("div");
  fill.className = "fill";
  track.append(fill);
  const label = document.createElement("span");
  label.textContent = word;
  step.append(track, label);
  bar.append(step);
  return { step, fill };
}
