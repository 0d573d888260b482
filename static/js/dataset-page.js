// Copy the SQL, where the browser allows it; and show the new columns once a change that is on its way is made.

import { ask } from "./api.js";
import { poll } from "./polling.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Copied";
    setTimeout(() => {
      button.textContent = "Copy";
    }, 2_000);
  });
}

const changing = document.getElementById("changing");
if (changing) {
  const look = poll({
    async look() {
      const { change } = await ask(changing.dataset.columnsUrl);
      if (change && change.state === "asked") return true;
      location.reload();
      return false;
    },
    onLost: () => {},
    onBack: () => {},
  });
  look();
}
