// The owner: whoever has the code that the gateway printed.
import { computed, reactive, watch } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { prefs } from "../../lib/prefs.js";
import { useFragment } from "../../lib/route.js";
import { session, whoIsThere } from "../../lib/session.js";
import { Strength } from "../../lib/strength.js";
import { FormError, TextField, useForm } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

export const Owner = {
  props: ["made", "onNext", "onMade"],
  setup(p) {
    const given = useFragment("code"), entry = reactive({ code: "", name: "", email: "", password: "" });
    watch(given, (code) => (entry.code = code), { immediate: true });
    const known = computed(() => [entry.name, entry.email.split("@")[0]]);
    const form = useForm(async () => {
      await api("POST", "/setup", { body: { code: entry.code.trim(), name: entry.name, email: entry.email, password: entry.password, language: prefs.lang === "zh" ? "zh-CN" : "en", time_zone: f.zone() } });
      // First where it goes on: who is there decides what is shown.
      p.onNext();
      await whoIsThere();
    });
    return () => html`
      <form class="form two" onSubmit=${form.submit}>
        ${!given.value && html`<div class="whole"><${TextField} model=${entry} name="code" label=${t("setup.code")} hint=${t("setup.code.hint")} error=${form.fields.value.code} required=${true} /></div>`}
        <${TextField} model=${entry} name="name" label=${t("setup.name")} error=${form.fields.value.name} autocomplete="name" required=${true} />
        <${TextField} model=${entry} name="email" type="email" label=${t("setup.email")} error=${form.fields.value.email} autocomplete="username" required=${true} />
        <div class="whole"><${TextField} model=${entry} name="password" type="password" label=${t("setup.password")} error=${form.fields.value.password} autocomplete="new-password" required=${true} /><${Strength} password=${entry.password} known=${known.value} /></div>
        <div class="whole"><${FormError} error=${form.error.value} /></div>
        <div class="whole row"><button class="btn primary big-b" type="submit" disabled=${form.busy.value}>${t("setup.owner.make")}</button>${session.me && html`<button class="btn big-b" type="button" onClick=${() => p.onNext({ step: "provider" })}>${t("setup.later")}</button>`}</div>
      </form>`;
  },
};
