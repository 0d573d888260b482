// The page SQL.

import { required } from "./page.js";
import { watchQuery } from "./sql-form.js";

watchQuery(required("sql", HTMLFormElement), required("query", HTMLTextAreaElement));
