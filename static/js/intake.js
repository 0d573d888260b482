// The ways into the page: drop anywhere, choose, paste cells.

/**
 * @param {object} options
 * @param {HTMLInputElement} options.input
 * @param {HTMLElement} options.overlay
 * @param {(files: File[]) => void} options.onFiles
 * @param {(sentence: string) => void} options.onRefused
 */
export function listenForFiles({ input, overlay, onFiles, onRefused }) {
  let depth = 0;
  /** @param {DragEvent} event */
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  /** @param {boolean} visible */
  const show = (visible) => {
    overlay.hidden = !visible;
  };

  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    input.value = ""; // the same file may be chosen again
    if (files.length > 0) onFiles(files);
  });

  addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth += 1;
    show(true);
  });
  addEventListener("dragleave", (event) => {
    if (!carriesFiles(event)) return;
    depth = Math.max(0, depth - 1);
    if (depth === 0) show(false);
  });
  addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
  });
  addEventListener("drop", (event) => {
    if (!carriesFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    depth = 0;
    show(false);
    const { files, folders } = dropped(event.dataTransfer);
    if (folders > 0) onRefused("A folder cannot be sent as it is. Open it and drop the files in it, or send it as a .zip.");
    if (files.length > 0) onFiles(files);
  });

  document.addEventListener("paste", (event) => {
    if (event.target instanceof Element && event.target.closest("input, select, textarea, dialog")) return;
    if (!event.clipboardData) return;
    const files = [...event.clipboardData.files];
    const text = event.clipboardData.getData("text/plain");
    // A spreadsheet puts a picture of the cells beside their text.
    if (text.includes("\t") || text.trim().includes("\n")) {
      onFiles([pastedFile(text)]);
    } else if (files.length > 0) {
      onFiles(files);
    } else if (text) {
      onRefused("The clipboard holds no table. Copy some cells of a spreadsheet, the header row too, and paste them here.");
    } else {
      return;
    }
    event.preventDefault();
  });
}

/** @param {DataTransfer} transfer */
function dropped(transfer) {
  /** @type {File[]} */
  const files = [];
  let folders = 0;
  for (const item of transfer.items) {
    if (item.kind !== "file") continue;
    const file = item.getAsFile();
    if (item.webkitGetAsEntry?.()?.isDirectory) folders += 1;
    else if (file) files.push(file);
  }
  return { files, folders };
}

/** @param {string} text */
function pastedFile(text) {
  const now = new Date();
  /** @param {number} number */
  const digits = (number) => String(number).padStart(2, "0");
  const day = [now.getFullYear(), digits(now.getMonth() + 1), digits(now.getDate())].join("-");
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(digits).join(".");
  return new File([text], `pasted ${day} ${time}.tsv`, { type: "text/tab-separated-values", lastModified: now.getTime() });
}
