// The menus above the rows; and the new columns once a change that is on its way is made.

import { ask } from "./api.js";
import { watchColumns } from "./choose-columns.js";
import { watchFilter } from "./filter-form.js";
import { watchFormat } from "./grid-format.js";
import "./menus.js";
import { given, optional } from "./page.js";
import { poll } from "./polling.js";

const filter = optional("filter", HTMLFormElement);
if (filter) watchFilter(filter);

const columns = optional("choose-columns", HTMLFormElement);
if (columns) watchColumns(columns);

const grid = optional("rows", HTMLTableElement);
if (grid) watchFormat(grid);

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
