// QR codes as another encoder draws them, with the same version and mask: their pictures were compared module by module.
import { qr } from "../assets/lib/qr.js";

const TEXT = "otpauth://totp/Sira:a@b?secret=" + "ABCDEFGH".repeat(40);
for (const [length, size, digest] of /** @type {[number, number, string][]} */ ([[5, 21, "2bb98ae842a9b99f"], [110, 45, "af79e6f34e29d63e"]])) {
  Deno.test(`a text of ${length} bytes is ${size} modules wide`, async () => {
    const grid = qr(TEXT.slice(0, length)) ?? [];
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(grid.map((row) => row.join("")).join("\n"))));
    const hex = [...sum].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 16);
    if (grid.length !== size || hex !== digest) throw new Error(`${grid.length} modules, digest ${hex}`);
  });
}
Deno.test("a text that is too long has no picture", () => {
  if (qr(TEXT.slice(0, 214)) !== null || qr(TEXT.slice(0, 213)) === null) throw new Error("the limit is another");
});
