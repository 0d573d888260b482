import assert from "node:assert/strict";
import { test } from "node:test";

import { datasetsOf, describe, inProgress } from "../../static/js/file-model.js";

const WORDS = {
  phases: { queued: "Queued", uploading: "Uploading", stopped: "Stopped", waiting: "Waiting", duplicate: "Already here" },
  steps: [],
};
const show = (file, upload = null, resumable = false) => describe(file, upload, resumable, WORDS);
const labels = (view) => view.actions.map(({ label }) => label);
const DELETE = { act: "delete", label: "Delete…" };

function serverFile(phase, rest = {}) {
  return {
    id: 3,
    name: "a.csv",
    bytes: 2048,
    error: null,
    uploaded_at: "2026-01-01T00:00:00+00:00",
    rows: { loaded: 1200, rejected: 0 },
    loads: [],
    progress: { phase, bytes_done: 512, bytes_total: 2048, rows_done: 0 },
    buttons: [],
    ...rest,
  };
}

function sent(phase, rest = {}) {
  return { file: { name: "a.csv", size: 4096 }, phase, offset: 0, speed: 0, trouble: "", error: "", code: "", ...rest };
}

test("the badge is the server's word for the phase", () => {
  assert.equal(show(serverFile("waiting")).badge, "Waiting");
  assert.equal(show(null, sent("queued")).badge, "Queued");
  assert.equal(show(serverFile("deleted", { state_word: "Withdrawn" })).badge, "Withdrawn");
});

test("rows are shown only of a file that has them", () => {
  assert.equal(show(serverFile("published")).rows, "1,200 rows");
  assert.equal(show(serverFile("loaded")).rows, "1,200 rows");
  assert.equal(show(serverFile("failed")).rows, "");
});

test("notice, relation and buttons are the server's", () => {
  const button = { act: "activate", label: "Activate 1,200 rows" };
  const related = { file: 1, words: "same content as file 1" };
  const notice = [{ text: "It waits.", file: null }];
  const view = show(serverFile("loaded", { notice_pieces: notice, related, buttons: [button] }));
  assert.deepEqual([view.notice, view.same, view.sameFile], [notice, "same content as file 1", 1]);
  assert.deepEqual(view.actions, [button]);
});

test("a file whose bytes are here already is at rest, with the ways out", () => {
  const button = { act: "replace", label: "Replace file 1", files: [1] };
  const file = serverFile("duplicate", { buttons: [button] });
  const view = show(file);
  assert.deepEqual([view.badge, view.showsSteps, view.rows, inProgress(file)], ["Already here", false, "", false]);
  assert.deepEqual(view.actions, [button]);
});

test("a file that the notice names is not named a second time", () => {
  const related = { file: 1, words: "same content as file 1" };
  const naming = (file) => [{ text: "The same as ", file: null }, { text: "another", file }];
  const shown = (file) => show(serverFile("duplicate", { notice_pieces: naming(file), related }));
  assert.deepEqual([shown(1).same, shown(1).sameFile], ["", 1]);
  assert.equal(shown(16).same, "same content as file 1");
});

test("a dataset that a file only asks to join is told from one that has its rows", () => {
  const loads = [
    { dataset: "prices", draft: true },
    { dataset: "areas", draft: false },
    { dataset: null, draft: true },
  ];
  const view = show(serverFile("loaded", { loads }));
  assert.deepEqual([view.datasets, view.planned], [["prices", "areas"], ["prices"]]);
});

test("a receipt, which has no buttons, is described too", () => {
  const { buttons, ...receipt } = serverFile("checking");
  assert.deepEqual(buttons, []);
  const view = show(receipt);
  assert.deepEqual([view.notice, view.same, view.actions], [[], "", []]);
  assert.equal(view.steps.text, "Checking, 25 % read");
});

test("a file that is sent from here is where the upload is, as long as the server is not further", () => {
  const file = serverFile("uploading", { buttons: [DELETE] });
  const view = show(file, sent("uploading", { offset: 1024, speed: 512 }));
  assert.equal(view.phase, "uploading");
  assert.equal(view.steps.text, "1 KB of 2 KB · 512 bytes/s · 2 s left");
  assert.deepEqual(labels(view), ["Cancel"]);
  assert.equal(show(serverFile("loading"), sent("sent")).phase, "loading");
});

test("a file that is sent waits, also before the list has it", () => {
  assert.equal(show(null, sent("sent")).phase, "waiting");
  assert.equal(show(serverFile("uploading"), sent("sent")).phase, "waiting");
});

test("an upload whose size nobody has said yet is not whole", () => {
  const progress = { phase: "uploading", bytes_done: 1024, bytes_total: 0, rows_done: 0 };
  assert.equal(show(serverFile("uploading", { progress })).steps.text, "1 KB so far");
});

test("trouble stands in the place of the speed", () => {
  const view = show(null, sent("uploading", { speed: 9, trouble: "The connection is lost. Trying again…" }));
  assert.equal(view.steps.text, "0 bytes of 4 KB. The connection is lost. Trying again…");
});

test("an upload that a reload cut off can go on or be cancelled, not deleted", () => {
  const view = show(serverFile("uploading", { buttons: [DELETE] }), null, true);
  assert.equal(view.phase, "stopped");
  assert.equal(view.steps.stopped, true);
  assert.deepEqual(labels(view), ["Choose the file again", "Cancel"]);
});

test("an upload from another browser can only be looked at", () => {
  assert.deepEqual(labels(show(serverFile("uploading", { buttons: [DELETE] }))), []);
});

test("an upload is cancelled where it can be, and withdrawn from elsewhere", () => {
  const file = serverFile("uploading", { buttons: [{ act: "withdraw", label: "Withdraw…" }] });
  assert.deepEqual(labels(show(file, sent("uploading"))), ["Cancel"]);
  assert.deepEqual(labels(show(file, null, true)), ["Choose the file again", "Cancel"]);
  assert.deepEqual(labels(show(file)), ["Withdraw…"]);
  assert.deepEqual(labels(show({ ...file, progress: { ...file.progress, phase: "loading" } }, sent("sent"))), ["Withdraw…"]);
});

test("an upload that was refused says why and can be dismissed", () => {
  const view = show(null, sent("failed", { error: "The file is too large." }));
  assert.equal(view.alert, "The file is too large.");
  assert.deepEqual(labels(view), ["Try again", "Dismiss"]);
});

test("an upload that was refused for its options can have others", () => {
  const view = show(null, sent("failed", { error: "There is no such encoding.", code: "bad_option" }));
  assert.deepEqual(labels(view), ["Change its options…", "Dismiss"]);
});

test("a file that waits for an option says so, has no progress and need not be sent", () => {
  const view = show(null, sent("held"));
  assert.deepEqual(view.notice, [{ text: "It waits here until the options above can be used.", file: null }]);
  assert.equal(view.showsSteps, false);
  assert.deepEqual(labels(view), ["Don’t send"]);
});

test("the server's error comes before the upload's", () => {
  const view = show(serverFile("failed", { error: { message: "It is empty.", hint: "Send another." } }), sent("failed"));
  assert.equal(view.alert, "It is empty. Send another.");
});

test("each dataset is named once, tables that joined none are left out", () => {
  const loads = [{ dataset: "b" }, { dataset: null }, { dataset: "a" }, { dataset: "b" }];
  assert.deepEqual(datasetsOf(serverFile("published", { loads })), ["b", "a"]);
  assert.deepEqual(datasetsOf(null), []);
});

test("what is through, failed or deleted is in progress no more", () => {
  const phases = ["uploading", "waiting", "checking", "loading", "publishing", "published", "loaded", "failed", "deleted"];
  const going = phases.filter((phase) => inProgress(serverFile(phase)));
  assert.deepEqual(going, ["uploading", "waiting", "checking", "loading", "publishing"]);
});
