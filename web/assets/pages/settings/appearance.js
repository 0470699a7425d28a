// How the console looks, kept in this browser; and language and zone, kept with one's account.
import { reactive } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { prefs } from "../../lib/prefs.js";
import { session, whoIsThere } from "../../lib/session.js";
import { toast } from "../../lib/toast.js";
import { Card, FormError, Segmented, SelectField, useForm } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

/** All zones that the browser knows. */
export const zones = () => [...new Set(["UTC", f.zone(), ...Intl.supportedValuesOf("timeZone")])].sort();

const Preferences = {
  setup() {
    const known = session.me.account?.preferences ?? {};
    const entry = reactive({ time_zone: known.time_zone ?? f.zone() });
    const form = useForm(async () => {
      await api("PATCH", "/me/preferences", { body: { language: prefs.lang === "zh" ? "zh-CN" : "en", time_zone: entry.time_zone } });
      toast(t("saved"));
      await whoIsThere();
    });
    return () => html`
      <${Card} title=${t("settings.preferences")} hint=${t("settings.preferences.hint")}><form class="form two" onSubmit=${form.submit}>
        <${SelectField} model=${entry} name="time_zone" label=${t("settings.zone")} error=${form.fields.value.time_zone} options=${zones().map((zone) => [zone, zone])} />
        <div class="whole"><${FormError} error=${form.error.value} /></div><div class="whole"><button class="btn primary" type="submit" disabled=${form.busy.value}>${t("save")}</button></div></form><//>`;
  },
};

export const Appearance = {
  setup() {
    return () => html`<div class="stack">
      <${Card} title=${t("settings.tab.appearance")}><div class="choices">
        <div><b>${t("settings.theme")}</b><${Segmented} label=${t("settings.theme")} value=${prefs.theme} onPick=${(theme) => (prefs.theme = theme)} options=${[["light", t("settings.light")], ["dark", t("settings.dark")]]} /></div>
        <div><b>${t("settings.language")}</b><${Segmented} label=${t("settings.language")} value=${prefs.lang} onPick=${(lang) => (prefs.lang = lang)} options=${[["en", "English"], ["zh", "中文"]]} /></div></div>
        <p class="muted foot-links">${t("settings.in_browser")}</p><//>
      ${session.me?.account && html`<${Preferences} />`}
    </div>`;
  },
};
