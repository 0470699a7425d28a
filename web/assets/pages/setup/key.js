// Organization, team, project and key in one go; what there is already is used.
import { computed, reactive, ref, watch } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api, ApiError, get, once, whole } from "../../lib/api.js";
import { useResource } from "../../lib/resource.js";
import { Card, FormError, SelectField, TextField, useForm } from "../../lib/ui.js";
import { giveOwnDays } from "../budgets/offset.js";

export const FirstKey = {
  props: ["made", "onNext", "onMade"],
  setup(p) {
    const projects = useResource(() => ["/projects"], { ask: whole });
    const entry = reactive({ organization: t("setup.key.organization.usual"), team: "core", project: "default", name: "first-key", chosen: "", budget: "" });
    watch(() => projects.data, (list) => (entry.chosen ||= list?.at(-1)?.id ?? ""));
    const isNew = computed(() => projects.data && !entry.chosen);
    // The same names are used for what is sent again after something failed on the way.
    const name = ref(once());
    /** What was made by an attempt that failed further on, by its path. @type {Record<string, any>} */
    const mine = {};
    /** What this form has made, under the name that is written now; or what has that name; or else a new one. */
    async function have(path, body) {
      if (mine[path] && Object.entries(body).every(([field, value]) => field === "name" || mine[path][field] === value)) {
        return mine[path].name === body.name ? mine[path] : (mine[path] = await api("PATCH", `${path}/${encodeURIComponent(mine[path].id)}`, { body: { name: body.name } }));
      }
      return (await get(path, { ...body, limit: 1 })).data[0] ?? (mine[path] = await api("POST", path, { body }));
    }
    const form = useForm(async () => {
      // Before anything is made: what is refused at the end would leave the tree above it behind.
      const budget = entry.budget.trim();
      if (budget && !(/^\d*\.?\d+$/.test(budget) && Number(budget) > 0)) {
        throw new ApiError(422, "invalid_fields", t("setup.key.budget.wrong"), [{ path: "budget_usd", message: t("setup.key.budget.wrong") }]);
      }
      let project = entry.chosen;
      if (!project) {
        const organization = await have("/organizations", { name: entry.organization });
        const team = await have("/teams", { name: entry.team, organization: organization.id });
        project = (await have("/projects", { name: entry.project, team: team.id })).id;
      }
      const key = await api("POST", "/keys", { once: name.value, body: { name: entry.name, project, expires_at: new Date(Date.now() + 90 * 86_400_000).toISOString(), ...(budget ? { budget_usd: budget } : {}) } });
      if (budget) await giveOwnDays(key);
      p.onMade(key);
      p.onNext({ key: key.id });
    });
    return () => html`
      <${Card} resource=${projects} flush=${true} class="bare" tall=${180}><form class="form two" onSubmit=${form.submit}>
        ${projects.data?.length > 0 && html`<div class="whole"><${SelectField} model=${entry} name="chosen" label=${t("setup.key.project")} options=${[...projects.data.map((one) => [one.id, one.name]), ["", t("setup.key.new")]]} /></div>`}
        ${isNew.value && html`<div class="whole"><${TextField} model=${entry} name="organization" label=${t("setup.key.organization")} required=${true} /></div>
          <${TextField} model=${entry} name="team" label=${t("setup.key.team")} required=${true} /><${TextField} model=${entry} name="project" label=${t("setup.key.project")} required=${true} />`}
        <${TextField} model=${entry} name="name" label=${t("setup.key.name")} error=${form.fields.value.name} required=${true} />
        <${TextField} model=${entry} name="budget" label=${t("setup.key.budget")} hint=${t("setup.key.budget.hint")} error=${form.fields.value.budget_usd} suffix="USD" placeholder="20" />
        <div class="whole"><${FormError} error=${form.error.value} /></div>
        <div class="whole row"><button class="btn primary big-b" type="submit" disabled=${form.busy.value}>${t("setup.key.make")}</button><button class="btn big-b" type="button" onClick=${() => p.onNext()}>${t("setup.key.have")}</button></div>
      </form><//>`;
  },
};
