// The bar in named phases. Each step fills only as far as the server says.

import { percent } from "./format.js";

const STEPS = [
  ["uploading", "Uploading"],
  ["waiting", "Waiting"],
  ["checking", "Checking"],
  ["loading", "Loading"],
  ["published", "Published"],
];
const PLACE = { uploading: 0, waiting: 1, checking: 2, loading: 3, publishing: 4, published: 5, loaded: 5 };

export function stepsBar(place) {
  const bar = document.createElement("div");
  bar.className = "steps-bar";
  bar.setAttribute("role", "progressbar");
  bar.setAttribute("aria-label", "Progress");
  bar.setAttribute("aria-valuemin", "0");
  bar.setAttribute("aria-valuemax", "100");
  const fills = STEPS.map(([name, word]) => {
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
  });
  const detail = document.createElement("p");
  detail.className = "steps-detail";
  place.replaceChildren(bar, detail);

  return function show({ phase, done, total, text, stopped = false }) {
    const current = PLACE[phase] ?? 0;
    const share = total > 0 && phase !== "waiting" ? Math.min(1, done / total) : 0;
    fills.forEach(({ step, fill }, index) => {
      step.classList.toggle("past", index < current);
      step.classList.toggle("now", index === current);
      step.classList.toggle("endless", index === current && !stopped && (phase === "waiting" || phase === "publishing"));
      fill.style.setProperty("--share", index < current ? "1" : index === current ? share.toFixed(4) : "0");
    });
    bar.classList.toggle("stopped", stopped);
    bar.setAttribute("aria-valuenow", String(Math.round((100 * (current + share)) / STEPS.length)));
    bar.setAttribute("aria-valuetext", text || `${phase} ${percent(done, total)}`);
    detail.textContent = text;
  };
}
