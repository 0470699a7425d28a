// Who signs in and who is refused, sessions, keys, and everything that was changed.
import { html } from "../lib/html.js";
import { hasAccounts } from "../lib/session.js";
import { t } from "../lib/i18n.js";
import { route, setQuery } from "../lib/route.js";
import { Allowed, Tabs } from "../lib/ui.js";
import { Audit } from "./security/audit.js";
import { Keys } from "./security/keys.js";
import { Overview } from "./security/overview.js";
import { Sessions } from "./security/sessions.js";
import { useState } from "./security/state.js";

export const styles = true;

export default {
  setup() {
    const state = useState();
    const tab = () => route.query.tab ?? "overview";
    return () => html`<${Allowed} permission="audit:read" gateway=${true}>
      <${Tabs} label=${t("nav.security")} value=${tab()} onPick=${(id) => setQuery({ tab: id === "overview" ? null : id, sort: null, q: null, show: null })} options=${["overview", ...(hasAccounts() ? ["sessions"] : []), "keys", "audit"].map((id) => [id, t("security.tab." + id)])} />
      ${tab() === "sessions" ? html`<${Sessions} state=${state} />` : tab() === "keys" ? html`<${Keys} state=${state} />` : tab() === "audit" ? html`<${Audit} state=${state} />` : html`<${Overview} state=${state} />`}
    <//>`;
  },
};
