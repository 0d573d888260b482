// What a person said of the files to be sent, in the server's words.

import { plural } from "./format.js";

/**
 * @typedef {object} OptionWords What the server says of one option.
 * @property {string} any its words with “{}” for the value; empty: only `values` have words
 * @property {string} between stands between several words of one value
 * @property {Record<string, string>} values
 * @property {string} default what it is when nobody has said anything
 * @property {string} wrong beside its field, where its value cannot be meant
 * @property {string} wrong_above the same where its field is not seen
 *
 * @typedef {Record<string, OptionWords>} OptionTable every option of the page, in the order in which people are told
 * @typedef {Record<string, string>} Given options by name, as they go with a file
 * @typedef {{name: string, words: string}} Said
 */

/**
 * @param {OptionWords} option
 * @param {string} value
 */
function inWords(option, value) {
  const known = option.values[value] ?? option.values[value.trim().toLowerCase()];
  if (known !== undefined) return known;
  const parts = option.between ? value.split(",").map((word) => word.trim()).filter(Boolean) : [value];
  return option.any.replace("{}", () => parts.join(option.between));
}

/**
 * What was said, one entry an option; what is as it always is has none.
 * @param {OptionTable} table
 * @param {Given} given
 * @returns {Said[]}
 */
export const saidOf = (table, given) =>
  Object.entries(table)
    .filter(([name, option]) => (given[name] ?? option.default) !== option.default)
    .map(([name, option]) => ({ name, words: inWords(option, given[name]) }))
    .filter(({ words }) => words !== "");

/**
 * What stands by the drop zone while files wait or an option cannot be meant; empty when there is nothing to say.
 * @param {object} state
 * @param {string} state.problem what is wrong with an option, as a sentence
 * @param {number} state.held how many files wait for it
 * @param {boolean} state.mayEnter the person is among the options, where Enter sends them
 */
export function heldSentence({ problem, held, mayEnter }) {
  if (held === 0) return problem;
  const files = `Your ${held === 1 ? "file" : plural(held, "file")}`;
  if (problem) return `${problem} ${files} ${held === 1 ? "waits" : "wait"} below.`;
  const how = mayEnter ? " Press Enter, or leave the options." : "";
  return `${files} can go now.${how}`;
}
