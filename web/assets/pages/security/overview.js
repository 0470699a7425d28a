// The state in figures, what is worth fixing, and who came in or was refused.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { StackedBars } from "../../lib/charts.js";
import { ListCard } from "../../lib/list.js";
import { pickWindow, range } from "../../lib/range.js";
import { decodeReason } from "../../lib/reason.js";
import { go, setQuery } from "../../lib/route.js";
import { session } from "../../lib/session.js";
import { Badge, Card, Empty, Hint, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { attempts, ENTRIES, REFUSALS } from "./state.js";

/** Addresses that only this machine reaches. @param {string} address */
const isLocal = (address) => /^(127\.|\[?::1|localhost)/.test(address);

export const Overview = {
  props: ["state"],
  setup(p) {
    const s = p.state;
    const sum = (actions) => (s.events.data?.lines ?? []).filter((line) => actions.includes(line.action)).reduce((total, line) => total + attempts(line), 0);
    const count = (fault) => s.judged.value.filter((key) => key.faults.includes(fault)).length;
    const sources = computed(() => {
      const of = new Map();
      for (const line of s.events.data?.lines ?? []) if (REFUSALS.includes(line.action)) of.set(line.address, (of.get(line.address) ?? 0) + attempts(line));
      return [...of].sort((a, b) => b[1] - a[1]);
    });
    const advice = computed(() => {
      const list = /** @type {{id: string, tone: string, n?: number, text: Record<string, any>, run?: () => void}[]} */ ([]);
      const add = (id, tone, when, text = {}, run = /** @type {(() => void) | undefined} */ (undefined)) => when && list.push({ id, tone, text, run });
      const keys = (fault) => () => setQuery({ tab: "keys", show: fault });
      add("chain", "bad", s.chain.data?.intact === false, { number: s.chain.data?.first_broken }, () => setQuery({ tab: "audit" }));
      add("local", "warn", session.me?.sign_in === "local" && session.signIn?.setup_needed, {}, () => go("/setup"));
      for (const one of s.status.data?.listeners ?? []) add("plain", "warn", !one.tls && !isLocal(one.address), { name: one.name, address: one.address });
      const admins = (s.bare.value ?? []).filter(s.powerful).length;
      add("admins", "bad", admins > 0, { n: admins }, () => setQuery({ tab: "sessions" }));
      add("people", "warn", (s.bare.value ?? []).length > admins, { n: (s.bare.value ?? []).length - admins }, () => setQuery({ tab: "sessions" }));
      for (const [fault, tone] of [["unused", "warn"], ["no_expiry", "warn"], ["no_project", "warn"], ["old", "warn"], ["all_models", ""]]) add("key." + fault, tone, count(fault) > 0, { n: count(fault) }, keys(fault));
      return list;
    });
    const bars = computed(() => {
      const { from, to } = range.value, step = Math.max(60, Math.ceil((to - from) / 48 / 60) * 60), first = Math.floor(from / step) * step;
      const groups = Array.from({ length: Math.max(1, Math.ceil((to - first) / step)) }, (_one, i) => ({ id: String(first + i * step), label: to - from > 172_800 ? f.day(first + i * step) : f.hm(first + i * step), parts: [{ id: "in", value: 0 }, { id: "out", value: 0 }] }));
      for (const line of s.events.data?.lines ?? []) {
        const group = groups[Math.floor((new Date(line.at).getTime() / 1000 - first) / step)];
        if (group && ENTRIES.includes(line.action)) group.parts[0].value += 1;
        if (group && REFUSALS.includes(line.action)) group.parts[1].value += attempts(line);
      }
      return { groups, step };
    });
    const names = computed(() => new Map((s.users.data ?? []).map((user) => [user.id, user.name])));
    const columns = computed(() => [
      { id: "at", label: t("security.when"), width: 190, sort: (line) => line.number, csv: (line) => line.at, cell: (line) => f.full(line.at) },
      { id: "action", label: t("security.what"), width: 210, sort: (line) => line.action, cell: (line) => html`<${Badge} tone=${REFUSALS.includes(line.action) ? "bad" : ENTRIES.includes(line.action) ? "good" : ""} text=${t("security.event." + line.action)} />${attempts(line) > 1 && html` <span class="muted">× ${f.num(attempts(line))}</span>`}` },
      { id: "subject", label: t("security.who"), sort: (line) => names.value.get(line.subject) ?? line.subject, csv: (line) => line.subject, cell: (line) => names.value.get(line.subject) ?? line.subject },
      { id: "address", label: t("security.address"), width: 160, sort: (line) => line.address, cell: (line) => html`<span class="mono">${line.address}</span>` },
      { id: "reason", label: t("security.reason"), csv: (line) => decodeReason(line.reason ?? ""), cell: (line) => decodeReason(line.reason ?? "") || html`<span class="muted">–</span>` },
    ]);
    const figure = (id, value, tone = "", below = "") => html`<article class="card kpi plain"><h2>${t("security." + id)}<${Hint} label=${t("security." + id)} text=${t(`security.${id}.hint`)} /></h2><div class=${"v " + tone}>${value}</div><p class="muted">${below}</p></article>`;
    const icon = { bad: "shield-alert", warn: "triangle-alert", "": "info" };
    return () => html`<div class="stack">
      <div class="kpis four">
        ${figure("refused", s.events.data ? f.num(sum(REFUSALS)) : "–", sum(REFUSALS) ? "warn-t" : "", sources.value[0] ? t("security.most", { address: sources.value[0][0], n: f.num(sources.value[0][1]) }) : s.events.data ? t("security.entries", { n: f.num(sum(ENTRIES)) }) : s.events.error ? t("state.failed") : "")}
        ${figure("open", s.sessions.data ? f.num(s.sessions.data.sessions.length) : "–", "", s.sessions.data ? t("security.people", { n: f.num(new Set(s.sessions.data.sessions.map((one) => one.user.id)).size) }) : s.sessions.error ? t("state.failed") : "")}
        ${figure("honoured", s.keys.data ? f.num(s.judged.value.length) : "–", "", s.keys.data ? t("security.faulty", { n: f.num(s.judged.value.filter((key) => key.faults.length).length) }) : "")}
        ${figure("chain", s.chain.data ? t(s.chain.data.intact ? "security.intact" : "security.broken") : "–", s.chain.data?.intact === false ? "bad-t word" : "word", s.chain.at ? t("security.verified", { time: f.hms(s.chain.at) }) : "")}
      </div>
      <div class="cols-21">
        <${Card} title=${t("security.chart")} hint=${t("security.chart.hint")} resource=${s.events} sub=${s.events.data?.cut ? t("security.cut") : ""} tall=${240}>
          ${s.events.data?.lines.length ? html`<ul class="keys"><li><i style=${{ background: "var(--c1)" }}></i>${t("security.in")} <b>${f.num(sum(ENTRIES))}</b></li><li><i style=${{ background: "var(--c7)" }}></i>${t("security.out")} <b>${f.num(sum(REFUSALS))}</b></li></ul>
            <${StackedBars} groups=${bars.value.groups} names=${{ in: [t("security.in"), "--c1"], out: [t("security.out"), "--c7"] }} format=${(value) => f.num(value)} label=${t("security.chart")} onPick=${(id) => pickWindow(Number(id), Number(id) + bars.value.step)} />` : html`<${Empty} icon="shield-check" title=${t("security.quiet")} text=${t("security.quiet.why")} />`}
        <//>
        <${Card} title=${t("security.advice")} hint=${t("security.advice.hint")} resource=${s.keys} tall=${240}>
          ${advice.value.length ? html`<ul class="things">${advice.value.map((one) => html`<li key=${one.id + (one.text.address ?? "")}><span class="fault"><span class=${"t-" + (one.tone || "info")}><${Icon} name=${icon[one.tone]} size="16" /></span>${t("security.advice." + one.id, one.text)}</span>${one.run && html`<button class="btn sm" type="button" onClick=${one.run}>${t("show")}</button>`}</li>`)}</ul>` : html`<${Empty} icon="circle-check" title=${t("security.fine")} text=${t("security.fine.why")} />`}
        <//>
      </div>
      <${ListCard} title=${t("security.events")} hint=${t("security.events.hint")} sub=${s.events.data?.cut ? t("security.cut") : undefined} resource=${s.events} rows=${s.events.data?.lines} rowKey=${(line) => line.number} columns=${columns.value} file="sign-ins" order="-at" search=${(line) => line.action + line.subject + line.address + (names.value.get(line.subject) ?? "")} onOpen=${(line) => setQuery({ tab: "audit", peek: String(line.number) })}>${{
        empty: () => html`<${Empty} icon="shield-check" title=${t("security.quiet")} text=${t("security.quiet.why")} />`,
      }}<//>
    </div>`;
  },
};
