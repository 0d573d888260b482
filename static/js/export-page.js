// An export that is prepared in the background: its page follows it until it is ready.

import { ask } from "./api.js";
import { given, required } from "./page.js";
import { poll } from "./polling.js";

const page = required("export", HTMLElement);
const bar = required("bar", HTMLProgressElement);
const said = required("said", HTMLElement);
const offline = required("offline", HTMLElement);

const look = poll({
  async look() {
    const found = await ask(given(page, "address"));
    if (found.state !== "waiting" && found.state !== "running") {
      location.reload(); // the server has the link now, or the reason why there is none
      return false;
    }
    if (found.rows && found.rows_total) {
      bar.max = found.rows_total;
      bar.value = found.rows;
    } else {
      bar.removeAttribute("value");
    }
    said.textContent = found.said;
    return true;
  },
  onLost: () => {
    offline.hidden = false;
  },
  onBack: () => {
    offline.hidden = true;
  },
});
look();
