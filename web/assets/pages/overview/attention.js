// What waits for a person: alerts that fire, budgets that will not last, keys that end soon. Hidden when there is nothing.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { has, t } from "../../lib/i18n.js";
import { whole } from "../../lib/api.js";
import { onLive } from "../../lib/live.js";
import { href } from "../../lib/route.js";
import { useResource } from "../../lib/resource.js";
import { can, canAtGateway } from "../../lib/session.js";
import { Icon } from "../../lib/ui.js";
import { learnNames, organizationName, projectName, teamName } from "../../lib/requests.js";
import * as f from "../../lib/format.js";
import { left } from "../../lib/keys.js";

const SHOWN = 3, DAY = 86_400_000, SOON = 14 * DAY;
/** The part of a period below which its pace says nothing. */
const LEAST_PASSED = 0.1;

/** A place as people know it. @param {string} scope such as "team:team_1" */
function placeName(scope) {
  const [kind, id] = scope.split(/:(.*)/s);
  return kind === "team" ? teamName(id) : kind === "organization" ? organizationName(id) : kind === "project" ? projectName(id) : kind === "gateway" ? t("overview.gateway") : id ?? kind;
}

/** A place at the end of a subject, such as "bud_1 team:team_1". */
const PLACE = /(?:^|\s)((?:organization|team|project|key|user|tag|model|provider):\S+)$/;
/**
 * What an alert is about, as people know it.
 * @param {{subject?: string, scope?: string | null}} one @param {Map<string, string>} keys names of keys
 */
function subjectName(one, keys) {
  const subject = one.subject ?? "", scope = one.scope && one.scope !== "gateway" ? one.scope : PLACE.exec(subject)?.[1];
  if (keys.has(subject)) return keys.get(subject) ?? "";
  if (scope?.startsWith("key:")) return keys.get(scope.slice(4)) ?? scope.slice(4);
  return scope ? placeName(scope) : subject && subject !== "gateway" && !/^bud_\S+ gateway$/.test(subject) ? subject : t("overview.gateway");
}

/** @param {any} budget @returns {{icon: string, bad: boolean, text: string, path: string} | null} */
function budgetItem(budget) {
  const limit = Number(budget.allowance_usd), spent = Number(budget.spent_usd), name = placeName(budget.scope);
  if (!(limit > 0)) return null;
  const item = { icon: "gauge", bad: budget.state === "frozen" || spent >= limit, path: href("/budgets") };
  if (item.bad) return { ...item, text: t("overview.budget.used", { name, limit: f.usd(limit, 0) }) };
  const begin = Date.parse(budget.period_began_at), end = Date.parse(budget.period_ends_at), passed = (Date.now() - begin) / (end - begin);
  const projected = passed >= LEAST_PASSED ? spent / passed : 0;
  if (projected > limit) return { ...item, text: t("overview.budget.soon", { name, projected: f.usd(projected, 0), limit: f.usd(limit, 0) }) };
  if (budget.state !== "ok") return { ...item, text: t("overview.budget.warned", { name, share: f.pct(spent / limit, 0), limit: f.usd(limit, 0) }) };
  return null;
}

export const Attention = {
  setup() {
    learnNames();
    const alerts = useResource(() => canAtGateway("alerts:read") ? ["/alerts"] : null, { every: 60 });
    const budgets = useResource(() => can("limits:read") ? ["/budgets/status"] : null, { every: 60 });
    const keys = useResource(() => can("keys:read") ? ["/keys"] : null, { every: 600, ask: whole });
    onLive("alert", () => alerts.reload());
    const names = computed(() => new Map((keys.data ?? []).map((/** @type {any} */ key) => [key.id, key.name || key.id])));
    const items = computed(() => {
      const rules = new Map((alerts.data?.rules ?? []).map((/** @type {any} */ rule) => [rule.id, rule]));
      const firing = (alerts.data?.conditions ?? []).filter((/** @type {any} */ one) => one.phase === "firing").map((/** @type {any} */ one) => {
        const rule = rules.get(one.rule), kind = rule?.kind ?? one.rule.replace("usual:", ""), subject = subjectName(one, names.value);
        const what = rule?.name || !has("overview.alert." + kind) ? t("overview.alert.named", { name: rule?.name || kind.replaceAll("_", " "), subject }) : t("overview.alert." + kind, { subject });
        return { icon: kind === "key_expiring" ? "key-round" : "bell", bad: rule?.severity === "critical", about: one.subject, text: t("overview.alert", { what, ago: f.ago(one.since_us / 1e6) }), path: href("/alerts") };
      });
      const over = (budgets.data?.data ?? []).map(budgetItem).filter(Boolean);
      const ending = (keys.data ?? []).filter((/** @type {any} */ key) => !key.revoked_at && (left(key) ?? 0) > 0 && (left(key) ?? 0) < SOON && !firing.some((/** @type {any} */ one) => one.about === key.id))
        .sort((/** @type {any} */ a, /** @type {any} */ b) => Date.parse(a.expires_at) - Date.parse(b.expires_at))
        .map((/** @type {any} */ key) => ({ icon: "key-round", bad: Date.parse(key.expires_at) - Date.now() < 2 * DAY, text: t("overview.key", { name: key.name, when: f.ago(key.expires_at) }), path: href("/keys/" + key.id) }));
      return [...firing, ...over, ...ending].sort((a, b) => Number(b.bad) - Number(a.bad));
    });
    return () => items.value.length === 0 ? null : html`
      <section class="attention" aria-label=${t("overview.attention")}><h2>${t("overview.attention")}</h2>
        <ul>${items.value.slice(0, SHOWN).map((one) => html`<li key=${one.text}><a class=${one.bad ? "bad" : "warn"} href=${one.path}><${Icon} name=${one.icon} size="15" /><span>${one.text}</span><${Icon} name="chevron-right" size="14" /></a></li>`)}${items.value.length > SHOWN && html`<li class="muted" key="more">${t("overview.attention.more", { n: f.num(items.value.length - SHOWN) })}</li>`}</ul></section>`;
  },
};
