// The console: five figures, what was chosen over time, who gets how much, how the models do, and the log.
import { html } from "../../lib/html.js";
import { canAtGateway } from "../../lib/session.js";
import { Figures } from "./figures.js";
import { ChosenOverTime } from "./chosen.js";
import { RequestTypes } from "./types.js";
import { LoadTable } from "./load.js";
import { ScoresCard } from "./scores.js";
import { TagCloud } from "./tags.js";
import { CacheCard } from "./cache.js";
import { DecisionLog } from "./log.js";

/** Deployments, scores and decisions are the gateway's: who has a role in a team is not told of them. */
const isTold = () => canAtGateway("routing:read");

export const Console = () => html`
  <div class="stack">
    <${Figures} />
    <div class="cols-21"><${ChosenOverTime} /><${RequestTypes} /></div>
    ${isTold() && html`<${LoadTable} /><${ScoresCard} />`}
    <div class="cols-2"><${TagCloud} /><${CacheCard} /></div>
    ${isTold() && html`<${DecisionLog} />`}
  </div>`;
