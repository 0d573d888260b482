// A form that would do something says at its button that nothing happened, where there is no network to send it by.

import { Offline, isOffline } from "./api.js";

/** @type {Set<HTMLElement>} */
const said = new Set();

document.addEventListener("submit", (event) => {
  const { target, submitter, defaultPrevented } = event;
  if (defaultPrevented || !isOffline() || !(target instanceof HTMLFormElement) || target.method !== "post") return;
  event.preventDefault();
  takeBack();
  const sentence = document.createElement("p");
  sentence.className = "alert at-button";
  sentence.setAttribute("role", "alert");
  (submitter ?? target).after(sentence);
  sentence.textContent = new Offline().sentence; // after it is in the page, so that it is read aloud
  said.add(sentence);
});

function takeBack() {
  for (const sentence of said) sentence.remove();
  said.clear();
}

addEventListener("online", takeBack);
