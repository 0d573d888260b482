// Resumable uploads by tus 1.0: create, append in pieces, find the offset again after a cut, terminate.
//
// The offset that is shown is always the one that the server acknowledged. What was sent is remembered as a chain of
// SHA-256 over the pieces, written before each piece goes: after a reload, the same file is recognised by its content, so
// another file of the same name, size and time never continues its upload. Without crypto.subtle (plain http to
// another machine) an upload goes on after a lost connection, but not after a reload.

import { ServerError, act, refusal } from "./api.js";

/**
 * @typedef {object} Memory What is known of an upload that was begun.
 * @property {string} url
 * @property {string | null} receipt address of its receipt
 * @property {number[]} ends where the pieces end that were noted
 * @property {string} chain SHA-256 over them
 * @property {string} before the same over all but the last of them
 * @property {Record<string, string>} [metadata] the options that it was begun with
 *
 * @typedef {object} Hooks Who sends hears of it.
 * @property {(memory: Memory) => void} created
 * @property {(offset: number) => void} progress
 * @property {(error: unknown) => void} trouble
 *
 * @typedef {{endpoint: string, metadata: Record<string, string>, on: Hooks, signal: AbortSignal}} Sending
 */

const VERSION = { "Tus-Resumable": "1.0.0" };
const FIRST_PIECE = 512 * 1024;
const SMALLEST_PIECE = 256 * 1024;
const LEAST_PIECE = 16 * 1024; // on a line that takes longer than a request may: 16 s of the slowest that is borne
const LARGEST_PIECE = 32 * 1024 * 1024;
const PIECE_SECONDS = 0.75;
const REQUEST_MS = 60_000;
const RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
const MEMORY = "upload:";

/** @param {number} status */
const mayRetry = (status) => status === 423 || status === 409 || status === 429 || status === 460 || status >= 500;

/** @param {unknown} error */
const isTimeout = (error) => error instanceof DOMException && error.name === "TimeoutError";

/** @param {File} file */
export const fingerprint = (file) => `${MEMORY}${file.name}:${file.size}:${file.lastModified}`;

/** @returns {(Memory & {key: string, at: number})[]} */
export function remembered() {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(MEMORY))
    .map((key) => ({ key, ...JSON.parse(localStorage.getItem(key) ?? "{}") }));
}

/** @param {string} key */
export const forget = (key) => localStorage.removeItem(key);

// The server keeps an unfinished upload for a day or so; what was begun a month ago is gone there.
export function forgetOld() {
  for (const { key, at } of remembered()) {
    if (Date.now() - at > 30 * 86_400_000) forget(key);
  }
}

/** @param {string} url */
export async function terminate(url) {
  try {
    await act(url, { method: "DELETE", headers: VERSION });
  } catch (error) {
    if (!(error instanceof ServerError) || (error.status !== 404 && error.status !== 410)) throw error;
  }
}

/** @param {ArrayBuffer | Uint8Array<ArrayBuffer>} bytes */
const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
/** @param {string} text */
const encoded = (text) => base64(new TextEncoder().encode(text));

/** @param {Blob} blob */
async function digest(blob) {
  return crypto.subtle ? crypto.subtle.digest("SHA-256", await blob.arrayBuffer()) : null;
}

/**
 * @param {string} chain
 * @param {Blob} piece
 */
async function chained(chain, piece) {
  return base64(await crypto.subtle.digest("SHA-256", await new Blob([chain, piece]).arrayBuffer()));
}

/**
 * Send a file; resolves when the server has all of it.
 * @param {File} file
 * @param {Sending} sending
 */
export async function send(file, { endpoint, metadata, on, signal }) {
  const key = fingerprint(file);
  let memory = await recall(key, file);
  let failures = 0;
  /** @type {number | null} */
  let offset = null;
  let piece = FIRST_PIECE;
  let smallest = SMALLEST_PIECE;
  while (offset !== file.size) {
    signal.throwIfAborted();
    try {
      if (memory === null) {
        memory = await create(file, { endpoint, metadata, signal });
        store(key, memory);
        offset = 0;
      } else if (offset === null) {
        offset = await findOffset(memory, signal);
      }
      on.created(memory);
      on.progress(offset);
      while (offset < file.size) {
        const began = performance.now();
        const end = await nextEnd(file, memory, offset, piece, key);
        offset = await append(memory.url, file.slice(offset, end), offset, signal);
        failures = 0;
        on.progress(offset);
        const seconds = (performance.now() - began) / 1000;
        piece = Math.min(LARGEST_PIECE, Math.max(smallest, piece * Math.min(4, PIECE_SECONDS / seconds)));
        piece = Math.round(piece);
      }
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      offset = null;
      // Of a piece that did not arrive in time the server keeps nothing, for it has a checksum: a smaller one may.
      if (isTimeout(error)) smallest = Math.max(LEAST_PIECE, smallest / 4);
      piece = smallest < SMALLEST_PIECE ? smallest : FIRST_PIECE;
      const status = error instanceof ServerError ? error.status : null;
      if (status === 404 || status === 410) {
        if (memory === null) throw error;
        forget(key);
        memory = null;
      } else if (status !== null && !mayRetry(status)) {
        forget(key);
        throw error;
      }
      on.trouble(error);
      await pause(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)], signal);
      failures += 1;
    }
  }
  forget(key);
}

/**
 * @param {File} file
 * @param {Omit<Sending, "on">} sending
 * @returns {Promise<Memory>}
 */
async function create(file, { endpoint, metadata, signal }) {
  const pairs = Object.entries({ filename: file.name, ...metadata }).filter(([, value]) => value !== "");
  const response = await request(endpoint, {
    method: "POST",
    headers: {
      "Upload-Length": String(file.size),
      "Upload-Metadata": pairs.map(([name, value]) => `${name} ${encoded(value)}`).join(","),
    },
    signal,
  });
  const url = new URL(response.headers.get("Location") ?? "", location.href);
  return { url: url.pathname + url.search, receipt: response.headers.get("Receipt"), ends: [], chain: "", before: "", metadata };
}

/**
 * @param {Memory} memory
 * @param {AbortSignal} signal
 */
async function findOffset(memory, signal) {
  const response = await request(memory.url, { method: "HEAD", signal });
  return Number(response.headers.get("Upload-Offset"));
}

/**
 * @param {string} url
 * @param {Blob} blob
 * @param {number} offset
 * @param {AbortSignal} signal
 */
async function append(url, blob, offset, signal) {
  const sum = await digest(blob);
  const response = await request(url, {
    method: "PATCH",
    headers: {
      "Content-Type": "application/offset+octet-stream",
      "Upload-Offset": String(offset),
      ...(sum ? { "Upload-Checksum": `sha256 ${base64(sum)}` } : {}),
    },
    body: blob,
    signal,
  });
  return Number(response.headers.get("Upload-Offset"));
}

/**
 * @param {string} url
 * @param {{method: string, headers?: Record<string, string>, body?: Blob, signal: AbortSignal}} options
 */
async function request(url, { headers = {}, signal, ...rest }) {
  const response = await fetch(url, {
    ...rest,
    headers: { ...VERSION, ...headers },
    signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]),
  });
  if (!response.ok) throw await refusal(response);
  await response.arrayBuffer(); // read to its end, or the browser counts the connection as broken off
  return response;
}

/**
 * Where the next piece ends, noted before it goes. One that was noted before a cut is kept: the server may have some of
 * it. If it has none, and the line is too slow for so much, a shorter one is noted in its place.
 * @param {File} file
 * @param {Memory} memory
 * @param {number} offset
 * @param {number} piece
 * @param {string} key
 */
async function nextEnd(file, memory, offset, piece, key) {
  const begun = memory.ends.at(-1) ?? 0;
  if (begun > offset) {
    const isUntouched = offset === (memory.ends.at(-2) ?? 0);
    if (begun - offset <= piece || !isUntouched) return begun;
    memory.ends.pop();
    memory.chain = memory.before;
  }
  const end = Math.min(offset + piece, file.size);
  if (crypto.subtle) {
    memory.before = memory.chain;
    memory.chain = await chained(memory.chain, file.slice(offset, end));
    memory.ends.push(end);
    store(key, memory);
  }
  return end;
}

/**
 * What is known of this file from before a reload, if its content is still the same.
 * @param {string} key
 * @param {File} file
 * @returns {Promise<Memory | null>}
 */
async function recall(key, file) {
  const text = localStorage.getItem(key);
  if (text === null) return null;
  /** @type {Memory} */
  const memory = JSON.parse(text);
  let chain = "";
  let begin = 0;
  for (const end of memory.ends) {
    memory.before = chain;
    chain = await chained(chain, file.slice(begin, end));
    begin = end;
  }
  if (memory.ends.length > 0 && chain === memory.chain) return memory;
  forget(key);
  terminate(memory.url).catch(() => {}); // what cannot be reached now, the server sweeps later
  return null;
}

/**
 * @param {string} key
 * @param {Memory} memory
 */
function store(key, memory) {
  try {
    localStorage.setItem(key, JSON.stringify({ ...memory, at: Date.now() }));
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "QuotaExceededError") throw error;
    forget(key); // the upload goes on; after a reload it begins again
  }
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      signal.removeEventListener("abort", stop);
      resolve();
    };
    const stop = () => {
      done();
      reject(signal.reason);
    };
    const timer = setTimeout(done, milliseconds);
    addEventListener("online", done);
    signal.addEventListener("abort", stop);
  });
}
