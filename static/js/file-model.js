// What to say about a file: from the server's figures and, while it is on its way from here, from the upload's.

import { bytes, count, duration, percent, plural } from "./format.js";

const BADGES = {
  queued: "Queued",
  uploading: "Uploading",
  stopped: "Stopped",
  waiting: "Waiting",
  checking: "Checking",
  loading: "Loading",
  publishing: "Publishing",
  published: "Active",
  loaded: "Not active",
  failed: "Failed",
  deleted: "Deleted",
};
const ON_THE_WAY = new Set(["queued", "uploading", "waiting", "checking", "loading", "publishing"]);

export const inProgress = (file) => ON_THE_WAY.has(file.progress.phase);

export const tokenOf = (url) => /receipts\/([^/]+)/.exec(url ?? "")?.[1] ?? "";

// `file` is the server's word or null, `upload` what this page is sending or null, `resumable` whether a reload cut it off here.
export function describe(file, upload, resumable) {
  const phase = phaseOf(file, upload, resumable);
  const rejected = file?.rows.rejected ?? 0;
  return {
    phase,
    badge: BADGES[phase],
    number: file ? `File ${file.id}` : "",
    same: sameWords(file),
    sameFile: file?.reading_of ?? file?.same_content_as ?? null,
    size: bytes(file?.bytes ?? upload.file.size),
    rows: file && (phase === "published" || phase === "loaded") ? plural(file.rows.loaded, "row") : "",
    rejected: rejected > 0 ? `${count(rejected)} rejected` : "",
    datasets: file ? [...new Set(file.loads.map((load) => load.dataset).filter(Boolean))] : [],
    showsSteps: ON_THE_WAY.has(phase) || phase === "stopped",
    steps: stepsOf(phase, file, upload),
    notice: noticeOf(phase, file),
    alert: alertOf(phase, file, upload),
    actions: actionsOf(phase, file, upload),
  };
}

function sameWords(file) {
  if (file?.reading_of) return `file ${file.reading_of} read again`;
  return file?.same_content_as ? `same content as file ${file.same_content_as}` : "";
}

function phaseOf(file, upload, resumable) {
  if (upload && (!file || file.progress.phase === "uploading")) return upload.phase === "sent" ? "waiting" : upload.phase;
  if (file.progress.phase === "uploading" && resumable) return "stopped";
  return file.progress.phase;
}

function stepsOf(phase, file, upload) {
  const progress = file?.progress ?? { bytes_done: 0, bytes_total: upload.file.size, rows_done: 0 };
  const done = upload && phase === "uploading" ? Math.max(upload.offset, progress.bytes_done) : progress.bytes_done;
  const total = progress.bytes_total;
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

function uploadWords(upload, done, total) {
  const parts = [`${bytes(done)} of ${bytes(total)}`];
  if (upload?.trouble) return `${parts[0]}. ${upload.trouble}`;
  if (upload?.speed > 0) {
    parts.push(`${bytes(upload.speed)}/s`);
    if (done < total) parts.push(`${duration((total - done) / upload.speed)} left`);
  }
  return parts.join(" · ");
}

function noticeOf(phase, file) {
  if (!file) return "";
  const waits = phase === "loaded" && !file.can?.activate;
  return waits ? "Loaded. It becomes visible when a member of staff activates it." : "";
}

function alertOf(phase, file, upload) {
  if (phase !== "failed") return "";
  if (file?.error) return [file.error.message, file.error.hint].filter(Boolean).join(" ");
  return upload?.error ?? "";
}

function actionsOf(phase, file, upload) {
  const actions = [];
  const can = file?.can ?? {};
  const rows = plural(file?.rows.loaded ?? 0, "row");
  if (can.activate) actions.push({ act: "activate", label: `Activate ${rows}`, strong: true });
  if (can.deactivate) actions.push({ act: "deactivate", label: `Deactivate ${rows}`, soft: true });
  if (can.retry && phase === "failed") actions.push({ act: "retry", label: "Load again", soft: true });
  if (phase === "stopped") actions.push({ act: "choose", label: "Choose the file again", strong: true });
  if (phase === "queued" || phase === "uploading" || phase === "stopped") {
    if (upload || phase === "stopped") actions.push({ act: "cancel", label: "Cancel" });
  } else if (can.delete) {
    actions.push({ act: "delete", label: "Delete…", quiet: true });
  }
  if (phase === "failed" && !file) actions.push({ act: "dismiss", label: "Dismiss" });
  return actions;
}
