// Filters as chips, and the list that they are picked from, with how many requests each value has.
import { ref, watch } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { has, t } from "../../lib/i18n.js";
import { all } from "../../lib/api.js";
import { setQuery, route } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { Dialog } from "../../lib/dialog.js";
import { Empty, Icon, Segmented } from "../../lib/ui.js";
import { NAMED, projectName, teamName, typeName } from "../../lib/requests.js";
import { cleared, isFiltered } from "./view.js";
import { valuesOf } from "./query.js";
import * as f from "../../lib/format.js";

/** What can be picked from, and how sums are grouped by it. */
const FACETS = ["model", "provider", "team", "project", "key", "tag", "user", "requested_model"];
const OUTCOMES = ["ok", "client_error", "limited", "blocked", "upstream_error", "gateway_error", "cancelled"];

/** Names of keys, learned when they are needed. */
const keyNames = ref(/** @type {Map<string, string> | null} */ (null));
export function learnKeys() {
  if (keyNames.value || !can("keys:read")) return;
  keyNames.value = new Map();
  all("/keys").then((list) => (keyNames.value = new Map(list.map((one) => [one.id, one.name]))), () => (keyNames.value = null));
}

/** A value as people know it. @param {string} facet @param {string} value */
export function valueName(facet, value) {
  if (facet === "team") return teamName(value);
  if (facet === "project") return projectName(value);
  if (facet === "key") return keyNames.value?.get(value) ?? value;
  if (facet === "type") return typeName(value);
  if (facet === "why" && has("requests.why." + value)) return t("requests.why." + value);
  return facet === "outcome" ? t("requests.outcome." + value) : value;
}

export const Facets = {
  setup() {
    const open = ref(false), facet = ref("model"), list = ref(/** @type {{value: string, n: number | null}[] | null} */ (null)), find = ref("");
    let number = 0;
    async function load() {
      const mine = ++number;
      list.value = null;
      find.value = "";
      if (facet.value === "key") learnKeys();
      const values = facet.value === "outcome" ? OUTCOMES.map((value) => ({ value, n: null })) : await valuesOf(facet.value).catch(() => []);
      if (mine === number) list.value = values;
    }
    watch(() => [open.value, facet.value], () => open.value && load());
    watch(() => route.query.key, (key) => key && learnKeys(), { immediate: true });
    const pick = (value) => {
      setQuery({ [facet.value]: value });
      open.value = false;
    };
    return () => {
      const chips = [...NAMED, "outcome"].filter((name) => route.query[name]);
      const shown = (list.value ?? []).filter((one) => valueName(facet.value, one.value).toLowerCase().includes(find.value.toLowerCase()));
      return html`
        <div class="chips">
          ${chips.map((name) => html`<button key=${name} class="chip" type="button" aria-label=${t("requests.filter.drop", { name: t("requests.dim." + name), value: valueName(name, route.query[name]) })} onClick=${() => setQuery({ [name]: null })}><span class="k">${t("requests.dim." + name)}</span>${valueName(name, route.query[name])}<${Icon} name="x" size="13" /></button>`)}
          <button class="btn sm" type="button" aria-haspopup="dialog" onClick=${() => (open.value = true)}><${Icon} name="plus" size="14" />${t("filter")}</button>
          ${isFiltered() && html`<button class="link" type="button" onClick=${() => setQuery(cleared())}>${t("filters.clear")}</button>`}
        </div>
        <${Dialog} open=${open.value} title=${t("requests.filter.add")} onClose=${() => (open.value = false)}>
          <div class="facets"><${Segmented} label=${t("requests.filter.by")} value=${facet.value} options=${[...FACETS, "outcome"].map((name) => [name, t("requests.dim." + name)])} onPick=${(name) => (facet.value = name)} />
            <label class="find"><${Icon} name="search" size="14" /><input type="search" aria-label=${t("search.short")} placeholder=${t("search.short")} value=${find.value} onInput=${(event) => (find.value = event.target.value)} /></label>
            ${list.value === null ? html`<div class="sk" style=${{ height: "220px", borderRadius: "8px" }}></div>` : shown.length === 0 ? html`<${Empty} icon="inbox" title=${t("requests.filter.none")} />`
            : html`<ul class="facet-list">${shown.map((one) => html`<li key=${one.value}><button type="button" aria-pressed=${String(route.query[facet.value] === one.value)} onClick=${() => pick(one.value)}><span>${valueName(facet.value, one.value)}</span><span class="num muted">${one.n == null ? "" : f.num(one.n)}</span></button></li>`)}</ul>`}</div>
        <//>`;
    };
  },
};
