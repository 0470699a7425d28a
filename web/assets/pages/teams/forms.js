// What is asked to make or change tenants and those who hold roles.
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { Icon } from "../../lib/ui.js";

/** @param {any[]} plans */
export const organizationFields = (plans) => [
  { name: "name", label: t("teams.name"), required: true, whole: true },
  { name: "plan", label: t("teams.plan"), type: "select", options: [["", t("none")], ...plans.map((plan) => [plan.id, plan.name])] },
  { name: "currency", label: t("teams.currency"), placeholder: "USD", hint: t("teams.currency.hint") },
  { name: "billing_email", label: t("teams.billing_email"), type: "email" },
  { name: "tags", label: t("teams.tags"), type: "list", hint: t("teams.tags.hint") },
  { name: "prepaid", label: t("teams.prepaid"), type: "check", hint: t("teams.prepaid.hint"), whole: true },
  { name: "active", label: t("teams.active"), type: "check", hint: t("teams.active.organization"), whole: true },
];
export const teamFields = (/** @type {any[]} */ organizations) => [
  { name: "organization", label: t("teams.kind.organization"), type: "select", fixed: true, required: true, whole: true, options: organizations.map((one) => [one.id, one.name]) },
  { name: "name", label: t("teams.name"), required: true },
  { name: "weight", label: t("teams.weight"), type: "number", hint: t("teams.weight.hint") },
  { name: "department", label: t("teams.department") },
  { name: "tags", label: t("teams.tags"), type: "list", hint: t("teams.tags.hint") },
];
export const projectFields = (/** @type {any[]} */ teams) => [
  { name: "team", label: t("teams.kind.team"), type: "select", fixed: true, required: true, whole: true, options: teams.map((one) => [one.id, one.name]) },
  { name: "name", label: t("teams.name"), required: true },
  { name: "department", label: t("teams.department") },
  { name: "tags", label: t("teams.tags"), type: "list", hint: t("teams.tags.hint"), whole: true },
];

/** The roles that somebody holds, and where. @param {any} book */
export const bindingField = (book) => ({
  name: "roles", label: t("teams.roles"), type: "custom",
  render: (/** @type {any} */ entry, /** @type {string | undefined} */ error) => html`
    <fieldset class="bindings"><legend>${t("teams.roles")}</legend>
      ${(entry.roles ?? []).map((/** @type {any} */ one, /** @type {number} */ i) => html`<div class="binding" key=${i}>
        <select aria-label=${t("teams.role")} value=${one.role} onChange=${(event) => (one.role = event.target.value)}>${book.roles.map((role) => html`<option key=${role.id} value=${role.id} selected=${role.id === one.role}>${roleName(role)}</option>`)}</select>
        <span class="muted">${t("teams.within")}</span>
        <select aria-label=${t("teams.scope")} value=${one.scope} onChange=${(event) => (one.scope = event.target.value)}>${book.scopes.map(([id, text]) => html`<option key=${id} value=${id} selected=${id === one.scope}>${text}</option>`)}</select>
        <button class="icon-b sm" type="button" aria-label=${t("teams.role.take")} onClick=${() => entry.roles.splice(i, 1)}><${Icon} name="x" size="15" /></button></div>`)}
      <button class="btn sm" type="button" onClick=${() => entry.roles.push({ role: "developer", scope: "gateway" })}><${Icon} name="plus" size="14" />${t("teams.role.give")}</button>
      ${error && html`<p class="wrong-t" role="alert">${error}</p>`}
    </fieldset>`,
});
export const userFields = (book) => [
  { name: "name", label: t("teams.name"), required: true },
  { name: "email", label: t("teams.email"), type: "email", required: true },
  bindingField(book),
];
export const accountFields = (book) => [{ name: "name", label: t("teams.name"), required: true, whole: true, placeholder: "deploy-bot" }, bindingField(book)];

/** What a role is called: those that come with the gateway in the reader's language. @param {any} role */
export const roleName = (role) => role.builtIn ? t("teams.built_in." + role.name) : role.name;

/** "Admin · Acme". @param {{role: string, scope: string}} binding @param {any} book */
export function bindingText(binding, book) {
  const role = book.roles.find((one) => one.id === binding.role);
  const [kind, id] = binding.scope.split(":");
  return `${role ? roleName(role) : binding.role} · ${kind === "gateway" ? t("teams.gateway") : book.names.get(id) ?? id}`;
}
