// Amounts as the API has them: text in dollars with nine digits, added without rounding.

/** @param {string | number | null | undefined} text dollars @returns {bigint} nano-dollars */
export function nanos(text) {
  const [whole, fraction = ""] = String(text ?? "0").split(".");
  const size = BigInt(whole.replace("-", "") || "0") * 1_000_000_000n + BigInt((fraction + "000000000").slice(0, 9));
  return whole.startsWith("-") ? -size : size;
}

/** @param {bigint} amount nano-dollars @returns {string} dollars */
export function dollars(amount) {
  const size = amount < 0n ? -amount : amount;
  return `${amount < 0n ? "-" : ""}${size / 1_000_000_000n}.${String(size % 1_000_000_000n).padStart(9, "0")}`;
}

/** The sum of a field over lines. @param {any[]} lines @param {string} [field] */
export const sum = (lines, field = "cost_usd") => lines.reduce((total, line) => total + nanos(line[field]), 0n);

/** What the lines leave of a total: what is attributed to nobody, or not in the list. @param {any} total @param {any[]} lines */
export const left = (total, lines, field = "cost_usd") => dollars(nanos(total?.[field]) - sum(lines, field));

/** What was saved: booked savings of prompt caches and of routing. @param {any} line @returns {bigint} */
export const saved = (line) => nanos(line?.cache_savings_usd) + nanos(line?.routing_savings_usd);

/** Change as a share of before; null where there was nothing. @param {number} now @param {number | null | undefined} before */
export const change = (now, before) => before ? (now - before) / Math.abs(before) : null;
