import assert from "node:assert/strict";
import { test } from "node:test";

import { position, stepStates } from "../../static/js/steps.js";

const NAMES = ["uploading", "waiting", "checking", "loading", "published"];
const view = (phase, done = 0, total = 0, stopped = false) => ({ phase, done, total, stopped, text: "" });

test("steps before the current one are full, later ones empty", () => {
  const states = stepStates(NAMES, view("checking", 25, 100));
  assert.deepEqual(states.map(({ share }) => share), [1, 1, 0.25, 0, 0]);
  assert.deepEqual(states.map(({ isPast }) => isPast), [true, true, false, false, false]);
  assert.deepEqual(states.map(({ isNow }) => isNow), [false, false, true, false, false]);
});

test("nothing is measured while a file waits, so its step moves without end", () => {
  const [, waiting] = stepStates(NAMES, view("waiting", 50, 100));
  assert.deepEqual(waiting, { isPast: false, isNow: true, isEndless: true, share: 0 });
});

test("publishing goes on in the last step", () => {
  assert.equal(position(NAMES, view("publishing", 1, 1)).current, 4);
  assert.equal(stepStates(NAMES, view("publishing"))[4].isEndless, true);
});

test("a stopped upload does not move", () => {
  assert.equal(stepStates(NAMES, view("uploading", 3, 10, true)).some(({ isEndless }) => isEndless), false);
});

test("a file that is through has every step behind it", () => {
  for (const phase of ["published", "loaded"]) {
    assert.equal(stepStates(NAMES, view(phase, 5, 5)).every(({ isPast }) => isPast), true);
  }
});

test("a share never exceeds its step", () => {
  assert.equal(position(NAMES, view("uploading", 12, 10)).share, 1);
});
