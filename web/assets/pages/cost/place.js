// Where the reader's permissions hold: at the gateway, or in some of its tenants.
import { session } from "../../lib/session.js";

/** The scopes in which a permission is held, such as "gateway" or "team:team_1". @param {string} permission @returns {string[]} */
export const placesOf = (permission) => (session.me?.grants ?? []).filter((/** @type {any} */ grant) => grant.permissions.includes(permission)).map((/** @type {any} */ grant) => grant.scope);

/** Whether a permission holds for the gateway as a whole. @param {string} permission */
export const atGateway = (permission) => placesOf(permission).includes("gateway");

/**
 * Those of the projects in which a permission holds.
 * @param {string} permission @param {{id: string, team: string, name: string}[]} projects @param {{id: string, organization: string}[]} teams @returns {{id: string, team: string, name: string}[]}
 */
export function projectsWith(permission, projects, teams) {
  const places = new Set(placesOf(permission)), above = new Map(teams.map((team) => [team.id, team.organization]));
  return places.has("gateway") ? projects : projects.filter((one) => [`project:${one.id}`, `team:${one.team}`, `organization:${above.get(one.team)}`].some((place) => places.has(place)));
}
