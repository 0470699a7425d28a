// Who is signed in, and what they may do.
import { computed, reactive } from "./vue.js";
import { api, get, hasToken, useToken, whenSignedOut } from "./api.js";

export const session = reactive({
  /** What the gateway says of who asks; null when nobody is signed in. @type {any} */
  me: null,
  /** What can be done to sign in. @type {any} */
  signIn: null,
  /** Whether the gateway has answered at all. */
  reachable: true,
});

/** @param {(scope: string) => boolean} fits */
const held = (fits) => new Set((session.me?.grants ?? []).flatMap((/** @type {any} */ grant) => fits(grant.scope) ? grant.permissions : []));
const anywhere = computed(() => held(() => true)), atGateway = computed(() => held((scope) => scope === "gateway"));

/** Whether the reader holds a permission anywhere. @param {string} permission such as "keys:write" */
export const can = (permission) => anywhere.value.has(permission);

/** Whether the reader holds it for the gateway as a whole, as what belongs to no tenant demands. @param {string} permission */
export const canAtGateway = (permission) => atGateway.value.has(permission);

/** Whether this gateway knows accounts with passwords, which /me then tells of; else tokens alone open it. */
export const hasAccounts = () => session.me?.sign_in !== undefined;

/** Who the reader is, in a few words. */
export const readerName = computed(() => session.me?.user?.name ?? session.me?.actor ?? "");

/** Finds out who is there; and where nobody is, how to get in. */
export async function whoIsThere() {
  session.reachable = true;
  try {
    session.me = await get("/me");
  } catch (error) {
    const { status } = /** @type {any} */ (error);
    // A gateway in trouble says nothing of who is there.
    session.reachable = status > 0 && status < 500;
    if (status === 401) {
      session.me = null;
      useToken(null);
    }
  }
  // Who is in by being on this machine is told whether there is an owner yet, without having to wait for it.
  const asking = session.me && session.me.sign_in !== "local" ? null : get("/sign-in").then((told) => void (session.signIn = told), () => void (session.signIn = null));
  if (!session.me) await asking;
}

/** Gets in by the admin token, or the token of a user or service account. @param {string} text */
export async function enterByToken(text) {
  useToken(text);
  try {
    session.me = await get("/me");
  } catch (error) {
    useToken(null);
    throw error;
  }
}

/** Leaves with a new document, so that nothing of what was seen stays behind in this one. */
function leave() {
  session.me = null;
  useToken(null);
  const here = location.pathname + location.search;
  location.assign(here === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(here)}`);
}

/** Whether there is something to sign out of: who is in by being on this machine stays in. */
export const canLeave = () => session.me?.sign_in === "session" || hasToken();

export async function signOut() {
  if (!hasToken()) await api("DELETE", "/session").catch(() => null);
  leave();
}

// The session is over, or was ended elsewhere.
whenSignedOut(() => {
  if (session.me) leave();
});
