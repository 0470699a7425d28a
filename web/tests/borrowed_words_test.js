// A page brings the words of its own name; those of others have to come with the modules that it is made of.
const ROOT = new URL("../assets/", import.meta.url), LANGUAGES = ["en", "zh"];
const IMPORT = /(?:from|import\(?)\s*"(\.[^"]+\.js)"/g;
/** t("key") and has("key"); what goes on after the quote, by + or a condition within, is only the key's beginning. */
const KEY = /\bt\(\s*(?:"([\w-]+(?:\.[\w -]+)*\.?)"(\s*\+)?|`([\w-]+(?:\.[\w -]+)*\.)\$\{)/g;

/** All modules that a page is made of. @param {URL} start @returns {Map<string, string>} address → text */
function modules(start) {
  const found = new Map(), open = [start];
  for (let one; (one = open.pop());) {
    if (found.has(one.href) || one.pathname.includes("/vendor/")) continue;
    const text = Deno.readTextFileSync(one).replace(/^\s*(\/\/|\/?\*).*$/gm, "");
    found.set(one.href, text);
    for (const [, path] of text.matchAll(IMPORT)) open.push(new URL(path, one));
  }
  return found;
}
const words = async (/** @type {string} */ lang, /** @type {string} */ name) => (await import(new URL(`i18n/${lang}/${name}.js`, ROOT).href)).default;

for (const { name: file } of Deno.readDirSync(new URL("pages", ROOT))) {
  if (!file.endsWith(".js")) continue;
  const page = file.slice(0, -3);
  Deno.test(`${page} has all words that it shows`, async () => {
    const parts = modules(new URL("pages/" + file, ROOT));
    const brought = new Set(["common", page, ...[...parts.keys()].flatMap((path) => /\/i18n\/en\/([\w-]+)\.js$/.exec(path)?.[1] ?? [])]);
    for (const lang of LANGUAGES) {
      const keys = (await Promise.all([...brought].map((name) => words(lang, name)))).flatMap((all) => Object.keys(all));
      const known = new Set(keys), lost = [];
      for (const [path, text] of parts) {
        if (path.includes("/i18n/")) continue;
        for (const [, whole, goesOn, begun] of text.matchAll(KEY)) {
          const start = begun ?? whole, isWhole = whole !== undefined && !goesOn;
          if (isWhole ? !known.has(start) : !keys.some((key) => key.startsWith(start))) lost.push(`${start} (${path.split("/assets/")[1]})`);
        }
      }
      if (lost.length) throw new Error(`not there in ${lang}: ${lost.join(", ")}`);
    }
  });
}
