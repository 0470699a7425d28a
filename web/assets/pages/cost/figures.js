// Metrics of the gateway's dictionary: one function there for each, wherever it is shown.
import { api } from "../../lib/api.js";
import { useResource } from "../../lib/resource.js";
import { filters } from "./scope.js";

/** Asks by POST what is too long for an address; useResource()'s `ask`. @param {string} path @param {unknown} [body] @param {AbortSignal} [signal] */
export const post = (path, body, signal) => api("POST", path, { body, signal });

/** @typedef {{value: number | null, previous: number | null, samples: number, needed: number, reason: string | null, parts: Record<string, number | null>}} Figure */

/** The question for figures of a stretch of time, under the page's filters. @param {string[]} ids @param {{from: number, to?: number}} times */
export const figuresAsk = (ids, times, compare = "off") => /** @type {[string, Record<string, unknown>]} */ (["/figures", { ids: ids.join(","), ...times, compare, ...filters.value }]);

/** Figures by their ids. @param {any} answer @returns {Record<string, Figure>} */
export const byId = (answer) => Object.fromEntries(answer.figures.map((/** @type {any} */ one) => [one.id, one]));

/**
 * Figures of a stretch of time, by id, under the page's filters.
 * @param {string[]} ids
 * @param {() => {from: number, to?: number} | null} span without `to` up to now
 * @param {{compare?: "prev" | "week" | "off", every?: number}} [options]
 * @returns {import("../../lib/resource.js").Resource<Record<string, Figure>>}
 */
export function useFigures(ids, span, options = {}) {
  return useResource(() => {
    const times = span();
    return times && figuresAsk(ids, times, options.compare);
  }, { every: options.every, map: byId });
}
