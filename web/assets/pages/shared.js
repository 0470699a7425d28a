// A report that somebody shared by a link; who has the link needs no account.
import { shallowReactive } from "../lib/vue.js";
import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { api } from "../lib/api.js";
import { download, fileName } from "../lib/csv.js";
import { Empty, Failed, Icon } from "../lib/ui.js";
import { giveZone } from "../lib/zone.js";
import * as f from "../lib/format.js";
import { byId } from "./cost/figures.js";
import { asCSV } from "./cost/report-files.js";
import { answered, assemble } from "./cost/report-parts.js";
import { Sheet } from "./cost/report-sheet.js";
import { giveNames } from "./cost/scope.js";

// Its words come with the sheet.
export const styles = ["cost"];

/** Who has no name: whoever works on the machine, or holds the admin token. */
const OPERATORS = new Set(["local", "token:admin"]);

/** How often a link is tried that somebody else is just opening, and how long is waited before, in milliseconds. */
const ATTEMPTS = 20, PAUSE = 1500;

/** What is behind a link; one reader at a time is let in. @param {string} token */
async function read(token) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await api("POST", "/reports/shared", { body: { token } });
    } catch (error) {
      if (/** @type {any} */ (error).code !== "too_many_readers" || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

/** The report of an answer. @param {any} answer */
function reportOf(answer) {
  const view = JSON.parse(answer.view);
  giveNames(view.called);
  giveZone(view.zone);
  const parts = Object.fromEntries(view.names.map((/** @type {string} */ name, /** @type {number} */ i) => {
    const data = name === "now" || name === "before" ? byId(answer.answers[i]) : answer.answers[i];
    return [name, answered(data)];
  }));
  return assemble(view, parts);
}

export default {
  setup() {
    const state = shallowReactive({ answer: /** @type {any} */ (null), report: /** @type {any} */ (null), error: /** @type {any} */ (null) });
    async function open() {
      state.error = null;
      try {
        state.answer = await read(location.hash.slice(1));
        state.report = reportOf(state.answer);
      } catch (error) {
        state.error = error;
      }
    }
    open();
    const save = () => download(fileName("report-" + state.report.times.period), asCSV(state.report));
    return () => html`
      <div class="shared-page">
        ${state.error ? html`<section class="card">${state.error.code === "not_shared" || state.error.status === 422 ? html`<${Empty} icon="link" title=${t("shared.gone")} text=${t("shared.gone.why")} />` : html`<${Failed} error=${state.error} onRetry=${open} />`}</section>`
        : !state.report ? html`<div class="sk" style=${{ height: "60vh" }}></div>`
        : html`
          <header class="noprint shared-head"><div><h1>${state.answer.title}</h1><p class="muted">${t("shared.by", { name: OPERATORS.has(state.answer.by) ? t("shared.operator") : state.answer.by, at: f.full(Date.parse(state.answer.expires_at) / 1000) })}</p></div><span class="grow"></span>
            <button class="btn" type="button" onClick=${save}><${Icon} name="download" size="15" />CSV</button>
            <button class="btn primary" type="button" onClick=${() => print()}><${Icon} name="file-text" size="15" />${t("cost.report.print")}</button></header>
          <${Sheet} report=${state.report} />`}
      </div>`;
  },
};
