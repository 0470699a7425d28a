// The shares that weights mean, for the requests that came.

/** Strategies by which weights share requests out. */
const SHARED = new Set(["weighted", "round_robin", "least_in_flight"]);

/**
 * Of each deployment the share of requests that it would have had by the weights of routes. Requests for names without weights count
 * where they went. Nothing where no weights share anything out.
 * @param {any[]} lines sums by requested_model, provider and model
 * @param {any} names the answer of /routes
 * @returns {Map<string, number> | null}
 */
export function targetShares(lines, names) {
  const routes = new Map((names?.routes ?? []).map((one) => [one.name, one])), aliases = new Map((names?.aliases ?? []).map((one) => [one.name, one.target]));
  /** @type {Map<string, {all: number, places: Map<string, number>}>} */
  const asked = new Map();
  for (const line of lines) {
    if (!line.provider) continue;
    const name = line.requested_model, place = `${line.provider}/${line.model}`;
    const one = asked.get(name) ?? { all: 0, places: new Map() };
    one.all += line.requests;
    one.places.set(place, (one.places.get(place) ?? 0) + line.requests);
    asked.set(name, one);
  }
  /** @type {Map<string, number>} */
  const meant = new Map();
  const add = (place, count) => meant.set(place, (meant.get(place) ?? 0) + count);
  let all = 0, weighs = false;
  for (const [name, { all: count, places }] of asked) {
    all += count;
    const route = routes.get(name) ?? routes.get(aliases.get(name)), weights = route?.targets.reduce((sum, one) => sum + one.weight, 0);
    if (!route || !SHARED.has(route.settings.strategy) || !(weights > 0)) {
      for (const [place, came] of places) add(place, came);
      continue;
    }
    weighs = true;
    for (const target of route.targets) {
      // Among the places of one target nothing is meant; it is as it came.
      const came = target.deployments.reduce((sum, place) => sum + (places.get(place) ?? 0), 0);
      for (const place of target.deployments) add(place, count * (target.weight / weights) * (came ? (places.get(place) ?? 0) / came : 1 / target.deployments.length));
    }
  }
  return weighs && all ? new Map([...meant].map(([place, count]) => [place, count / all])) : null;
}
