// A route while it is changed: what it was, what it is to be, and the patch between the two.
import { namesIn } from "../../lib/names.js";

/** Strategies, in the order in which they are offered. */
export const STRATEGIES = ["priority", "weighted", "round_robin", "least_in_flight", "latency", "cheapest", "first_token", "throughput", "quality", "sticky", "blend"];
/** Those in which a target's weight counts. */
export const WEIGHTED = new Set(["weighted", "round_robin", "least_in_flight", "sticky"]);
export const SIDES = ["cost", "latency", "quality", "availability"];
/** Lists of names that are asked next, and when. */
export const NEXT = ["fallbacks", "on_context_length", "on_content_filter"];

/**
 * Who gave what is at a path: the console if it gave any of it, else the file or the environment.
 * @param {Record<string, string>} origins @param {string[]} path
 */
export function originOf(origins, path) {
  const at = path.join("."), givers = Object.entries(origins ?? {}).filter(([one]) => one === at || one.startsWith(at + ".")).map(([, giver]) => giver);
  return ["console", "environment", "file"].find((giver) => givers.includes(giver)) ?? "default";
}

const list = (names) => (names ?? []).join(", ");

/** A route as the form has it. @param {any} one @param {string} name */
export const draftOf = (one, name) => ({
  name, strategy: one?.strategy ?? "priority", sticky_by: one?.sticky_by ?? "session",
  targets: (one?.targets ?? []).map((target) => typeof target === "string" ? { model: target, weight: "1" } : { model: target.model, weight: String(target.weight ?? 1) }),
  rules: (one?.rules ?? []).map((rule) => ({ if: rule.if, strategy: rule.strategy ?? "", targets: list(rule.targets) })),
  blend: Object.fromEntries(SIDES.map((side) => [side, String(one?.blend?.[side] ?? 0)])),
  ...Object.fromEntries(NEXT.map((field) => [field, list(one?.[field])])),
});

/** The form in the words of the configuration file. @param {any} draft */
function written(draft) {
  return {
    strategy: draft.strategy, sticky_by: draft.sticky_by,
    targets: draft.targets.filter((one) => one.model).map((one) => Number(one.weight) === 1 || one.weight === "" ? one.model : { model: one.model, weight: Number(one.weight) }),
    rules: draft.rules.map((rule) => ({ if: rule.if, ...(namesIn(rule.targets).length ? { targets: namesIn(rule.targets) } : {}), ...(rule.strategy ? { strategy: rule.strategy } : {}) })),
    ...Object.fromEntries(NEXT.map((field) => [field, namesIn(draft[field])])),
    blend: Object.fromEntries(SIDES.map((side) => [side, Number(draft.blend[side]) || 0])),
  };
}

/**
 * The merge patch that makes a route what the form says; null where nothing is other.
 * @param {any} before the route's settings; nothing for a new one
 * @param {any} draft
 */
export function patchOf(before, draft) {
  const was = written(draftOf(before, draft.name)), is = written(draft);
  const fields = Object.entries(is).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(/** @type {any} */ (was)[field]));
  if (!before && !fields.some(([field]) => field === "targets")) fields.push(["targets", is.targets]);
  return fields.length && draft.name ? { routes: { [draft.name]: Object.fromEntries(fields) } } : null;
}
