// What would save money: each piece with its evidence, what it would have been, and the way to do it.
import { computed, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t, has } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { csv, download, fileName } from "../../lib/csv.js";
import { confirm, Dialog } from "../../lib/dialog.js";
import { decodeReason } from "../../lib/reason.js";
import { useResource } from "../../lib/resource.js";
import { can } from "../../lib/session.js";
import { toast } from "../../lib/toast.js";
import { Badge, Card, Copy, Empty, Failed, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { post } from "./figures.js";
import { nameOf } from "./scope.js";

const ICONS = { route: "route", enable_cache: "database", use_batch: "layers", order_prompt: "message-square", limit_tools: "wrench", set_key_expiry: "key-round" };
/** What the gateway can carry out; all else is for applications. */
const DOES = ["set_key_expiry", "route"];

/** One sentence in the reader's language. @param {any} advice */
const sentence = ({ change }) => t("cost.advice." + change.kind, { from: change.from ?? "", to: change.to ?? "", model: change.model ?? "", key: nameOf(change.key), tag: change.tag ?? change.task ?? "", tools: (change.without ?? []).join(", "), at: change.at ? f.fullDate(change.at) : "" });
/** @param {string} name @param {number} value */
const evidence = (name, value) => name.endsWith("_usd") ? f.usd(value) : /share|score|quality|discount/.test(name) ? f.pct(value) : name === "ever_used" ? t(value ? "yes" : "no") : f.num(value);

/** What a change of model would have cost in the last thirty days, or what is to be done otherwise. */
const Preview = {
  props: ["advice", "onClose"],
  setup(p) {
    const replay = useResource(() => p.advice?.change.kind === "route" && !p.advice.change.task ? ["/replay", { substitutions: { [p.advice.change.from]: p.advice.change.to } }] : null, { ask: post });
    return () => html`
      <${Dialog} open=${Boolean(p.advice)} title=${t("cost.advice.preview")} wide=${true} onClose=${p.onClose}>
        ${p.advice && html`<div class="stack"><p>${sentence(p.advice)}</p><p class="muted">${p.advice.summary}</p>
          ${replay.loading ? html`<div class="sk cost-preview-sk"></div>` : replay.error ? html`<${Failed} error=${replay.error} onRetry=${replay.reload} />` : replay.data ? html`
            <div class="cost-scroll" tabindex="0" role="group" aria-label=${t("cost.advice.replayed")}><table class="cost-table wide"><caption>${t("cost.advice.replayed")}</caption><thead><tr>${["model", "requests", "old", "new", "saves"].map((name) => html`<th key=${name} scope="col" class=${name === "model" ? "" : "num"}><span>${t("cost.replay." + name)}</span></th>`)}</tr></thead>
              <tbody>${replay.data.lines.filter((line) => line.target && line.target !== line.model).map((line) => html`<tr key=${line.model}><td>${line.model} → ${line.target}</td><td class="num">${f.num(line.requests)}</td><td class="num">${f.usd(line.old_cost_usd)}</td><td class="num">${f.usd(line.new_cost_usd)}</td><td class="num">${f.usd(line.savings_usd)}</td></tr>`)}</tbody></table></div>
            <p class="muted">${t("cost.advice.assumes")}${replay.data.approximate ? " " + t("cost.advice.approximate") : ""}</p>`
          : html`<p class="muted">${t(DOES.includes(p.advice.change.kind) ? "cost.advice.key" : "cost.advice.apps")}</p>`}
          <dl class="kv two">${Object.entries(p.advice.evidence).map(([name, value]) => html`<div key=${name}><dt>${has("cost.evidence." + name) ? t("cost.evidence." + name) : name}</dt><dd>${evidence(name, Number(value))}</dd></div>`)}</dl></div>`}
      <//>`;
  },
};

export const Advice = {
  setup() {
    const list = useResource(() => ["/advice"], { every: 600 }), shown = ref(/** @type {any} */ (null)), told = ref(/** @type {any} */ (null));
    const total = computed(() => (list.data?.data ?? []).reduce((sum, one) => sum + Number(one.saving_usd?.expected ?? 0), 0));
    const apply = (advice) => confirm({
      title: t("cost.advice.apply"), text: sentence(advice) + " " + t(advice.change.kind === "route" ? "cost.advice.apply.text" : "cost.advice.apply.now"), action: t("cost.advice.apply"), reason: true,
      run: async (reason) => {
        const answer = await api("POST", `/advice/${encodeURIComponent(advice.id)}/apply`, { body: {}, reason });
        if (answer.applied) toast(t("cost.advice.applied"));
        else told.value = answer;
        list.reload();
      },
    });
    const dismiss = (advice) => confirm({
      title: t("cost.advice.dismiss"), text: t("cost.advice.dismiss.text"), action: t("cost.advice.dismiss"), reason: true,
      run: async (reason) => {
        await api("POST", `/advice/${encodeURIComponent(advice.id)}/dismiss`, { body: {}, reason });
        toast(t("cost.advice.dismissed"));
        list.reload();
      },
    });
    const save = () => download(fileName("advice"), csv(["id", "rule", "summary", "saving_low_usd", "saving_expected_usd", "saving_high_usd"], list.data.data.map((one) => [one.id, one.rule, one.summary, one.saving_usd?.low, one.saving_usd?.expected, one.saving_usd?.high])));
    const numbers = (advice) => Object.entries(advice.evidence).slice(0, 3).map(([name, value]) => `${has("cost.evidence." + name) ? t("cost.evidence." + name) : name} ${evidence(name, Number(value))}`).join(" · ");
    return () => html`
      <${Card} resource=${list} title=${t("cost.advice")} hint=${t("cost.advice.hint")} sub=${total.value ? t("cost.advice.total", { amount: f.usd(total.value, 2) }) : ""} tall=${150}>${{
        actions: () => list.data?.data.length > 0 && html`<button class="icon-b" type="button" aria-label=${t("export")} title=${t("export")} onClick=${save}><${Icon} name="download" /></button>`,
        default: () => list.data?.data.length ? html`<ul class="cost-advice">${list.data.data.map((one) => html`
            <li key=${one.id}><div class="row"><${Icon} name=${ICONS[one.change.kind] ?? "lightbulb"} size="17" /><h3>${t("cost.advice.title." + one.change.kind)}</h3><span class="grow"></span>${one.saving_usd ? html`<b class="num">${f.usd(one.saving_usd.expected, 2)}</b>` : html`<${Badge} tone="info" text=${t("cost.advice.safety")} />`}</div>
              <p>${sentence(one)}</p>
              ${one.saving_usd && html`<p class="muted">${t("cost.advice.range", { low: f.usd(one.saving_usd.low, 2), high: f.usd(one.saving_usd.high, 2) })}</p>`}
              <p class="muted">${t("cost.advice.window")} · ${numbers(one)}</p>
              <p class="muted">${t("cost.advice.quality")}: ${one.evidence.other_ratings != null ? t("cost.advice.rated", { own: f.pct(one.evidence.mean_score), other: f.pct(one.evidence.other_mean_score), n: f.num(one.evidence.other_ratings) }) : t("cost.advice.unrated")}</p>
              <div class="row"><button class="btn sm" type="button" onClick=${() => (shown.value = one)}>${t("cost.advice.preview")}</button>
                ${can("usage:write") && DOES.includes(one.change.kind) && !one.change.task && html`<button class="btn sm primary" type="button" onClick=${() => apply(one)}>${t("cost.advice.apply")}</button>`}
                ${can("usage:write") && html`<button class="btn sm" type="button" onClick=${() => dismiss(one)}>${t("cost.advice.dismiss")}</button>`}</div></li>`)}</ul>`
          : html`<${Empty} icon="lightbulb" title=${t("cost.advice.none")} text=${t("cost.advice.none.why")} />`,
      }}<//>
      ${list.data?.dismissed.length > 0 && html`<details class="cost-more"><summary>${t("cost.advice.gone", { n: f.num(list.data.dismissed.length) })}</summary><ul class="cost-list">${list.data.dismissed.map((one) => html`<li key=${one.id}><span class="mono">${one.id}</span><span>${decodeReason(one.reason ?? "") || "–"}</span><span class="muted">${one.actor} · ${f.fullDate(one.at)}</span></li>`)}</ul></details>`}
      <${Preview} advice=${shown.value} onClose=${() => (shown.value = null)} />
      <${Dialog} open=${Boolean(told.value)} title=${t("cost.advice.configuration")} onClose=${() => (told.value = null)}><div class="stack"><p class="soft">${t("cost.advice.configuration.text")}</p><div class="secret"><code><pre class="cost-yaml">${told.value?.configuration}</pre></code><${Copy} text=${told.value?.configuration ?? ""} /></div></div><//>`;
  },
};
