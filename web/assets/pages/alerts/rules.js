// Rules: those in force, with those that hold without anybody making them; made, changed, switched off.
import { computed, ref, shallowReactive } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api, once } from "../../lib/api.js";
import { Dialog } from "../../lib/dialog.js";
import { Editor, remove } from "../../lib/editor.js";
import { Act, ListCard } from "../../lib/list.js";
import { route, setQuery } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { toast } from "../../lib/toast.js";
import { Badge, errorWords, Icon } from "../../lib/ui.js";
import { condition, entered, figure, KINDS, span, tone } from "./kinds.js";
import { scopeText } from "./words.js";

const SOON = 2_200;

export const Rules = {
  props: ["state", "channels", "made", "names", "scopes"],
  setup(p) {
    const kind = ref(/** @type {string | null} */ (null));
    /** The rules in force follow within two seconds of what was changed. */
    function reload() {
      p.made.reload();
      setTimeout(p.state.reload, SOON);
    }
    const madeById = computed(() => new Map((p.made.data ?? []).map((rule) => [rule.id, rule])));
    // What is changed is in the address: ?edit=rule_… or ?edit=usual:error_rate.
    const edited = computed(() => {
      const id = route.query.edit;
      if (!id) return null;
      return madeById.value.get(id) ?? (p.state.data?.rules ?? []).find((rule) => rule.id === id) ?? null;
    });
    const watched = computed(() => kind.value ?? edited.value?.kind ?? "error_rate");
    const close = () => {
      kind.value = null;
      setQuery({ edit: null }, { replace: true });
    };
    const usual = computed(() => (p.state.data?.rules ?? []).find((rule) => rule.id === "usual:" + watched.value));
    const channelField = { name: "channels", label: t("alerts.tab.channels"), type: "custom", render: (entry) => html`<fieldset class="picks"><legend>${t("alerts.tab.channels")}</legend>
      ${(p.channels.data ?? []).map((channel) => html`<label key=${channel.id}><input type="checkbox" checked=${entry.channels?.includes(channel.id)} onChange=${(event) => (entry.channels = event.target.checked ? [...(entry.channels ?? []), channel.id] : entry.channels.filter((id) => id !== channel.id))} />${channel.name}</label>`)}
      ${!p.channels.data?.length && html`<p class="muted">${t("alerts.no_channel")}</p>`}</fieldset>` };
    const fields = computed(() => {
      const scope = edited.value?.scope, known = new Set(["", "gateway", ...p.scopes.map(([id]) => id)]);
      return [
        { name: "name", label: t("alerts.name"), placeholder: t("alerts.kind." + watched.value), whole: true },
        ...(KINDS[watched.value]?.unit === "state" ? [] : [{ name: "threshold", label: t("alerts.threshold." + (KINDS[watched.value]?.side ?? "over")), hint: usual.value && t("alerts.usual", { figure: figure(watched.value, usual.value.threshold) }), type: "money", ...entered(watched.value) }]),
        { name: "for_seconds", label: t("alerts.lasting"), type: "number", scale: 1 / 60, suffix: t("alerts.minutes"), hint: t("alerts.lasting.hint") },
        { name: "scope", label: t("alerts.scope"), type: "select", options: [["", t("alerts.everything")], ["gateway", t("alerts.scope.gateway")], ...["organization", "team", "project", "key", "provider", "model"].map((one) => [one + ":*", t("alerts.scope.each", { kind: t("alerts.scope." + one) })]), ...p.scopes, ...(scope && !known.has(scope) && !scope.endsWith(":*") ? [[scope, scopeText(scope, p.names)]] : [])] },
        { name: "severity", label: t("alerts.severity"), type: "select", options: [["", t("alerts.usual.word")], ...["info", "warning", "critical"].map((one) => [one, t("alerts.severity." + one)])] },
        { name: "repeat_seconds", label: t("alerts.repeat"), type: "number", scale: 1 / 3_600, suffix: "h", hint: t("alerts.repeat.hint") },
        ...(["error_rate", "cache_hit_drop"].includes(watched.value) ? [{ name: "least_requests", label: t("alerts.least"), type: "number", hint: t("alerts.least.hint") }] : []),
        channelField,
        { name: "enabled", label: t("alerts.enabled"), type: "check", whole: true },
      ];
    });
    /** A usual rule is changed by making one of its kind in its place. */
    const isUsual = computed(() => edited.value?.id.startsWith("usual:"));
    const defaults = computed(() => isUsual.value ? { ...edited.value, name: "", channels: (p.channels.data ?? []).filter((channel) => channel.usual_rules).map((channel) => channel.id) } : { enabled: true, repeat_seconds: 14_400, channels: (p.channels.data ?? []).map((channel) => channel.id) });
    /** Those that are being switched, until the list tells of it: a usual rule switched twice would become two. */
    const flipping = shallowReactive(/** @type {Set<string>} */ (new Set()));
    async function flip(rule) {
      if (flipping.has(rule.id)) return;
      flipping.add(rule.id);
      setTimeout(() => flipping.delete(rule.id), 2 * SOON);
      try {
        if (rule.id.startsWith("usual:")) await api("POST", "/alert-rules", { once: once(), body: { kind: rule.kind, enabled: !rule.enabled, channels: (p.channels.data ?? []).filter((channel) => channel.usual_rules).map((channel) => channel.id) } });
        else await api("PATCH", `/alert-rules/${encodeURIComponent(rule.id)}`, { body: { enabled: !rule.enabled }, version: madeById.value.get(rule.id)?.version });
        toast(t("saved"));
      } catch (error) {
        flipping.delete(rule.id);
        toast(errorWords(error), { bad: true });
      }
      reload();
    }
    const firing = computed(() => new Set((p.state.data?.conditions ?? []).filter((one) => one.phase === "firing").map((one) => one.rule)));
    const told = (rule) => rule.id.startsWith("usual:") ? (p.channels.data ?? []).filter((channel) => channel.usual_rules) : rule.channels.map((id) => (p.channels.data ?? []).find((channel) => channel.id === id) ?? { name: id });
    const columns = computed(() => [
      { id: "name", label: t("alerts.name"), width: 250, sort: (rule) => rule.name || t("alerts.kind." + rule.kind), cell: (rule) => html`<span class="branch"><${Icon} name=${KINDS[rule.kind]?.icon ?? "bell"} size="15" /><b class="model">${rule.name || t("alerts.kind." + rule.kind)}</b>${rule.id.startsWith("usual:") && html`<${Badge} text=${t("alerts.usual.badge")} />`}</span>` },
      { id: "condition", label: t("alerts.condition"), csv: condition, cell: condition },
      { id: "scope", label: t("alerts.scope"), width: 160, csv: (rule) => rule.scope ?? "", cell: (rule) => rule.scope ? scopeText(rule.scope, p.names) : t("alerts.everything") },
      { id: "severity", label: t("alerts.severity"), width: 110, sort: (rule) => rule.severity, cell: (rule) => html`<${Badge} tone=${tone(rule.severity)} text=${t("alerts.severity." + rule.severity)} />` },
      { id: "channels", label: t("alerts.told"), width: 130, csv: (rule) => told(rule).map((channel) => channel.name).join("; "), cell: (rule) => told(rule).length ? told(rule).map((channel) => channel.name).join(", ") : html`<span class="muted">${t("alerts.nobody")}</span>` },
      { id: "repeat", label: t("alerts.repeat"), width: 110, csv: (rule) => rule.repeat_seconds ?? 0, cell: (rule) => rule.repeat_seconds ? span(rule.repeat_seconds) : t("alerts.never") },
      { id: "state", label: t("alerts.state"), width: 100, sort: (rule) => `${firing.value.has(rule.id) ? 0 : rule.enabled ? 1 : 2}`, csv: (rule) => firing.value.has(rule.id) ? "firing" : rule.enabled ? "on" : "off", cell: (rule) => html`<${Badge} tone=${firing.value.has(rule.id) ? "bad" : rule.enabled ? "good" : ""} text=${t(firing.value.has(rule.id) ? "alerts.firing" : rule.enabled ? "alerts.on" : "alerts.off")} />` },
      { id: "act", label: "", width: 124, cell: (rule) => can("alerts:write") && html`<span class="row"><${Act} icon=${rule.enabled ? "bell-off" : "bell"} label=${`${t(rule.enabled ? "alerts.switch_off" : "alerts.switch_on")}: ${rule.name || t("alerts.kind." + rule.kind)}`} disabled=${flipping.has(rule.id)} onClick=${() => flip(rule)} />
        <${Act} icon="pencil" label=${`${t("edit")}: ${rule.name || t("alerts.kind." + rule.kind)}`} onClick=${() => setQuery({ edit: rule.id })} />
        ${madeById.value.has(rule.id) && html`<${Act} icon="trash-2" label=${`${t("remove")}: ${rule.name || t("alerts.kind." + rule.kind)}`} onClick=${() => remove("/alert-rules", madeById.value.get(rule.id), t("alerts.remove.rule"), reload)} />`}</span>` },
    ]);
    return () => html`
      <${ListCard} title=${t("alerts.tab.rules")} hint=${t("alerts.rules.hint")} resource=${p.state} rows=${p.state.data?.rules} columns=${columns.value} file="alert-rules" order="name" search=${(rule) => rule.name + rule.kind + t("alerts.kind." + rule.kind)}>${{
        actions: () => can("alerts:write") && html`<button class="btn primary" type="button" onClick=${() => setQuery({ new: "rule" })}><${Icon} name="plus" size="15" />${t("alerts.new.rule")}</button>`,
      }}<//>
      <${Dialog} open=${route.query.new === "rule"} title=${t("alerts.what")} wide=${true} onClose=${() => setQuery({ new: null }, { replace: true })}>
        <ul class="kinds">${Object.entries(KINDS).map(([id, { icon }]) => html`<li key=${id}><button type="button" onClick=${() => { kind.value = id; setQuery({ new: null }, { replace: true }); }}><${Icon} name=${icon} size="17" /><span><b>${t("alerts.kind." + id)}</b><small>${t("alerts.about." + id)}</small></span></button></li>`)}</ul>
      <//>
      <${Editor} open=${Boolean((kind.value || edited.value) && p.channels.data)} title=${t("alerts.kind." + watched.value)} note=${isUsual.value ? t("alerts.usual.change") : t("alerts.about." + watched.value)} path="/alert-rules" of=${edited.value && !isUsual.value ? edited.value : null} defaults=${defaults.value} fields=${fields.value} wide=${true}
        send=${edited.value && !isUsual.value ? undefined : (body, name) => api("POST", "/alert-rules", { once: name, body: { ...body, kind: watched.value } })} onClose=${close} onSaved=${reload} />`;
  },
};
