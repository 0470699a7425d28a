// A note that some requests counted as costing nothing, since nobody said what their model costs.
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { useResource } from "../../lib/resource.js";
import { href } from "../../lib/route.js";
import { Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { span } from "./filters.js";
import { filters } from "./scope.js";

export const Unpriced = {
  setup() {
    const usage = useResource(() => ["/usage", { group_by: "model", limit: 1000, percentiles: false, ...span.value, ...filters.value }], { every: 300 });
    return () => {
      const models = (usage.data?.data ?? []).filter((line) => line.unpriced > 0);
      return models.length > 0 && html`<div class="note cost-note" role="status"><${Icon} name="circle-alert" size="16" /><p><b>${t("cost.unpriced", { n: f.num(models.length) })}</b> <span>${models.slice(0, 5).map((line) => line.model).join(", ")}</span></p><a class="btn sm" href=${href("/providers", { tab: "models", sort: "input" })}>${t("cost.unpriced.set")}</a></div>`;
    };
  },
};
