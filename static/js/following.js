// Follow files by server-sent events; where these don't come, ask again and again.

import { poll } from "./polling.js";

const FIRST_EVENT_MS = 8_000;
const SILENCE_MS = 45_000; // a sign of life comes every 15 s
const TRY_AGAIN_MS = 60_000;

/**
 * `ask` fetches what `address` tells by its event `whole`, and `take` shows it and returns whether something is in
 * progress; `others` show what other events tell. Trouble is what asking says of it: `onLost` and `onBack`.
 * @param {{
 *   address: string,
 *   whole: string,
 *   ask: () => Promise<any>,
 *   take: (told: any) => boolean,
 *   others?: Record<string, (told: any) => void>,
 *   onLost: (error: import("./api.js").Trouble) => void,
 *   onBack: () => void,
 * }} hooks
 * @returns {{now: () => Promise<void>, anew: () => Promise<void>, end: () => void}} `now` asks at once; `anew` too, of
 *   what was done here, and follows from there on
 */
export function follow({ address, whole, ask, take, others = {}, onLost, onBack }) {
  /** @type {EventSource | null} */
  let source = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let silence;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let retry;
  let isHeard = false;
  let told = 0; // so many events have come
  let ended = false;

  const now = poll({ look, onLost, onBack, isTold: () => isHeard });

  /** What was told while the answer was on its way is newer, and won't be told again. */
  async function look() {
    for (;;) {
      const before = told;
      const answer = await ask();
      if (told === before) return take(answer);
    }
  }

  function open() {
    clearTimeout(retry);
    if (source !== null || ended || document.hidden || !("EventSource" in globalThis)) return;
    source = new EventSource(address);
    const shows = { ...others, [whole]: take };
    for (const [name, show] of Object.entries(shows)) {
      source.addEventListener(name, (event) => {
        told += 1;
        hear();
        show(JSON.parse(event.data));
      });
    }
    source.addEventListener("beat", hear);
    source.addEventListener("error", fallBack);
    silence = setTimeout(fallBack, FIRST_EVENT_MS); // a proxy may keep events until there are many
  }

  function hear() {
    isHeard = true;
    clearTimeout(silence);
    silence = setTimeout(fallBack, SILENCE_MS);
  }

  function close() {
    source?.close();
    source = null;
    isHeard = false;
    clearTimeout(silence);
    clearTimeout(retry);
  }

  function fallBack() {
    close();
    if (ended) return;
    retry = setTimeout(open, TRY_AGAIN_MS);
    now();
  }

  // a browser has few connections to a site, and all its tabs share them
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("online", open);
  open();
  now();
  return {
    now,
    /** Whoever tells only what differs from what was told last does not know what was asked for in between. */
    async anew() {
      await now();
      if (source === null) return;
      close();
      open();
    },
    end() {
      ended = true;
      close();
    },
  };
}
