/** Which addresses may be followed, and which of them lead back into this sandbox. */

const SAFE = new Set(["http:", "https:", "tg:"]);
const TELEGRAM_HOSTS = new Set(["t.me", "telegram.me", "telegram.dog"]);

/** The address to put into href, or null when its scheme could do more than open a page. */
export function safeUrl(raw) {
  const text = String(raw ?? "").trim();
  const url = parse(text) ?? parse(`http://${text}`);
  return url !== null && SAFE.has(url.protocol) ? url : null;
}

function parse(text) {
  try {
    const url = new URL(text);
    // "example.ru:8080/x" parses as a scheme of its own
    return url.protocol.includes(".") ? null : url;
  } catch {
    return null;
  }
}

/**
 * What a t.me or tg://resolve address asks of the bot: {start} opens the private chat with a payload,
 * {channel} and {group} open "add the bot", {} just opens the chat; null leads elsewhere.
 */
export function botLink(url, username) {
  const telegram = url.protocol === "tg:" ? url.host === "resolve" : TELEGRAM_HOSTS.has(url.hostname);
  if (!telegram) return null;
  const name = url.protocol === "tg:" ? url.searchParams.get("domain") : url.pathname.split("/")[1];
  if (!name || name.toLowerCase() !== String(username).toLowerCase()) return null;
  const query = url.searchParams;
  const rights = (query.get("admin") ?? "").split(/[ +]/u).filter(Boolean);
  if (query.has("startchannel")) return { add: "channel", rights };
  if (query.has("startgroup")) return { add: "group", rights };
  return query.has("start") ? { start: query.get("start") } : {};
}
