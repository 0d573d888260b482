import assert from "node:assert/strict";
import { File } from "node:buffer";
import { beforeEach, test } from "node:test";

import { sender } from "../../static/js/sending.js";
import { fingerprint } from "../../static/js/tus.js";
import { asInABrowser, server } from "./browser.js";

const csv = (name) => new File(["a;b\n1;2\n"], name, { lastModified: 1 });
const begun = ({ requests }) =>
  requests
    .filter(({ method }) => method === "POST")
    .map(({ headers }) =>
      Object.fromEntries(
        headers["Upload-Metadata"].split(",").map((pair) => {
          const [name, value] = pair.split(" ");
          return [name, Buffer.from(value, "base64").toString()];
        }),
      ),
    );

/** A sender, and how to wait until nothing is on its way. */
function start() {
  const waiting = [];
  const onChange = () => {
    if (!sending.isSending()) waiting.splice(0).forEach((call) => call());
  };
  const sending = sender({ endpoint: "/files/", onChange, onSent: () => {} });
  const idle = () => (sending.isSending() ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve());
  return { sending, idle, one: () => [...sending.uploads.values()][0] };
}

beforeEach(asInABrowser);

test("each file goes with the options that held when it was chosen", async () => {
  const tus = server();
  const { sending, idle } = start();
  sending.add([csv("a.csv")], { delimiter: ";" });
  sending.add([csv("b.csv"), csv("c.csv")], {});
  assert.equal(sending.isSending(), true);
  await idle();
  const sent = begun(tus).sort((one, other) => one.filename.localeCompare(other.filename));
  assert.deepEqual(sent, [{ filename: "a.csv", delimiter: ";" }, { filename: "b.csv" }, { filename: "c.csv" }]);
});

test("files that wait are not sent, are there once, and go with what is said in the end", async () => {
  const tus = server();
  const { sending, idle } = start();
  sending.hold([csv("a.csv")]);
  sending.hold([csv("a.csv"), csv("b.csv")]);
  assert.deepEqual(sending.held().map(({ file }) => file.name), ["a.csv", "b.csv"]);
  assert.equal(sending.isSending(), false);
  sending.release({ header_row: "3" });
  await idle();
  assert.deepEqual(begun(tus).map(({ header_row }) => header_row), ["3", "3"]);
  assert.deepEqual(sending.held(), []);
});

test("a file that was refused is sent again with its own options", async () => {
  const refusal = new Response(JSON.stringify({ error: { code: "not_signed_in", message: "Sign in." } }), {
    status: 401,
    headers: { "Content-Type": "application/json" },
  });
  const tus = server([refusal]);
  const { sending, idle, one } = start();
  sending.add([csv("a.csv")], { delimiter: ";" });
  await idle();
  assert.deepEqual([one().phase, one().error, one().code], ["failed", "Sign in.", "not_signed_in"]);
  sending.resend(one());
  await idle();
  assert.equal(one().phase, "sent");
  assert.deepEqual(begun(tus)[1], { filename: "a.csv", delimiter: ";" });
});

test("a file that was refused for its options waits for others", async () => {
  const refusal = new Response(JSON.stringify({ error: { code: "bad_option", message: "No." } }), {
    status: 400,
    headers: { "Content-Type": "application/json" },
  });
  const tus = server([refusal]);
  const { sending, idle, one } = start();
  sending.add([csv("a.csv")], { encoding: "utf-99" });
  await idle();
  sending.holdAgain(one());
  assert.deepEqual([one().phase, one().error, one().metadata.encoding], ["held", "", "utf-99"]);
  sending.release({ encoding: "utf-8" });
  await idle();
  assert.deepEqual(begun(tus)[1], { filename: "a.csv", encoding: "utf-8" });
});

test("a file that a reload cut off keeps the options that it was begun with, also where it begins anew", async () => {
  const tus = server();
  const file = csv("a.csv");
  const memory = { url: "/files/gone", receipt: null, ends: [3], chain: "of another content" };
  localStorage.setItem(fingerprint(file), JSON.stringify({ ...memory, metadata: { delimiter: ";" }, at: Date.now() }));
  const { sending, idle } = start();
  assert.equal(sending.isBegun(file), true);
  assert.equal(sending.isBegun(csv("b.csv")), false);
  sending.add([file], { delimiter: "," });
  await idle();
  assert.deepEqual(begun(tus), [{ filename: "a.csv", delimiter: ";" }]);
});
