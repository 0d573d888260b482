import assert from "node:assert/strict";
import { test } from "node:test";

import { heldSentence, saidOf } from "../../static/js/given-options.js";

const option = (rest) => ({ any: "", between: "", values: {}, default: "", wrong: "", wrong_above: "", ...rest });
const TABLE = {
  delimiter: option({ any: "delimiter “{}”", values: { "\t": "delimiter “tab”" } }),
  header_row: option({ any: "header row {}", values: { none: "no header row" } }),
  null_words: option({ any: "“{}” as empty", between: "” and “" }),
  all_text: option({ values: { true: "everything as text" } }),
  activate: option({ values: { false: "wait when loaded" }, default: "true" }),
};
const words = (given) => saidOf(TABLE, given).map((said) => said.words);
const WRONG = "Header row: write a number such as 3, or none.";

test("what is as it always is has no words", () => {
  assert.deepEqual(words({}), []);
  assert.deepEqual(words({ delimiter: "", all_text: "", activate: "true" }), []);
});

test("options are told in the order of the table, in the words that the server has for them", () => {
  const given = { activate: "false", all_text: "true", header_row: "3", delimiter: ";" };
  assert.deepEqual(words(given), ["delimiter “;”", "header row 3", "everything as text", "wait when loaded"]);
  assert.deepEqual(saidOf(TABLE, { header_row: "3" }), [{ name: "header_row", words: "header row 3" }]);
});

test("a value that has words of its own has them however it is written", () => {
  assert.deepEqual(words({ header_row: "None " }), ["no header row"]);
  assert.deepEqual(words({ delimiter: "\t" }), ["delimiter “tab”"]);
});

test("several words are told apart, and a dollar is a dollar", () => {
  assert.deepEqual(words({ null_words: "NA, n/a,, " }), ["“NA” and “n/a” as empty"]);
  assert.deepEqual(words({ delimiter: "$&" }), ["delimiter “$&”"]);
});

test("what the page does not know is left out", () => {
  assert.deepEqual(words({ filename: "a.csv" }), []);
});

test("files that wait are counted where the option is told", () => {
  const problem = WRONG;
  assert.equal(heldSentence({ problem, held: 0, mayEnter: false }), WRONG);
  assert.equal(heldSentence({ problem, held: 1, mayEnter: true }), `${WRONG} Your file waits below.`);
  assert.equal(heldSentence({ problem, held: 2, mayEnter: true }), `${WRONG} Your 2 files wait below.`);
});

test("once the option is right, it is said how they go", () => {
  const told = heldSentence({ problem: "", held: 2, mayEnter: true });
  assert.equal(told, "Your 2 files can go now. Press Enter, or leave the options.");
  assert.equal(heldSentence({ problem: "", held: 1, mayEnter: false }), "Your file can go now.");
  assert.equal(heldSentence({ problem: "", held: 0, mayEnter: true }), "");
});
