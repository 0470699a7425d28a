// The rows of a filter: pages of the API, and new ones as they come.
import { onBeforeUnmount, shallowReactive, watchEffect } from "../../lib/vue.js";
import { get } from "../../lib/api.js";
import { live, onLive, onLiveAgain } from "../../lib/live.js";

/** More rows than anybody reads are not kept. */
export const MOST = 1_000;
const PAGE = 100;
/** Seconds between two looks where the stream cannot tell what matches. */
const POLL = 5;

/** The conditions that can be checked here, by the name of the API's parameter. @type {Record<string, (row: any, value: string) => boolean>} */
const CHECKS = {
  team: (row, value) => row.team === value, project: (row, value) => row.project === value, organization: (row, value) => row.organization === value,
  key: (row, value) => row.key?.id === value, provider: (row, value) => row.provider === value, model: (row, value) => row.model === value,
  deployment: (row, value) => row.deployment === value, user: (row, value) => row.user === value, tag: (row, value) => row.tags.includes(value),
  requested_model: (row, value) => row.asked === value,
  outcome: (row, value) => (value === "error" ? row.outcome !== "ok" : row.outcome === value),
};

/**
 * Rows and how they come.
 * @param {() => {filters: Record<string, string>, times: Record<string, string>, sort: string, live: boolean, span: number}} question
 *   span: how long the stretch of time is, in seconds.
 * To be called in setup().
 */
export function useFeed(question) {
  const feed = shallowReactive({
    rows: /** @type {import("../../lib/requests.js").Request[]} */ ([]), data: /** @type {any} */ (null), error: /** @type {any} */ (null), loading: true, fresh: false,
    at: /** @type {number | null} */ (null), next: /** @type {string | null} */ (null), slow: /** @type {number | null} */ (null),
    /** Whether more was there than is kept. */ cut: false,
    /** Whether all that was asked about was looked at. */ whole: true,
    /** How many the last second had beyond those that were told. */ skipped: 0,
    reload: () => load(false), more,
  });
  let current = question(), number = 0, timer = 0, last = "";
  /** The newest row before rows may be missing; undefined while none are. @type {string | null | undefined} */
  let hole;
  /** @type {AbortController | null} */
  let asking = null;
  const byTime = () => current.sort === "time";
  /** Whether the stream's rows can be checked here. */
  const known = () => Object.keys(current.filters).every((name) => name in CHECKS);
  const parameters = (/** @type {string | null} */ cursor) => ({ ...current.filters, ...current.times, ...(byTime() ? {} : { sort: current.sort }), limit: PAGE, lines: false, cursor });

  /** @param {boolean} merge whether rows that are there stay */
  async function load(merge) {
    clearTimeout(timer);
    asking?.abort();
    asking = new AbortController();
    const mine = ++number;
    if (merge && hole === undefined) hole = feed.rows[0]?.id ?? null;
    feed.loading = true;
    try {
      const answer = await get("/requests", parameters(null), asking.signal);
      if (mine !== number) return;
      if (merge && byTime()) mend(answer);
      else Object.assign(feed, { rows: answer.requests, next: answer.next, cut: false });
      hole = undefined;
      Object.assign(feed, { data: answer, error: null, fresh: true, slow: answer.slow_ms ?? null, whole: answer.whole !== false, at: Date.now() / 1000 });
    } catch (error) {
      if (mine !== number || /** @type {Error} */ (error).name === "AbortError") return;
      feed.error = error;
      // A query that cannot be read has no rows: those of the one before would be mistaken for them.
      if (/** @type {any} */ (error).status === 400) Object.assign(feed, { rows: [], next: null });
    }
    feed.loading = false;
    timer = setTimeout(again, POLL * 1000);
  }
  function again() {
    const needed = current.live && live.on && !document.hidden && feed.error?.status !== 400 && (!live.connected || !byTime() || !known());
    if (needed) load(true);
    else timer = setTimeout(again, 1_000);
  }

  async function more() {
    if (!feed.next || feed.loading || feed.rows.length >= MOST) return;
    const mine = number;
    feed.loading = true;
    try {
      const answer = await get("/requests", parameters(feed.next));
      if (mine !== number) return;
      const have = new Set(feed.rows.map((row) => row.id));
      feed.rows = [...feed.rows, ...answer.requests.filter((row) => !have.has(row.id))].slice(0, MOST);
      feed.next = answer.next;
      feed.cut = Boolean(answer.next) && feed.rows.length >= MOST;
    } catch (error) {
      if (mine === number) feed.error = error;
    }
    feed.loading = false;
  }

  /** Puts the newest page to the rows that are there; where it does not reach them, it takes the place of what is older. @param {any} answer */
  function mend(answer) {
    if (answer.next && !answer.requests.some((row) => row.id === hole)) {
      const oldest = answer.requests.at(-1).t;
      Object.assign(feed, { rows: feed.rows.filter((row) => row.t >= oldest), next: answer.next, cut: false });
    }
    add(answer.requests);
  }

  /** Puts new rows before the others. @param {any[]} rows */
  function add(rows) {
    const have = new Set(feed.rows.map((row) => row.id)), from = Date.parse(current.times.from ?? "") / 1000 || 0;
    const fresh = rows.filter((row) => !have.has(row.id));
    if (!fresh.length) return;
    const list = [...fresh, ...feed.rows].sort((a, b) => b.t - a.t).filter((row) => row.t >= from);
    if (list.length > MOST) feed.cut = true;
    feed.rows = list.slice(0, MOST);
  }

  onLive("rows", ({ rows, skipped }) => {
    if (!current.live || !byTime() || !feed.data || !known()) return;
    feed.skipped = skipped ?? 0;
    add(rows.filter((row) => Object.entries(current.filters).every(([name, value]) => CHECKS[name](row, value))));
  });
  onLiveAgain(() => current.live && load(Boolean(feed.data)));
  const stop = watchEffect(() => {
    current = question();
    // A live range moves on by itself: its rows stay.
    const key = JSON.stringify([current.filters, current.sort, current.live ? current.span : current.times]);
    if (key === last) return;
    last = key;
    feed.fresh = false;
    queueMicrotask(() => load(false));
  });
  onBeforeUnmount(() => {
    stop();
    clearTimeout(timer);
    number++;
    asking?.abort();
  });
  return feed;
}
