// Providers and models: who answers and how they do, with what key, which models at what prices; adding, trying, changing, removing.
import { computed } from "../lib/vue.js";
import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { saveTable } from "../lib/csv.js";
import { useResource } from "../lib/resource.js";
import { route, setQuery } from "../lib/route.js";
import { can } from "../lib/session.js";
import { DataTable, nextSort, sorted, sortState } from "../lib/table.js";
import { Allowed, Badge, Card, Empty, Icon, Status, Tabs } from "../lib/ui.js";
import { Detail, locked } from "./providers/detail.js";
import { Adder } from "./providers/add.js";
import { ModelTable } from "./providers/models.js";
import * as f from "../lib/format.js";

export const styles = true;

/** How a provider stands: a tone and a word. @param {any} one @returns {[string, string]} */
const standing = (one) => !one.enabled ? ["muted", "off"] : one.drained ? ["warn", "drained"] : one.credential.state === "missing" ? ["warn", "no_key"] : [{ up: "ok", degraded: "warn", down: "bad" }[one.state] ?? "muted", one.state];
const State = ({ of }) => html`<${Status} tone=${standing(of)[0]} text=${t("providers.state." + standing(of)[1])} />`;
State.props = ["of"];

/** Where a provider was made; what is not of the console cannot be changed here. */
const Origin = ({ of }) => html`<span class="origin" title=${of.changeable ? undefined : locked(of)}>${!of.changeable && html`<${Icon} name="lock" size="13" label=${locked(of)} />`}<${Badge} tone=${of.changeable ? "info" : ""} text=${t("providers.origin." + of.origin)} /></span>`;
Origin.props = ["of"];

const Providers = {
  setup() {
    const answer = useResource(() => ["/providers"], { every: 15 });
    const columns = computed(() => [
      { id: "id", label: t("providers.name"), width: 170, sort: (one) => one.id, cell: (one) => html`<b class="model">${one.name || one.id}</b>${one.name && one.name !== one.id ? html` <span class="muted">${one.id}</span>` : null}` },
      { id: "state", label: t("providers.state"), width: 126, sort: (one) => standing(one)[1], cell: (one) => html`<${State} of=${one} />` },
      { id: "models", label: t("providers.models"), num: true, width: 78, sort: (one) => one.models, cell: (one) => f.num(one.models) },
      { id: "key", label: t("providers.key"), width: 104, sort: (one) => one.credential.tail ?? one.credential.state, cell: (one) => one.credential.tail ? html`<span class="mono dim">…${one.credential.tail}</span>` : t("providers.key." + one.credential.state) },
      { id: "origin", label: t("providers.origin"), width: 136, sort: (one) => one.origin, cell: (one) => html`<${Origin} of=${one} />` },
      { id: "requests", label: t("providers.requests"), num: true, width: 116, sort: (one) => one.requests, cell: (one) => f.num(one.requests) },
      { id: "p95", label: "p95", num: true, width: 76, sort: (one) => one.p95_ms ?? -1, cell: (one) => f.ms(one.p95_ms) },
      { id: "errors", label: t("providers.errors"), num: true, width: 74, sort: (one) => one.error_rate ?? -1, cell: (one) => html`<span class=${one.error_rate > 0.05 ? "slow-t" : ""}>${f.pct(one.error_rate)}</span>` },
      { id: "spend", label: t("providers.spend"), num: true, width: 106, sort: (one) => Number(one.spend_nano), csv: (one) => Number(one.spend_nano) / 1e9, cell: (one) => f.nano(one.spend_nano) },
      { id: "error", label: t("providers.last_error"), width: 170, sort: (one) => one.last_error ?? "", cell: (one) => one.last_error ? html`<span class="slow-t">${one.last_error}</span>` : html`<span class="muted">–</span>`, title: (one) => one.last_error ?? undefined },
    ]);
    const rows = computed(() => {
      const words = (route.query.q ?? "").toLowerCase();
      return sorted((answer.data?.providers ?? []).filter((one) => (one.id + one.name + one.kind).toLowerCase().includes(words)), columns.value, route.query.sort ?? "-requests");
    });
    const open = computed(() => (answer.data?.providers ?? []).find((one) => one.id === route.query.peek));
    const add = () => setQuery({ new: "1" });
    const peek = (id) => setQuery({ peek: id });
    return () => html`
      <${Card} title=${t("providers.all")} hint=${t("providers.hint")} sub=${answer.data ? f.num(rows.value.length) : ""} resource=${answer} tall=${320} flush=${true} class="tbl">${{
        actions: () => html`<label class="find"><${Icon} name="list-filter" size="14" /><input type="search" placeholder=${t("search.short")} aria-label=${t("search.short")} value=${route.query.q ?? ""} onInput=${(event) => setQuery({ q: event.target.value }, { replace: true })} /></label>
          <button class="btn" type="button" onClick=${() => saveTable("providers", columns.value, rows.value)}><${Icon} name="download" size="15" />${t("export")}</button>
          ${can("settings:write") && html`<button class="btn primary" type="button" onClick=${add}><${Icon} name="plus" size="15" />${t("providers.add")}</button>`}`,
        default: () => html`<${DataTable} columns=${columns.value} rows=${rows.value} rowKey=${(one) => one.id} label=${t("providers.all")} sort=${sortState(route.query.sort ?? "-requests")} onSort=${(id) => setQuery({ sort: nextSort(route.query.sort ?? "-requests", id) })} selected=${route.query.peek} onOpen=${(one) => peek(one.id)} height=${rows.value.length > 14 ? 620 : undefined}
          card=${(one) => html`<span class="row"><span class="model">${one.name || one.id}</span><span class="grow"></span><${State} of=${one} /></span><span class="row muted"><span>${t(one.models === 1 ? "providers.models.one" : "providers.models.n", { n: f.num(one.models) })}</span><span class="grow"></span><span class="num">${f.ms(one.p95_ms)} · ${f.nano(one.spend_nano)}</span></span>`}>${{
          empty: () => route.query.q ? html`<${Empty} icon="search" title=${t("state.no_match")}><button class="btn" type="button" onClick=${() => setQuery({ q: null })}>${t("filters.clear")}</button><//>`
            : html`<${Empty} icon="plug" title=${t("providers.none")} text=${t("providers.none.why")}>${can("settings:write") && html`<button class="btn primary" type="button" onClick=${add}>${t("providers.add")}</button>`}<//>`,
        }}<//>`,
      }}<//>
      <${Detail} of=${open.value} state=${open.value ? html`<${State} of=${open.value} />` : null} onClose=${() => peek(null)} onChanged=${answer.reload} />
      <${Adder} open=${route.query.new === "1"} taken=${(answer.data?.providers ?? []).map((one) => one.id)} onClose=${() => setQuery({ new: null }, { replace: true })} onMade=${answer.reload} />`;
  },
};

const TABS = { providers: Providers, models: ModelTable };

export default {
  setup() {
    return () => {
      const tab = Object.hasOwn(TABS, route.query.tab ?? "") ? route.query.tab : "providers";
      return html`<${Allowed} permission="routing:read">
        <${Tabs} label=${t("nav.providers")} value=${tab} options=${Object.keys(TABS).map((id) => [id, t("providers.tab." + id)])} onPick=${(id) => setQuery({ tab: id === "providers" ? null : id, sort: null, q: null, peek: null })} />
        <div role="tabpanel" aria-labelledby=${"tab-" + tab}><${TABS[tab]} /></div>
      <//>`;
    };
  },
};
