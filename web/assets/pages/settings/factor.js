// The second factor: set up by a picture or a text, confirmed by a code, with recovery codes that are shown once.
import { reactive, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { download } from "../../lib/csv.js";
import { QR } from "../../lib/qr.js";
import { session, whoIsThere } from "../../lib/session.js";
import { toast } from "../../lib/toast.js";
import { Badge, Card, Copy, FormError, Icon, TextField, useForm } from "../../lib/ui.js";

export const Factor = {
  setup() {
    const proposed = ref(/** @type {any} */ (null)), codes = ref(/** @type {string[] | null} */ (null)), removing = ref(false), entry = reactive({ code: "", password: "" });
    const begin = useForm(async () => {
      proposed.value = await api("POST", "/me/second-factor", { body: entry.password ? { current: entry.password } : {} });
      entry.password = "";
    });
    const finish = useForm(async () => {
      codes.value = (await api("POST", "/me/second-factor/confirm", { body: { code: entry.code.replaceAll(" ", "") } })).recovery_codes;
      [proposed.value, entry.code] = [null, ""];
      await whoIsThere();
    });
    const end = useForm(async () => {
      await api("DELETE", "/me/second-factor", { body: hasPassword() ? { password: entry.password } : { code: entry.code.trim() } });
      [removing.value, entry.password, entry.code] = [false, "", ""];
      toast(t("settings.factor.removed"));
      await whoIsThere();
    });
    const has = () => session.me.account?.has_second_factor, hasPassword = () => session.me.account?.has_password;
    /** @param {any} form */
    const password = (form) => html`<${TextField} model=${entry} name="password" type="password" label=${t("settings.password.current")} error=${form.fields.value.password ?? form.fields.value.current} autocomplete="current-password" required=${true} />`;
    return () => html`
      <${Card} title=${t("settings.factor")} hint=${t("settings.factor.hint")}>
        ${codes.value ? html`<div class="stack"><p class="soft">${t("settings.factor.codes")}</p><ul class="codes mono">${codes.value.map((code) => html`<li key=${code}>${code}</li>`)}</ul>
            <div class="row"><button class="btn" type="button" onClick=${() => download("sira-recovery-codes.txt", codes.value?.join("\n") + "\n", "text/plain")}><${Icon} name="download" size="15" />${t("settings.factor.save")}</button><${Copy} text=${codes.value.join("\n")} /><button class="btn primary" type="button" onClick=${() => (codes.value = null)}>${t("settings.factor.kept")}</button></div></div>`
        : proposed.value ? html`<form class="form" onSubmit=${finish.submit}><div class="scan"><${QR} text=${proposed.value.uri} label=${t("settings.factor.picture")} /><div class="stack"><p class="soft">${t("settings.factor.scan")}</p><div class="secret"><code>${proposed.value.secret}</code><${Copy} text=${proposed.value.secret} /></div><a href=${proposed.value.uri}>${t("settings.factor.open")}</a></div></div>
            <${TextField} model=${entry} name="code" label=${t("settings.factor.code")} error=${finish.fields.value.code} autocomplete="one-time-code" required=${true} /><${FormError} error=${finish.error.value} />
            <div class="row"><button class="btn primary" type="submit" disabled=${finish.busy.value}>${t("settings.factor.confirm")}</button><button class="btn" type="button" onClick=${() => (proposed.value = null)}>${t("cancel")}</button></div></form>`
        : has() ? html`<div class="stack"><p><${Badge} tone="good" text=${t("settings.factor.on")} /> <span class="soft">${t("settings.factor.left", { n: session.me.account.recovery_codes })}</span></p>
            ${removing.value ? html`<form class="form" onSubmit=${end.submit}>${hasPassword() ? password(end) : html`<${TextField} model=${entry} name="code" label=${t("settings.factor.code.or")} error=${end.fields.value.code} autocomplete="one-time-code" required=${true} />`}<${FormError} error=${end.error.value} /><div class="row"><button class="btn danger" type="submit" disabled=${end.busy.value}>${t("settings.factor.remove")}</button><button class="btn" type="button" onClick=${() => (removing.value = false)}>${t("cancel")}</button></div></form>`
            : html`<div class="row"><button class="btn" type="button" onClick=${() => (removing.value = true)}>${t("settings.factor.remove")}</button></div>`}</div>`
        : html`<form class="form" onSubmit=${begin.submit}><p class="soft">${t("settings.factor.why")}</p>${hasPassword() && password(begin)}<${FormError} error=${begin.error.value} /><div class="row"><button class="btn primary" type="submit" disabled=${begin.busy.value}><${Icon} name="shield-check" size="15" />${t("settings.factor.begin")}</button></div></form>`}
      <//>`;
  },
};
