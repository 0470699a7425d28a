// Language and time zone: a day of reports is a day of this zone.
import { reactive } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { prefs } from "../../lib/prefs.js";
import { session, whoIsThere } from "../../lib/session.js";
import { FormError, Segmented, SelectField, useForm } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

export const Region = {
  props: ["made", "onNext", "onMade"],
  setup(p) {
    const known = session.me?.account?.preferences ?? {};
    const entry = reactive({ zone: known.time_zone ?? f.zone() });
    const zones = [...new Set(["UTC", entry.zone, ...Intl.supportedValuesOf("timeZone")])].sort();
    const form = useForm(async () => {
      if (session.me?.account) await api("PATCH", "/me/preferences", { body: { language: prefs.lang === "zh" ? "zh-CN" : "en", time_zone: entry.zone } });
      if (session.me?.account) await whoIsThere();
      p.onNext();
    });
    return () => html`
      <form class="form two" onSubmit=${form.submit}>
        <div class="whole field"><b id="setup-language">${t("setup.language")}</b><div><${Segmented} label=${t("setup.language")} value=${prefs.lang} onPick=${(lang) => (prefs.lang = lang)} options=${[["en", "English"], ["zh", "中文"]]} /></div></div>
        <${SelectField} model=${entry} name="zone" label=${t("setup.zone")} error=${form.fields.value.time_zone} options=${zones.map((zone) => [zone, zone])} />
        <div class="whole"><${FormError} error=${form.error.value} /></div>
        <div class="whole row"><button class="btn primary big-b" type="submit" disabled=${form.busy.value}>${t("next")}</button></div>
      </form>`;
  },
};
