// What the scripts of the pages find in a browser, and a tus server to talk to.

import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";

export const RECEIPT = "https://example.org/receipts/abc/";
const soon = globalThis.setTimeout;

/** What a browser has and Node 18 has not, or has in another form; and nobody waits before the next try. */
export function asInABrowser() {
  const stored = new Map();
  const storage = Object.create({
    getItem: (key) => stored.get(key) ?? null,
    setItem(key, value) {
      stored.set(key, value);
      storage[key] = value;
    },
    removeItem(key) {
      stored.delete(key);
      delete storage[key];
    },
  });
  const names = { localStorage: storage, location: new URL("https://example.org/"), crypto: webcrypto, document: { cookie: "" } };
  const listening = { addEventListener() {}, removeEventListener() {} };
  const atOnce = { setTimeout: (call) => soon(call, 0) };
  for (const [name, value] of Object.entries({ ...names, ...listening, ...atOnce })) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}

/**
 * A tus server in memory; `faults` are answers that it gives first, a network error where one is null. Of a piece of more
 * than `mostInTime` bytes nothing arrives before the time of its request is over.
 */
export function server(faults = [], { mostInTime = Infinity } = {}) {
  const uploads = new Map();
  const requests = [];
  const answer = (status, headers = {}, body = null) => new Response(body, { status, headers });
  globalThis.fetch = async (url, { method, headers, body, signal }) => {
    signal?.throwIfAborted();
    const path = new URL(url, location.href).pathname;
    requests.push({ method, path, headers });
    if (faults.length > 0) {
      const fault = faults.shift();
      if (fault === null) throw new TypeError("network error");
      if (fault !== undefined) return fault;
    }
    if (method === "POST") {
      uploads.set("/files/1", []);
      return answer(201, { Location: "/files/1", Receipt: RECEIPT });
    }
    const pieces = uploads.get(path);
    if (pieces === undefined) return answer(404);
    if (method === "DELETE") return answer(uploads.delete(path) ? 204 : 404);
    const offset = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
    if (method === "HEAD") return answer(200, { "Upload-Offset": String(offset) });
    assert.equal(Number(headers["Upload-Offset"]), offset);
    if (body.size > mostInTime) throw new DOMException("signal timed out", "TimeoutError");
    const bytes = await body.arrayBuffer();
    const sum = Buffer.from(await webcrypto.subtle.digest("SHA-256", bytes)).toString("base64");
    assert.equal(headers["Upload-Checksum"], `sha256 ${sum}`);
    pieces.push(bytes);
    return answer(204, { "Upload-Offset": String(offset + bytes.byteLength) });
  };
  const received = async (path = "/files/1") => new Blob(uploads.get(path)).text();
  return { requests, received, uploads };
}
