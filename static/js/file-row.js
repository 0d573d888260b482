// One file in the list. The elements stay while their words change, so that focus is never lost.

import { ago, moment } from "./format.js";
import { stepsBar } from "./steps.js";

const TEMPLATE = document.getElementById("file-row");

export function fileRow({ urls, onAct }) {
  const element = TEMPLATE.content.firstElementChild.cloneNode(true);
  const slot = Object.fromEntries([...element.querySelectorAll("[data-slot]")].map((part) => [part.dataset.slot, part]));
  const showSteps = stepsBar(slot.steps);
  let shown = "";
  let date = null;

  function datasets(slugs, receipt) {
    const links = slugs.length > 2 ? [[`${slugs.length} datasets`, receipt]] : slugs.map((slug) => [slug, urls.dataset(slug)]);
    slot.datasets.replaceChildren(
      ...links.flatMap(([words, href], index) => {
        const link = document.createElement("a");
        link.href = href;
        link.textContent = words;
        return index ? [", ", link] : [link];
      }),
    );
  }

  function actions(wanted) {
    const labels = wanted.map(({ act, label }) => `${act}:${label}`).join();
    if (slot.actions.dataset.shown === labels) return;
    slot.actions.dataset.shown = labels;
    const hadFocus = slot.actions.contains(document.activeElement);
    slot.actions.replaceChildren(
      ...wanted.map(({ act, label, strong, soft, quiet }) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = `button small${strong ? " primary" : ""}${soft ? " soft" : ""}${quiet ? " quiet" : ""}`;
        button.dataset.act = act;
        button.textContent = label;
        button.addEventListener("click", () => onAct(act, button));
        return button;
      }),
    );
    slot.actions.hidden = wanted.length === 0;
    if (hadFocus) (slot.actions.querySelector("button") ?? slot.name).focus();
  }

  function update({ name, href, sameHref, uploadedAt, view, alert }) {
    tick();
    const now = JSON.stringify([name, href, sameHref, uploadedAt, view, alert]);
    if (now === shown) return;
    shown = now;
    element.dataset.phase = view.phase;
    slot.name.textContent = name;
    if (href) slot.name.href = href;
    slot.size.textContent = view.size;
    slot.rows.textContent = view.rows;
    slot.rejected.textContent = view.rejected;
    if (href && view.rejected) slot.rejected.href = href;
    slot.number.textContent = view.number;
    slot.same.textContent = view.same;
    if (sameHref) slot.same.href = sameHref;
    datasets(view.datasets, href);
    date = uploadedAt ? new Date(uploadedAt) : null;
    if (date) {
      slot.time.dateTime = uploadedAt;
      slot.time.title = moment(date);
    }
    tick();
    slot.badge.textContent = view.badge;
    slot.badge.className = `badge ${view.phase}`;
    slot.steps.hidden = !view.showsSteps;
    if (view.showsSteps) showSteps(view.steps);
    write(slot.notice, view.notice);
    write(slot.alert, alert || view.alert);
    actions(view.actions);
  }

  function tick() {
    const words = date ? ago(date) : "";
    if (slot.time.textContent !== words) slot.time.textContent = words;
  }

  return { element, update };
}

function write(element, text) {
  element.hidden = text === "";
  if (element.textContent !== text) element.textContent = text;
}
