// What to show of a file: the server's facts and words and, while it is on its way from here, the upload's figures.

import { bytes, count, duration, percent, plural } from "./format.js";

/**
 * @typedef {{act: string, label: string, files?: number[]}} FileButton `files`: whose place it takes.
 * @typedef {{phase: string, bytes_done: number, bytes_total: number, rows_done: number}} Progress
 *
 * @typedef {{text: string, file: number | null}} NoticePiece Some text of a notice; `file`: the other one that it names.
 *
 * @typedef {object} ServerFile A file as the API describes it; a receipt has no `notice_pieces`, `related` and `buttons`.
 * @property {number} id
 * @property {string} name
 * @property {number} bytes
 * @property {{message: string, hint: string} | null} error
 * @property {string} uploaded_at
 * @property {{loaded: number, rejected: number}} rows
 * @property {{dataset: string | null, draft?: boolean}[]} loads
 * @property {Progress} progress
 * @property {string} [state_word] the state as the server says it
 * @property {string} [receipt]
 * @property {NoticePiece[]} [notice_pieces]
 * @property {string[]} [option_words] what was said about how to read it
 * @property {{file: number, words: string} | null} [related]
 * @property {FileButton[]} [buttons]
 * @property {string} [answer] what leads to the questions on its receipt
 *
 * @typedef {object} Sent What of an upload the page shows.
 * @property {{name: string, size: number}} file
 * @property {string} phase held, queued, uploading, sent or failed
 * @property {number} offset
 * @property {number} speed bytes a second
 * @property {string} trouble
 * @property {string} error
 * @property {string} code of the error
 *
 * @typedef {{title: string, text: string, confirm: string}} Question
 * @typedef {{phases: Record<string, string>, steps: [string, string][], withdrawal: Question}} PageWords The server's.
 * @typedef {{phase: string, done: number, total: number, text: string, stopped: boolean}} Steps
 * @typedef {ReturnType<typeof describe>} View
 */

const ON_THE_WAY = new Set(["queued", "uploading", "waiting", "checking", "loading", "publishing"]);
const FROM_HERE = new Set(["held", "queued", "uploading", "stopped"]);

/** @param {ServerFile} file */
export const inProgress = (file) => ON_THE_WAY.has(file.progress.phase);

/**
 * The datasets that have rows of a file.
 * @param {ServerFile | null} file
 * @returns {string[]}
 */
export const datasetsOf = (file) => [...new Set((file?.loads ?? []).flatMap(({ dataset }) => dataset ?? []))];

/**
 * Those of them that it only asks to join, or to become: there is no page of that name for it yet.
 * @param {ServerFile | null} file
 * @returns {string[]}
 */
const plannedOf = (file) => (file?.loads ?? []).flatMap(({ dataset, draft }) => (draft && dataset) || []);

/**
 * @param {string} text
 * @returns {NoticePiece}
 */
const plain = (text) => ({ text, file: null });

/**
 * `file` is the server's word or null, `upload` what this page is sending or null; one of them is there. `resumable`:
 * a reload cut it off here.
 * @param {ServerFile | null} file
 * @param {Sent | null} upload
 * @param {boolean} resumable
 * @param {PageWords} words
 */
export function describe(file, upload, resumable, words) {
  const phase = phaseOf(file, upload, resumable);
  const rejected = file?.rows.rejected ?? 0;
  const { notice_pieces: notice = [], related = null } = file ?? {};
  return {
    phase,
    badge: ((phase === "loaded" || phase === "deleted") && file?.state_word) || words.phases[phase],
    number: file ? `File ${file.id}` : "",
    same: related && !notice.some((piece) => piece.file === related.file) ? related.words : "", // not twice
    sameFile: related?.file ?? null,
    // a table of the database has rows and no bytes
    size: file?.bytes === 0 && file.rows.loaded ? "" : bytes(file?.bytes ?? upload?.file.size ?? 0),
    rows: file && (phase === "published" || phase === "loaded") ? plural(file.rows.loaded, "row") : "",
    rejected: rejected > 0 ? `${count(rejected)} rejected` : "",
    datasets: datasetsOf(file),
    planned: plannedOf(file),
    showsSteps: ON_THE_WAY.has(phase) || phase === "stopped",
    steps: stepsOf(phase, file, upload),
    notice: phase === "held" ? [plain("It waits here until the options above can be used.")] : notice,
    answer: file?.answer ?? "",
    alert: alertOf(phase, file, upload),
    actions: actionsOf(phase, file, upload),
  };
}

/**
 * @param {ServerFile | null} file
 * @param {Sent | null} upload
 * @param {boolean} resumable
 * @returns {string}
 */
function phaseOf(file, upload, resumable) {
  const known = file?.progress.phase ?? "uploading";
  if (known !== "uploading") return known;
  if (upload) return upload.phase === "sent" ? "waiting" : upload.phase;
  return resumable ? "stopped" : known;
}

/**
 * @param {string} phase
 * @param {ServerFile | null} file
 * @param {Sent | null} upload
 * @returns {Steps}
 */
function stepsOf(phase, file, upload) {
  const progress = file?.progress ?? { bytes_done: 0, bytes_total: upload?.file.size ?? 0, rows_done: 0 };
  const done = upload && phase === "uploading" ? Math.max(upload.offset, progress.bytes_done) : progress.bytes_done;
  const total = progress.bytes_total;
  /** @type {Record<string, string>} */
  const words = {
    queued: "Waiting for the files before it",
    uploading: uploadWords(upload, done, total),
    stopped: `Stopped at ${percent(done, total)}. Choose the same file again and the upload goes on from there.`,
    waiting: "Waiting for a worker",
    checking: `Checking, ${percent(done, total)} read`,
    loading: progress.rows_done > 0 ? `Loading, ${plural(progress.rows_done, "row")} so far` : "Loading",
    publishing: "Publishing",
  };
  const phaseShown = phase === "queued" || phase === "stopped" ? "uploading" : phase;
  return { phase: phaseShown, done, total, text: words[phase] ?? "", stopped: phase === "stopped" };
}

/**
 * @param {Sent | null} upload
 * @param {number} done
 * @param {number} total
 */
function uploadWords(upload, done, total) {
  const arrived = total > 0 ? `${bytes(done)} of ${bytes(total)}` : `${bytes(done)} so far`;
  if (upload?.trouble) return `${arrived}. ${upload.trouble}`;
  if (!upload || upload.speed <= 0) return arrived;
  const left = done < total ? [`${duration((total - done) / upload.speed)} left`] : [];
  return [arrived, `${bytes(upload.speed)}/s`, ...left].join(" · ");
}

/**
 * @param {string} phase
 * @param {ServerFile | null} file
 * @param {Sent | null} upload
 */
function alertOf(phase, file, upload) {
  if (phase !== "failed") return "";
  if (file?.error) return [file.error.message, file.error.hint].filter(Boolean).join(" ");
  return upload?.error ?? "";
}

/**
 * What the server offers and, for a file that is sent from here, what this page does.
 * @param {string} phase
 * @param {ServerFile | null} file
 * @param {Sent | null} upload
 * @returns {FileButton[]}
 */
function actionsOf(phase, file, upload) {
  const isFromHere = FROM_HERE.has(phase);
  const canBeCancelled = isFromHere && (upload !== null || phase === "stopped");
  const actions = (file?.buttons ?? []).filter(
    ({ act }) => !(isFromHere && act === "delete") && !(canBeCancelled && act === "withdraw"),
  );
  if (phase === "stopped") actions.push({ act: "choose", label: "Choose the file again" });
  if (phase === "held") actions.push({ act: "dismiss", label: "Don’t send" });
  else if (canBeCancelled) actions.push({ act: "cancel", label: "Cancel" });
  if (phase === "failed" && !file) actions.push(nextTry(upload), { act: "dismiss", label: "Dismiss" });
  return actions;
}

/**
 * With the options that it had, unless these are what the server could not use.
 * @param {Sent | null} upload
 * @returns {FileButton}
 */
const nextTry = (upload) =>
  upload?.code === "bad_option" ? { act: "change", label: "Change its options…" } : { act: "resend", label: "Try again" };
