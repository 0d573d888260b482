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

/**
 * The server's JSON; `null` where it answers without any.
 * @param {string} url
 * @param {{method?: string, body?: object | null}} [options] `body` goes as JSON
 * @returns {Promise<any>}
 */
export async function ask(url, { method = "GET", body = null } = {}) {
  let response;
  try {
    response = await fetch(url, {
      method,
      headers: {
        Accept: "application/json",
        ...(method === "GET" ? {} : { "X-CSRFToken": csrfToken() }),
        ...(body === null ? {} : { "Content-Type": "application/json" }),
      },
      body: body === null ? undefined : JSON.stringify(body),
      cache: "no-store",
      signal: AbortSignal.timeout(30_000),
    });
  } catch (error) {
    throw new Unreachable(String(error));
  }
  if (response.status === 502 || response.status === 504) throw new Unreachable(response.statusText);
  if (!response.ok) throw await refusal(response);
  return response.status === 204 ? null : response.json();
}
