// Whoever leaves the page while something is on its way from it is asked first.

/**
 * @param {EventTarget} page where leaving is heard of: the window
 * @returns {(isOnItsWay: boolean) => void} the browser hears of it only meanwhile, for it keeps no such page in memory
 */
export function leaveWarning(page) {
  let warns = false;
  /** @param {Event} event */
  const ask = (event) => event.preventDefault();
  return function update(isOnItsWay) {
    if (isOnItsWay === warns) return;
    warns = isOnItsWay;
    if (warns) page.addEventListener("beforeunload", ask);
    else page.removeEventListener("beforeunload", ask);
  };
}
