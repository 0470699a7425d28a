// Organizations with their teams, and those with their projects, each with what it spent.
import { computed, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { whole } from "../../lib/api.js";
import { Editor, remove } from "../../lib/editor.js";
import { Act, ListCard } from "../../lib/list.js";
import { together, useResource } from "../../lib/resource.js";
import { go, href, route, setQuery } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { Badge, Empty, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { atGateway } from "../cost/place.js";
import { organizationFields, projectFields, teamFields } from "./forms.js";

const PATHS = { organization: "/organizations", team: "/teams", project: "/projects" };
const UNUSED = { requests: 0, errors: 0, cost_usd: 0 };
const ICONS = { organization: "building-2", team: "users", project: "folder-tree" };

export const Tree = {
  props: ["lists", "keys", "book"],
  setup(p) {
    const asked = (group) => useResource(() => can("usage:read") ? ["/usage", { group_by: group, limit: 1000, percentiles: false }] : null, {
      every: 30, map: (answer) => ({ total: answer.total, of: new Map(answer.data.map((line) => [line[group], line])) }),
    });
    const usage = { organization: asked("organization"), team: asked("team"), project: asked("project") };
    const plans = useResource(() => can("billing:read") ? ["/plans"] : null, { ask: whole });
    const closed = computed(() => new Set((route.query.closed ?? "").split(",").filter(Boolean)));
    const edited = ref(/** @type {{kind: "organization" | "team" | "project", of: any, defaults?: any} | null} */ (null));
    const reload = () => [p.lists.organizations, p.lists.teams, p.lists.projects].forEach((list) => list.reload());
    /** @param {string} id */
    const toggle = (id) => setQuery({ closed: [...(closed.value.has(id) ? [...closed.value].filter((one) => one !== id) : [...closed.value, id])].join(",") }, { replace: true });

    const rows = computed(() => {
      const { organizations, teams, projects } = p.lists, words = (route.query.q ?? "").toLowerCase(), out = /** @type {any[]} */ ([]);
      const line = (/** @type {"organization" | "team" | "project"} */ kind, /** @type {any} */ of, /** @type {number} */ depth, /** @type {any[]} */ below, /** @type {number} */ keys) =>
        ({ id: of.id, kind, of, depth, below: below.length, keys, usage: usage[kind].data?.of.get(of.id) });
      const keysOf = (/** @type {Set<string>} */ ids) => (p.keys.data ?? []).filter((key) => ids.has(key.project) && !key.revoked_at).length;
      const fits = (one) => (one.name + one.id).toLowerCase().includes(words);
      /** A team with its projects; nothing where the words fit none of them. */
      const branch = (/** @type {any} */ team, /** @type {number} */ depth, /** @type {boolean} */ within) => {
        const inside = (projects.data ?? []).filter((project) => project.team === team.id), ids = new Set(inside.map((one) => one.id));
        const lines = inside.filter((one) => !words || fits(one) || fits(team) || within).map((one) => line("project", one, depth + 1, [], keysOf(new Set([one.id]))));
        if (words && !lines.length && !fits(team) && !within) return [];
        return [line("team", team, depth, inside, keysOf(/** @type {Set<string>} */ (ids))), ...(closed.value.has(team.id) && !words ? [] : lines)];
      };
      for (const organization of organizations.data ?? []) {
        const own = (teams.data ?? []).filter((team) => team.organization === organization.id), mine = new Set(own.map((team) => team.id));
        const all = new Set((projects.data ?? []).filter((project) => mine.has(project.team)).map((one) => one.id));
        const parts = own.flatMap((team) => branch(team, 1, Boolean(words) && fits(organization)));
        if (words && !parts.length && !fits(organization)) continue;
        out.push(line("organization", organization, 0, own, keysOf(/** @type {Set<string>} */ (all))), ...(closed.value.has(organization.id) && !words ? [] : parts));
      }
      // Who has a role in a part sees that part alone, and nothing that it belongs to.
      const seen = new Set((organizations.data ?? []).map((one) => one.id)), known = new Set((teams.data ?? []).map((one) => one.id));
      for (const team of teams.data ?? []) if (!seen.has(team.organization)) out.push(...branch(team, 0, false));
      for (const project of projects.data ?? []) if (!known.has(project.team) && (!words || fits(project))) out.push(line("project", project, 0, [], keysOf(new Set([project.id]))));
      const lost = usage.organization.data?.of.get("");
      if (lost && !words) out.push({ id: "", kind: "", of: { name: t("unattributed"), active: true }, depth: 0, below: 0, keys: (p.keys.data ?? []).filter((key) => !key.project && !key.revoked_at).length, usage: lost });
      return out;
    });
    /** What the rows are of, and how many: rows of what is inside them do not count. */
    const top = computed(() => {
      const kind = p.lists.organizations.data?.length || atGateway("tenants:read") ? "organizations" : p.lists.teams.data?.length ? "teams" : "projects", list = p.lists[kind].data;
      return { title: { organizations: "teams.tab.structure", teams: "teams.teams", projects: "teams.projects" }[kind], count: list ? f.num(list.length) : "" };
    });
    const child = { organization: "team", team: "project" };
    const acts = (row) => row.id && can("tenants:write") && html`<span class="row">
      ${child[row.kind] && html`<${Act} icon="plus" label=${t("teams.add_to", { kind: t("teams.kind." + child[row.kind]), name: row.of.name })} onClick=${() => (edited.value = { kind: child[row.kind], of: null, defaults: { [row.kind]: row.id } })} />`}
      <${Act} icon="pencil" label=${`${t("edit")}: ${row.of.name}`} onClick=${() => (edited.value = { kind: row.kind, of: row.of })} />
      <${Act} icon="trash-2" label=${`${t("remove")}: ${row.of.name}`} onClick=${() => remove(PATHS[row.kind], row.of, t("teams.remove." + row.kind), reload, { typed: row.kind !== "project" })} /></span>`;
    /** What was used there; null while it is not known. @param {any} row */
    const used = (row) => row.usage ?? (usage[row.kind]?.data ? UNUSED : null);
    const spent = (row) => f.usd(used(row)?.cost_usd);
    const columns = computed(() => [
      { id: "name", label: t("teams.name"), csv: (row) => row.of.name, cell: (row) => html`
        <span class="branch" style=${{ paddingLeft: row.depth * 22 + "px" }}>
          ${row.below ? html`<button class="icon-b sm" type="button" aria-expanded=${String(!closed.value.has(row.id))} aria-label=${row.of.name} onClick=${() => toggle(row.id)}><${Icon} name=${closed.value.has(row.id) ? "chevron-right" : "chevron-down"} size="14" /></button>` : html`<i class="leaf"></i>`}
          <${Icon} name=${ICONS[row.kind] ?? "circle-question-mark"} size="15" /><b class="model">${row.of.name}</b>${row.of.active === false && html`<${Badge} tone="bad" text=${t("teams.inactive")} />`}${row.of.prepaid && html`<${Badge} tone="info" text=${t("teams.prepaid")} />`}</span>` },
      { id: "kind", label: t("teams.kind"), width: 130, csv: (row) => row.kind, cell: (row) => row.kind ? t("teams.kind." + row.kind) : "–" },
      { id: "keys", label: t("teams.keys"), num: true, width: 90, csv: (row) => row.keys, cell: (row) => p.keys.data ? f.num(row.keys) : "–" },
      { id: "requests", label: t("teams.requests"), num: true, width: 130, csv: (row) => used(row)?.requests, cell: (row) => f.num(used(row)?.requests) },
      { id: "errors", label: t("teams.errors"), num: true, width: 110, csv: (row) => used(row)?.errors, cell: (row) => row.usage?.requests ? f.pct(row.usage.errors / row.usage.requests) : "–" },
      { id: "cost_usd", label: t("teams.spend"), num: true, width: 130, csv: (row) => used(row)?.cost_usd, cell: (row) => row.id && row.kind !== "organization" ? html`<a href=${href("/cost", { [row.kind]: row.id, range: "30d" })}>${spent(row)}</a>` : spent(row) },
      { id: "act", label: "", width: 124, cell: acts },
    ]);
    const fields = () => edited.value?.kind === "organization" ? organizationFields(plans.data ?? []) : edited.value?.kind === "team" ? teamFields(p.lists.organizations.data ?? []) : projectFields(p.lists.teams.data ?? []);
    const start = (/** @type {"organization" | "team" | "project"} */ kind) => (edited.value = { kind, of: null, defaults: { organization: p.lists.organizations.data?.[0]?.id, team: p.lists.teams.data?.[0]?.id, active: true, currency: "USD", weight: 1 } });
    return () => html`
      <${ListCard} title=${t(top.value.title)} sub=${top.value.count} hint=${t("teams.structure.hint")} resource=${together(p.lists.organizations, p.lists.teams, p.lists.projects)} rows=${rows.value} columns=${columns.value} file="teams" search=${() => (route.query.q ?? "").toLowerCase()} long=${40} tall=${420} onOpen=${(row) => row.id && go("/teams/" + row.id)}>${{
        actions: () => can("tenants:write") && html`${/** @type {("project" | "team" | "organization")[]} */ (["project", "team", "organization"]).map((kind) => html`<button key=${kind} class=${"btn" + (kind === "organization" ? " primary" : "")} type="button" disabled=${kind !== "organization" && !(kind === "team" ? p.lists.organizations : p.lists.teams).data?.length} onClick=${() => start(kind)}><${Icon} name="plus" size="15" />${t("teams.kind." + kind)}</button>`)}`,
        above: () => !atGateway("tenants:read") && rows.value.length > 0 && html`<p class="muted part-of">${t("teams.part")}</p>`,
        empty: () => !atGateway("tenants:read") ? html`<${Empty} icon="building-2" title=${t("teams.part.none")} text=${t("teams.part")} />` : html`<${Empty} icon="building-2" title=${t("teams.none")} text=${t("teams.none.why")}>${can("tenants:write") && html`<button class="btn primary" type="button" onClick=${() => start("organization")}>${t("teams.new.organization")}</button>`}<//>`,
      }}<//>
      <${Editor} open=${Boolean(edited.value)} title=${edited.value ? edited.value.of ? `${t("edit")}: ${edited.value.of.name}` : t("teams.new." + edited.value.kind) : ""} path=${edited.value ? PATHS[edited.value.kind] : ""} of=${edited.value?.of} defaults=${edited.value?.defaults} fields=${edited.value ? fields() : []} onClose=${() => (edited.value = null)} onSaved=${reload} />`;
  },
};
