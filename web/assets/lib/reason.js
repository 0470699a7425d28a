// Reasons go as a header, which holds Latin letters only: all others are percent-encoded, and read back where they are shown.

/** Characters that the gateway keeps of a reason. */
const LONGEST = 500;

/** @param {string} reason */
export function encodeReason(reason) {
  if (/^[\x20-\x7e]*$/.test(reason)) return reason;
  let text = "";
  // Cut between characters: half of one cannot be read back.
  for (const character of reason.toWellFormed()) {
    const next = encodeURIComponent(character);
    if (text.length + next.length > LONGEST) break;
    text += next;
  }
  return text;
}

/** A reason as it was written. @param {string} reason */
export function decodeReason(reason) {
  try {
    return /%[0-9A-F]{2}/.test(reason) ? decodeURIComponent(reason) : reason;
  } catch {
    return reason;
  }
}
