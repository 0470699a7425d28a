// How one signs in, how the gateway is set up, prices, and how the console looks.
import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { route, setQuery } from "../lib/route.js";
import { canAtGateway } from "../lib/session.js";
import { Allowed, Tabs } from "../lib/ui.js";
import { Account } from "./settings/account.js";
import { Appearance } from "./settings/appearance.js";
import { Configuration } from "./settings/configuration.js";
import { General } from "./settings/general.js";
import { Prices } from "./settings/prices.js";

export const styles = true;
/** Tabs, and what has to be held to see them. */
const TABS = { account: "", general: "settings:read", configuration: "settings:read", prices: "billing:read", appearance: "" };
const PARTS = { account: Account, general: General, configuration: Configuration, prices: Prices, appearance: Appearance };

export default {
  setup() {
    const tab = () => TABS[route.query.tab] === undefined ? "account" : route.query.tab;
    return () => html`
      <${Tabs} label=${t("nav.settings")} value=${tab()} onPick=${(id) => setQuery({ tab: id === "account" ? null : id, sort: null, q: null, show: null, edit: null })} options=${Object.keys(TABS).filter((id) => !TABS[id] || canAtGateway(TABS[id])).map((id) => [id, t("settings.tab." + id)])} />
      ${TABS[tab()] ? html`<${Allowed} permission=${TABS[tab()]} gateway=${true}><${PARTS[tab()]} /><//>` : html`<${PARTS[tab()]} />`}`;
  },
};
