// Channels: where people are told, how messages get on, and a message to try each out.
import { computed, reactive, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { Editor, remove } from "../../lib/editor.js";
import { Act, ListCard } from "../../lib/list.js";
import { route, setQuery } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { toast } from "../../lib/toast.js";
import { Badge, Empty, errorWords, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

const KINDS = ["webhook", "slack", "feishu", "dingtalk", "wecom", "mail"];
const ICONS = { webhook: "webhook", mail: "mail" };

export const Channels = {
  props: ["state", "channels", "made", "names", "scopes"],
  setup(p) {
    const edited = ref(/** @type {any} */ (null)), trying = reactive(new Set());
    const counts = computed(() => new Map((p.state.data?.deliveries ?? []).map((one) => [one.channel, one])));
    async function attempt(channel) {
      trying.add(channel.id);
      try {
        const answer = await api("POST", `/alert-channels/${encodeURIComponent(channel.id)}/test`, {});
        toast(answer.delivered ? t("alerts.test.done", { name: channel.name }) : t("alerts.test.failed", { name: channel.name, why: answer.failure }), { bad: !answer.delivered });
      } catch (error) {
        toast(errorWords(error), { bad: true });
      }
      trying.delete(channel.id);
      p.state.reload();
    }
    const fields = computed(() => [
      { name: "kind", label: t("alerts.channel.kind"), type: "select", fixed: true, required: true, options: KINDS.map((kind) => [kind, t("alerts.channel." + kind)]) },
      { name: "name", label: t("alerts.name"), required: true, placeholder: "ops" },
      { name: "url", label: t("alerts.channel.url"), hint: t("alerts.channel.url.hint"), placeholder: "https://", whole: true, when: (entry) => entry.kind !== "mail" },
      { name: "signing_secret", label: t("alerts.channel.secret"), hint: t("alerts.channel.secret.hint"), type: "password", whole: true, when: (entry) => ["webhook", "feishu", "dingtalk"].includes(entry.kind) },
      { name: "recipients", label: t("alerts.channel.recipients"), hint: t("alerts.channel.recipients.hint"), type: "list", whole: true, when: (entry) => entry.kind === "mail" },
      { name: "language", label: t("alerts.channel.language"), type: "select", options: [["en", "English"], ["zh-CN", "中文"]] },
      { name: "link", label: t("alerts.channel.link"), hint: t("alerts.channel.link.hint"), placeholder: location.origin },
      { name: "usual_rules", label: t("alerts.channel.usual"), hint: t("alerts.channel.usual.hint"), type: "check", whole: true },
      { name: "enabled", label: t("alerts.enabled"), type: "check", whole: true },
    ]);
    const columns = computed(() => [
      { id: "name", label: t("alerts.name"), sort: (channel) => channel.name.toLowerCase(), cell: (channel) => html`<span class="branch"><${Icon} name=${ICONS[channel.kind] ?? "message-square"} size="15" /><b class="model">${channel.name}</b></span>` },
      { id: "kind", label: t("alerts.channel.kind"), width: 150, sort: (channel) => channel.kind, cell: (channel) => t("alerts.channel." + channel.kind) },
      { id: "to", label: t("alerts.channel.to"), cell: (channel) => channel.kind === "mail" ? channel.recipients.join(", ") : html`<span class="mono dim">${channel.url ?? "–"}</span>` },
      { id: "usual", label: t("alerts.channel.usual.short"), width: 130, cell: (channel) => t(channel.usual_rules ? "yes" : "no") },
      { id: "delivered", label: t("alerts.channel.delivered"), num: true, width: 110, sort: (channel) => counts.value.get(channel.id)?.delivered ?? 0, cell: (channel) => f.num(counts.value.get(channel.id)?.delivered ?? 0) },
      { id: "failed", label: t("alerts.channel.given_up"), num: true, width: 110, sort: (channel) => counts.value.get(channel.id)?.given_up ?? 0, title: (channel) => counts.value.get(channel.id)?.last_failure, cell: (channel) => f.num(counts.value.get(channel.id)?.given_up ?? 0) },
      { id: "waiting", label: t("alerts.channel.waiting"), num: true, width: 100, sort: (channel) => counts.value.get(channel.id)?.waiting ?? 0, cell: (channel) => f.num(counts.value.get(channel.id)?.waiting ?? 0) },
      { id: "state", label: t("alerts.state"), width: 100, cell: (channel) => html`<${Badge} tone=${channel.enabled ? "good" : ""} text=${t(channel.enabled ? "alerts.on" : "alerts.off")} />` },
      { id: "act", label: "", width: 210, cell: (channel) => can("alerts:write") && html`<span class="row"><button class="btn sm" type="button" disabled=${trying.has(channel.id)} onClick=${() => attempt(channel)}><${Icon} name="send" size="14" />${t("alerts.test")}</button><${Act} icon="pencil" label=${`${t("edit")}: ${channel.name}`} onClick=${() => (edited.value = channel)} /><${Act} icon="trash-2" label=${`${t("remove")}: ${channel.name}`} onClick=${() => remove("/alert-channels", channel, t("alerts.remove.channel"), p.channels.reload)} /></span>` },
    ]);
    const add = () => setQuery({ new: "channel" });
    const close = () => {
      edited.value = null;
      setQuery({ new: null }, { replace: true });
    };
    return () => html`
      <${ListCard} title=${t("alerts.tab.channels")} hint=${t("alerts.channels.hint")} resource=${p.channels} rows=${p.channels.data} columns=${columns.value} file="alert-channels" order="name" search=${(channel) => channel.name + channel.kind}>${{
        actions: () => can("alerts:write") && html`<button class="btn primary" type="button" onClick=${add}><${Icon} name="plus" size="15" />${t("alerts.new.channel")}</button>`,
        empty: () => html`<${Empty} icon="bell" title=${t("alerts.no_channels")} text=${t("alerts.begin.why")}>${can("alerts:write") && html`<button class="btn primary" type="button" onClick=${add}>${t("alerts.new.channel")}</button>`}<//>`,
      }}<//>
      <${Editor} open=${Boolean(edited.value) || route.query.new === "channel"} title=${edited.value ? `${t("edit")}: ${edited.value.name}` : t("alerts.new.channel")} path="/alert-channels" of=${edited.value} defaults=${{ kind: "webhook", language: "en", usual_rules: true, enabled: true }} fields=${fields.value} wide=${true} onClose=${close} onSaved=${() => (p.channels.reload(), p.state.reload())} />`;
  },
};
