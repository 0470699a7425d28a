// What is asked of the gateway and shown: loading, old data kept while new comes, errors with a way to try again.
import { onBeforeUnmount, shallowReactive, watchEffect } from "./vue.js";
import { get } from "./api.js";

/**
 * @template T
 * @typedef {{data: T | null, error: import("./api.js").ApiError | null, loading: boolean, fresh: boolean, at: number | null, reload: () => void}} Resource
 *   fresh: whether the data answers what is asked now, and not the question before; at: when the data came, in epoch seconds.
 */

/**
 * Asks whenever what is asked for changes, and again now and then.
 * An answer that was overtaken by a newer question is thrown away. To be called in setup().
 *
 * @param {() => [path: string, query?: Record<string, unknown>] | null} question null asks for nothing
 * @param {{every?: number, map?: (answer: any) => any, ask?: (path: string, query?: Record<string, unknown>, signal?: AbortSignal) => Promise<any>}} [options]
 *   every: seconds until it is asked again; ask: how, in place of one GET
 * @returns {Resource<any>}
 */
export function useResource(question, options = {}) {
  /** @type {AbortController | null} */
  let asking = null;
  let timer = 0, number = 0;
  const resource = shallowReactive({
    data: /** @type {any} */ (null), error: /** @type {any} */ (null), loading: true, fresh: false, at: /** @type {number | null} */ (null),
    reload: () => ask(current),
  });
  /** @type {[string, Record<string, unknown>?] | null} */
  let current = null;

  /** @param {[string, Record<string, unknown>?] | null} asked */
  async function ask(asked) {
    clearTimeout(timer);
    asking?.abort();
    const mine = ++number;
    if (!asked) return void Object.assign(resource, { data: null, error: null, loading: false, fresh: false, at: null });
    asking = new AbortController();
    resource.loading = true;
    try {
      const answer = await (options.ask ?? get)(asked[0], asked[1], asking.signal);
      if (mine !== number) return;
      resource.data = options.map ? options.map(answer) : answer;
      resource.error = null;
      resource.fresh = true;
      resource.at = Date.now() / 1000;
    } catch (error) {
      if (mine !== number || /** @type {Error} */ (error).name === "AbortError") return;
      resource.error = error;
    }
    resource.loading = false;
    if (options.every) timer = setTimeout(again, options.every * 1000);
  }
  function again() {
    if (document.hidden) timer = setTimeout(again, 1000);
    else ask(current);
  }

  let last = "";
  const stop = watchEffect(() => {
    current = question();
    const key = JSON.stringify(current);
    if (key === last) return;
    last = key;
    resource.fresh = false;
    ask(current);
  });
  onBeforeUnmount(() => {
    stop();
    clearTimeout(timer);
    number++;
    asking?.abort();
  });
  return resource;
}

/**
 * Several as one, for what is figured out from all of them: there when all are, and at fault when one is.
 * @param {...Resource<any>} parts @returns {Resource<any[]>}
 */
export const together = (...parts) => ({
  get data() { return parts.every((part) => part.data) ? parts.map((part) => part.data) : null; },
  get error() { return parts.find((part) => part.error)?.error ?? null; },
  get loading() { return parts.some((part) => part.loading); },
  get fresh() { return parts.every((part) => part.fresh); },
  get at() { return parts.some((part) => part.at === null) ? null : Math.min(...parts.map((part) => Number(part.at))); },
  reload: () => parts.forEach((part) => part.reload()),
});
