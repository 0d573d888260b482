// All or none of the columns at once: of hundreds somebody wants three.

/** @param {HTMLFormElement} form */
export function watchColumns(form) {
  const buttons = form.querySelector("[data-every]");
  if (!(buttons instanceof HTMLElement)) return;
  buttons.hidden = false;
  buttons.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    for (const box of form.querySelectorAll("input[name=show]")) {
      if (box instanceof HTMLInputElement) box.checked = button.value === "all";
    }
  });
}
