// The pages of the console, which of them the reader is offered, and what of the frame is open.
import { computed, reactive } from "./vue.js";
import { t } from "./i18n.js";
import { copy } from "./copy.js";
import { range } from "./range.js";
import { route } from "./route.js";
import { can, canAtGateway } from "./session.js";

/** All pages: group, id, icon, the permission that shows it ("" for none), the letter after g. @type {[string, [string, string, string, string][]][]} */
export const NAV = [
  ["", [["overview", "layout-dashboard", "usage:read", "o"]]],
  ["centres", [["routing", "route", "routing:read", "r"], ["cost", "wallet", "usage:read", "c"], ["security", "shield-check", "audit:read", "s"]]],
  ["observe", [["requests", "scroll-text", "usage:read", "l"], ["alerts", "bell", "alerts:read", "a"]]],
  ["build", [["playground", "play", "usage:read", "p"], ["experiments", "flask-conical", "routing:read", "e"]]],
  ["manage", [["providers", "plug", "routing:read", "v"], ["keys", "key-round", "keys:read", "k"], ["teams", "users", "tenants:read", "t"], ["budgets", "gauge", "limits:read", "b"], ["billing", "receipt", "billing:read", "i"], ["settings", "settings", "", "n"]]],
];
/** Pages of what is the gateway's alone: a role in a team that has the permission is shown nothing there. */
const OF_GATEWAY = new Set(["security", "alerts", "experiments", "providers"]);
/** Pages whose figures belong to a time range. */
export const RANGED = new Set(["overview", "routing", "cost", "requests", "security"]);

/** Whether a page has something to show to the reader. @param {[string, string, string, string]} page */
export const offered = ([id, , permission]) => !permission || (OF_GATEWAY.has(id) ? canAtGateway(permission) : can(permission));

/** What the reader may see of it. */
export const shown = computed(() => /** @type {typeof NAV} */ (NAV.map(([group, items]) => [group, items.filter(offered)]).filter(([, items]) => items.length)));
/** All that is shown, without its groups. */
export const pages = computed(() => shown.value.flatMap(([, items]) => items));

/** The path of a page. @param {string} id */
export const pathOf = (id) => "/" + (id === "overview" ? "" : id);

/** What of the frame is open. */
export const shell = reactive({ menu: false, palette: false, help: false, account: false });

/** The key that goes with K, as this machine's keyboard has it. */
export const COMMAND = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘K" : "Ctrl K";

export function copyLink() {
  const { from, to } = range.value, link = new URL(location.href);
  if (RANGED.has(route.page)) {
    link.searchParams.delete("range");
    link.searchParams.set("from", String(from));
    link.searchParams.set("to", String(to));
  }
  copy(link.href, t("link.copied"));
}
