// Cost: what is spent and on what, what it will come to, what would save, and who may spend what.
import { shallowRef, watch } from "../lib/vue.js";
import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { href, route, setQuery } from "../lib/route.js";
import { can } from "../lib/session.js";
import { Allowed, Empty, Failed, Tabs } from "../lib/ui.js";
import { Advice } from "./cost/advice.js";
import { CostAlerts } from "./cost/alerts.js";
import { Changed, Movers } from "./cost/changed.js";
import { Filters } from "./cost/filters.js";
import { Kpis } from "./cost/kpis.js";
import { Split } from "./cost/split.js";
import { placesOf } from "./cost/place.js";
import { filters, loadNames, nameOf } from "./cost/scope.js";
import { Trend } from "./cost/trend.js";
import { Unpriced } from "./cost/unpriced.js";
import { Unusual } from "./cost/unusual.js";

// One of the tabs is the budgets page's.
export const styles = ["cost", "budgets"];

const TABS = ["overview", "explore", "savings", "budgets", "reports"];
/** Days are what money is thought of in: an hour, as other pages begin with, says little. */
const USUAL = "30d";

const Overview = () => html`
  <${Filters} /><${Unpriced} /><${Kpis} />
  <div class="cols-21 cost-row"><${Trend} /><${Split} /></div>
  <div class="cols-3 cost-row"><${Changed} /><${Movers} /><${Unusual} /></div>
  <div class="cost-row"><${Advice} /></div>
  ${can("alerts:read") && html`<div class="cost-row"><${CostAlerts} /></div>`}`;
/** The other tabs come when they are opened. @type {Record<string, () => Promise<any>>} */
const LATER = {
  explore: async () => (await import("./cost/explore.js")).Explore,
  savings: async () => (await import("./cost/savings.js")).SavingsTab,
  budgets: async () => (await import("./budgets/board.js")).BudgetBoard,
  reports: async () => (await import("./cost/reports.js")).Reports,
};
/** Where the reader has to choose: in several places, none of which is chosen, there is no one sum that may be seen. */
const unchosen = () => {
  const places = placesOf("usage:read"), chosen = ["organization", "team", "project", "key"].some((name) => filters.value[name]);
  return places.includes("gateway") || places.length < 2 || chosen ? [] : places;
};
const Choice = () => html`<section class="card"><${Empty} icon="users" title=${t("cost.where")} text=${t("cost.where.why")}>${unchosen().map((place) => {
  const [kind, id] = place.split(":");
  return html`<a key=${place} class="btn" href=${href("/cost", { tab: route.query.tab, [kind]: id })}>${t("cost.by." + kind)}: ${nameOf(id)}</a>`;
})}<//></section>`;
const tabs = () => TABS.filter((name) => name !== "budgets" || can("limits:read"));
const chosen = () => tabs().includes(route.query.tab) ? route.query.tab : "overview";

export default {
  setup() {
    if (!route.query.range && !route.query.from) setQuery({ range: USUAL }, { replace: true });
    loadNames();
    const shown = shallowRef(/** @type {{tab: string, part: any} | null} */ (null)), failed = shallowRef(/** @type {any} */ (null));
    async function open() {
      const tab = chosen();
      failed.value = null;
      try {
        const part = tab === "overview" ? Overview : await LATER[tab]();
        if (tab === chosen()) shown.value = { tab, part };
      } catch (error) {
        if (tab === chosen()) [shown.value, failed.value] = [null, error];
      }
    }
    watch(chosen, open, { immediate: true });
    return () => html`
      <div class="noprint"><${Tabs} label=${t("nav.cost")} value=${chosen()} options=${tabs().map((name) => [name, t("cost.tab." + name)])} onPick=${(name) => setQuery({ tab: name === "overview" ? null : name, sort: null, peek: null })} /></div>
      <div role="tabpanel" aria-labelledby=${"tab-" + chosen()} class="cost-panel"><${Allowed} permission="usage:read">${unchosen().length ? html`<${Choice} />` : failed.value ? html`<section class="card"><${Failed} error=${failed.value} onRetry=${open} /></section>` : shown.value && html`<${shown.value.part} key=${shown.value.tab} />`}<//></div>`;
  },
};
