// Budgets: who may spend what, how they stand, and one editor for all of them.
import { html } from "../lib/html.js";
import { Allowed } from "../lib/ui.js";
import { BudgetBoard } from "./budgets/board.js";

export const styles = true;

export default {
  setup: () => () => html`<${Allowed} permission="limits:read"><${BudgetBoard} /><//>`,
};
