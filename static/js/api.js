// Ask the server: JSON in, JSON out, and every refusal as an error that a person can read.

/** What went wrong, for the person who looks at the page. */
export class Trouble extends Error {
  get sentence() {
    return this.message;
  }
}

export class ServerError extends Trouble {
  /**
   * @param {number} status
   * @param {{code?: string, message: string, hint?: string}} error
   */
  constructor(status, { code = "error", message, hint = "" }) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
  }

  get sentence() {
    return [this.message, this.hint].filter(Boolean).join(" ");
  }
}

export class Unreachable extends Trouble {
  get sentence() {
    return "The server does not answer. Check the connection and try again.";
  }
}

/** Nothing was asked of the server, for there is no network. */
export class Offline extends Trouble {
  get sentence() {
    return "Nothing happened: you are offline. Try again when the connection is back.";
  }
}

/** The server was asked and did not answer, or not in a way that tells whether it did anything. */
export class Uncertain extends Trouble {
  get sentence() {
    return "We don’t know whether it happened: reload the page to see.";
  }
}

/** What the server says when it fell over while it was at it. */
const FELL_OVER = "internal_error";
const PATIENCE_MS = 30_000;
const UNSEEN = "The server answered in a way that this page does not understand.";

export function csrfToken() {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith("csrftoken="));
  return found ? found.slice("csrftoken=".length) : "";
}

/**
 * Whatever the answer's form, a person gets a sentence.
 * @param {Response} response
 */
export async function refusal(response) {
  let error = {};
  if ((response.headers.get("Content-Type") ?? "").includes("json")) {
    error = (await response.json().catch(() => ({}))).error ?? {};
  }
  return new ServerError(response.status, { message: `${UNSEEN} (${response.status})`, ...error });
}

/** Whether the browser is certain that there is no network; that there is one, it never is. */
export const isOffline = () => globalThis.navigator?.onLine === false;

/**
 * What the server knows: its JSON.
 * @param {string} url
 * @returns {Promise<any>}
 */
export async function ask(url) {
  let response;
  try {
    response = await fetch(url, {
      headers: { Accept: "application/json" },
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (error) {
    throw new Unreachable(String(error));
  }
  if (response.status === 502 || response.status === 504) throw new Unreachable(response.statusText);
  if (!response.ok) throw await refusal(response);
  return response.json();
}

/**
 * Have the server do something. Where it fails, the error tells whether nothing happened, or that nobody knows.
 * @param {string} url
 * @param {{method: string, headers?: Record<string, string>, body?: object | null}} options `body` goes as JSON
 */
export async function act(url, { method, headers = {}, body = null }) {
  if (isOffline()) throw new Offline();
  let response;
  try {
    response = await fetch(url, {
      method,
      headers: {
        Accept: "application/json",
        "X-CSRFToken": csrfToken(),
        ...(body === null ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      body: body === null ? undefined : JSON.stringify(body),
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (error) {
    throw new Uncertain(String(error));
  }
  if (response.ok) return;
  const error = await refusal(response);
  throw isUncertain(error) ? new Uncertain(error.message) : error;
}

/**
 * A server error that is not the application's own word, or the word of an application that fell over.
 * @param {ServerError} error
 */
const isUncertain = ({ status, code }) => status >= 500 && (code === "error" || code === FELL_OVER);
