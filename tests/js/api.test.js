import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Offline, ServerError, Uncertain, Unreachable, act, ask } from "../../static/js/api.js";
import { asInABrowser } from "./browser.js";

const UNKNOWN = "We don’t know whether it happened: reload the page to see.";
let asked = 0;

function answers(answer) {
  asked = 0;
  globalThis.fetch = async () => {
    asked += 1;
    if (answer instanceof Error) throw answer;
    return answer;
  };
}

function network(onLine) {
  Object.defineProperty(globalThis, "navigator", { value: { onLine }, configurable: true });
}

const problem = (status, code) =>
  new Response(JSON.stringify({ error: { code, message: "No.", hint: "Wait." } }), {
    status,
    headers: { "Content-Type": "application/json" },
  });
const failing = (doing) => doing.then(() => assert.fail("it went well"), (error) => error);
const acting = () => failing(act("/api/files/1/activate", { method: "POST" }));

beforeEach(() => {
  asInABrowser();
  network(true);
});

test("without a network nothing is asked of the server, and nothing happened", async () => {
  answers(new Response(null, { status: 204 }));
  network(false);
  const error = await acting();
  assert.ok(error instanceof Offline);
  assert.equal(error.sentence, "Nothing happened: you are offline. Try again when the connection is back.");
  assert.equal(asked, 0);
});

test("what the server did needs no answer", async () => {
  answers(new Response(null, { status: 204 }));
  await act("/api/files/1", { method: "DELETE" });
  assert.equal(asked, 1);
});

for (const [what, answer] of [
  ["a connection that broke", new TypeError("network error")],
  ["an answer that never came", new DOMException("signal timed out", "TimeoutError")],
  ["a proxy's answer", new Response("<h1>Bad gateway</h1>", { status: 502 })],
  ["a server that fell over", problem(500, "internal_error")],
]) {
  test(`after ${what} nobody knows whether an act happened`, async () => {
    answers(answer);
    const error = await acting();
    assert.ok(error instanceof Uncertain);
    assert.equal(error.sentence, UNKNOWN);
  });
}

for (const [status, code] of [[409, "state_conflict"], [503, "table_busy"], [507, "disk_full"]]) {
  test(`a refusal that the server explains is its word: ${code}`, async () => {
    answers(problem(status, code));
    const error = await acting();
    assert.ok(error instanceof ServerError);
    assert.equal(error.sentence, "No. Wait.");
  });
}

test("who only looks is told that there is no answer", async () => {
  for (const answer of [new TypeError("network error"), new Response("", { status: 504 })]) {
    answers(answer);
    assert.ok((await failing(ask("/api/files"))) instanceof Unreachable);
  }
});
