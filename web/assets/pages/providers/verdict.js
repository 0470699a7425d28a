// What a test has shown: whether the list of models came, and whether one of them answered.
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

const Step = ({ good, text, more }) => html`<li><${Icon} name=${good ? "circle-check" : "circle-x"} size="16" label=${t(good ? "providers.passed" : "providers.failed")} /><span><b>${text}</b>${more && html`<br /><span class="muted">${more}</span>`}</span></li>`;
Step.props = ["good", "text", "more"];

export const Verdict = ({ of }) => {
  const listed = of.models_total !== null && of.models_total !== undefined;
  return html`
    <ul class=${"verdict " + (of.ok ? "good" : "bad")} role="status">
      ${listed && html`<${Step} good=${true} text=${t(of.models_total === 1 ? "providers.listed.one" : "providers.listed", { n: f.num(of.models_total) })} more=${of.latency_ms == null ? "" : f.ms(of.latency_ms)} />`}
      ${of.call && html`<${Step} good=${of.call.ok} text=${t(of.call.ok ? "providers.answered" : "providers.unanswered", { model: of.call.model })} more=${of.call.error ?? f.ms(of.call.latency_ms)} />`}
      ${of.error && of.error !== of.call?.error && html`<${Step} good=${false} text=${t("providers.refused")} more=${of.error} />`}
    </ul>`;
};
Verdict.props = ["of"];
