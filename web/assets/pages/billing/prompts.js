// Occasions on which a larger plan would serve better.
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { useResource } from "../../lib/resource.js";
import { Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

export const Prompts = {
  props: ["organization", "plans"],
  setup(p) {
    const prompts = useResource(() => [`/organizations/${encodeURIComponent(p.organization.id)}/prompts`], { every: 300 });
    const words = (one) => one.kind === "quota" ? t("billing.prompt.quota", { used: f.compact(one.figures.used_tokens), limit: f.compact(one.figures.limit_tokens) })
      : one.kind === "savings" ? t("billing.prompt.savings", { saved: f.usd(one.figures.saved_usd, 0) }) : t("billing.prompt.feature", { feature: one.figures.feature });
    return () => (prompts.data?.data ?? []).map((one) => html`<p key=${one.kind} class="banner" role="status"><${Icon} name="sparkles" size="16" /><span>${words(one)} ${t("billing.prompt.plan", { plan: p.plans.find((plan) => plan.id === one.suggested_plan)?.name ?? one.suggested_plan })}</span></p>`);
  },
};
