import assert from "node:assert/strict";
import { test } from "node:test";

import { ago, bytes, count, duration, percent, plural } from "../../static/js/format.js";

test("numbers are grouped by thousands", () => {
  assert.equal(count(1234567), "1,234,567");
});

test("only one of a thing is singular", () => {
  assert.deepEqual([plural(0, "row"), plural(1, "row"), plural(1200, "row")], ["0 rows", "1 row", "1,200 rows"]);
});

test("sizes have a digit after the point below a hundred, except bytes", () => {
  const sizes = [0, 1, 1023, 1024, 1536, 100 * 1024, 10 * 2 ** 30, 2 ** 50];
  assert.deepEqual(sizes.map(bytes), ["0 bytes", "1 byte", "1,023 bytes", "1 KB", "1.5 KB", "100 KB", "10 GB", "1,024 TB"]);
});

test("durations change their unit as they grow", () => {
  assert.deepEqual([0.2, 89, 90, 5399, 5400].map(duration), ["1 s", "89 s", "2 min", "90 min", "1.5 h"]);
});

test("what was a few seconds ago was just now", () => {
  const now = new Date("2026-01-01T12:00:00Z");
  assert.equal(ago(new Date("2026-01-01T11:59:51Z"), now), "just now");
  assert.equal(ago(new Date("2026-01-01T11:59:30Z"), now), "30 seconds ago");
  assert.equal(ago(new Date("2026-01-01T11:58:00Z"), now), "2 minutes ago");
  assert.equal(ago(new Date("2025-12-31T12:00:00Z"), now), "yesterday");
});

test("an empty file is at 0 %, and 100 % is not said too soon", () => {
  assert.deepEqual([percent(0, 0), percent(999, 1000), percent(5, 5)], ["0 %", "99 %", "100 %"]);
});
