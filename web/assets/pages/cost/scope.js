// What the page's figures are of: the filters of the address, and names for the ids in them.
import { computed, shallowReactive } from "../../lib/vue.js";
import { all } from "../../lib/api.js";
import { t } from "../../lib/i18n.js";
import { route } from "../../lib/route.js";
import { can } from "../../lib/session.js";

/** What spending can be broken down by, and narrowed to. */
export const DIMENSIONS = ["model", "provider", "team", "project", "key", "tag", "user", "organization"];

/** The filters in force, as the API has them. */
export const filters = computed(() => /** @type {Record<string, string>} */ (
  Object.fromEntries(DIMENSIONS.filter((name) => route.query[name]).map((name) => [name, route.query[name]]))));

/**
 * The one place that all filters name, as forecasts ask for it: "" for the gateway, null where there are several filters.
 */
export const scope = computed(() => {
  const set = Object.entries(filters.value);
  return set.length > 1 ? null : set.length ? set[0].join(":") : "";
});

/** Names by id. */
const names = shallowReactive(/** @type {Record<string, string>} */ ({}));
/** What has ids, its list, and the permission to read it. */
const LISTS = { team: ["/teams", "tenants:read"], project: ["/projects", "tenants:read"], organization: ["/organizations", "tenants:read"], key: ["/keys", "keys:read"] };
let asked = 0;

/** Asks for names, at most once in five minutes. */
export function loadNames() {
  if (Date.now() - asked < 300_000) return;
  asked = Date.now();
  for (const [path, permission] of Object.values(LISTS)) {
    if (can(permission)) all(path).then((list) => Object.assign(names, Object.fromEntries(list.map((one) => [one.id, one.name]))), () => (asked = 0));
  }
}

/** Names that came with a shared report. @param {Record<string, string>} given */
export const giveNames = (given) => Object.assign(names, given);

/** All that have a name in a dimension: [id, name]. @param {string} dimension */
export function named(dimension) {
  const prefix = { team: "team_", project: "proj_", organization: "org_", key: "key_" }[dimension];
  return prefix ? Object.entries(names).filter(([id]) => id.startsWith(prefix)) : [];
}

/** What people call it. @param {string | undefined} id */
export const nameOf = (id) => (id ? names[id] ?? id : t("unattributed"));

/** Words for a scope such as "team:team_1". @param {string} scope */
export function scopeName(scope) {
  const [kind, ...rest] = scope.split(":"), id = rest.join(":");
  if (!id) return t("cost.scope.gateway");
  return id === "*" ? t("cost.scope.each", { kind: t("cost.by." + kind) }) : nameOf(id);
}
