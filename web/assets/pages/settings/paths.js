// The configuration as a list of paths, and changes of it as merge patches (RFC 7396).

/**
 * Every value that is not an object, with where it lies.
 * @param {any} value @param {string[]} [path] @returns {{path: string[], id: string, value: any}[]}
 */
export function leaves(value, path = []) {
  if (value === null || typeof value !== "object" || Array.isArray(value) || (path.length > 0 && !Object.keys(value).length)) return [{ path, id: path.join("."), value }];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]));
}

/** A patch that changes one value. @param {string[]} path @param {any} value @returns {any} */
export const patch = (path, value) => path.reduceRight((/** @type {any} */ inner, name) => ({ [name]: inner }), value);

/** Who gave a value: the nearest of its path that is told of. @param {string} id @param {Record<string, string>} origins */
export function origin(id, origins) {
  const parts = id.split(".");
  for (let n = parts.length; n > 0; n--) {
    const found = origins[parts.slice(0, n).join(".")];
    if (found) return found;
  }
  return "default";
}

/** Why a value cannot be changed here; null where it can. @param {string} id @param {string[]} locked @param {Record<string, string>} [reasons] */
export function lock(id, locked, reasons = {}) {
  const found = locked.find((path) => id === path || id.startsWith(path + ".") || id.startsWith(path + "["));
  return found ? reasons[found] ?? "" : null;
}

/** What was written in a field: JSON where it is some, a text else. @param {string} text */
export function parse(text) {
  const words = text.trim();
  if (words === "") return null;
  try {
    return JSON.parse(words);
  } catch {
    return words;
  }
}
