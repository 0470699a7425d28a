// A figure of the first row: name with its definition, value, and what it is compared with.
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { errorWords, Hint, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

/** Props: title, hint, resource, href. Slot: what is under the name. */
export const Kpi = {
  props: ["title", "hint", "resource", "href"],
  setup(p, { slots }) {
    return () => {
      const r = p.resource;
      return html`
        <section class="card kpi plain cost-kpi" aria-label=${p.title} aria-busy=${String(Boolean(r?.loading && !r.data))}>
          <h2>${p.href ? html`<a href=${p.href}>${p.title}</a>` : p.title}<${Hint} label=${p.title} text=${p.hint} /></h2>
          ${r && !r.data ? (r.error ? html`<p class="cost-kpi-e" role="alert"><${Icon} name="circle-alert" size="14" />${errorWords(r.error)} <button class="link" type="button" onClick=${r.reload}>${t("retry")}</button></p>`
            : html`<div class="sk cost-kpi-sk"></div>`)
          : html`<div class=${r?.error ? "dimmed" : r?.fresh === false ? "dimmed soon" : ""} title=${r?.error ? t("state.stale", { time: f.hms(r.at) }) : undefined}>${slots.default?.()}</div>`}
        </section>`;
    };
  },
};
