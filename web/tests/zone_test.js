// Days, months and clocks of zones, where clocks are set as well.
import { dayName, dayTime, partsOf, timeOf } from "../assets/lib/zone.js";
const eq = (a, b) => { const x = JSON.stringify(a), y = JSON.stringify(b); if (x !== y) throw new Error(`${x} != ${y}`); };
const utc = (text) => Date.parse(text) / 1000;

Deno.test("a day begins at its zone's midnight", () => {
  eq(dayTime("2026-11-03", "Asia/Shanghai"), utc("2026-11-02T16:00:00Z"));
  eq(dayTime("2026-11-03", "America/Los_Angeles"), utc("2026-11-03T08:00:00Z"));
  eq(dayTime("2026-11-03", "Asia/Kathmandu"), utc("2026-11-02T18:15:00Z"));
  eq(dayName(utc("2026-11-02T16:00:00Z"), "Asia/Shanghai"), "2026-11-03");
});
Deno.test("what is no day has no beginning", () => {
  for (const text of ["2026-13-40", "2026-02-30", "2026-00-01", "yesterday", "", undefined]) eq(dayTime(text, "UTC"), null);
});
Deno.test("clocks that are set keep days whole", () => {
  const berlin = (month, day) => timeOf(2026, month, day, 0, 0, "Europe/Berlin");
  eq([berlin(3, 30) - berlin(3, 29), berlin(10, 26) - berlin(10, 25)], [23 * 3_600, 25 * 3_600]);
  // An hour that comes twice, and one that is left out.
  eq(timeOf(2026, 10, 25, 2, 30, "Europe/Berlin"), utc("2026-10-25T00:30:00Z"));
  eq(timeOf(2026, 3, 29, 2, 30, "Europe/Berlin"), utc("2026-03-29T01:30:00Z"));
  // Midnight itself is left out.
  eq(partsOf(timeOf(2026, 3, 29, 0, 0, "Asia/Beirut"), "Asia/Beirut"), { year: 2026, month: 3, day: 29, hour: 1, minute: 0, second: 0 });
});
Deno.test("days and months may be beyond their month and year", () => {
  eq(timeOf(2026, 13, 1, 0, 0, "UTC"), utc("2027-01-01T00:00:00Z"));
  eq(timeOf(2026, 3, 0, 0, 0, "Asia/Shanghai"), utc("2026-02-27T16:00:00Z"));
});
