// More money for a while, with a reason that the audit log keeps.
import { reactive, watch } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api, once } from "../../lib/api.js";
import { Dialog } from "../../lib/dialog.js";
import { toast } from "../../lib/toast.js";
import { FormError, TextField, useForm } from "../../lib/ui.js";

/** A time as the field for local times has it. @param {number} time milliseconds */
const local = (time) => new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

export const Override = {
  props: ["open", "budget", "onClose", "onSaved"],
  setup(p) {
    const entry = reactive({ extra: "", until: "", reason: "" });
    let name = once();
    watch(() => p.open, (open) => {
      if (!open) return;
      Object.assign(entry, { extra: "", until: local(Date.now() + 86_400_000), reason: "" });
      form.error.value = null;
    });
    const form = useForm(async () => {
      await api("POST", `/budgets/${encodeURIComponent(p.budget.id)}/override`, { once: name, version: p.budget.version, body: { extra: entry.extra.trim(), until: new Date(entry.until).toISOString(), reason: entry.reason } });
      name = once();
      toast(t("budgets.override.done"));
      p.onSaved();
      p.onClose();
    });
    return () => html`
      <${Dialog} open=${p.open} title=${t("budgets.override")} keep="form" onClose=${p.onClose}>
        <form class="form" onSubmit=${form.submit}><p class="soft">${t("budgets.override.text")}</p>
          <${TextField} model=${entry} name="extra" label=${t("budgets.override.extra")} error=${form.fields.value.extra} suffix=${p.budget?.currency ?? "USD"} required=${true} placeholder="50" />
          <${TextField} model=${entry} name="until" type="datetime-local" label=${t("budgets.override.until")} error=${form.fields.value.until} required=${true} />
          <${TextField} model=${entry} name="reason" label=${t("confirm.reason")} error=${form.fields.value.reason} required=${true} />
          <${FormError} error=${form.error.value} />
          <div class="dr-f"><button class="btn primary" type="submit" disabled=${form.busy.value}>${t("budgets.override")}</button><button class="btn" type="button" onClick=${p.onClose}>${t("cancel")}</button></div></form>
      <//>`;
  },
};
