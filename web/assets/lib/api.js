// Asks the gateway. Every answer is JSON; every refusal becomes an ApiError with words for the reader.
import { encodeReason } from "./reason.js";

export class ApiError extends Error {
  /** @param {number} status @param {string} code @param {string} message @param {{path: string, message: string}[]} fields */
  constructor(status, code, message, fields = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
    /** Seconds after which it is worth trying again. @type {number | null} */
    this.retryAfter = null;
    /** @type {string | null} */
    this.requestId = null;
  }
}

let signedOut = () => {};
/** Tells what is done when a session is over. @param {() => void} action */
export const whenSignedOut = (action) => (signedOut = action);

/** Fields that a new password is sent in. */
const PASSWORDS = new Set(["password", "new"]);
let passwordRefused = (/** @type {string} */ _text) => {};
/** Tells what is done with a password that is not taken. @param {(text: string) => void} action */
export const whenPasswordRefused = (action) => (passwordRefused = action);

/** Refusals by which a session is over; others with the same status say that something entered is not right. */
const OVER = new Set(["unauthorized", "no_session"]);

/** Refusals of what a link has brought, which will not be taken another time either. */
const SPENT = new Set(["invitation_invalid", "wrong_code", "set_up_locked", "already_set_up"]);
let linkSpent = () => {};
/** Tells what is done when what a link has brought is refused. @param {() => void} action */
export const whenLinkSpent = (action) => (linkSpent = action);

const TOKEN = "sira.token";
/** The token that the reader showed in place of signing in; kept as long as the tab is open. @type {string | null} */
let token = sessionStorage.getItem(TOKEN);

/** Shows this token from now on; null for none. @param {string | null} text */
export function useToken(text) {
  token = text;
  if (text) sessionStorage.setItem(TOKEN, text);
  else sessionStorage.removeItem(TOKEN);
}
/** Whether a token is shown. */
export const hasToken = () => token !== null;

/**
 * @param {string} path from /api/v1 on, such as "/keys"; as it is where it begins with /api/
 * @param {Record<string, unknown>} [query] null, undefined and "" are left out
 */
export function address(path, query = {}) {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") all.set(name, String(value));
  }
  return `${path.startsWith("/api/") ? path : "/api/v1" + path}${all.size ? `?${all}` : ""}`;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{query?: Record<string, unknown>, body?: unknown, version?: number | string, reason?: string, signal?: AbortSignal, once?: string, after?: string}} [options]
 *   version: of what is changed (If-Match); once: names the request, so that repeating it does nothing more;
 *   after: the last event that was heard, to go on from there.
 * @returns {Promise<any>} the answer's JSON, with `etag` where it has one; null for an empty one
 */
export async function api(method, path, options = {}) {
  const answer = await ask(method, path, options), text = await answer.text();
  if (!text) return null;
  const json = JSON.parse(text);
  const tag = answer.headers.get("etag");
  if (tag && json && typeof json === "object") {
    Object.defineProperty(json, "etag", { value: tag.replaceAll('"', ""), enumerable: false });
  }
  return json;
}

/**
 * The answer as it comes, for those that are read piece by piece; a refusal is thrown.
 * @param {string} method @param {string} path @param {Parameters<typeof api>[2]} [options]
 */
export async function ask(method, path, options = {}) {
  /** @type {Record<string, string>} */
  const headers = { accept: "application/json", "x-sira-console": "1" };
  if (token) headers.authorization = `Bearer ${token}`;
  if (options.body !== undefined) {
    headers["content-type"] = method === "PATCH" ? "application/merge-patch+json" : "application/json";
  } else if (method === "POST" || method === "PATCH") {
    headers["content-type"] = "application/json";
  }
  if (options.version !== undefined) headers["if-match"] = `"${options.version}"`;
  if (options.reason) headers["x-sira-reason"] = encodeReason(options.reason);
  if (options.once) headers["idempotency-key"] = options.once;
  if (options.after) headers["last-event-id"] = options.after;
  let answer;
  try {
    answer = await fetch(address(path, options.query), {
      method, headers, signal: options.signal, credentials: "same-origin",
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
    });
  } catch (error) {
    if (/** @type {Error} */ (error).name === "AbortError") throw error;
    throw new ApiError(0, "unreachable", "The gateway does not answer.");
  }
  if (!answer.ok) {
    const error = refusal(answer, await answer.text());
    const given = /** @type {Record<string, unknown>} */ (options.body ?? {});
    for (const { path } of error.fields) { if (PASSWORDS.has(path) && typeof given[path] === "string") passwordRefused(given[path]); }
    throw error;
  }
  return answer;
}

/** @param {Response} answer @param {string} text */
function refusal(answer, text) {
  let told;
  try { told = JSON.parse(text).error; } catch { /* not ours: a proxy's page */ }
  const fields = (told?.fields ?? []).map((/** @type {any} */ field) => ({ path: field.field ?? "", message: field.message }));
  const error = new ApiError(answer.status, told?.code ?? `http_${answer.status}`, told?.message ?? answer.statusText, fields);
  const wait = Number(answer.headers.get("retry-after"));
  if (wait > 0) error.retryAfter = wait;
  error.requestId = answer.headers.get("x-request-id");
  if (SPENT.has(error.code)) linkSpent();
  if (answer.status === 401 && OVER.has(error.code)) signedOut();
  return error;
}

/** @param {string} path @param {Record<string, unknown>} [query] @param {AbortSignal} [signal] */
export const get = (path, query, signal) => api("GET", path, { query, signal });

/**
 * All pages of a list, up to a limit; the list says by `cut` whether there is more.
 * @param {string} path @param {Record<string, unknown>} [query]
 */
export async function all(path, query = {}, most = 2_000) {
  const list = Object.defineProperty(/** @type {any[] & {cut?: boolean}} */ ([]), "cut", { value: false, writable: true });
  let after = null;
  do {
    const page = await get(path, { ...query, limit: 200, after });
    list.push(...page.data);
    after = page.has_more ? page.next ?? page.data.at(-1)?.id : null;
  } while (after && list.length < most);
  list.cut = Boolean(after);
  return list;
}

/** All of a list, as what useResource() asks with. @param {string} path @param {Record<string, unknown>} [query] */
export const whole = (path, query) => all(path, query);

/** A name for a request that must be carried out once. Browsers make UUIDs on https alone; Sira runs on plain http too. */
export const once = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Links to the API's files carry no token: with one, they are fetched here. @param {(error: any) => void} failed */
export function followDownloads(failed) {
  document.addEventListener("click", async (event) => {
    const link = /** @type {Element} */ (event.target).closest?.("a[href^='/api/']");
    if (!token || !(link instanceof HTMLAnchorElement)) return;
    event.preventDefault();
    const file = document.createElement("a"), path = link.pathname.split("/").filter(Boolean);
    let type = "";
    try {
      const answer = await ask("GET", link.pathname + link.search);
      type = answer.headers.get("content-type") ?? "";
      file.href = URL.createObjectURL(await answer.blob());
    } catch (error) {
      return failed(error);
    }
    file.download = `sira-${path.slice(2).join("-")}.${type.includes("html") ? "html" : type.includes("csv") ? "csv" : "json"}`;
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 1_000);
  });
}
