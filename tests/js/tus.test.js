import assert from "node:assert/strict";
import { File } from "node:buffer";
import { beforeEach, test } from "node:test";

import { ServerError } from "../../static/js/api.js";
import { fingerprint, forgetOld, remembered, send, terminate } from "../../static/js/tus.js";
import { RECEIPT, asInABrowser, server } from "./browser.js";

const DAY_MS = 86_400_000;
const METADATA = { dataset: "geo", sheet: "" };

const problem = (status, code) =>
  new Response(JSON.stringify({ error: { code, message: "No.", hint: "Wait." } }), {
    status,
    headers: { "Content-Type": "application/json" },
  });

function sending(file, { signal = new AbortController().signal, onProgress = () => {} } = {}) {
  const heard = { created: [], offsets: [], troubles: [] };
  const on = {
    created: ({ receipt }) => heard.created.push(receipt),
    progress(offset) {
      heard.offsets.push(offset);
      onProgress(offset);
    },
    trouble: (error) => heard.troubles.push(error),
  };
  return { heard, done: send(file, { endpoint: "/files/", metadata: METADATA, on, signal }) };
}

const csv = (size = 1_500_000, name = "a.csv") => new File(["x".repeat(size)], name, { lastModified: 1 });

beforeEach(asInABrowser);

test("a file arrives whole, in pieces, and is forgotten then", async () => {
  const { received, requests } = server();
  const { heard, done } = sending(csv());
  await done;
  assert.equal((await received()).length, 1_500_000);
  assert.deepEqual(heard.offsets.slice(0, 2), [0, 512 * 1024]);
  assert.equal(heard.offsets.at(-1), 1_500_000);
  assert.equal(heard.created[0], RECEIPT);
  assert.ok(requests.filter(({ method }) => method === "PATCH").length > 1);
  assert.deepEqual(remembered(), []);
});

test("metadata go as base64 of UTF-8, empty ones not at all", async () => {
  const { requests } = server();
  await sending(csv(10, "größe.csv")).done;
  const name = Buffer.from("größe.csv").toString("base64");
  const dataset = Buffer.from("geo").toString("base64");
  assert.equal(requests[0].headers["Upload-Metadata"], `filename ${name},dataset ${dataset}`);
  assert.equal(requests[0].headers["Upload-Length"], "10");
});

test("after a lost connection the upload goes on where the server says it is", async () => {
  const { received, requests } = server([undefined, undefined, null]);
  const { heard, done } = sending(csv());
  await done;
  assert.equal((await received()).length, 1_500_000);
  assert.equal(heard.troubles.length, 1);
  assert.deepEqual(requests.slice(0, 4).map(({ method }) => method), ["POST", "PATCH", "PATCH", "HEAD"]);
});

test("on a line too slow for a piece, smaller ones arrive, and all of it goes on after a reload", async () => {
  const { received, requests } = server([], { mostInTime: 20_000 });
  await cutOff(csv(100_000));
  const { heard, done } = sending(csv(100_000));
  await done;
  assert.equal(await received(), "x".repeat(100_000));
  assert.deepEqual(heard.offsets.slice(0, 1), [16 * 1024], "it is recognised by its content");
  assert.ok(requests.filter(({ method }) => method === "POST").length === 1);
});

test("a refusal that no waiting mends ends the upload in the server's words", async () => {
  const { requests } = server([problem(413, "too_large")]);
  await assert.rejects(sending(csv(10)).done, (error) => error instanceof ServerError && error.sentence === "No. Wait.");
  assert.equal(requests.length, 1);
  assert.deepEqual(remembered(), []);
});

for (const status of [409, 423, 429, 460, 500, 503]) {
  test(`the server's ${status} is tried again`, async () => {
    const { received } = server([undefined, problem(status, "later")]);
    const { heard, done } = sending(csv(10));
    await done;
    assert.equal(await received(), "x".repeat(10));
    assert.equal(heard.troubles.length, 1);
  });
}

test("an upload that is gone on the server begins again", async () => {
  const { received, requests } = server([undefined, problem(410, "gone")]);
  await sending(csv(10)).done;
  assert.equal(await received(), "x".repeat(10));
  assert.equal(requests.filter(({ method }) => method === "POST").length, 2);
});

/** An upload that stops after its first piece, as a reload would stop it. */
async function cutOff(file) {
  const stop = new AbortController();
  const { done } = sending(file, { signal: stop.signal, onProgress: (offset) => offset > 0 && stop.abort() });
  await assert.rejects(done, { name: "AbortError" });
}

test("after a reload the same content goes on, with what the server has", async () => {
  const { received, requests } = server();
  await cutOff(csv());
  assert.equal(remembered()[0].receipt, RECEIPT);
  const before = requests.length;
  const { heard, done } = sending(csv());
  await done;
  assert.equal(requests[before].method, "HEAD");
  assert.equal(heard.offsets[0], 512 * 1024);
  assert.equal((await received()).length, 1_500_000);
});

test("another content of the same name, size and time begins anew, and the old upload is ended", async () => {
  const { received, requests } = server();
  await cutOff(csv());
  const other = new File(["y".repeat(1_500_000)], "a.csv", { lastModified: 1 });
  assert.equal(fingerprint(other), fingerprint(csv()));
  await sending(other).done;
  assert.ok(requests.some(({ method }) => method === "DELETE"));
  assert.equal(await received(), "y".repeat(1_500_000));
});

test("what was begun a month ago is forgotten, what is newer is not", () => {
  const memory = { url: "/files/1", receipt: RECEIPT, ends: [], chain: "" };
  localStorage.setItem("upload:old", JSON.stringify({ ...memory, at: Date.now() - 31 * DAY_MS }));
  localStorage.setItem("upload:new", JSON.stringify({ ...memory, at: Date.now() - 29 * DAY_MS }));
  localStorage.setItem("of another page", "{}");
  forgetOld();
  assert.deepEqual(remembered().map(({ key }) => key), ["upload:new"]);
  assert.equal(localStorage.getItem("of another page"), "{}");
});

test("ending an upload that is gone is no error, a refusal is one", async () => {
  server();
  await terminate("/files/none");
  server([problem(403, "forbidden")]);
  await assert.rejects(terminate("/files/1"), ServerError);
});
