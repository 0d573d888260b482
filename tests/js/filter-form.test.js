import assert from "node:assert/strict";
import { test } from "node:test";

import { fieldsFor, fitting } from "../../static/js/filter-form.js";

test("a column is offered what its kind can be compared by", () => {
  assert.deepEqual(fitting("date", ["text", "number", "date moment", "text number date moment boolean"]), [false, false, true, true]);
  assert.deepEqual(fitting("text", ["text", "number"]), [true, false]);
});

test("a date has a calendar, several dates are typed", () => {
  assert.equal(fieldsFor("date", "gte").type, "date");
  assert.equal(fieldsFor("moment", "exact").type, "datetime-local");
  assert.equal(fieldsFor("date", "in").type, "text");
});

test("only “between” has two values, and blanks none", () => {
  assert.deepEqual(["range", "gt", "blank"].map((operator) => fieldsFor("number", operator).hasSecond), [true, false, false]);
  assert.deepEqual(["range", "filled", "blank"].map((operator) => fieldsFor("number", operator).hasValue), [true, false, false]);
});
