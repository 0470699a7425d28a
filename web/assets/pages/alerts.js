// What is wrong and who is told: what fires, rules, channels, what was told.
import { computed } from "../lib/vue.js";
import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { whole } from "../lib/api.js";
import { onLive } from "../lib/live.js";
import { useResource } from "../lib/resource.js";
import { route, setQuery } from "../lib/route.js";
import { can, canAtGateway } from "../lib/session.js";
import { Allowed, Tabs } from "../lib/ui.js";
import { Channels } from "./alerts/channels.js";
import { Firing } from "./alerts/firing.js";
import { Past } from "./alerts/past.js";
import { Rules } from "./alerts/rules.js";

export const styles = true;

export default {
  setup() {
    const state = useResource(() => canAtGateway("alerts:read") ? ["/alerts"] : null, { every: 10 });
    const channels = useResource(() => can("alerts:read") ? ["/alert-channels"] : null, { ask: whole });
    const made = useResource(() => can("alerts:read") ? ["/alert-rules"] : null, { ask: whole });
    onLive("alert", () => state.reload());
    // Subjects and scopes are ids: what they are called.
    const lists = ["/organizations", "/teams", "/projects"].map((path) => useResource(() => can("tenants:read") ? [path] : null, { ask: whole }));
    const budgets = useResource(() => can("limits:read") ? ["/budgets"] : null, { ask: whole }), keys = useResource(() => can("keys:read") ? ["/keys"] : null, { ask: whole });
    const names = computed(() => new Map([...lists, budgets, keys].flatMap((list) => (list.data ?? []).map((one) => [one.id, one.name || one.scope]))));
    const scopes = computed(() => [["organization", lists[0]], ["team", lists[1]], ["project", lists[2]]].flatMap(([kind, list]) => (/** @type {any} */ (list).data ?? []).map((one) => [`${kind}:${one.id}`, `${t("alerts.scope." + kind)}: ${one.name}`])));
    const tab = () => route.query.tab ?? "firing";
    return () => {
      const common = { state, channels, made, names: names.value, scopes: scopes.value };
      const firing = (state.data?.conditions ?? []).filter((one) => one.phase === "firing").length;
      return html`<${Allowed} permission="alerts:read" gateway=${true}>
        <${Tabs} label=${t("nav.alerts")} value=${tab()} onPick=${(id) => setQuery({ tab: id === "firing" ? null : id, sort: null, q: null })} options=${["firing", "rules", "channels", "history"].map((id) => [id, t("alerts.tab." + id) + (id === "firing" && firing ? ` (${firing})` : "")])} />
        ${tab() === "rules" ? html`<${Rules} ...${common} />` : tab() === "channels" ? html`<${Channels} ...${common} />` : tab() === "history" ? html`<${Past} ...${common} />` : html`<${Firing} ...${common} />`}
      <//>`;
    };
  },
};
