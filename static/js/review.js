// The review by keyboard. Each control says its key: `data-key` is clicked, `data-focus` is focused, and what it `says`
// stands beside it. All of it is a page of links and forms that works without this.

const rows = [...document.querySelectorAll("a[data-row]")].filter((row) => row instanceof HTMLElement);

for (const hint of document.querySelectorAll("[data-keys]")) {
  if (hint instanceof HTMLElement) hint.hidden = false;
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const at = event.target;
  if (at instanceof HTMLTextAreaElement) return inText(at, event);
  if (at instanceof HTMLInputElement || at instanceof HTMLSelectElement) return undefined;
  if (rows.length > 0 && (event.key === "j" || event.key === "k")) return move(event.key === "j" ? 1 : -1, event);
  if (!/^[a-z0-9]$/.test(event.key) || event.repeat) return undefined;
  const control = document.querySelector(`[data-key="${event.key}"], [data-focus="${event.key}"]`);
  if (!(control instanceof HTMLElement)) return undefined;
  event.preventDefault(); // else the letter is the first of the text
  if (control.dataset.focus === event.key) {
    control.scrollIntoView({ block: "nearest" });
    control.focus();
    const said = document.querySelector("[data-said]");
    if (said && control.dataset.says) said.textContent = control.dataset.says;
  } else control.click();
  return undefined;
});

/**
 * Enter sends, so that a reason is a word and a key; with Shift it is a new line.
 * @param {HTMLTextAreaElement} text
 * @param {KeyboardEvent} event
 */
function inText(text, event) {
  if (event.key === "Escape") text.blur();
  if (event.key !== "Enter" || event.shiftKey || !("enter" in text.dataset)) return;
  event.preventDefault();
  text.form?.requestSubmit();
}

/**
 * @param {number} step
 * @param {KeyboardEvent} event
 */
function move(step, event) {
  event.preventDefault();
  const here = rows.findIndex((row) => row === document.activeElement);
  const next = here < 0 ? 0 : Math.min(Math.max(here + step, 0), rows.length - 1);
  rows[next].focus();
}

// What is on its way is not sent a second time; a page that comes back out of the browser's memory is as new.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (!(form instanceof HTMLFormElement)) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
});
