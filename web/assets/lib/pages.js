// A list that comes page by page, the newest first: more when the reader comes to its end, and never one line twice.
import { shallowReactive, watch } from "./vue.js";
import { get } from "./api.js";
import { useResource } from "./resource.js";

/**
 * @typedef {import("./resource.js").Resource<any> & {rows: any[], more: () => Promise<void>, hasMore: boolean}} Pages
 *   data: the newest page as it was answered; rows: the lines of all pages that were asked for.
 */

/**
 * A question whose answers have `data` and `next`, which `after` takes. To be called in setup().
 * @param {() => [path: string, query?: Record<string, unknown>]} question
 * @param {{every?: number, id?: (row: any) => any, of?: () => unknown}} [options]
 *   id: of a line; of: what the list is of, where the question moves on with time: once the reader has gone past the first
 *   page it stands still as long as that is the same.
 * @returns {Pages}
 */
export function usePages(question, options = {}) {
  const id = options.id ?? ((row) => row.id);
  const state = shallowReactive({ rows: /** @type {any[]} */ ([]), next: /** @type {string | null} */ (null), error: /** @type {any} */ (null), deep: false });
  /** The question that the rows answer, and how often it was another. */
  let key = "", number = 0, busy = false;
  /** @type {[string, Record<string, unknown>?] | null} */
  let held = null;
  let heldOf = "";

  function steady() {
    const asked = question(), of = JSON.stringify(options.of ? options.of() : asked);
    if (!(held && state.deep && of === heldOf)) [held, heldOf] = [asked, of];
    return held;
  }
  const first = useResource(steady, {
    every: options.every, ask: async (path, query, signal) => ({ key: JSON.stringify([path, query]), answer: await get(path, query, signal) }),
  });
  /** @param {any[]} rows those that come first @param {any[]} others */
  function joined(rows, others) {
    const have = new Set(rows.map(id));
    return [...rows, ...others.filter((row) => !have.has(id(row)))];
  }
  watch(() => first.data, (told) => {
    if (told && told.key === key) return void (state.rows = joined(told.answer.data, state.rows));
    number++;
    [key, busy] = [told?.key ?? "", false];
    Object.assign(state, { rows: told?.answer.data ?? [], next: told?.answer.next ?? null, error: null, deep: false });
  }, { flush: "sync" });

  async function more() {
    if (!state.next || busy || !held) return;
    const mine = number, [path, query] = held;
    busy = true;
    try {
      const answer = await get(path, { ...query, after: state.next });
      if (mine !== number) return;
      Object.assign(state, { rows: joined(state.rows, answer.data), next: answer.next ?? null, error: null, deep: true });
    } catch (error) {
      if (mine === number) state.error = error;
    }
    if (mine === number) busy = false;
  }

  return {
    get rows() { return state.rows; },
    get hasMore() { return state.next !== null; },
    get data() { return first.data?.answer ?? null; },
    get error() { return first.error ?? state.error; },
    get loading() { return first.loading; },
    get fresh() { return first.fresh; },
    get at() { return first.at; },
    reload: () => first.error || !state.error ? first.reload() : void more(),
    more,
  };
}
