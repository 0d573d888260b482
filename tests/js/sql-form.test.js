import assert from "node:assert/strict";
import { test } from "node:test";

import { runs, withName } from "../../static/js/sql-form.js";

test("a name takes the place of what is selected, and runs into no word", () => {
  assert.deepEqual(withName("SELECT x FROM", 7, 8, "area"), { text: "SELECT area FROM", place: 11 });
  assert.deepEqual(withName("SELECT", 6, 6, "area"), { text: "SELECT area", place: 11 });
  assert.deepEqual(withName("count(", 6, 6, "area"), { text: "count(area", place: 10 });
  assert.deepEqual(withName("", 0, 0, "area"), { text: "area", place: 4 });
});

test("Enter runs the query with Ctrl or the command key, and is a new line without", () => {
  assert.equal(runs({ key: "Enter", ctrlKey: true, metaKey: false }), true);
  assert.equal(runs({ key: "Enter", ctrlKey: false, metaKey: true }), true);
  assert.equal(runs({ key: "Enter", ctrlKey: false, metaKey: false }), false);
  assert.equal(runs({ key: "a", ctrlKey: true, metaKey: false }), false);
});
