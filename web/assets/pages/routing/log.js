// Decisions as they are made, with what was considered; a row opens the whole story.
import { computed, ref, shallowRef } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { saveTable } from "../../lib/csv.js";
import { Dialog } from "../../lib/dialog.js";
import { live, onLive } from "../../lib/live.js";
import { useResource } from "../../lib/resource.js";
import { href, route, setQuery } from "../../lib/route.js";
import { DataTable } from "../../lib/table.js";
import { Card, Copy, Empty, Failed, Icon, Segmented, Status } from "../../lib/ui.js";
import { decided } from "./answers.js";
import { Candidates, DecisionView } from "./decision.js";
import { typeName } from "./types.js";
import { whyText } from "./why.js";
import * as f from "../../lib/format.js";

/** Rows that are kept; older ones are on the page of requests. */
const MOST = 200;

/** What became of it, as a tone and a word. @param {any} row @returns {[string, string]} */
const became = (row) => !row.outcome ? ["", "pending"] : row.outcome === "ok" ? ["ok", "ok"] : ["limited", "cancelled", "blocked", "client_error"].includes(row.outcome) ? ["warn", row.outcome] : ["bad", row.outcome];

const Detail = {
  props: ["id"],
  setup(p) {
    const answer = useResource(() => ["/requests/" + encodeURIComponent(p.id)]);
    return () => html`<p class="row"><span class="mono">${p.id}</span><${Copy} text=${p.id} /><a class="btn sm" href=${href("/requests/" + p.id)}><${Icon} name="scroll-text" size="14" />${t("routing.log.request")}</a></p>
      ${answer.error && !answer.data ? html`<${Failed} error=${answer.error} onRetry=${answer.reload} />` : !answer.data ? html`<div class="sk" style=${{ height: "240px" }}></div>`
        : answer.data.decision ? html`<${DecisionView} decision=${answer.data.decision} />` : html`<${Empty} icon="route" title=${t("routing.log.plain")} text=${t("routing.log.plain.why")} />`}`;
  },
};

export const DecisionLog = {
  setup() {
    const answer = useResource(() => ["/decisions", { limit: 100, route: route.query.by_route }], { every: 4, map: (told) => told.decisions });
    /** Requests as they are told live: a decision that was just made is not booked yet. */
    const fresh = shallowRef(/** @type {any[]} */ ([]));
    const skipped = ref(0);
    onLive("rows", (data) => {
      fresh.value = [...data.rows, ...fresh.value].slice(0, MOST);
      skipped.value = data.skipped;
    });
    const matches = (row) => {
      const { q = "", type, model, provider } = route.query;
      return (!type || row.type === type || (type === "unclassified" && !row.type)) && (!model || row.chosen.endsWith("/" + model)) && (!provider || row.chosen.startsWith(provider + "/")) && (row.id + row.asked + row.chosen + (row.decision?.route ?? "") + (row.why ?? "")).toLowerCase().includes(q.toLowerCase());
    };
    const all = computed(() => route.query.log === "all");
    const rows = computed(() => {
      const kept = new Map((answer.data ?? []).map((one) => [one.id, one])), told = new Map(fresh.value.map((row) => [row.id, row]));
      const list = [...kept.values()].map((one) => decided(one.request ?? told.get(one.id), one));
      if (all.value) list.push(...fresh.value.filter((row) => !kept.has(row.id)).map((row) => decided(row)));
      return list.filter(matches).sort((a, b) => b.t - a.t).slice(0, MOST);
    });
    const columns = computed(() => [
      { id: "time", label: t("routing.time"), width: 92, csv: (row) => new Date(row.t * 1000).toISOString(), cell: (row) => html`<span class="mono">${f.hms(row.t)}</span>` },
      { id: "id", label: t("routing.log.id"), width: 92, csv: (row) => row.id, cell: (row) => html`<span class="mono dim">…${String(row.id).slice(-8)}</span>`, title: (row) => row.id },
      { id: "type", label: t("routing.type"), width: 104, csv: (row) => row.type, cell: (row) => html`<span class="kind">${typeName(row.type)}</span>` },
      { id: "model", label: t("routing.log.model"), width: 256, csv: (row) => row.chosen, cell: (row) => html`<span class="auto">${row.asked}<${Icon} name="chevron-right" size="12" /></span><span class="model">${row.chosen || "–"}</span>`, title: (row) => `${row.asked} → ${row.chosen}` },
      { id: "candidates", label: t("decision.candidates"), width: 110, csv: (row) => (row.decision?.candidates ?? []).map((one) => one.id).join(" "), cell: (row) => html`<${Candidates} list=${row.decision?.candidates} />` },
      { id: "why", label: t("routing.log.why"), width: 164, csv: (row) => row.why ?? "", cell: (row) => html`<span class="dim">${whyText(row.why) || "–"}</span>`, title: (row) => whyText(row.why) || undefined },
      { id: "fallbacks", label: t("routing.log.tries"), num: true, width: 66, csv: (row) => row.attempts, cell: (row) => row.attempts > 1 ? html`<span class="slow-t">${f.num(row.attempts)}</span>` : f.num(row.attempts) },
      { id: "ms", label: t("routing.log.ms"), num: true, width: 84, csv: (row) => row.latency, cell: (row) => f.ms(row.latency) },
      { id: "cost", label: t("routing.log.cost"), num: true, width: 104, csv: (row) => row.cost, cell: (row) => f.nano(row.cost) },
      { id: "state", label: t("routing.log.state"), width: 120, csv: (row) => row.outcome, cell: (row) => html`<${Status} tone=${became(row)[0]} text=${t("routing.outcome." + became(row)[1])} />` },
    ]);
    const open = (row) => setQuery({ peek: row ? row.id : null }, { replace: Boolean(route.query.peek) });
    return () => html`
      <${Card} title=${t("routing.log")} hint=${t("routing.log.hint")} sub=${all.value && skipped.value ? t("routing.log.skipped", { n: f.num(skipped.value) }) : ""} resource=${all.value && fresh.value.length ? null : answer} tall=${420} flush=${true} class="tbl">${{
        actions: () => html`<${Segmented} label=${t("routing.log")} value=${all.value ? "all" : "decisions"} options=${[["decisions", t("routing.log.decisions")], ["all", t("routing.log.all")]]} onPick=${(id) => setQuery({ log: id === "all" ? id : null })} />
          <label class="find"><${Icon} name="list-filter" size="14" /><input type="search" placeholder=${t("routing.log.find")} aria-label=${t("routing.log.find")} value=${route.query.q ?? ""} onInput=${(event) => setQuery({ q: event.target.value }, { replace: true })} /></label>
          ${route.query.type && html`<button class="chip" type="button" onClick=${() => setQuery({ type: null })}>${typeName(route.query.type)}<${Icon} name="x" size="13" label=${t("filters.clear")} /></button>`}
          <button class="icon-b" type="button" aria-label=${t(live.on ? "live.pause" : "live.resume")} title=${t(live.on ? "live.pause" : "live.resume")} onClick=${() => (live.on = !live.on)}><${Icon} name=${live.on ? "pause" : "play"} size="15" /></button>
          <button class="btn sm" type="button" onClick=${() => saveTable("decisions", columns.value, rows.value)}><${Icon} name="download" size="14" />${t("export")}</button>`,
        default: () => html`<${DataTable} columns=${columns.value} rows=${rows.value} rowKey=${(row) => row.id} label=${t("routing.log")} live=${true} height=${rows.value.length > 9 ? 460 : undefined} selected=${route.query.peek} onOpen=${open}
          card=${(row) => html`<span class="row"><span class="model">${row.chosen || row.asked}</span><span class="grow"></span><span class="num">${f.ms(row.latency)}</span></span><span class="row muted"><span>${f.hms(row.t)} · ${row.asked}</span><span class="grow"></span><${Status} tone=${became(row)[0]} text=${t("routing.outcome." + became(row)[1])} /></span>`}>${{
          empty: () => route.query.q || route.query.type ? html`<${Empty} icon="search" title=${t("state.no_match")}><button class="btn" type="button" onClick=${() => setQuery({ q: null, type: null })}>${t("filters.clear")}</button><//>` : html`<${Empty} icon="route" title=${t("routing.log.none")} text=${t("routing.log.none.why")} />`,
        }}<//>`,
      }}<//>
      <${Dialog} open=${Boolean(route.query.peek)} side=${true} title=${t("routing.log.decision")} onClose=${() => open(null)}>${route.query.peek && html`<${Detail} key=${route.query.peek} id=${route.query.peek} />`}<//>`;
  },
};
