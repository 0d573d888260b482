// The files that this page is sending: two at a time, in the order in which they were given.

import { tokenOf } from "./addresses.js";
import { ServerError, Trouble } from "./api.js";
import { fingerprint, forget, remembered, send, terminate } from "./tus.js";

const AT_ONCE = 2;
const SMOOTHING = 0.3;

/**
 * @typedef {import("./file-model.js").Sent & {
 *   id: string, key: string, file: File, metadata: Record<string, string>, token: string, url: string, listed: boolean,
 *   stop: AbortController,
 * }} Upload A file that this page sends, with options of its own; `listed`: the server's list has had it.
 */

/**
 * @param {object} options
 * @param {string} options.endpoint
 * @param {() => void} options.onChange
 * @param {(upload: Upload) => void} options.onSent
 */
export function sender({ endpoint, onChange, onSent }) {
  /** @type {Map<string, Upload>} */
  const uploads = new Map();
  let last = 0;

  /**
   * @param {File} file
   * @param {Record<string, string>} metadata
   * @param {"queued" | "held"} phase
   */
  function add(file, metadata, phase) {
    const key = fingerprint(file);
    if ([...uploads.values()].some((upload) => upload.key === key && !["failed", "sent"].includes(upload.phase))) return;
    last += 1;
    const before = remembered().find((memory) => memory.key === key); // from before a reload: the row is there already
    /** @type {Upload} */
    const upload = {
      id: `upload-${last}`,
      key,
      file,
      metadata: before?.metadata ?? metadata,
      phase,
      token: tokenOf(before?.receipt),
      url: before?.url ?? "",
      offset: 0,
      speed: 0,
      trouble: "",
      error: "",
      code: "",
      listed: false,
      stop: new AbortController(),
    };
    uploads.set(upload.id, upload);
  }

  function start() {
    const waiting = [...uploads.values()].filter((upload) => upload.phase === "queued");
    const busy = [...uploads.values()].filter((upload) => upload.phase === "uploading").length;
    for (const upload of waiting.slice(0, Math.max(0, AT_ONCE - busy))) run(upload);
    onChange();
  }

  /** @param {Upload} upload */
  async function run(upload) {
    upload.phase = "uploading";
    /** @type {{at: number, offset: number} | null} */
    let before = null;
    /** @type {import("./tus.js").Hooks} */
    const on = {
      created({ url, receipt }) {
        upload.url = url;
        upload.token = tokenOf(receipt);
        onChange();
      },
      progress(offset) {
        const now = performance.now();
        if (before !== null && offset > before.offset) {
          const speed = (1000 * (offset - before.offset)) / Math.max(1, now - before.at);
          upload.speed = upload.speed ? upload.speed + SMOOTHING * (speed - upload.speed) : speed;
        }
        before = { at: now, offset };
        upload.offset = offset;
        upload.trouble = "";
        onChange();
      },
      trouble(error) {
        before = null;
        upload.speed = 0;
        const what = error instanceof Trouble ? error.sentence : "The connection is lost.";
        upload.trouble = `${what} Trying again…`;
        onChange();
      },
    };
    try {
      await send(upload.file, { endpoint, metadata: upload.metadata, on, signal: upload.stop.signal });
      upload.phase = "sent";
      onSent(upload);
    } catch (error) {
      if (upload.stop.signal.aborted) uploads.delete(upload.id);
      else fail(upload, error);
    }
    start();
  }

  /**
   * @param {Upload} upload
   * @param {unknown} error
   */
  function fail(upload, error) {
    upload.phase = "failed";
    upload.error = error instanceof Trouble ? error.sentence : String(error);
    upload.code = error instanceof ServerError ? error.code : "";
  }

  const held = () => [...uploads.values()].filter((upload) => upload.phase === "held");

  /**
   * @param {Upload} upload
   * @param {"queued" | "held"} phase
   */
  function again(upload, phase) {
    Object.assign(upload, { phase, error: "", code: "", trouble: "", offset: 0, speed: 0, token: "", url: "" });
    start();
  }

  return {
    uploads,
    held,
    isSending: () => [...uploads.values()].some(({ phase }) => phase === "uploading" || phase === "queued"),
    /**
     * Whether a reload cut it off; its options are those that it was begun with.
     * @param {File} file
     */
    isBegun: (file) => remembered().some(({ key }) => key === fingerprint(file)),
    /**
     * @param {File[]} files
     * @param {Record<string, string>} metadata
     */
    add(files, metadata) {
      for (const file of files) add(file, metadata, "queued");
      start();
    },
    /**
     * Keep files until it is clear how they are to be read.
     * @param {File[]} files
     */
    hold(files) {
      for (const file of files) add(file, {}, "held");
      start();
    },
    /**
     * Send what was held.
     * @param {Record<string, string>} metadata
     */
    release(metadata) {
      for (const upload of held()) Object.assign(upload, { metadata, phase: "queued" });
      start();
    },
    /**
     * Send a file that was refused once more, with its own options.
     * @param {Upload} upload
     */
    resend: (upload) => again(upload, "queued"),
    /**
     * Take a file that was refused back among those that wait.
     * @param {Upload} upload
     */
    holdAgain: (upload) => again(upload, "held"),
    /**
     * What was sent so far is kept where the server cannot be told: the file can go on, or be cancelled again.
     * @param {Upload} upload
     */
    async cancel(upload) {
      upload.stop.abort(new DOMException("cancelled", "AbortError"));
      uploads.delete(upload.id);
      onChange();
      if (upload.url) await terminate(upload.url);
      forget(upload.key);
    },
    /** @param {Upload} upload */
    dismiss(upload) {
      uploads.delete(upload.id);
      onChange();
    },
  };
}
