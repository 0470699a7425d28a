// What the cost page reckons by itself.
import { effects } from "../assets/pages/cost/effects.js";
import { change, dollars, left, nanos, sum } from "../assets/pages/cost/money.js";
import { dayStart, monthStart, slices, slicesBefore, thisMonth, weekStart } from "../assets/pages/cost/periods.js";

const eq = (a, b) => {
  const x = JSON.stringify(a), y = JSON.stringify(b);
  if (x !== y) throw new Error(`${x} != ${y}`);
};
const near = (a, b) => { if (Math.abs(a - b) > 1e-9) throw new Error(`${a} is not ${b}`); };
const adds = (e) => near(e.before + e.volume + e.mix + e.tokens + e.price + e.cache, e.now);
const one = (id, calls, tokens, cost, saved = 0) => ({ id, calls, tokens, cost, saved });

Deno.test("amounts are added without rounding", () => {
  eq(dollars(nanos("0.1") + nanos("0.2")), "0.300000000");
  eq(dollars(nanos("-0.000000001") + nanos("2")), "1.999999999");
  eq(dollars(sum([{ cost_usd: "9007199254.740993001" }, { cost_usd: "0.000000001" }])), "9007199254.740993002");
  eq(left({ cost_usd: "1.000000000" }, [{ cost_usd: "0.999999999" }]), "0.000000001");
  eq(change(3, 0), null);
  near(change(3, 2) ?? 0, 0.5);
});

Deno.test("effects add up to the difference", () => {
  adds(effects([one("a", 100, 1e5, 10, 1), one("b", 50, 4e4, 1)], [one("a", 80, 9e4, 11, 3), one("b", 90, 9e4, 2), one("new", 10, 1e4, 5)]));
  adds(effects([], [one("a", 10, 100, 3)]));
  adds(effects([one("a", 10, 100, 3)], []));
  adds(effects([one("a", 10, 0, 3)], [one("a", 20, 0, 9)]));
});

Deno.test("each effect is alone where nothing else changed", () => {
  const before = [one("a", 100, 1e5, 10)];
  near(effects(before, [one("a", 200, 2e5, 20)]).volume, 10);
  near(effects(before, [one("a", 100, 2e5, 20)]).tokens, 10);
  near(effects(before, [one("a", 100, 1e5, 15)]).price, 5);
  near(effects(before, [one("a", 100, 1e5, 8, 2)]).cache, -2);
  near(effects([one("a", 50, 5e4, 5), one("b", 50, 5e4, 1)], [one("a", 100, 1e5, 10)]).mix, 4);
});

Deno.test("slices cover a range and the one before it", () => {
  for (const length of [600, 5 * 3_600, 2 * 86_400, 30 * 86_400, 200 * 86_400]) {
    const to = 1_795_320_123, now = slices({ from: to - length, to }), before = slicesBefore(now);
    if (now.from > to - length || now.to < to || now.count > 120) throw new Error(JSON.stringify(now));
    eq([before.to, before.count], [now.from, now.count]);
  }
});

Deno.test("days, weeks and months begin where they do", () => {
  const time = new Date(2026, 2, 31, 15, 30).getTime() / 1000, at = (...date) => new Date(...date).getTime() / 1000;
  eq([dayStart(time), weekStart(time), monthStart(time), monthStart(time, -1)], [at(2026, 2, 31), at(2026, 2, 30), at(2026, 2, 1), at(2026, 1, 1)]);
  // The last days of a long month have no same days in a short one: all of it is compared.
  eq(thisMonth(time).before, { from: at(2026, 1, 1), to: at(2026, 2, 1) });
});
