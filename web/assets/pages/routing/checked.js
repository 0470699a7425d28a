// What a change would come to: what is wrong with it, or what becomes other.
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { FormError, Icon } from "../../lib/ui.js";

const shown = (value) => value === null || value === undefined ? "–" : typeof value === "string" ? value : JSON.stringify(value);

export const Checked = ({ result, error }) => {
  if (error) return html`<${FormError} error=${error} />`;
  if (!result) return null;
  if (result.errors?.length) {
    return html`<div class="form-error" role="alert"><${Icon} name="circle-alert" size="15" /><ul>${result.errors.map((one) => html`<li key=${one.path}><code>${one.path}</code> ${one.message}</li>`)}</ul></div>`;
  }
  return html`
    <div class="diff" role="status"><p><b>${result.changes.length ? t("routing.changes") : t("routing.changes.none")}</b></p>
      ${result.changes.map((one) => html`<dl key=${one.path}><dt class="mono">${one.path}</dt><dd class="was"><span class="hear">${t("routing.was")}</span>${shown(one.before)}</dd><dd class="is"><span class="hear">${t("routing.is")}</span>${shown(one.after)}</dd></dl>`)}
      ${(result.warnings ?? []).map((words) => html`<p key=${words} class="warned"><${Icon} name="triangle-alert" size="14" />${words}</p>`)}</div>`;
};
Checked.props = ["result", "error"];
