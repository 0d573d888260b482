// The files that this page is sending: two at a time, in the order in which they were given.

import { bytes } from "./format.js";
import { tokenOf } from "./file-model.js";
import { fingerprint, remembered, send, terminate } from "./tus.js";

const AT_ONCE = 2;
const SMOOTHING = 0.3;

export function sender({ endpoint, maxSize, onChange, onSent }) {
  const uploads = new Map();
  let last = 0;

  function add(file, metadata) {
    const key = fingerprint(file);
    if ([...uploads.values()].some((upload) => upload.key === key && !["failed", "sent"].includes(upload.phase))) return;
    last += 1;
    const before = remembered().find((memory) => memory.key === key); // from before a reload: the row is there already
    const upload = {
      id: `upload-${last}`,
      key,
      file,
      metadata,
      phase: "queued",
      token: tokenOf(before?.receipt),
      url: before?.url ?? "",
      offset: 0,
      speed: 0,
      trouble: "",
      error: "",
      listed: false,
      stop: new AbortController(),
    };
    if (file.size > maxSize) fail(upload, `The file has ${bytes(file.size)}; ${bytes(maxSize)} are allowed. Split it, or compress it.`);
    uploads.set(upload.id, upload);
  }

  function start() {
    const waiting = [...uploads.values()].filter((upload) => upload.phase === "queued");
    const busy = [...uploads.values()].filter((upload) => upload.phase === "uploading").length;
    for (const upload of waiting.slice(0, Math.max(0, AT_ONCE - busy))) run(upload);
    onChange();
  }

  async function run(upload) {
    upload.phase = "uploading";
    let before = null;
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
        upload.trouble = error.sentence ? `${error.sentence} Trying again…` : "The connection is lost. Trying again…";
        onChange();
      },
    };
    try {
      await send(upload.file, { endpoint, metadata: upload.metadata, on, signal: upload.stop.signal });
      upload.phase = "sent";
      onSent(upload);
    } catch (error) {
      if (upload.stop.signal.aborted) uploads.delete(upload.id);
      else fail(upload, error.sentence ?? error.message);
    }
    start();
  }

  function fail(upload, sentence) {
    upload.phase = "failed";
    upload.error = sentence;
  }

  return {
    uploads,
    add(files, metadata) {
      for (const file of files) add(file, metadata);
      start();
    },
    async cancel(upload) {
      upload.stop.abort(new DOMException("cancelled", "AbortError"));
      uploads.delete(upload.id);
      onChange();
      localStorage.removeItem(upload.key);
      if (upload.url) await terminate(upload.url);
    },
    dismiss(upload) {
      uploads.delete(upload.id);
      onChange();
    },
  };
}
