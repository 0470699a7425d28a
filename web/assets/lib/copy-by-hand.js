// The text that the browser did not let be copied, selected; once a page.
import { html } from "./html.js";
import { t } from "./i18n.js";
import { byHand } from "./copy.js";
import { Dialog } from "./dialog.js";

export const CopyByHand = () => html`
  <${Dialog} open=${byHand.text !== null} title=${t("copy.by_hand")} onClose=${() => (byHand.text = null)}>
    <form class="form" onSubmit=${(event) => event.preventDefault()}><p class="soft" id="by-hand-why">${t("copy.by_hand.why")}</p>
      <textarea class="code" readonly rows="4" aria-label=${t("copy.by_hand")} aria-describedby="by-hand-why" value=${byHand.text} onFocus=${(event) => event.target.select()}></textarea></form>
  <//>`;
