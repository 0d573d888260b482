// What stands by the drop zone while files wait for an option, or where an option that cannot be meant is not seen.

import { heldSentence } from "./given-options.js";
import { plural } from "./format.js";
import { required } from "./page.js";

/**
 * @param {{onSend: () => void, onDrop: () => void}} hooks
 * @returns {(state: {problem: string, wrong: number, held: number, mayEnter: boolean}) => void} shows how things are;
 *   `problem` as a sentence, `wrong`: how many options stand in the way
 */
export function heldNotice({ onSend, onDrop }) {
  const words = required("held-words", HTMLElement);
  const buttons = required("held-buttons", HTMLElement);
  const send = required("held-send", HTMLButtonElement);
  send.addEventListener("click", onSend);
  required("held-drop", HTMLButtonElement).addEventListener("click", onDrop);

  return function show({ problem, wrong, held, mayEnter }) {
    const sentence = heldSentence({ problem, held, mayEnter });
    if (words.textContent !== sentence) words.textContent = sentence; // it is read aloud once
    words.classList.toggle("wrong", problem !== "");
    buttons.hidden = held === 0;
    send.classList.toggle("primary", wrong === 0);
    send.textContent = wrong === 0 ? `Send ${plural(held, "file")}` : `Send without ${wrong > 1 ? "them" : "it"}`;
  };
}
