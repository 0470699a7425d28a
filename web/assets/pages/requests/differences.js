// What bad requests of a window have in common that requests before it had not.
import { html } from "../../lib/html.js";
import { has, t } from "../../lib/i18n.js";
import { route, setQuery } from "../../lib/route.js";
import { useResource } from "../../lib/resource.js";
import { Card, Empty, Icon } from "../../lib/ui.js";
import { NAMED, namedFilters, requestTimes } from "../../lib/requests.js";
import { learnKeys, valueName } from "./facets.js";
import * as f from "../../lib/format.js";

/** What a value leads to: the filter of its name, or a term of the query. @param {{dimension: string, value: string}} lift */
function only({ dimension, value }) {
  if (NAMED.includes(dimension)) return { [dimension]: value };
  if (dimension === "asked") return { requested_model: value };
  if (dimension === "tags" && !value.includes(", ")) return { tag: value };
  const flags = { retry: "has:retry", cache: value === "none" ? "-is:cached" : "is:cached", stream: value === "true" ? "is:stream" : "-is:stream" };
  const term = flags[dimension] ?? (dimension === "tags" ? value.split(", ").map((tag) => `tag:${tag}`).join(" ") : null) ?? `${dimension}:${/[\s"()]/.test(value) ? `"${value}"` : value}`;
  return { q: [route.query.q, term].filter(Boolean).join(" ") };
}

export const Differences = {
  setup() {
    learnKeys();
    const differences = useResource(() => ["/requests/differences", { ...namedFilters(), ...(route.query.q ? { q: route.query.q } : {}), ...requestTimes() }]);
    const bar = (share, cls) => html`<span class="track" aria-hidden="true"><i class=${cls} style=${{ width: Math.min(100, share * 100) + "%" }}></i></span>`;
    return () => html`
      <${Card} resource=${differences} title=${t("requests.diff")} hint=${t("requests.diff.hint")} sub=${differences.data ? t("requests.diff.sub", { bad: f.num(differences.data.window.bad), all: f.num(differences.data.window.all) }) : ""} tall=${120} class="diff">${{
        actions: () => html`<button class="icon-b" type="button" aria-label=${t("close")} onClick=${() => setQuery({ diff: null })}><${Icon} name="x" size="16" /></button>`,
        default: () => differences.data.lifts.length === 0
          ? html`<${Empty} icon="scale" title=${t(differences.data.window.bad ? "requests.diff.none" : "requests.diff.good")} text=${t(differences.data.window.bad ? "requests.diff.none.why" : "requests.diff.good.why")} />`
          : html`<ul class="lifts">${differences.data.lifts.map((lift) => html`
            <li key=${lift.dimension + lift.value}><div class="l-n"><span class="muted">${has("requests.dim." + lift.dimension) ? t("requests.dim." + lift.dimension) : lift.dimension}</span><button class="link" type="button" title=${t("requests.filter_to", { value: valueName(lift.dimension, lift.value) })} onClick=${() => setQuery({ ...only(lift), diff: null })}>${valueName(lift.dimension, lift.value)}</button></div>
              <div class="l-b">${bar(lift.bad_share, "now")}<span class="num"><b>${f.pct(lift.bad_share, 0)}</b> ${t("requests.diff.of_bad", { n: f.num(lift.bad) })}</span>${bar(lift.baseline_share, "was")}<span class="num muted">${f.pct(lift.baseline_share, 0)} ${t("requests.diff.before")}</span></div></li>`)}</ul>
            ${differences.data.window.sampled && html`<p class="muted">${t("requests.diff.sampled")}</p>`}`,
      }}<//>`;
  },
};
