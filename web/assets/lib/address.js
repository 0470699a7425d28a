// Where applications reach the API of models, which is another listener than the console's.
import { session } from "./session.js";

/**
 * @param {{url?: string | null, scheme?: string, host?: string | null, port?: number} | undefined} api what /me tells
 * @param {{protocol: string, hostname: string}} here the console's own address
 */
export function addressOf(api, here) {
  if (api?.url) return api.url.replace(/\/+$/, "");
  // What listens on all addresses is reached by the name that the reader used.
  return `${api?.scheme ?? here.protocol.replace(":", "")}://${api?.host ?? here.hostname}:${api?.port ?? 8080}`;
}

/** The address of the API, without /v1 and without a slash at its end. */
export const apiAddress = () => addressOf(session.me?.api, location);
