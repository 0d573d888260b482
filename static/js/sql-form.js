// The form of the page SQL: the keys that run the query, and names that are put into it by a click.

/**
 * A text with a name in the place of what is selected, with a blank before it where a word would run into it.
 * @param {string} text
 * @param {number} start
 * @param {number} end
 * @param {string} name
 */
export function withName(text, start, end, name) {
  const before = text.slice(0, start);
  const blank = /[\w"]$/.test(before) ? " " : "";
  const begun = `${before}${blank}${name}`;
  return { text: begun + text.slice(end), place: begun.length };
}

/** @param {{ key: string, ctrlKey: boolean, metaKey: boolean }} event */
export function runs(event) {
  return event.key === "Enter" && (event.ctrlKey || event.metaKey);
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLTextAreaElement} query
 */
export function watchQuery(form, query) {
  query.addEventListener("keydown", (event) => {
    if (!runs(event)) return;
    event.preventDefault();
    form.requestSubmit();
  });
  for (const keys of document.querySelectorAll(".keys")) if (keys instanceof HTMLElement) keys.hidden = false;
  for (const name of document.querySelectorAll("code.insert")) name.replaceWith(inserting(name, query));
  const buttons = [...form.querySelectorAll("button")].map((button) => ({ button, label: button.textContent }));
  form.addEventListener("submit", (event) => {
    const pressed = buttons.find(({ button }) => button === event.submitter) ?? buttons[0];
    if (pressed) pressed.button.textContent = "Running…";
  });
  window.addEventListener("pageshow", () => {
    for (const { button, label } of buttons) button.textContent = label;
  });
}

/**
 * @param {Element} name
 * @param {HTMLTextAreaElement} query
 */
function inserting(name, query) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "insert";
  button.textContent = name.textContent;
  button.title = name.getAttribute("title") ?? "";
  button.addEventListener("click", () => {
    const { text, place } = withName(query.value, query.selectionStart, query.selectionEnd, button.textContent ?? "");
    query.value = text;
    query.focus();
    query.setSelectionRange(place, place);
  });
  return button;
}
