// The page SQL.

import { watchFormat } from "./grid-format.js";
import { optional, required } from "./page.js";
import { watchQuery } from "./sql-form.js";

watchQuery(required("sql", HTMLFormElement), required("query", HTMLTextAreaElement));

const rows = optional("rows", HTMLTableElement);
if (rows) watchFormat(rows);
