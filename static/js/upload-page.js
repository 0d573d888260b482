// The start page: what is sent, what the server says of each file, and what may be done with it.

import { ask } from "./api.js";
import { confirmDeletion } from "./confirm.js";
import { describe, inProgress, tokenOf } from "./file-model.js";
import { fileRow } from "./file-row.js";
import { count } from "./format.js";
import { listenForFiles } from "./intake.js";
import { poll } from "./polling.js";
import { sender } from "./sending.js";
import { forget, forgetOld, remembered, terminate } from "./tus.js";

const section = document.getElementById("files-section");
const form = document.getElementById("upload");
const part = Object.fromEntries(
  ["files-list", "list-empty", "list-loading", "list-error", "list-more", "announcer", "offline", "drop-overlay", "files"].map(
    (id) => [id, document.getElementById(id)],
  ),
);
const urls = {
  upload: section.dataset.uploadUrl,
  list: section.dataset.listUrl,
  file: (id) => section.dataset.fileUrl.replace("ID", id),
  receipt: (token) => section.dataset.receiptUrl.replace("TOKEN", token),
  dataset: (slug) => section.dataset.datasetUrl.replace("SLUG", encodeURIComponent(slug)),
};

// Everything the page knows. `files` and `older` are the server's word; `troubles` are sentences by row.
const state = {
  files: [],
  older: [],
  next: null,
  known: false,
  troubles: new Map(),
  phases: new Map(),
  rows: new Map(),
};

const sending = form
  ? sender({ endpoint: urls.upload, maxSize: Number(section.dataset.maxSize), onChange: render, onSent: () => look() })
  : null;
const uploads = () => (sending ? [...sending.uploads.values()] : []);

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
  let place = null;
  const news = [];
  for (const entry of wanted) {
    const row = rowOf(entry);
    const view = describe(entry.file, entry.upload, entry.resumable);
    row.entry = entry;
    row.update({
      name: entry.file?.name ?? entry.upload.file.name,
      href: entry.token ? urls.receipt(entry.token) : "",
      sameHref: receiptOf(view.sameFile),
      uploadedAt: entry.file?.uploaded_at ?? "",
      alert: state.troubles.get(entry.key) ?? "",
      view,
    });
    const after = place === null ? part["files-list"].firstElementChild : place.nextElementSibling;
    if (after !== row.element) part["files-list"].insertBefore(row.element, after);
    place = row.element;
    news.push(...newsOf(entry, view));
  }
  if (news.length > 0) part.announcer.textContent = news.join(" ");
  part["list-empty"].hidden = !state.known || wanted.length > 0;
  part["list-loading"].hidden = state.known || wanted.length > 0;
  part["list-more"].hidden = state.next === null;
}

function receiptOf(fileId) {
  const file = [...state.files, ...state.older].find(({ id }) => id === fileId);
  return file ? urls.receipt(tokenOf(file.receipt)) : "";
}

function rowOf(entry) {
  const found = state.rows.get(entry.key);
  if (found) return found;
  const row = fileRow({ urls, onAct: (act, button) => perform(act, row.entry, button) });
  state.rows.set(entry.key, row);
  return row;
}

// What a listener should hear: a file's new phase, not the phases of files that were there before.
function newsOf({ key, file, upload }, view) {
  const before = state.phases.get(key);
  state.phases.set(key, view.phase);
  if (before === undefined ? !upload : before === view.phase) return [];
  const name = file?.name ?? upload.file.name;
  const word = { published: `published, ${view.rows}`, loaded: `loaded, ${view.rows}` }[view.phase] ?? view.badge.toLowerCase();
  return [`${name}: ${word}.${view.alert && ` ${view.alert}`}`];
}

async function perform(act, entry, button) {
  const { file, upload } = entry;
  state.troubles.delete(entry.key);
  if (act === "choose") {
    part.files.click();
    return;
  }
  if (act === "dismiss") {
    sending.dismiss(upload);
    return;
  }
  if (act === "delete" && !(await confirmDeletion(deletion(file, entry)))) return;
  button.disabled = true;
  try {
    if (act === "cancel") await cancel(entry);
    else if (act === "delete") await ask(urls.file(file.id), { method: "DELETE" });
    else await ask(`${urls.file(file.id)}/${act}`, { method: "POST" });
  } catch (error) {
    if (!("sentence" in error)) throw error;
    state.troubles.set(entry.key, error.sentence);
  } finally {
    button.disabled = false;
  }
  await look();
  // the button may have gone with its row: the keyboard goes on at the list, not at the top of the page
  if (!button.isConnected) document.getElementById("files-title").focus();
}

const deletion = (file, entry) => ({
  name: file.name,
  rows: file.rows.loaded,
  datasets: describe(file, entry.upload, false).datasets,
});

async function cancel({ token, upload }) {
  if (upload) return sending.cancel(upload);
  const memory = remembered().find(({ receipt }) => tokenOf(receipt) === token);
  if (!memory) return undefined;
  await terminate(memory.url);
  return forget(memory.key);
}

async function lookAtFiles() {
  const { files, next } = await ask(urls.list);
  state.files = files;
  if (state.older.length === 0) state.next = next;
  state.known = true;
  part["list-error"].hidden = true;
  render();
  return files.some(inProgress) || uploads().some((upload) => upload.phase === "uploading");
}

function lost(error) {
  const unreachable = error.status === undefined;
  part.offline.hidden = !unreachable;
  part["list-error"].hidden = unreachable;
  if (!unreachable) part["list-error"].textContent = error.sentence;
}

const look = poll({
  look: lookAtFiles,
  onLost: lost,
  onBack: () => {
    part.offline.hidden = true;
  },
});

part["list-more"].addEventListener("click", async () => {
  try {
    const { files, next } = await ask(`${urls.list}&after=${encodeURIComponent(state.next)}`);
    state.older.push(...files);
    state.next = next;
    render();
    part.announcer.textContent = `${count(files.length)} older files are shown.`;
  } catch (error) {
    if (!("sentence" in error)) throw error;
    lost(error);
  }
});

if (form) {
  const metadata = () =>
    Object.fromEntries([...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken"));
  listenForFiles({
    input: part.files,
    overlay: part["drop-overlay"],
    onFiles(files) {
      if (form.reportValidity()) sending.add(files, metadata());
    },
    onRefused(sentence) {
      part["list-error"].textContent = sentence;
      part["list-error"].hidden = false;
    },
  });
  form.addEventListener("submit", (event) => event.preventDefault());
}

forgetOld();
look();
