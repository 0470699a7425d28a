// What alerts are about, in words.
import { t } from "../../lib/i18n.js";

/** What a rule is called; those that nobody has made have no name but that of their kind. @param {string | null | undefined} name @param {string} kind */
export const ruleName = (name, kind) => name && !name.startsWith("usual:") ? name : t("alerts.kind." + kind);

/** The thing that a condition or an alert is about. @param {{subject: string, scope?: string | null}} one @param {Map<string, string>} names */
export function subjectText(one, names) {
  if (names.has(one.subject)) return names.get(one.subject);
  const scope = one.scope ? scopeText(one.scope, names) : "";
  if (!one.subject || one.subject === "gateway") return scope || t("alerts.everything");
  return scope && !scope.includes(one.subject) ? `${one.subject} (${scope})` : scope || one.subject;
}

/** "Team: core" for team:team_1. @param {string} scope @param {Map<string, string>} names */
export function scopeText(scope, names) {
  const [kind, ...rest] = scope.split(":"), id = rest.join(":");
  if (kind === "gateway") return t("alerts.scope.gateway");
  if (id === "*") return t("alerts.scope.each", { kind: t("alerts.scope." + kind) });
  return `${t("alerts.scope." + kind)}: ${names.get(id) ?? id}`;
}
