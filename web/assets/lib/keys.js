// What keys' times say.

const DAY = 86_400_000;

/**
 * How many milliseconds a key is good for yet; null where it does not end, or was made for a day at most, and so ends as
 * it was meant to. @param {any} key
 */
export const left = (key) => !key.expires_at || Date.parse(key.expires_at) - Date.parse(key.created_at) <= DAY ? null : Date.parse(key.expires_at) - Date.now();
