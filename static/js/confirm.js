// Ask before something that cannot be undone; Esc and “Cancel” leave things as they are.

import { plural } from "./format.js";
import { required, slots } from "./page.js";

const dialog = required("confirm", HTMLDialogElement);
const slot = slots(dialog);

/**
 * @param {{name: string, rows: number, datasets: string[], ending: string}} file `ending`: a sentence on datasets that end
 *   with it, or nothing
 * @returns {Promise<boolean>}
 */
export function confirmDeletion({ name, rows, datasets, ending }) {
  const what = rows > 0 ? plural(rows, "row") : "this file";
  const where = datasets.length > 3 ? `${datasets.length} datasets` : datasets.join(", ");
  const from = datasets.length > 0 && rows > 0 ? ` Its rows leave ${where} at once.` : "";
  return confirmed({
    title: `Delete ${what}?`,
    text:
      `“${name}” is removed for good.${from}${ending && ` ${ending}`} The stored file goes too and cannot be brought back; ` +
      "its name, size and fingerprint stay in the history.",
    confirm: `Delete ${what}`,
  });
}

/**
 * @param {string} name of the file
 * @param {import("./file-model.js").Question} question
 */
export const confirmWithdrawal = (name, question) =>
  confirmed({ ...question, title: question.title.replace("NAME", () => name) });

/**
 * @param {import("./file-model.js").Question} question
 * @returns {Promise<boolean>}
 */
function confirmed({ title, text, confirm }) {
  slot("title").textContent = title;
  slot("text").textContent = text;
  slot("confirm").textContent = confirm;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "confirm"), { once: true });
  });
}
