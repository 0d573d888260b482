// A receipt that follows its file while the server works on it, and the acts that staff may do.

import { ask } from "./api.js";
import { confirmDeletion } from "./confirm.js";
import { describe, inProgress } from "./file-model.js";
import { plural } from "./format.js";
import { poll } from "./polling.js";
import { stepsBar } from "./steps.js";

const page = document.getElementById("receipt");
const trouble = document.getElementById("act-error");
const offline = document.getElementById("offline");
const announcer = document.getElementById("announcer");
const { progressUrl, fileUrl, fileId, name, homeUrl } = page.dataset;
const rows = Number(page.dataset.rows);

const steps = document.getElementById("steps");
if (steps) {
  const show = stepsBar(steps);
  const look = poll({
    async look() {
      const file = await ask(progressUrl);
      if (!inProgress(file)) {
        location.reload(); // the server has the account of every line now
        return false;
      }
      const view = describe(file, null, false);
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
  look();
}

const LABELS = {
  activate: `Activate ${plural(rows, "row")}`,
  deactivate: `Deactivate ${plural(rows, "row")}`,
  retry: "Load again",
  delete: "Delete…",
};
const STYLES = { activate: " primary", deactivate: " soft", retry: " soft", delete: " quiet" };
const actions = document.getElementById("actions");
const readAgain = actions.querySelector("a");
const can = page.dataset.can.split(" ").filter((act) => act !== "retry" || page.dataset.phase === "failed");
for (const act of Object.keys(LABELS).filter((word) => can.includes(word))) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `button small${STYLES[act]}`;
  button.dataset.act = act;
  button.textContent = LABELS[act];
  button.addEventListener("click", () => perform(act, button));
  actions.insertBefore(button, act === "delete" ? null : readAgain);
}
actions.hidden = actions.childElementCount === 0;

async function perform(act, button) {
  const datasets = page.dataset.datasets.split(", ").filter(Boolean);
  if (act === "delete" && !(await confirmDeletion({ name, rows, datasets }))) return;
  button.disabled = true;
  trouble.hidden = true;
  const url = fileUrl.replace("ID", fileId);
  try {
    if (act === "delete") {
      await ask(url, { method: "DELETE" });
      location.assign(homeUrl);
      return;
    }
    await ask(`${url}/${act}`, { method: "POST" });
    location.reload();
  } catch (error) {
    if (!("sentence" in error)) throw error;
    trouble.textContent = error.sentence;
    trouble.hidden = false;
    button.disabled = false;
  }
}
