// When a person is done with a part of the page: the focus goes elsewhere, by key or by a press.

/**
 * A press on what is not to be focused within, or another window, is no leaving; and nothing happens before the click
 * that leaves, for what is pressed must not move away under it.
 * @param {HTMLElement} part
 * @param {HTMLElement} beside belongs to it
 * @param {{isDue: () => boolean, onLeave: () => void}} hooks `isDue`: whether leaving means anything, as things are then
 */
export function onLeaving(part, beside, { isDue, onLeave }) {
  /** @type {"" | "within" | "without"} */
  let pressed = "";
  /** @param {EventTarget | null} target */
  const isWithin = (target) => target instanceof Node && (part.contains(target) || beside.contains(target));

  addEventListener("pointerdown", ({ target }) => {
    pressed = isWithin(target) ? "within" : "without";
  });
  for (const end of ["pointerup", "pointercancel"]) {
    addEventListener(end, () => {
      pressed = "";
    });
  }
  part.addEventListener("focusout", ({ relatedTarget }) => {
    if (!isDue() || !document.hasFocus() || pressed === "within" || isWithin(relatedTarget)) return;
    if (pressed === "without") addEventListener("pointerup", () => setTimeout(onLeave), { once: true });
    else onLeave();
  });
}
