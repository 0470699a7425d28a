// Tokens of somebody for the admin API: listed, made (shown once), ended.
import { reactive, ref } from "./vue.js";
import { html } from "./html.js";
import { t } from "./i18n.js";
import { api, once } from "./api.js";
import { confirm, Dialog } from "./dialog.js";
import { useResource } from "./resource.js";
import { toast } from "./toast.js";
import { Badge, Card, Copy, Empty, FormError, Icon, SelectField, TextField, useForm } from "./ui.js";
import * as f from "./format.js";

/** Props: path (such as "/users/user_1/tokens"), may (whether the reader may make and end them). */
export const Tokens = {
  props: ["path", "may"],
  setup(p) {
    const tokens = useResource(() => [p.path]);
    const open = ref(false), made = ref(/** @type {any} */ (null)), entry = reactive({ token: "", days: "90" });
    let name = once();
    const form = useForm(async () => {
      const expires = Number(entry.days) ? new Date(Date.now() + Number(entry.days) * 86_400_000).toISOString() : null;
      made.value = await api("POST", p.path, { once: name, body: { name: entry.token, ...(expires ? { expires_at: expires } : {}) } });
      name = once();
      tokens.reload();
    });
    const close = () => {
      [open.value, made.value, entry.token] = [false, null, ""];
    };
    const end = (token) => confirm({
      title: t("token.end"), text: t("token.end.text", { name: token.name }), action: t("token.end"), reason: true,
      run: async (reason) => {
        await api("DELETE", `${p.path}/${encodeURIComponent(token.id)}`, { reason });
        toast(t("token.ended"));
        tokens.reload();
      },
    });
    const over = (token) => token.revoked_at || (token.expires_at && new Date(token.expires_at) < new Date());
    return () => html`
      <${Card} resource=${tokens} title=${t("token.title")} hint=${t("token.hint")} tall=${160}>${{
        actions: () => p.may && html`<button class="btn sm" type="button" onClick=${() => (open.value = true)}><${Icon} name="plus" size="14" />${t("token.new")}</button>`,
        default: () => tokens.data.data.length ? html`<ul class="things">${tokens.data.data.map((token) => html`<li key=${token.id} class=${over(token) ? "dimmed" : ""}>
            <div><b>${token.name}</b> <span class="mono muted">${token.hint}…</span><br /><small class="muted">${token.revoked_at ? t("token.ended.at", { time: f.ago(token.revoked_at) }) : token.expires_at ? t("token.expires", { time: f.ago(token.expires_at) }) : t("token.never")}</small></div>
            ${over(token) ? html`<${Badge} tone="bad" text=${t("token.over")} />` : p.may && html`<button class="btn sm" type="button" onClick=${() => end(token)}>${t("token.end")}</button>`}</li>`)}</ul>`
          : html`<${Empty} icon="key-round" title=${t("token.none")} text=${t("token.none.why")} />`,
      }}<//>
      <${Dialog} open=${open.value} title=${made.value ? t("token.made") : t("token.new")} keep=${made.value ? "secret" : "form"} onClose=${close}>
        ${made.value ? html`<div class="stack"><p class="soft">${t("token.once")}</p><div class="secret"><code>${made.value.token}</code><${Copy} text=${made.value.token} /></div><div class="dr-f"><button class="btn primary" type="button" onClick=${close}>${t("token.copied")}</button></div></div>`
        : html`<form class="form" onSubmit=${form.submit}><${TextField} model=${entry} name="token" label=${t("token.name")} error=${form.fields.value.name} placeholder="laptop" required=${true} />
          <${SelectField} model=${entry} name="days" label=${t("token.expiry")} error=${form.fields.value.expires_at} options=${[["30", t("token.days", { n: 30 })], ["90", t("token.days", { n: 90 })], ["365", t("token.days", { n: 365 })], ["", t("token.never")]]} />
          <${FormError} error=${form.error.value} /><div class="dr-f"><button class="btn primary" type="submit" disabled=${form.busy.value}>${t("token.new")}</button><button class="btn" type="button" onClick=${close}>${t("cancel")}</button></div></form>`}
      <//>`;
  },
};
