// Routing: where requests go and why, the rules by which they go there, and how the models do.
import { ref, shallowReactive, watch } from "../lib/vue.js";
import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { arrival, route, setQuery } from "../lib/route.js";
import { canAtGateway } from "../lib/session.js";
import { Allowed, Empty, Tabs } from "../lib/ui.js";
import { Console } from "./routing/console.js";

export const styles = true;

/** Each tab but the first comes when it is looked at. */
const TABS = {
  console: () => Promise.resolve(Console),
  rules: () => import("./routing/rules.js").then((part) => part.Rules),
  models: () => import("./routing/models.js").then((part) => part.Models),
};

export default {
  setup() {
    const loaded = shallowReactive(/** @type {Record<string, any>} */ ({}));
    // The rules are of the configuration, which is the gateway's.
    const offered = () => Object.keys(TABS).filter((id) => id !== "rules" || canAtGateway("settings:read"));
    const shown = () => offered().includes(route.query.tab ?? "") ? route.query.tab : "console";
    const failed = ref("");
    watch(shown, async (tab) => {
      failed.value = "";
      try {
        loaded[tab] ??= await arrival(TABS[tab]());
      } catch {
        failed.value = tab;
      }
    }, { immediate: true });
    return () => {
      const tab = shown();
      return html`<${Allowed} permission="routing:read">
        <${Tabs} label=${t("nav.routing")} value=${tab} options=${offered().map((id) => [id, t("routing.tab." + id)])} onPick=${(id) => setQuery({ tab: id === "console" ? null : id })} />
        <div role="tabpanel" aria-labelledby=${"tab-" + tab}>${loaded[tab] ? html`<${loaded[tab]} />` : failed.value === tab && html`<section class="card"><${Empty} icon="circle-alert" title=${t("state.failed")}><button class="btn" type="button" onClick=${() => location.reload()}>${t("retry")}</button><//></section>`}</div>
      <//>`;
    };
  },
};
