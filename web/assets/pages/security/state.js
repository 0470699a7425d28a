// What is known of security, from lists and the audit log alone: nothing here is estimated.
import { computed } from "../../lib/vue.js";
import { has, t } from "../../lib/i18n.js";
import { get, whole } from "../../lib/api.js";
import { iso, range } from "../../lib/range.js";
import { useResource } from "../../lib/resource.js";
import { can, canAtGateway, hasAccounts } from "../../lib/session.js";

/** What the audit log calls coming in, and being refused. */
export const ENTRIES = ["user.sign_in", "user.set_up", "user.accept_invitation", "user.vouched_for"];
export const REFUSALS = ["auth.refused", "user.sign_in_refused", "user.second_factor_refused", "user.invitation_refused"];
const ENDS = ["user.sign_out", "user.end_session"];
const DAY = 86_400;

/** What an action of the audit log is called; its own name where it has no other. @param {string} action such as "budget.create" */
export function actionName(action) {
  for (const key of ["security.action." + action, "security.event." + action]) { if (has(key)) return t(key); }
  const cut = action.lastIndexOf("."), [kind, verb] = [action.slice(0, cut), action.slice(cut + 1)].map((part, k) => (k ? "security.verb." : "security.kind.") + part);
  return has(kind) && has(verb) ? t(verb, { kind: t(kind) }) : action;
}

/** One line may stand for several attempts. @param {any} line */
export const attempts = (line) => Number(line.changes.attempts?.[1] ?? 1);

/** The range as the audit log takes it, to whole minutes. */
export const span = computed(() => ({ since: iso(Math.floor(range.value.from / 60) * 60), until: iso(Math.ceil(range.value.to / 60) * 60) }));

export function useState() {
  const may = () => canAtGateway("audit:read");
  const events = useResource(() => may() ? ["/audit", { ...span.value, limit: 200 }] : null, {
    ask: async (path, query, signal) => {
      const pages = await Promise.all([...ENTRIES, ...REFUSALS, ...ENDS].map((action) => get(path, { ...query, action }, signal)));
      return { cut: pages.some((page) => page.has_more), lines: pages.flatMap((page) => page.data).sort((a, b) => b.number - a.number) };
    },
  });
  const sessions = useResource(() => hasAccounts() && can("tenants:write") ? ["/sessions", { all: true }] : null, { every: 30 });
  const users = useResource(() => can("tenants:read") ? ["/users"] : null, { ask: whole });
  // Whether somebody has a second factor is told by when it was last set or taken away.
  const factors = useResource(() => may() ? ["/audit"] : null, {
    ask: async (path) => {
      const lines = (await Promise.all(["user.set_second_factor", "user.remove_second_factor"].map((action) => whole(path, { action })))).flat().sort((a, b) => a.number - b.number);
      return new Set(lines.reduce((/** @type {Map<string, boolean>} */ has, line) => has.set(line.subject, line.action === "user.set_second_factor"), new Map()).entries().filter(([, has]) => has).map(([id]) => id));
    },
  });
  const keys = useResource(() => can("keys:read") ? ["/keys"] : null, { ask: whole });
  const rotations = useResource(() => may() ? ["/audit", { action: "key.rotate" }] : null, { ask: whole, map: (lines) => new Map(lines.toReversed().map((line) => [line.subject, line.at])) });
  const now = Math.floor(Date.now() / 1000 / DAY) * DAY + DAY;
  const use = (/** @type {number} */ days) => useResource(() => can("usage:read") ? ["/usage", { group_by: "key", limit: 1000, percentiles: false, since: iso(now - (days + 1) * DAY) }] : null, { map: (answer) => new Set(answer.data.map((line) => line.key)) });
  const used = [1, 7, 30, 90].map((days) => ({ days, keys: use(days) }));
  const chain = useResource(() => may() ? ["/audit/verify"] : null);
  const status = useResource(() => ["/api/status"]);

  /** Keys that are honoured, each with its age, its last use and what is to be said of it. */
  const judged = computed(() => (keys.data ?? []).filter((key) => !key.revoked_at && !(key.expires_at && new Date(key.expires_at) < new Date())).map((key) => {
    const since = rotations.data?.get(key.id) ?? key.created_at, age = (Date.now() - new Date(since).getTime()) / 1000 / DAY;
    const known = used.every((one) => one.keys.data), last = known ? used.find((one) => one.keys.data.has(key.id))?.days ?? Infinity : null;
    const faults = [
      !key.expires_at && "no_expiry", !key.project && "no_project", !key.allowed_models.length && "all_models", age > 180 && "old",
      last === Infinity && (Date.now() - new Date(key.created_at).getTime()) / 1000 / DAY > 90 && "unused",
    ].filter(Boolean);
    return { ...key, since, age, last, faults };
  }));
  const powerful = (/** @type {any} */ user) => user.roles.some((role) => ["owner", "admin"].includes(role.role));
  const bare = computed(() => hasAccounts() && users.data && factors.data ? users.data.filter((user) => user.active && !factors.data.has(user.id)) : null);

  return { events, sessions, users, factors, keys, rotations, used, chain, status, judged, bare, powerful };
}
