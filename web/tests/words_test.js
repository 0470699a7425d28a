// Reasons as headers, and names in a field.
import { namesIn } from "../assets/lib/names.js";
import { decodeReason, encodeReason } from "../assets/lib/reason.js";
const eq = (a, b) => { const x = JSON.stringify(a), y = JSON.stringify(b); if (x !== y) throw new Error(`${x} != ${y}`); };

Deno.test("a reason comes back as it was written", () => {
  for (const reason of ["", "rotated, as planned", "密钥泄露，立即更换", "Schlüssel 100 % neu", "🔑"]) eq(decodeReason(encodeReason(reason)), reason);
  eq(encodeReason("100 % sure"), "100 % sure");
  eq(decodeReason("100 % sure, %E4%B"), "100 % sure, %E4%B");
});
Deno.test("a long reason is cut between characters", () => {
  const long = "密".repeat(200), header = encodeReason(long), kept = decodeReason(header);
  if (header.length > 500 || !kept || !long.startsWith(kept)) throw new Error(kept);
});
Deno.test("names are told apart by the commas of any keyboard", () => {
  eq(namesIn("auto, gpt-5-mini，claude-haiku-4-5 、, "), ["auto", "gpt-5-mini", "claude-haiku-4-5"]);
  eq(namesIn(""), []);
});
