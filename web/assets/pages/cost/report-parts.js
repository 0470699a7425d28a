// A report put together from the answers to its questions, whether they were asked here or came with a link.
import { together } from "../../lib/resource.js";
import { nameOf } from "./scope.js";
import { TABLES } from "./report-sheet.js";

/** An answer that is there, or a question that is not asked, as resources are. @param {any} data */
export const answered = (data) => ({ data, error: null, loading: false, fresh: true, at: null, reload: () => {} });
const NOTHING = answered(null);

/**
 * @param {{times: any, sections: string[], filters: Record<string, string>, rule: string}} view
 * @param {Record<string, any>} parts resources by the names of the questions
 */
export function assemble(view, parts) {
  const part = (/** @type {string} */ name) => parts[name] ?? NOTHING;
  const tables = Object.fromEntries(TABLES.map((name) => [name, { now: part(name + ".now"), before: part(name + ".before") }]));
  return {
    ...view, tables,
    parts: {
      summary: together(part("now"), part("before")), budgets: together(part("budgets"), part("standing")),
      tables: Object.fromEntries(TABLES.map((name) => [name, together(tables[name].now, tables[name].before)])),
    },
    now: part("now"), before: part("before"), trend: part("trend"), budgets: part("budgets"), standing: part("standing"),
  };
}

/** The names of what a report is about, by their ids, for those who cannot ask for them. @param {any} report */
export function called(report) {
  const ids = TABLES.flatMap((name) => (report.tables[name].now.data?.data ?? []).slice(0, 100).map((/** @type {any} */ line) => line[name]))
    .concat(Object.values(report.filters), (report.standing.data?.data ?? []).map((/** @type {any} */ one) => one.scope.split(":").slice(1).join(":")));
  return Object.fromEntries(ids.filter((id) => id && nameOf(id) !== id).map((id) => [id, nameOf(id)]));
}
