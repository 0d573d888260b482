// Copy the SQL, where the browser allows it; and show the new columns once a change that is on its way is made.

import { ask } from "./api.js";
import { watchFilter } from "./filter-form.js";
import "./menus.js";
import { given, optional, required } from "./page.js";
import { poll } from "./polling.js";

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

const filter = optional("filter", HTMLFormElement);
if (filter) watchFilter(filter);

const changing = optional("changing", HTMLElement);
if (changing) {
  const look = poll({
    async look() {
      const { change } = await ask(given(changing, "columnsUrl"));
      if (change && change.state === "asked") return true;
      location.reload();
      return false;
    },
    onLost: () => {},
    onBack: () => {},
  });
  look();
}
