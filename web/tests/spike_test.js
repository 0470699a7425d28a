// What is a spike of a metric, and what is not.
import { findSpike } from "../assets/pages/overview/spike.js";
const eq = (a, b) => { const x = JSON.stringify(a), y = JSON.stringify(b); if (x !== y) throw new Error(`${x} != ${y}`); };
const times = Array.from({ length: 300 }, (_, i) => 1_000 + i);
/** Values around 100 that shake a little. */
const usual = () => times.map((_, i) => 100 + (i % 5));
const with_ = (from, to, value) => usual().map((one, i) => (i >= from && i < to ? value : one));

Deno.test("a stretch far above the usual is found with its peak", () => {
  const found = findSpike(times, with_(200, 240, 900));
  eq([found?.from, found?.to, found?.peak], [1_200, 1_240, 900]);
});
Deno.test("a shorter stretch than ten seconds is none", () => eq(findSpike(times, with_(200, 206, 900)), null));
Deno.test("shaking is none", () => eq(findSpike(times, usual()), null));
Deno.test("what is little above the usual is none, with a floor", () => eq(findSpike(times, with_(200, 240, 120), { floor: 50 }), null));
Deno.test("a short gap does not end it", () => {
  const values = with_(200, 240, 900).map((value, i) => (i === 220 || i === 221 ? null : value));
  eq([findSpike(times, values)?.from, findSpike(times, values)?.to], [1_200, 1_240]);
});
Deno.test("of two the later one is told", () => {
  const values = with_(100, 130, 900).map((value, i) => (i >= 250 && i < 270 ? 700 : value));
  eq([findSpike(times, values)?.from, findSpike(times, values)?.peak], [1_250, 700]);
});
Deno.test("a short one after a long one does not hide it", () => {
  const values = with_(100, 130, 900).map((value, i) => (i >= 280 && i < 283 ? 700 : value));
  eq(findSpike(times, values)?.from, 1_100);
});
Deno.test("with too little data nothing is usual", () => eq(findSpike(times.slice(0, 60), with_(20, 50, 900).slice(0, 60)), null));
Deno.test("one that goes on at the end is told", () => eq(findSpike(times, with_(280, 300, 900))?.to, 1_300));
