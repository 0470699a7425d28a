// What the address says of a list of requests, and what is asked of the gateway for it.
import { route } from "../../lib/route.js";
import { range } from "../../lib/range.js";
import { useResource } from "../../lib/resource.js";
import { namedFilters, requestFilters, requestTimes, segment } from "../../lib/requests.js";
import { useFeed } from "./feed.js";

/** Orders that the API has besides the newest first. */
const ORDERS = ["latency", "ttft", "cost", "tokens"];

/** The order of the address, as the API names it. */
export function order() {
  const sort = route.query.sort ?? "";
  return ORDERS.includes(sort.replace("-", "")) ? sort : "time";
}

/** The rows of the address. To be called in setup(). */
export const useRequests = () => useFeed(() => ({ filters: requestFilters(), times: requestTimes(), sort: order(), live: range.value.live, span: range.value.length }));

/** How many there are in each segment, and over time. To be called in setup(). @param {() => boolean} [wanted] */
export function useSummary(wanted = () => true) {
  const question = (/** @type {string} */ part) => ["/requests", { ...requestFilters(part), ...requestTimes(), summary: true, lines: false, limit: 1 }];
  // Segments keep their counts whichever is picked; the histogram shows the one that is.
  const counts = useResource(() => wanted() ? /** @type {any} */ (question("all")) : null, { every: 15 });
  const picked = useResource(() => wanted() && segment() !== "all" ? /** @type {any} */ (question(segment())) : null, { every: 15 });
  return { counts, picked: () => (segment() === "all" ? counts : picked) };
}

/** A text that is another for another list. */
export const listKey = () => JSON.stringify([requestFilters(), route.query.from, route.query.to, range.value.live && range.value.length, order()]);

/** The address of the file of all that matches. @param {"csv" | "jsonl"} format @param {string} zone */
export function exportAddress(format, zone) {
  const all = new URLSearchParams({ format, tz: zone, ...requestFilters(), ...requestTimes() });
  return `/api/v1/requests/export?${all}`;
}

/** Whether anything is filtered. */
export const isFiltered = () => segment() !== "all" || Boolean(route.query.q || route.query.outcome) || Object.keys(namedFilters()).length > 0;

/** What takes all filters away, for setQuery(). */
export const cleared = () => Object.fromEntries(["q", "seg", "outcome", ...Object.keys(namedFilters())].map((name) => [name, null]));
