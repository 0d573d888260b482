// Ask before something that cannot be undone; Esc and “Keep it” leave things as they are.

import { plural } from "./format.js";
import { required, slots } from "./page.js";

const dialog = required("confirm", HTMLDialogElement);
const slot = slots(dialog);

/**
 * @param {{name: string, rows: number, datasets: string[]}} file
 * @returns {Promise<boolean>}
 */
export function confirmDeletion({ name, rows, datasets }) {
  const what = rows > 0 ? plural(rows, "row") : "this file";
  const where = datasets.length > 3 ? `${datasets.length} datasets` : datasets.join(", ");
  const from = datasets.length > 0 && rows > 0 ? ` Its rows leave ${where} at once.` : "";
  slot("title").textContent = `Delete ${what}?`;
  slot("text").textContent =
    `“${name}” is removed for good.${from} The stored file goes too and cannot be brought back; ` +
    "its name, size and fingerprint stay in the history.";
  slot("confirm").textContent = `Delete ${what}`;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "confirm"), { once: true });
  });
}
