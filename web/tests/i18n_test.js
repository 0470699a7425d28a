// Both languages say the same things, with the same blanks to fill in.
for (const file of Deno.readDirSync(new URL("../assets/i18n/en", import.meta.url))) {
  Deno.test(`${file.name} is there in both languages`, async () => {
    const [en, zh] = await Promise.all(["en", "zh"].map(async (lang) => (await import(`../assets/i18n/${lang}/${file.name}`)).default));
    const gone = (a, b) => Object.keys(a).filter((key) => !(key in b));
    const missing = [...gone(en, zh), ...gone(zh, en)];
    if (missing.length) throw new Error(`only in one language: ${missing.join(", ")}`);
    const blanks = (text) => (text.match(/\{[\w.]+\}/g) ?? []).sort().join();
    for (const key in en) { if (blanks(en[key]) !== blanks(zh[key])) throw new Error(`${key} has other blanks`); }
  });
}
Deno.test("every page has words in both languages", () => {
  const names = (folder) => [...Deno.readDirSync(new URL(folder, import.meta.url))].map((file) => file.name).filter((name) => name.endsWith(".js"));
  const words = new Set(names("../assets/i18n/en"));
  const lost = names("../assets/pages").filter((name) => !words.has(name));
  if (lost.length) throw new Error(`no words for ${lost.join(", ")}`);
});
