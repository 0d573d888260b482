import assert from "node:assert/strict";
import { test } from "node:test";

import { leaveWarning } from "../../static/js/leaving.js";

function asked(page) {
  const leaving = new Event("beforeunload", { cancelable: true });
  page.dispatchEvent(leaving);
  return leaving.defaultPrevented;
}

test("whoever leaves is asked only while something is on its way", () => {
  const page = new EventTarget();
  const update = leaveWarning(page);
  assert.equal(asked(page), false);
  update(true);
  update(true);
  assert.equal(asked(page), true);
  update(false);
  assert.equal(asked(page), false);
});
