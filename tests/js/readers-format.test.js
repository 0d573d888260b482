import assert from "node:assert/strict";
import { test } from "node:test";

import { formatsExactly, readersFormat } from "../../static/js/readers-format.js";

const plain = (text) => text.replace(/[\u00A0\u202F]/g, " ");
const german = (text, type) => plain(readersFormat({ language: "de-DE", zone: "Europe/Berlin" })(text, type));
const british = (text, type) => plain(readersFormat({ language: "en-GB", zone: "America/New_York" })(text, type));

test("numbers keep every digit that they have", { skip: !formatsExactly }, () => {
  assert.equal(german("9007199254740993", "bigint"), "9.007.199.254.740.993");
  assert.equal(german("-12345678901234567890.12345678901234567890", "numeric"), "-12.345.678.901.234.567.890,12345678901234567890");
  assert.equal(german("2023.10", "numeric"), "2023,10");
  assert.equal(british("12345.5", "double precision"), "12,345.5");
});

test("a number of four digits may be a year, and is not grouped", { skip: !formatsExactly }, () => {
  assert.deepEqual(["2024", "9999", "10000"].map((text) => british(text, "bigint")), ["2024", "9999", "10,000"]);
});

test("what is no plain number stays as it is", () => {
  for (const text of ["", "NaN", "-Infinity", "1.5e+300", "12…", `0.${"1".repeat(21)}`]) {
    assert.equal(german(text, "double precision"), text);
  }
});

test("a date is the same day in every zone", () => {
  assert.equal(german("2024-02-29", "date"), "29. Feb. 2024");
  assert.equal(british("2024-02-29", "date"), "29 Feb 2024");
});

test("a time without a zone keeps its hour, one with a zone is told in the reader's", () => {
  assert.match(british("2024-02-29 12:30:00", "timestamp"), /^29 Feb 2024, 12:30:00$/);
  assert.match(german("2024-02-29 12:30:00+00:00", "timestamp with time zone"), /^29\. Feb\. 2024, 13:30:00 MEZ$/);
  assert.match(german("2024-07-01 23:30:00+00:00", "timestamp with time zone"), /^2\. Juli 2024, 01:30:00 MESZ$/);
});

test("parts of a second are shown as far as a clock has them, else all stays exact", () => {
  assert.match(british("2024-02-29 12:30:00.25", "timestamp"), /12:30:00\.25$/);
  assert.match(british("2024-02-29 12:30:00.250000", "timestamp"), /12:30:00\.25$/);
  assert.equal(british("2024-02-29 12:30:00.250001", "timestamp"), "2024-02-29 12:30:00.250001");
});

test("texts, booleans and days that no calendar agrees on stay as they are", () => {
  assert.equal(german("1234567", "text"), "1234567");
  assert.equal(german("true", "boolean"), "true");
  for (const text of ["0044-03-15", "infinity", "12024-01-01"]) assert.equal(german(text, "date"), text);
});
