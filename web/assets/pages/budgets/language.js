// Two pages show budgets, and each comes with its own words alone: here are those of both.
import { addWords } from "../../lib/i18n.js";
import budgetsEn from "../../i18n/en/budgets.js";
import budgetsZh from "../../i18n/zh/budgets.js";
import costEn from "../../i18n/en/cost.js";
import costZh from "../../i18n/zh/cost.js";

addWords(budgetsEn, budgetsZh);
addWords(costEn, costZh);
