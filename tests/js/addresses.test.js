import assert from "node:assert/strict";
import { test } from "node:test";

import { tokenOf, withId } from "../../static/js/addresses.js";

test("the address for any file becomes that of one file", () => {
  assert.equal(withId("/api/files/0", 17), "/api/files/17");
  assert.equal(withId("/app10/api/files/0/activate", 30), "/app10/api/files/30/activate");
});

test("the token of a receipt is the same on its page and in the API", () => {
  assert.equal(tokenOf("https://example.org/receipts/aBc-1_/"), "aBc-1_");
  assert.equal(tokenOf("https://example.org/app/api/receipts/aBc-1_"), "aBc-1_");
  assert.equal(tokenOf("/receipts/aBc-1_/?from=mail#top"), "aBc-1_");
});

test("no address has no token", () => {
  assert.deepEqual([tokenOf(null), tokenOf(undefined), tokenOf("")], ["", "", ""]);
});
