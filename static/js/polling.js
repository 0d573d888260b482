// Look again and again: soon while something is in progress, seldom otherwise, never while nobody looks.

const BUSY_MS = 1_000;
const IDLE_MS = 15_000;
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 30_000;

// `look` fetches and returns whether something is in progress; `onLost` and `onBack` hear of the connection.
export function poll({ look, onLost, onBack }) {
  let timer = 0;
  let failures = 0;
  let running = false;
  let again = false;

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
      schedule(again ? 0 : busy ? BUSY_MS : IDLE_MS);
    } catch (error) {
      if (!("sentence" in error)) throw error;
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
