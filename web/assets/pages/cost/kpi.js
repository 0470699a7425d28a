// A figure of the first row: name with its definition, value, and what it is compared with.
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { errorWords, Hint, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

/** How a figure moved: grey within its calm band, and where neither way is good. */
export const Delta = ({ share, calm = 0.1, good, text }) => {
  if (share === null || share === undefined) return html`<p class="delta"><span class="muted">${text}</span></p>`;
  const tone = Math.abs(share) < calm || !good ? "" : (share > 0) === (good === "up") ? "good" : "bad";
  return html`<p class=${"delta " + tone}><${Icon} name=${share < 0 ? "arrow-down-right" : "arrow-up-right"} size="14" />${share > 0 ? "+" : ""}${f.pct(share, Math.abs(share) < 0.1 ? 1 : 0)}<span class="muted">${text}</span></p>`;
};
Delta.props = ["share", "calm", "good", "text"];

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
