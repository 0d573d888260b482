// A receipt that follows its file while the server works on it, and the acts that staff or its sender may do.

import { Offline, Trouble, act as actOn, ask, isOffline } from "./api.js";
import { actionButton } from "./buttons.js";
import { confirmDeletion, confirmWithdrawal } from "./confirm.js";
import { describe, inProgress } from "./file-model.js";
import { follow } from "./following.js";
import { given, optional, required } from "./page.js";
import { stepsBar } from "./steps.js";

const page = required("receipt", HTMLElement);
const trouble = required("act-error", HTMLElement);
const offline = required("offline", HTMLElement);
const announcer = required("announcer", HTMLElement);
/** @type {import("./file-model.js").PageWords} */
const words = JSON.parse(given(page, "words"));

const steps = optional("steps", HTMLElement);
if (steps) {
  const show = stepsBar(steps, words.steps);
  const following = follow({
    address: given(page, "eventsUrl"),
    whole: "file",
    ask: () => ask(given(page, "progressUrl")),
    /** @param {import("./file-model.js").ServerFile} file */
    take(file) {
      if (!inProgress(file)) {
        following.end();
        location.reload(); // the server has the account of every line now
        return false;
      }
      const view = describe(file, null, false, words);
      if (steps.dataset.phase !== view.phase) announcer.textContent = view.badge;
      steps.dataset.phase = view.phase;
      show(view.steps);
      return true;
    },
    onLost: () => {
      offline.hidden = false;
    },
    onBack: () => {
      offline.hidden = true;
    },
  });
}

const actions = required("actions", HTMLElement);
const links = actions.querySelector("a");
/** @type {import("./file-model.js").FileButton[]} */
const buttons = JSON.parse(given(page, "buttons"));
for (const offered of buttons) {
  // what is a form is on the page already; all come in the server's order, what ends the file last
  const form = actions.querySelector(`form[data-act="${offered.act}"]`);
  const button = form ?? actionButton(offered, (clicked) => perform(offered.act, clicked));
  actions.insertBefore(button, offered.act === "delete" || offered.act === "withdraw" ? null : links);
}
actions.hidden = actions.childElementCount === 0;

/**
 * @param {string} act
 * @param {HTMLButtonElement} button
 */
async function perform(act, button) {
  say(null);
  if (isOffline()) return say(new Offline());
  if (act === "delete" && !(await confirmDeletion(deletion()))) return undefined;
  if (act === "withdraw" && !(await confirmWithdrawal(given(page, "name"), words.withdrawal))) return undefined;
  button.disabled = true;
  try {
    await actOn(given(page, `${act}Url`), { method: act === "delete" || act === "withdraw" ? "DELETE" : "POST" });
    if (act === "delete") location.assign(given(page, "homeUrl"));
    else location.reload();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    say(error);
    button.disabled = false;
    button.focus();
  }
  return undefined;
}

/** @type {Trouble | null} */
let shown = null;

/** @param {Trouble | null} error */
function say(error) {
  shown = error;
  trouble.hidden = error === null;
  trouble.textContent = error?.sentence ?? "";
}

addEventListener("online", () => {
  if (shown instanceof Offline) say(null);
});

const deletion = () => ({
  name: given(page, "name"),
  rows: Number(given(page, "rows")),
  datasets: given(page, "datasets").split(", ").filter(Boolean),
  ending: page.dataset.ending ?? "",
});
