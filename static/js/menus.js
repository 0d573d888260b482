// The menus of a toolbar close by Escape and by a click beside them; what is there to copy is copied by a click.

import { given, required } from "./page.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!(button instanceof HTMLButtonElement)) continue;
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(required(given(button, "copy"), HTMLElement).textContent ?? "");
    button.textContent = "Copied";
    setTimeout(() => {
      button.textContent = "Copy";
    }, 2_000);
  });
}

const tools = [...document.querySelectorAll("details.tool")].filter((each) => each instanceof HTMLDetailsElement);
document.addEventListener("keydown", ({ key }) => {
  const open = tools.find((each) => each.open);
  if (key !== "Escape" || !open) return;
  open.open = false;
  open.querySelector("summary")?.focus();
});
document.addEventListener("click", ({ target }) => {
  for (const each of tools) if (target instanceof Node && !each.contains(target)) each.open = false;
});
