// A report put together from the answers to its questions, whether they were asked here or came with a link.
import { nameOf } from "./scope.js";
import { TABLES } from "./report-sheet.js";

const NOTHING = { data: null, error: null, loading: false };

/**
 * @param {{times: any, sections: string[], filters: Record<string, string>, rule: string}} view
 * @param {Record<string, any>} parts resources by the names of the questions
 */
export function assemble(view, parts) {
  const part = (/** @type {string} */ name) => parts[name] ?? NOTHING;
  return {
    ...view, now: part("now"), before: part("before"), trend: part("trend"), budgets: part("budgets"), standing: part("standing"),
    tables: Object.fromEntries(TABLES.map((name) => [name, { now: part(name + ".now"), before: part(name + ".before") }])),
  };
}

/** The names of what a report is about, by their ids, for those who cannot ask for them. @param {any} report */
export function called(report) {
  const ids = TABLES.flatMap((name) => (report.tables[name].now.data?.data ?? []).slice(0, 100).map((/** @type {any} */ line) => line[name]))
    .concat(Object.values(report.filters), (report.standing.data?.data ?? []).map((/** @type {any} */ one) => one.scope.split(":").slice(1).join(":")));
  return Object.fromEntries(ids.filter((id) => id && nameOf(id) !== id).map((id) => [id, nameOf(id)]));
}
