// Options that hold, as chips: of the files to be chosen next each with a button that takes it back, of a file without.

/** @typedef {import("./given-options.js").Said} Said */

/**
 * @param {HTMLElement} list
 * @param {(said: Said) => void} onRemove
 * @returns {(said: Said[], wrong: string[]) => void} shows them; `wrong`: the names of those that cannot be meant
 */
export function removableChips(list, onRemove) {
  let shown = "";
  return function show(said, wrong) {
    const now = JSON.stringify([said, wrong]);
    if (now === shown) return;
    shown = now;
    list.replaceChildren(
      ...said.map((one) => {
        const item = chip(one.words);
        item.classList.toggle("wrong", wrong.includes(one.name));
        item.append(removeButton(one.words, () => onRemove(one)));
        return item;
      }),
    );
  };
}

/** @param {string} words */
export function chip(words) {
  const item = document.createElement("li");
  item.className = "chip";
  item.textContent = words;
  return item;
}

/**
 * @param {string} words
 * @param {() => void} onClick
 */
function removeButton(words, onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "chip-remove";
  button.textContent = "×";
  button.setAttribute("aria-label", `Remove ${words}`);
  button.title = `Remove ${words}`;
  button.addEventListener("click", onClick);
  return button;
}
