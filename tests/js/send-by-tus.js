// Sends a file to a running server by tus-js-client in each way that it knows; prints the address of each upload.
//
// node tests/js/send-by-tus.js http://127.0.0.1:8000/files/ FILE

import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { PassThrough } from "node:stream";

import { FileUrlStorage, Upload } from "tus-js-client";

const [, , endpoint, path] = process.argv;
const CHUNK = 400_000;
const memory = `${path}.urls`;

/** A started upload, and the promise of its end. */
function begin(options, { stopAfterChunks = 0, previous = null, source = createReadStream(path) } = {}) {
  let chunks = 0;
  let end;
  const ended = new Promise((resolve, reject) => {
    end = { resolve, reject };
  });
  const upload = new Upload(source, {
    endpoint,
    chunkSize: CHUNK,
    retryDelays: null,
    metadata: { filename: "sent.csv", again: "true" },
    onSuccess: () => end.resolve(upload),
    onError: end.reject,
    onChunkComplete() {
      chunks += 1;
      if (chunks === stopAfterChunks) upload.abort().then(() => end.resolve(upload), end.reject);
    },
    ...options,
  });
  if (previous) upload.resumeFromPreviousUpload(previous);
  upload.start();
  return ended;
}

const send = async (options = {}, more = {}) => (await begin(options, more)).url;

/** What has no size: of a file it would be looked up. */
const stream = () => createReadStream(path).pipe(new PassThrough());

/** Stops after some chunks, and goes on as another program would: by what it remembers of the first. */
async function resume(options = {}) {
  const remembering = { ...options, urlStorage: new FileUrlStorage(memory), removeFingerprintOnSuccess: true };
  const stopped = await begin(remembering, { stopAfterChunks: 2 });
  const [previous] = await stopped.findPreviousUploads();
  if (!previous) throw new Error("nothing was remembered of the upload that stopped");
  return send(remembering, { previous });
}

async function terminate(options = {}) {
  const stopped = await begin(options, { stopAfterChunks: 1 });
  await Upload.terminate(stopped.url, { retryDelays: null, ...options });
  return stopped.url;
}

const DRAFTS = ["ietf-draft-03", "ietf-draft-05"];
const WAYS = {
  plain: () => send(),
  "in one piece": () => send({ chunkSize: Infinity }),
  "bytes with the creation": () => send({ uploadDataDuringCreation: true }),
  "method override": () => send({ overridePatchMethod: true }),
  "size said later": () => send({ uploadLengthDeferred: true }, { source: stream() }),
  parallel: () => send({ parallelUploads: 3 }),
  "parallel in one piece": () => send({ parallelUploads: 3, chunkSize: Infinity }),
  resumed: () => resume(),
  "parallel, resumed": () => resume({ parallelUploads: 2 }),
  terminated: () => terminate(),
  ...Object.fromEntries(
    DRAFTS.flatMap((protocol) => [
      [protocol, () => send({ protocol })],
      [`${protocol}, bytes with the creation`, () => send({ protocol, uploadDataDuringCreation: true })],
      [`${protocol}, in one piece`, () => send({ protocol, uploadDataDuringCreation: true, chunkSize: Infinity })],
      [`${protocol}, resumed`, () => resume({ protocol })],
      [`${protocol}, terminated`, () => terminate({ protocol })],
    ]),
  ),
};

const sent = {};
for (const [way, act] of Object.entries(WAYS)) {
  try {
    sent[way] = await act();
  } catch (error) {
    sent[way] = `failed: ${error.message}`;
  }
}
await rm(memory, { force: true });
process.stdout.write(JSON.stringify(sent));
