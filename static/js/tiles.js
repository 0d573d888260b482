// Rows of saved views, on a dashboard or in a frame, in the reader's format.

import { showInFormat } from "./grid-format.js";

for (const table of document.querySelectorAll(".tile table.rows-of")) {
  if (table instanceof HTMLTableElement) showInFormat(table);
}
