// The messages that all columns are asked with, and what is filled into them.
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { Icon } from "../../lib/ui.js";
import { desk } from "./desk.js";

const ROLES = ["system", "user", "assistant"];

export const Messages = ({ names }) => html`
  <ul class="messages">${desk.messages.map((one, i) => html`<li key=${i} class=${one.role}>
    <div class="m-h"><select class="role" aria-label=${t("playground.role.n", { n: i + 1 })} value=${one.role} onChange=${(event) => (one.role = event.target.value)}>${ROLES.map((role) => html`<option key=${role} value=${role} selected=${role === one.role}>${t("playground.role." + role)}</option>`)}</select>
      ${desk.messages.length > 1 && html`<button class="icon-b sm" type="button" aria-label=${t("playground.take", { n: i + 1 })} onClick=${() => desk.messages.splice(i, 1)}><${Icon} name="trash-2" size="14" /></button>`}</div>
    <textarea aria-label=${t("playground.text.n", { n: i + 1, role: t("playground.role." + one.role) })} rows=${one.role === "user" ? 4 : 2} value=${one.text} placeholder=${t("playground.role." + one.role + ".hint")} onInput=${(event) => (one.text = event.target.value)}></textarea></li>`)}</ul>
  <p class="row"><button class="btn sm" type="button" onClick=${() => desk.messages.push({ role: desk.messages.at(-1)?.role === "user" ? "assistant" : "user", text: "" })}><${Icon} name="plus" size="14" />${t("playground.message")}</button></p>
  ${names.length > 0 && html`<div class="form three vars" role="group" aria-label=${t("playground.variables")}>${names.map((name) => html`<label key=${name} class="field"><span class="mono">${"{{" + name + "}}"}</span><span class="input"><input value=${desk.values[name] ?? ""} onInput=${(event) => (desk.values[name] = event.target.value)} /></span></label>`)}</div>`}`;
Messages.props = ["names"];
