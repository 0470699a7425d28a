// Where a request would go, without sending it to anybody.
import { reactive, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { FormError, Icon, useForm } from "../../lib/ui.js";
import { DecisionView } from "./decision.js";

export const DryRun = {
  props: ["name", "patch"],
  setup(p) {
    const entry = reactive({ text: "" }), told = ref(/** @type {any} */ (null));
    const form = useForm(async () => {
      const body = { model: p.name, messages: [{ role: "user", content: entry.text || "Hello." }] };
      told.value = await api("POST", `/routes/${encodeURIComponent(p.name)}/dry-run`, { body: { body } });
    });
    return () => html`
      <form class="form dry" onSubmit=${form.submit}>
        <div class="field"><label for="dry-text">${t("routing.dry.prompt")}</label><textarea id="dry-text" value=${entry.text} placeholder=${t("routing.dry.example")} onInput=${(event) => (entry.text = event.target.value)}></textarea>
          <p class="muted">${t(p.patch ? "routing.dry.old" : "routing.dry.hint")}</p></div>
        <${FormError} error=${form.error.value} />
        <div><button class="btn" type="submit" disabled=${form.busy.value}><${Icon} name="play" size="14" />${t("routing.dry.run")}</button></div>
        ${told.value && html`<div class="told"><${DecisionView} decision=${told.value.decision ?? told.value} /></div>`}
      </form>`;
  },
};
