// The filters of the page: what is in force, and a box to add one by what was spent on it.
import { computed, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { Dialog } from "../../lib/dialog.js";
import { useResource } from "../../lib/resource.js";
import { rangeQuery } from "../../lib/range.js";
import { setQuery } from "../../lib/route.js";
import { Empty, Icon, Segmented } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { DIMENSIONS, filters, nameOf } from "./scope.js";

/** The page's range, as /usage has it. */
export const span = computed(() => ({ since: rangeQuery.value.since, until: rangeQuery.value.until }));

export const Filters = {
  setup() {
    const open = ref(false), by = ref("team"), words = ref("");
    const values = useResource(() => open.value ? ["/usage", { group_by: by.value, order_by: "cost", limit: 200, percentiles: false, ...span.value, ...filters.value, [by.value]: null }] : null);
    const pick = (/** @type {string} */ id) => {
      setQuery({ [by.value]: id });
      open.value = false;
    };
    const shown = computed(() => (values.data?.data ?? []).filter((/** @type {any} */ line) => line[by.value] !== undefined && line[by.value] !== "" && nameOf(line[by.value]).toLowerCase().includes(words.value.toLowerCase())));
    return () => html`
      <div class="row cost-filters noprint">
        ${Object.entries(filters.value).map(([name, value]) => html`<span class="chip" key=${name}>${t("cost.by." + name)}: ${nameOf(value)} <button class="chip-x" type="button" aria-label=${t("cost.filter.remove", { name: nameOf(value) })} onClick=${() => setQuery({ [name]: null })}><${Icon} name="x" size="13" /></button></span>`)}
        <button class="btn sm" type="button" aria-haspopup="dialog" onClick=${() => (open.value = true)}><${Icon} name="plus" size="14" />${t("filter")}</button>
        <${Dialog} open=${open.value} title=${t("filter")} onClose=${() => (open.value = false)}>
          <div class="stack"><div class="cost-scroll"><${Segmented} label=${t("cost.by")} value=${by.value} options=${DIMENSIONS.map((name) => [name, t("cost.by." + name)])} onPick=${(name) => { by.value = name; words.value = ""; }} /></div>
          <label class="find"><${Icon} name="search" size="14" /><input type="search" placeholder=${t("search.short")} aria-label=${t("search.short")} value=${words.value} onInput=${(event) => (words.value = event.target.value)} /></label>
          ${shown.value.length ? html`<ul class="cost-pick">${shown.value.map((line) => html`<li key=${line[by.value]}><button type="button" onClick=${() => pick(line[by.value])}><span>${nameOf(line[by.value])}</span><b class="num">${f.usd(line.cost_usd)}</b></button></li>`)}</ul>` : !values.loading && html`<${Empty} icon="search" title=${t("state.none")} />`}</div>
        <//>
      </div>`;
  },
};
