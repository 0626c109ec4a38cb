/** The sandbox server, as seen from the page: JSON requests and the stream of events. */

const POLL_MS = 1500;
const RETRY_MS = 2000;

/** The server's own plain words about what was wrong, or null when it did not answer at all. */
export class Refusal extends Error {
  constructor(words) {
    super(words ?? "");
    this.words = words;
  }
}

async function request(method, path, body) {
  let response;
  try {
    response = await fetch(`/sandbox/${path}`, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refusal(null);
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(answer.error ?? `HTTP ${response.status}`);
  return answer;
}

export const get = (path, query = {}) => {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  return request("GET", given.length ? `${path}?${new URLSearchParams(given)}` : path);
};
export const post = (path, body = {}) => request("POST", path, body);
export const remove = (path) => request("DELETE", path);

/**
 * Follows the server's events; while the stream is down, `onPoll` is called instead every 1.5 s.
 * `onEvent(kind, data)` gets "change", "answer" or "clock"; `onLink(up)` says whether the stream is there.
 */
export function follow({ onEvent, onPoll, onLink }) {
  let source = null;
  let poll = null;

  const down = () => {
    onLink(false);
    poll ??= setInterval(onPoll, POLL_MS);
    if (source.readyState !== EventSource.CLOSED) return;
    // the browser retries by itself, except after an answer that is not a stream
    setTimeout(open, RETRY_MS);
  };
  const up = () => {
    clearInterval(poll);
    poll = null;
    onLink(true);
    // whatever happened while the stream was away is fetched once
    onPoll();
  };
  const take = (name) => (event) => {
    const data = JSON.parse(event.data);
    onEvent(name === "message" ? data.type ?? "change" : name, data);
  };
  function open() {
    source?.close();
    source = new EventSource("/sandbox/events");
    source.addEventListener("open", up);
    source.addEventListener("error", down);
    for (const name of ["message", "change", "answer", "clock"]) source.addEventListener(name, take(name));
  }
  open();
  addEventListener("pagehide", () => source.close());
}
