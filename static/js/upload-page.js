// The start page: what is sent, what the server says of each file, and what may be done with it.

import { tokenOf, withId } from "./addresses.js";
import { Offline, ServerError, Trouble, act as actOn, ask, isOffline } from "./api.js";
import { Choosing } from "./choosing.js";
import { confirmDeletion, confirmWithdrawal } from "./confirm.js";
import { datasetsOf, describe, inProgress } from "./file-model.js";
import { fileRow } from "./file-row.js";
import { follow } from "./following.js";
import { count } from "./format.js";
import { listenForFiles } from "./intake.js";
import { leaveWarning } from "./leaving.js";
import { given, optional, required } from "./page.js";
import { sender } from "./sending.js";
import { forget, forgetOld, remembered, terminate } from "./tus.js";

/**
 * @typedef {import("./file-model.js").ServerFile} ServerFile
 * @typedef {import("./sending.js").Upload} Upload
 *
 * @typedef {object} Entry One row of the list: what the server knows of it, what this page is sending, or both.
 * @property {string} key
 * @property {string} token
 * @property {ServerFile | null} file
 * @property {Upload | null} upload
 * @property {boolean} resumable
 *
 * @typedef {ReturnType<typeof fileRow> & {entry: Entry}} Row
 */

const section = required("files-section", HTMLElement);
const form = optional("upload", HTMLFormElement);
const part = {
  list: required("files-list", HTMLElement),
  empty: required("list-empty", HTMLElement),
  loading: required("list-loading", HTMLElement),
  error: required("list-error", HTMLElement),
  more: required("list-more", HTMLElement),
  announcer: required("announcer", HTMLElement),
  offline: required("offline", HTMLElement),
};
/** @type {import("./file-model.js").PageWords} */
const words = JSON.parse(given(section, "words"));
const listUrl = given(section, "listUrl");
/** @param {string} token */
const receiptUrl = (token) => given(section, "receiptUrl").replace("TOKEN", token);
/** @param {string} slug */
const datasetUrl = (slug) => given(section, "datasetUrl").replace("SLUG", encodeURIComponent(slug));

// Everything the page knows. `files` and `older` are the server's word; `troubles` are sentences by row.
const state = {
  /** @type {ServerFile[]} */
  files: [],
  /** @type {ServerFile[]} */
  older: [],
  /** @type {string | null} */
  next: null,
  known: false,
  /** @type {Map<string, Trouble>} */
  troubles: new Map(),
  /** @type {Map<string, string>} */
  phases: new Map(),
  /** @type {Map<string, Row>} */
  rows: new Map(),
};

const sending = form
  ? sender({ endpoint: given(section, "uploadUrl"), onChange: render, onSent: () => look() })
  : null;
const choosing =
  form && sending ? new Choosing({ form, sending, input: required("files", HTMLInputElement), announce }) : null;
const warnOfLeaving = leaveWarning(window);
const uploads = () => (sending ? [...sending.uploads.values()] : []);

/** @returns {Entry[]} */
function entries() {
  const mine = new Map(uploads().filter((upload) => upload.token).map((upload) => [upload.token, upload]));
  const stopped = new Set(remembered().map((memory) => tokenOf(memory.receipt)));
  const newest = new Set(state.files.map((file) => file.id));
  const files = [...state.files, ...state.older.filter((file) => !newest.has(file.id))];
  const listed = files.map((file) => {
    const token = tokenOf(file.receipt);
    const upload = mine.get(token) ?? null;
    if (upload) upload.listed = true;
    return { key: upload?.id ?? token, token, file, upload, resumable: upload === null && stopped.has(token) };
  });
  const here = new Set(files.map((file) => tokenOf(file.receipt)));
  const unlisted = uploads()
    .filter((upload) => !here.has(upload.token) && !(upload.listed && upload.phase === "sent")) // listed before: deleted
    .reverse()
    .map((upload) => ({ key: upload.id, token: upload.token, file: null, upload, resumable: false }));
  return [...unlisted, ...listed];
}

function render() {
  const wanted = entries();
  const keys = new Set(wanted.map((entry) => entry.key));
  for (const [key, row] of state.rows) {
    if (keys.has(key)) continue;
    row.element.remove();
    state.rows.delete(key);
  }
  /** @type {Element | null} */
  let place = null;
  /** @type {string[]} */
  const news = [];
  for (const entry of wanted) {
    const row = rowOf(entry);
    const view = describe(entry.file, entry.upload, entry.resumable, words);
    row.entry = entry;
    row.update({
      name: nameOf(entry),
      href: entry.token ? receiptUrl(entry.token) : "",
      sameHref: receiptOf(view.sameFile),
      uploadedAt: entry.file?.uploaded_at ?? "",
      alert: state.troubles.get(entry.key)?.sentence ?? "",
      options: optionsOf(entry),
      view,
    });
    /** @type {Element | null} */
    const after = place === null ? part.list.firstElementChild : place.nextElementSibling;
    if (after !== row.element) part.list.insertBefore(row.element, after);
    place = row.element;
    news.push(...newsOf(entry, view));
  }
  if (news.length > 0) announce(news.join(" "));
  part.empty.hidden = !state.known || wanted.length > 0;
  part.loading.hidden = state.known || wanted.length > 0;
  part.more.hidden = state.next === null;
  choosing?.render();
  warnOfLeaving(sending?.isSending() ?? false);
}

/** @param {string} sentence for those who listen */
function announce(sentence) {
  part.announcer.textContent = sentence;
}

/**
 * What was said about how to read a file, with it and not with the ones after it.
 * @param {Entry} entry
 */
function optionsOf({ file, upload }) {
  if (upload && choosing) return choosing.saidOf(upload.metadata).map(({ words }) => words);
  return file?.option_words ?? [];
}

/** @param {Entry} entry */
const nameOf = ({ file, upload }) => file?.name ?? upload?.file.name ?? "";

/** @param {number | null} fileId */
function receiptOf(fileId) {
  const file = [...state.files, ...state.older].find(({ id }) => id === fileId);
  return file ? receiptUrl(tokenOf(file.receipt)) : "";
}

/**
 * @param {Entry} entry
 * @returns {Row}
 */
function rowOf(entry) {
  const found = state.rows.get(entry.key);
  if (found) return found;
  /** @type {Row} */
  const row = {
    ...fileRow({ datasetUrl, words, onAct: (offered, button) => perform(offered, row.entry, button) }),
    entry,
  };
  state.rows.set(entry.key, row);
  return row;
}

/**
 * What a listener should hear: a file's new phase, not the phases of files that were there before.
 * @param {Entry} entry
 * @param {import("./file-model.js").View} view
 */
function newsOf(entry, view) {
  const { key, upload } = entry;
  const before = state.phases.get(key);
  state.phases.set(key, view.phase);
  if (before === undefined ? !upload : before === view.phase) return [];
  const isThrough = view.phase === "published" || view.phase === "loaded";
  const word = isThrough ? `${view.phase}, ${view.rows}` : view.badge.toLowerCase();
  return [`${nameOf(entry)}: ${word}.${view.alert && ` ${view.alert}`}`];
}

/**
 * @param {import("./file-model.js").FileButton} offered
 * @param {Entry} entry
 * @param {HTMLButtonElement} button
 */
async function perform({ act, files = [] }, entry, button) {
  const { file, upload } = entry;
  state.troubles.delete(entry.key);
  if (isOfPage(act)) return performHere(act, upload);
  if (isOffline()) return troubled(entry.key, new Offline());
  if (act === "delete" && file && !(await confirmDeletion(deletion(file)))) return undefined;
  if (act === "withdraw" && file && !(await confirmWithdrawal(file.name, words.withdrawal))) return undefined;
  button.disabled = true;
  try {
    if (act === "cancel") await cancel(entry);
    else if (file) {
      await actOn(withId(given(section, `${act}Url`), file.id), {
        method: act === "delete" ? "DELETE" : "POST",
        body: files.length > 0 ? { files } : null,
      });
    }
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    // an upload that could not be cancelled is only what the server has of it
    troubled(act === "cancel" && entry.token ? entry.token : entry.key, error);
  } finally {
    button.disabled = false;
  }
  await lookAnew();
  // the button may have gone with its row: the keyboard goes on at the list, not at the top of the page
  if (!button.isConnected) required("files-title", HTMLElement).focus();
  else if (document.activeElement === document.body) button.focus();
}

/**
 * What needs no server.
 * @param {string} act
 * @param {Upload | null} upload
 */
function performHere(act, upload) {
  if (act === "choose") required("files", HTMLInputElement).click();
  else if (upload && act === "dismiss") sending?.dismiss(upload);
  else if (upload && act === "resend") sending?.resend(upload);
  else if (upload && act === "change") choosing?.change(upload);
}

/** @param {string} act */
const isOfPage = (act) => ["choose", "dismiss", "resend", "change"].includes(act);

/**
 * @param {string} key
 * @param {Trouble} trouble
 */
function troubled(key, trouble) {
  state.troubles.set(key, trouble);
  render();
}

// What did not happen for want of a network need not be said once there is one.
addEventListener("online", () => {
  for (const [key, trouble] of state.troubles) if (trouble instanceof Offline) state.troubles.delete(key);
  render();
});

/** @param {ServerFile} file */
const deletion = (file) => ({
  name: file.name,
  rows: file.rows.loaded,
  datasets: file.progress.phase === "published" ? datasetsOf(file) : [], // elsewhere nobody sees its rows
  ending: file.loads.some(({ dataset, draft }) => dataset && !draft) ? "A dataset that has no other file ends too." : "",
});

/** @param {Entry} entry */
async function cancel({ token, upload }) {
  if (upload) return sending?.cancel(upload);
  const memory = remembered().find(({ receipt }) => tokenOf(receipt) === token);
  if (!memory) return undefined;
  await terminate(memory.url);
  return forget(memory.key);
}

/** @param {{files: ServerFile[], next: string | null}} told */
function takeFiles({ files, next }) {
  state.files = files;
  if (state.older.length === 0) state.next = next;
  state.known = true;
  part.error.hidden = true;
  render();
  return state.files.some(inProgress) || uploads().some((upload) => upload.phase === "uploading");
}

/** @param {ServerFile} file */
function takeFile(file) {
  state.files = state.files.map((known) => (known.id === file.id ? file : known));
  render();
}

/** @param {Trouble} error */
function lost(error) {
  const unreachable = !(error instanceof ServerError);
  part.offline.hidden = !unreachable;
  part.error.hidden = unreachable;
  if (!unreachable) part.error.textContent = error.sentence;
}

const { now: look, anew: lookAnew } = follow({
  address: given(section, "eventsUrl"),
  whole: "files",
  ask: () => ask(listUrl),
  take: takeFiles,
  others: { file: takeFile },
  onLost: lost,
  onBack: () => {
    part.offline.hidden = true;
  },
});

part.more.addEventListener("click", async () => {
  try {
    const { files, next } = await ask(`${listUrl}&after=${encodeURIComponent(state.next ?? "")}`);
    state.older.push(...files);
    state.next = next;
    render();
    part.announcer.textContent = `${count(files.length)} older files are shown.`;
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    lost(error);
  }
});

if (choosing) {
  listenForFiles({
    input: required("files", HTMLInputElement),
    overlay: required("drop-overlay", HTMLElement),
    onFiles: (files) => choosing.choose(files),
    onRefused(sentence) {
      part.error.textContent = sentence;
      part.error.hidden = false;
    },
  });
}

forgetOld();
