// A button that does something to a file.

/** @type {Record<string, string>} */
const STYLES = {
  activate: " primary",
  add: " primary",
  choose: " primary",
  change: " soft",
  deactivate: " soft",
  put_back: " soft",
  replace: " soft",
  resend: " soft",
  retry: " soft",
  delete: " quiet",
  withdraw: " quiet",
};

/**
 * @param {import("./file-model.js").FileButton} offered
 * @param {(button: HTMLButtonElement) => void} onClick
 */
export function actionButton({ act, label }, onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `button small${STYLES[act] ?? ""}`;
  button.dataset.act = act;
  button.textContent = label;
  button.addEventListener("click", () => onClick(button));
  return button;
}
