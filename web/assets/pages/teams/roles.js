// What roles may do: those that come with the gateway, and one's own, beside each other.
import { computed, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { csv, download, fileName } from "../../lib/csv.js";
import { Editor, remove } from "../../lib/editor.js";
import { Act } from "../../lib/list.js";
import { can } from "../../lib/session.js";
import { Card, Icon } from "../../lib/ui.js";
import { roleName } from "./forms.js";

export const Roles = {
  props: ["lists", "keys", "book"],
  setup(p) {
    const edited = ref(/** @type {any} */ (null));
    const areas = computed(() => [...new Set((p.book.roles[0]?.permissions ?? []).map((one) => one.split(":")[0]))].sort());
    const users = computed(() => {
      const count = new Map();
      for (const holder of [...(p.lists.users.data ?? []), ...(p.lists.accounts.data ?? [])]) for (const id of new Set(holder.roles.map((one) => one.role))) count.set(id, (count.get(id) ?? 0) + 1);
      return count;
    });
    const level = (role, area) => role.permissions.includes(area + ":write") ? "write" : role.permissions.includes(area + ":read") ? "read" : "";
    const word = (name) => name ? t(name === "write" ? "teams.write" : "teams.read") : "–";
    const save = () => download(fileName("roles"), csv(["permission", ...p.book.roles.map((role) => role.name)], areas.value.flatMap((area) => ["read", "write"].map((verb) => [`${area}:${verb}`, ...p.book.roles.map((role) => role.permissions.includes(`${area}:${verb}`) ? "yes" : "")]))));
    const toggle = (entry, permission) => {
      const [area, verb] = permission.split(":"), has = entry.permissions.includes(permission);
      let next = has ? entry.permissions.filter((one) => one !== permission) : [...entry.permissions, permission];
      // Who may change a thing has to see it.
      if (!has && verb === "write" && !next.includes(area + ":read")) next.push(area + ":read");
      if (has && verb === "read") next = next.filter((one) => one !== area + ":write");
      entry.permissions = next.sort();
    };
    const fields = () => [
      { name: "name", label: t("teams.name"), required: true, whole: true },
      { name: "permissions", label: t("teams.permissions"), type: "custom", render: (entry, error) => html`
        <fieldset class="bindings"><legend>${t("teams.permissions")}</legend><div class="grants">${areas.value.map((area) => html`<div key=${area}><span>${t("teams.area." + area)}</span>${["read", "write"].map((verb) => html`<label key=${verb}><input type="checkbox" checked=${entry.permissions?.includes(`${area}:${verb}`)} onChange=${() => toggle(entry, `${area}:${verb}`)} />${t("teams." + verb)}</label>`)}</div>`)}</div>
        ${error && html`<p class="wrong-t" role="alert">${error}</p>`}</fieldset>` },
    ];
    return () => html`
      <${Card} title=${t("teams.tab.roles")} hint=${t("teams.roles.hint")} resource=${p.lists.roles} flush=${true} class="tbl">${{
        actions: () => html`<button class="btn" type="button" onClick=${save}><${Icon} name="download" size="15" />${t("export")}</button>${can("tenants:write") && html`<button class="btn primary" type="button" onClick=${() => (edited.value = {})}><${Icon} name="plus" size="15" />${t("teams.new.role")}</button>`}`,
        default: () => html`<div class="tbl-box" tabindex="0" role="group" aria-label=${t("teams.tab.roles")}><table class="matrix">
          <thead><tr><th scope="col"><span>${t("teams.area")}</span></th>${p.book.roles.map((role) => html`<th key=${role.id} scope="col"><span>${roleName(role)}<small class="muted"> · ${t("teams.holders", { n: users.value.get(role.id) ?? 0 })}</small></span></th>`)}</tr></thead>
          <tbody>${areas.value.map((area) => html`<tr key=${area}><th scope="row">${t("teams.area." + area)}</th>${p.book.roles.map((role) => html`<td key=${role.id} class=${"may " + level(role, area)}>${word(level(role, area))}</td>`)}</tr>`)}
            <tr><th scope="row"><span class="hear">${t("actions")}</span></th>${p.book.roles.map((role) => html`<td key=${role.id}>${role.builtIn ? html`<span class="muted">${t("teams.comes_with")}</span>` : can("tenants:write") && html`<span class="row start"><${Act} icon="pencil" label=${`${t("edit")}: ${role.name}`} onClick=${() => (edited.value = role)} /><${Act} icon="trash-2" label=${`${t("remove")}: ${role.name}`} onClick=${() => remove("/roles", role, t("teams.remove.role"), p.lists.roles.reload)} /></span>`}</td>`)}</tr>
          </tbody></table></div>`,
      }}<//>
      <${Editor} open=${Boolean(edited.value)} title=${edited.value?.id ? `${t("edit")}: ${edited.value.name}` : t("teams.new.role")} path="/roles" of=${edited.value?.id ? edited.value : null} defaults=${{ permissions: [] }} fields=${fields()} onClose=${() => (edited.value = null)} onSaved=${p.lists.roles.reload} />`;
  },
};
