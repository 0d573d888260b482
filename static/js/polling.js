// Look again and again: soon while something is in progress, seldom otherwise, never while nobody looks.

import { Trouble } from "./api.js";

const BUSY_MS = 1_000;
const IDLE_MS = 15_000;
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 30_000;

/**
 * `look` fetches and returns whether something is in progress; `onLost` and `onBack` hear of the connection. While the
 * page `isTold` what happens it need not look, but for a connection that was lost.
 * @param {{
 *   look: () => Promise<boolean>,
 *   onLost: (error: Trouble) => void,
 *   onBack: () => void,
 *   isTold?: () => boolean,
 * }} hooks
 * @returns {() => Promise<void>} looks now
 */
export function poll({ look, onLost, onBack, isTold = () => false }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let failures = 0;
  let running = false;
  let again = false;

  /** @param {number} delay */
  const schedule = (delay) => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(now, delay);
  };

  async function now() {
    clearTimeout(timer);
    if (running) {
      again = true;
      return;
    }
    running = true;
    again = false;
    try {
      const busy = await look();
      if (failures > 0) onBack();
      failures = 0;
      if (again) schedule(0);
      else if (!isTold()) schedule(busy ? BUSY_MS : IDLE_MS);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      failures += 1;
      onLost(error);
      schedule(Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LAST_RETRY_MS));
    } finally {
      running = false;
    }
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : now()));
  addEventListener("online", now);
  return now;
}
