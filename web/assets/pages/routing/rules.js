// The rules tab: routes, one opened for change, and the versions of the configuration that can be put back.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { saveTable } from "../../lib/csv.js";
import { useResource } from "../../lib/resource.js";
import { route, setQuery } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { DataTable, nextSort, sorted, sortState } from "../../lib/table.js";
import { Badge, Card, Empty, Icon } from "../../lib/ui.js";
import { originOf } from "./draft.js";
import { hasDraft } from "./drafts.js";
import { RouteEditor } from "./editor.js";
import { Versions } from "./versions.js";
import * as f from "../../lib/format.js";

const name = (target) => typeof target === "string" ? target : target.model;

export const Rules = {
  setup() {
    const configuration = useResource(() => ["/configuration"], { every: 60 });
    const usage = useResource(() => ["/usage", { group_by: "requested_model", since: new Date(Math.floor(Date.now() / 60_000) * 60_000 - 86_400_000).toISOString(), limit: 1000, percentiles: false }]);
    const asked = computed(() => new Map((usage.data?.data ?? []).map((line) => [line.requested_model, line])));
    const columns = computed(() => [
      { id: "name", label: t("routing.route"), width: 180, sort: (one) => one.name, cell: (one) => html`<b class="model">${one.name}</b>${hasDraft(one.name) && html` <${Badge} tone="warn" text=${t("routing.draft")} />`}` },
      { id: "strategy", label: t("routing.strategy"), width: 170, sort: (one) => one.strategy, cell: (one) => html`<span class="kind">${t("routing.strategy." + one.strategy)}</span>` },
      { id: "targets", label: t("routing.targets"), width: 320, sort: (one) => one.targets.length, csv: (one) => one.targets.map(name).join(" "), cell: (one) => one.targets.map(name).join(", "), title: (one) => one.targets.map(name).join(", ") },
      { id: "rules", label: t("routing.rules"), num: true, width: 90, sort: (one) => one.rules.length, cell: (one) => f.num(one.rules.length) },
      { id: "requests", label: t("routing.requests.24"), num: true, width: 130, sort: (one) => asked.value.get(one.name)?.requests ?? 0, cell: (one) => f.num(asked.value.get(one.name)?.requests ?? 0) },
      { id: "origin", label: t("routing.origin"), width: 130, sort: (one) => one.origin, cell: (one) => html`<${Badge} tone=${one.origin === "console" ? "info" : ""} text=${t("routing.origin." + one.origin)} />` },
    ]);
    const rows = computed(() => {
      const all = Object.entries(configuration.data?.settings?.routes ?? {}).map(([name, one]) => ({ name, strategy: one.strategy ?? "priority", targets: one.targets ?? [], rules: one.rules ?? [], origin: originOf(configuration.data.origins, ["routes", name]) }));
      return sorted(all, columns.value, route.query.sort ?? "-requests");
    });
    const fresh = () => setQuery({ route: "+" });
    const done = (/** @type {string | null} */ name) => {
      configuration.reload();
      setQuery({ route: name });
    };
    return () => html`
      <div class="stack">
        <${Card} title=${t("routing.routes")} hint=${t("routing.routes.hint")} resource=${configuration} tall=${200} flush=${true} class="tbl">${{
          actions: () => html`${rows.value.length > 0 && html`<button class="btn" type="button" onClick=${() => saveTable("routes", columns.value, rows.value)}><${Icon} name="download" size="15" />${t("export")}</button>`}
            ${can("settings:write") && html`<button class="btn primary" type="button" onClick=${fresh}><${Icon} name="plus" size="15" />${t("routing.new")}</button>`}`,
          default: () => html`<${DataTable} columns=${columns.value} rows=${rows.value} rowKey=${(one) => one.name} label=${t("routing.routes")} sort=${sortState(route.query.sort ?? "-requests")} onSort=${(id) => setQuery({ sort: nextSort(route.query.sort ?? "-requests", id) })} selected=${route.query.route} onOpen=${(one) => setQuery({ route: one.name })}>${{
            empty: () => html`<${Empty} icon="git-branch" title=${t("routing.routes.none")} text=${t("routing.routes.none.why")}>${can("settings:write") && html`<button class="btn primary" type="button" onClick=${fresh}>${t("routing.new")}</button>`}<//>`,
          }}<//>`,
        }}<//>
        ${configuration.data && route.query.route && (route.query.route === "+" || configuration.data.settings?.routes?.[route.query.route] || hasDraft(route.query.route)) && html`<${RouteEditor} key=${route.query.route} name=${route.query.route === "+" ? "" : route.query.route} configuration=${configuration.data} onDone=${done} />`}
        ${can("settings:read") && html`<${Versions} onRestored=${configuration.reload} since=${configuration.data?.version} />`}
      </div>`;
  },
};
