// Why spending is another than before: the difference taken apart into effects that add up to it exactly.

/**
 * @typedef {{id: string, calls: number, tokens: number, cost: number, saved: number}} Group
 *   calls: attempts at providers; saved: what the providers' prompt caches took off the price.
 */

/**
 * The effects, in dollars:
 *   volume   more or fewer calls, at the mean cost of before
 *   mix      calls went to dearer or cheaper models
 *   tokens   calls got longer or shorter
 *   price    a token costs more or less, before the caches' savings
 *   cache    prompt caches saved more or less of a call
 * Models that were not there before count as mix alone: nothing tells what they would have cost.
 *
 * @param {Group[]} before @param {Group[]} now
 * @returns {{before: number, now: number, volume: number, mix: number, tokens: number, price: number, cache: number}}
 */
export function effects(before, now) {
  const total = (/** @type {Group[]} */ groups, /** @type {"calls" | "cost"} */ field) => groups.reduce((sum, group) => sum + group[field], 0);
  const calls = [total(before, "calls"), total(now, "calls")], cost = [total(before, "cost"), total(now, "cost")];
  const earlier = new Map(before.map((group) => [group.id, group]));
  const mean = calls[0] ? cost[0] / calls[0] : 0;
  const result = { before: cost[0], now: cost[1], volume: (calls[1] - calls[0]) * mean, mix: 0, tokens: 0, price: 0, cache: 0 };
  // With no calls before there is no mean: all of it is volume.
  if (!calls[0]) return { ...result, volume: cost[1] };
  for (const group of now) {
    const old = earlier.get(group.id);
    const wasUnit = old?.calls ? old.cost / old.calls : group.calls ? group.cost / group.calls : 0;
    result.mix += group.calls * (wasUnit - mean);
    if (!old?.calls || !group.calls) continue;
    const list = (/** @type {Group} */ one) => (one.cost + one.saved) / one.calls;
    const length = (/** @type {Group} */ one) => one.tokens / one.calls;
    const price = (/** @type {Group} */ one) => one.tokens ? list(one) / length(one) : 0;
    if (old.tokens && group.tokens) {
      result.tokens += group.calls * (length(group) - length(old)) * price(old);
      result.price += group.calls * length(group) * (price(group) - price(old));
    } else {
      result.price += group.calls * (list(group) - list(old));
    }
    result.cache -= group.calls * (group.saved / group.calls - old.saved / old.calls);
  }
  return result;
}

/** A line of /usage by provider and model, as a group. @param {any} line @returns {Group} */
export const group = (line) => ({
  id: `${line.provider}/${line.model}`, calls: line.attempts, tokens: line.input_tokens + line.output_tokens,
  cost: Number(line.cost_usd), saved: Number(line.cache_savings_usd),
});
