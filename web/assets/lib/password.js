// How hard a password is to guess. The gateway alone decides which it takes.

const FEWEST = 12;
/** Runs along the alphabet, the digits and rows of keys. */
const ROWS = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

/** @param {string} password @param {string[]} [known] what others know of the person @returns {"" | "short" | "weak" | "fair" | "strong"} */
export function strength(password, known = []) {
  if (!password) return "";
  if ([...password].length < FEWEST) return "short";
  const plain = password.toLowerCase(), different = new Set(plain).size;
  if (different < 5 || ROWS.some((row) => plain.includes(row.slice(0, 8))) || known.some((word) => word.length >= 4 && plain.includes(word.toLowerCase()))) return "weak";
  // What guessing would take at least: characters that are not repeated, and words.
  const words = plain.split(/[\s\-_.,]+/).filter((word) => word.length > 2).length;
  return different >= 14 || words >= 4 || (different >= 10 && [...password].length >= 16) ? "strong" : different >= 8 ? "fair" : "weak";
}
