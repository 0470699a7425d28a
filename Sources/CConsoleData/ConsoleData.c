// Carries the files of web/ in the binary. Written by Scripts/console: do not edit.
//
// #embed is C23; clang takes it as an extension in earlier versions, and names the embedded files in the
// dependency file, so changing a file rebuilds this one.
#include "CConsoleData.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t file0[] = {
#embed "../../web/assets/app.css"
};
static const uint8_t file1[] = {
#embed "../../web/assets/app.js"
};
static const uint8_t file2[] = {
#embed "../../web/assets/favicon.svg"
};
static const uint8_t file3[] = {
#embed "../../web/assets/i18n/en/alerts.js"
};
static const uint8_t file4[] = {
#embed "../../web/assets/i18n/en/billing.js"
};
static const uint8_t file5[] = {
#embed "../../web/assets/i18n/en/budgets.js"
};
static const uint8_t file6[] = {
#embed "../../web/assets/i18n/en/common.js"
};
static const uint8_t file7[] = {
#embed "../../web/assets/i18n/en/cost.js"
};
static const uint8_t file8[] = {
#embed "../../web/assets/i18n/en/decision.js"
};
static const uint8_t file9[] = {
#embed "../../web/assets/i18n/en/experiments.js"
};
static const uint8_t file10[] = {
#embed "../../web/assets/i18n/en/keys.js"
};
static const uint8_t file11[] = {
#embed "../../web/assets/i18n/en/overview.js"
};
static const uint8_t file12[] = {
#embed "../../web/assets/i18n/en/playground.js"
};
static const uint8_t file13[] = {
#embed "../../web/assets/i18n/en/providers.js"
};
static const uint8_t file14[] = {
#embed "../../web/assets/i18n/en/requests.js"
};
static const uint8_t file15[] = {
#embed "../../web/assets/i18n/en/routing.js"
};
static const uint8_t file16[] = {
#embed "../../web/assets/i18n/en/security.js"
};
static const uint8_t file17[] = {
#embed "../../web/assets/i18n/en/settings.js"
};
static const uint8_t file18[] = {
#embed "../../web/assets/i18n/en/setup.js"
};
static const uint8_t file19[] = {
#embed "../../web/assets/i18n/en/shared.js"
};
static const uint8_t file20[] = {
#embed "../../web/assets/i18n/en/sign-in.js"
};
static const uint8_t file21[] = {
#embed "../../web/assets/i18n/en/teams.js"
};
static const uint8_t file22[] = {
#embed "../../web/assets/i18n/zh/alerts.js"
};
static const uint8_t file23[] = {
#embed "../../web/assets/i18n/zh/billing.js"
};
static const uint8_t file24[] = {
#embed "../../web/assets/i18n/zh/budgets.js"
};
static const uint8_t file25[] = {
#embed "../../web/assets/i18n/zh/common.js"
};
static const uint8_t file26[] = {
#embed "../../web/assets/i18n/zh/cost.js"
};
static const uint8_t file27[] = {
#embed "../../web/assets/i18n/zh/decision.js"
};
static const uint8_t file28[] = {
#embed "../../web/assets/i18n/zh/experiments.js"
};
static const uint8_t file29[] = {
#embed "../../web/assets/i18n/zh/keys.js"
};
static const uint8_t file30[] = {
#embed "../../web/assets/i18n/zh/overview.js"
};
static const uint8_t file31[] = {
#embed "../../web/assets/i18n/zh/playground.js"
};
static const uint8_t file32[] = {
#embed "../../web/assets/i18n/zh/providers.js"
};
static const uint8_t file33[] = {
#embed "../../web/assets/i18n/zh/requests.js"
};
static const uint8_t file34[] = {
#embed "../../web/assets/i18n/zh/routing.js"
};
static const uint8_t file35[] = {
#embed "../../web/assets/i18n/zh/security.js"
};
static const uint8_t file36[] = {
#embed "../../web/assets/i18n/zh/settings.js"
};
static const uint8_t file37[] = {
#embed "../../web/assets/i18n/zh/setup.js"
};
static const uint8_t file38[] = {
#embed "../../web/assets/i18n/zh/shared.js"
};
static const uint8_t file39[] = {
#embed "../../web/assets/i18n/zh/sign-in.js"
};
static const uint8_t file40[] = {
#embed "../../web/assets/i18n/zh/teams.js"
};
static const uint8_t file41[] = {
#embed "../../web/assets/lib/address.js"
};
static const uint8_t file42[] = {
#embed "../../web/assets/lib/api.js"
};
static const uint8_t file43[] = {
#embed "../../web/assets/lib/charts.js"
};
static const uint8_t file44[] = {
#embed "../../web/assets/lib/checklist.js"
};
static const uint8_t file45[] = {
#embed "../../web/assets/lib/copy-by-hand.js"
};
static const uint8_t file46[] = {
#embed "../../web/assets/lib/copy.js"
};
static const uint8_t file47[] = {
#embed "../../web/assets/lib/csv.js"
};
static const uint8_t file48[] = {
#embed "../../web/assets/lib/delta.js"
};
static const uint8_t file49[] = {
#embed "../../web/assets/lib/dialog.js"
};
static const uint8_t file50[] = {
#embed "../../web/assets/lib/door.js"
};
static const uint8_t file51[] = {
#embed "../../web/assets/lib/editor.js"
};
static const uint8_t file52[] = {
#embed "../../web/assets/lib/events.js"
};
static const uint8_t file53[] = {
#embed "../../web/assets/lib/format.js"
};
static const uint8_t file54[] = {
#embed "../../web/assets/lib/html.js"
};
static const uint8_t file55[] = {
#embed "../../web/assets/lib/i18n.js"
};
static const uint8_t file56[] = {
#embed "../../web/assets/lib/keys.js"
};
static const uint8_t file57[] = {
#embed "../../web/assets/lib/list.js"
};
static const uint8_t file58[] = {
#embed "../../web/assets/lib/live.js"
};
static const uint8_t file59[] = {
#embed "../../web/assets/lib/names.js"
};
static const uint8_t file60[] = {
#embed "../../web/assets/lib/nav.js"
};
static const uint8_t file61[] = {
#embed "../../web/assets/lib/pages.js"
};
static const uint8_t file62[] = {
#embed "../../web/assets/lib/palette.js"
};
static const uint8_t file63[] = {
#embed "../../web/assets/lib/password.js"
};
static const uint8_t file64[] = {
#embed "../../web/assets/lib/prefs.js"
};
static const uint8_t file65[] = {
#embed "../../web/assets/lib/qr.js"
};
static const uint8_t file66[] = {
#embed "../../web/assets/lib/range.js"
};
static const uint8_t file67[] = {
#embed "../../web/assets/lib/reason.js"
};
static const uint8_t file68[] = {
#embed "../../web/assets/lib/requests.js"
};
static const uint8_t file69[] = {
#embed "../../web/assets/lib/resource.js"
};
static const uint8_t file70[] = {
#embed "../../web/assets/lib/route.js"
};
static const uint8_t file71[] = {
#embed "../../web/assets/lib/session.js"
};
static const uint8_t file72[] = {
#embed "../../web/assets/lib/sessions.js"
};
static const uint8_t file73[] = {
#embed "../../web/assets/lib/shell.js"
};
static const uint8_t file74[] = {
#embed "../../web/assets/lib/strength.js"
};
static const uint8_t file75[] = {
#embed "../../web/assets/lib/table.js"
};
static const uint8_t file76[] = {
#embed "../../web/assets/lib/timechart.js"
};
static const uint8_t file77[] = {
#embed "../../web/assets/lib/toast.js"
};
static const uint8_t file78[] = {
#embed "../../web/assets/lib/tokens.js"
};
static const uint8_t file79[] = {
#embed "../../web/assets/lib/ui.js"
};
static const uint8_t file80[] = {
#embed "../../web/assets/lib/vue.js"
};
static const uint8_t file81[] = {
#embed "../../web/assets/lib/zone.js"
};
static const uint8_t file82[] = {
#embed "../../web/assets/pages/alerts.css"
};
static const uint8_t file83[] = {
#embed "../../web/assets/pages/alerts.js"
};
static const uint8_t file84[] = {
#embed "../../web/assets/pages/alerts/channels.js"
};
static const uint8_t file85[] = {
#embed "../../web/assets/pages/alerts/firing.js"
};
static const uint8_t file86[] = {
#embed "../../web/assets/pages/alerts/kinds.js"
};
static const uint8_t file87[] = {
#embed "../../web/assets/pages/alerts/past.js"
};
static const uint8_t file88[] = {
#embed "../../web/assets/pages/alerts/rules.js"
};
static const uint8_t file89[] = {
#embed "../../web/assets/pages/alerts/words.js"
};
static const uint8_t file90[] = {
#embed "../../web/assets/pages/billing.css"
};
static const uint8_t file91[] = {
#embed "../../web/assets/pages/billing.js"
};
static const uint8_t file92[] = {
#embed "../../web/assets/pages/billing/codes.js"
};
static const uint8_t file93[] = {
#embed "../../web/assets/pages/billing/credit.js"
};
static const uint8_t file94[] = {
#embed "../../web/assets/pages/billing/invoice.js"
};
static const uint8_t file95[] = {
#embed "../../web/assets/pages/billing/invoices.js"
};
static const uint8_t file96[] = {
#embed "../../web/assets/pages/billing/plans.js"
};
static const uint8_t file97[] = {
#embed "../../web/assets/pages/billing/prompts.js"
};
static const uint8_t file98[] = {
#embed "../../web/assets/pages/billing/savings.js"
};
static const uint8_t file99[] = {
#embed "../../web/assets/pages/billing/subscription.js"
};
static const uint8_t file100[] = {
#embed "../../web/assets/pages/budgets.css"
};
static const uint8_t file101[] = {
#embed "../../web/assets/pages/budgets.js"
};
static const uint8_t file102[] = {
#embed "../../web/assets/pages/budgets/board.js"
};
static const uint8_t file103[] = {
#embed "../../web/assets/pages/budgets/detail.js"
};
static const uint8_t file104[] = {
#embed "../../web/assets/pages/budgets/editor.js"
};
static const uint8_t file105[] = {
#embed "../../web/assets/pages/budgets/language.js"
};
static const uint8_t file106[] = {
#embed "../../web/assets/pages/budgets/offset.js"
};
static const uint8_t file107[] = {
#embed "../../web/assets/pages/budgets/override.js"
};
static const uint8_t file108[] = {
#embed "../../web/assets/pages/budgets/past.js"
};
static const uint8_t file109[] = {
#embed "../../web/assets/pages/budgets/standing.js"
};
static const uint8_t file110[] = {
#embed "../../web/assets/pages/budgets/words.js"
};
static const uint8_t file111[] = {
#embed "../../web/assets/pages/cost.css"
};
static const uint8_t file112[] = {
#embed "../../web/assets/pages/cost.js"
};
static const uint8_t file113[] = {
#embed "../../web/assets/pages/cost/advice.js"
};
static const uint8_t file114[] = {
#embed "../../web/assets/pages/cost/alerts.js"
};
static const uint8_t file115[] = {
#embed "../../web/assets/pages/cost/changed.js"
};
static const uint8_t file116[] = {
#embed "../../web/assets/pages/cost/effects.js"
};
static const uint8_t file117[] = {
#embed "../../web/assets/pages/cost/explore.js"
};
static const uint8_t file118[] = {
#embed "../../web/assets/pages/cost/figures.js"
};
static const uint8_t file119[] = {
#embed "../../web/assets/pages/cost/filters.js"
};
static const uint8_t file120[] = {
#embed "../../web/assets/pages/cost/forecast.js"
};
static const uint8_t file121[] = {
#embed "../../web/assets/pages/cost/kpi.js"
};
static const uint8_t file122[] = {
#embed "../../web/assets/pages/cost/kpis.js"
};
static const uint8_t file123[] = {
#embed "../../web/assets/pages/cost/money.js"
};
static const uint8_t file124[] = {
#embed "../../web/assets/pages/cost/periods.js"
};
static const uint8_t file125[] = {
#embed "../../web/assets/pages/cost/place.js"
};
static const uint8_t file126[] = {
#embed "../../web/assets/pages/cost/report-files.js"
};
static const uint8_t file127[] = {
#embed "../../web/assets/pages/cost/report-parts.js"
};
static const uint8_t file128[] = {
#embed "../../web/assets/pages/cost/report-rows.js"
};
static const uint8_t file129[] = {
#embed "../../web/assets/pages/cost/report-sheet.js"
};
static const uint8_t file130[] = {
#embed "../../web/assets/pages/cost/reports.js"
};
static const uint8_t file131[] = {
#embed "../../web/assets/pages/cost/returns.js"
};
static const uint8_t file132[] = {
#embed "../../web/assets/pages/cost/savings.js"
};
static const uint8_t file133[] = {
#embed "../../web/assets/pages/cost/scope.js"
};
static const uint8_t file134[] = {
#embed "../../web/assets/pages/cost/share.js"
};
static const uint8_t file135[] = {
#embed "../../web/assets/pages/cost/split.js"
};
static const uint8_t file136[] = {
#embed "../../web/assets/pages/cost/trend.js"
};
static const uint8_t file137[] = {
#embed "../../web/assets/pages/cost/unpriced.js"
};
static const uint8_t file138[] = {
#embed "../../web/assets/pages/cost/unusual.js"
};
static const uint8_t file139[] = {
#embed "../../web/assets/pages/experiments.css"
};
static const uint8_t file140[] = {
#embed "../../web/assets/pages/experiments.js"
};
static const uint8_t file141[] = {
#embed "../../web/assets/pages/experiments/detail.js"
};
static const uint8_t file142[] = {
#embed "../../web/assets/pages/experiments/start.js"
};
static const uint8_t file143[] = {
#embed "../../web/assets/pages/experiments/verdict.js"
};
static const uint8_t file144[] = {
#embed "../../web/assets/pages/keys.js"
};
static const uint8_t file145[] = {
#embed "../../web/assets/pages/overview.css"
};
static const uint8_t file146[] = {
#embed "../../web/assets/pages/overview.js"
};
static const uint8_t file147[] = {
#embed "../../web/assets/pages/overview/attention.js"
};
static const uint8_t file148[] = {
#embed "../../web/assets/pages/overview/figures.js"
};
static const uint8_t file149[] = {
#embed "../../web/assets/pages/overview/pulse.js"
};
static const uint8_t file150[] = {
#embed "../../web/assets/pages/overview/span.js"
};
static const uint8_t file151[] = {
#embed "../../web/assets/pages/overview/spike.js"
};
static const uint8_t file152[] = {
#embed "../../web/assets/pages/overview/traffic.js"
};
static const uint8_t file153[] = {
#embed "../../web/assets/pages/playground.css"
};
static const uint8_t file154[] = {
#embed "../../web/assets/pages/playground.js"
};
static const uint8_t file155[] = {
#embed "../../web/assets/pages/playground/code.js"
};
static const uint8_t file156[] = {
#embed "../../web/assets/pages/playground/column.js"
};
static const uint8_t file157[] = {
#embed "../../web/assets/pages/playground/desk.js"
};
static const uint8_t file158[] = {
#embed "../../web/assets/pages/playground/markdown.js"
};
static const uint8_t file159[] = {
#embed "../../web/assets/pages/playground/messages.js"
};
static const uint8_t file160[] = {
#embed "../../web/assets/pages/providers.css"
};
static const uint8_t file161[] = {
#embed "../../web/assets/pages/providers.js"
};
static const uint8_t file162[] = {
#embed "../../web/assets/pages/providers/add.js"
};
static const uint8_t file163[] = {
#embed "../../web/assets/pages/providers/detail.js"
};
static const uint8_t file164[] = {
#embed "../../web/assets/pages/providers/models.js"
};
static const uint8_t file165[] = {
#embed "../../web/assets/pages/providers/verdict.js"
};
static const uint8_t file166[] = {
#embed "../../web/assets/pages/requests.css"
};
static const uint8_t file167[] = {
#embed "../../web/assets/pages/requests.js"
};
static const uint8_t file168[] = {
#embed "../../web/assets/pages/requests/decision.js"
};
static const uint8_t file169[] = {
#embed "../../web/assets/pages/requests/detail.js"
};
static const uint8_t file170[] = {
#embed "../../web/assets/pages/requests/differences.js"
};
static const uint8_t file171[] = {
#embed "../../web/assets/pages/requests/facets.js"
};
static const uint8_t file172[] = {
#embed "../../web/assets/pages/requests/feed.js"
};
static const uint8_t file173[] = {
#embed "../../web/assets/pages/requests/histogram.js"
};
static const uint8_t file174[] = {
#embed "../../web/assets/pages/requests/peek.js"
};
static const uint8_t file175[] = {
#embed "../../web/assets/pages/requests/query.js"
};
static const uint8_t file176[] = {
#embed "../../web/assets/pages/requests/table.js"
};
static const uint8_t file177[] = {
#embed "../../web/assets/pages/requests/trace.js"
};
static const uint8_t file178[] = {
#embed "../../web/assets/pages/requests/view.js"
};
static const uint8_t file179[] = {
#embed "../../web/assets/pages/routing.css"
};
static const uint8_t file180[] = {
#embed "../../web/assets/pages/routing.js"
};
static const uint8_t file181[] = {
#embed "../../web/assets/pages/routing/answers.js"
};
static const uint8_t file182[] = {
#embed "../../web/assets/pages/routing/cache.js"
};
static const uint8_t file183[] = {
#embed "../../web/assets/pages/routing/checked.js"
};
static const uint8_t file184[] = {
#embed "../../web/assets/pages/routing/chosen.js"
};
static const uint8_t file185[] = {
#embed "../../web/assets/pages/routing/console.js"
};
static const uint8_t file186[] = {
#embed "../../web/assets/pages/routing/decision.js"
};
static const uint8_t file187[] = {
#embed "../../web/assets/pages/routing/draft.js"
};
static const uint8_t file188[] = {
#embed "../../web/assets/pages/routing/drafts.js"
};
static const uint8_t file189[] = {
#embed "../../web/assets/pages/routing/dry-run.js"
};
static const uint8_t file190[] = {
#embed "../../web/assets/pages/routing/editor.js"
};
static const uint8_t file191[] = {
#embed "../../web/assets/pages/routing/figures.js"
};
static const uint8_t file192[] = {
#embed "../../web/assets/pages/routing/load.js"
};
static const uint8_t file193[] = {
#embed "../../web/assets/pages/routing/log.js"
};
static const uint8_t file194[] = {
#embed "../../web/assets/pages/routing/models.js"
};
static const uint8_t file195[] = {
#embed "../../web/assets/pages/routing/rules.js"
};
static const uint8_t file196[] = {
#embed "../../web/assets/pages/routing/scores.js"
};
static const uint8_t file197[] = {
#embed "../../web/assets/pages/routing/tags.js"
};
static const uint8_t file198[] = {
#embed "../../web/assets/pages/routing/targets.js"
};
static const uint8_t file199[] = {
#embed "../../web/assets/pages/routing/types.js"
};
static const uint8_t file200[] = {
#embed "../../web/assets/pages/routing/versions.js"
};
static const uint8_t file201[] = {
#embed "../../web/assets/pages/routing/why.js"
};
static const uint8_t file202[] = {
#embed "../../web/assets/pages/security.css"
};
static const uint8_t file203[] = {
#embed "../../web/assets/pages/security.js"
};
static const uint8_t file204[] = {
#embed "../../web/assets/pages/security/audit.js"
};
static const uint8_t file205[] = {
#embed "../../web/assets/pages/security/keys.js"
};
static const uint8_t file206[] = {
#embed "../../web/assets/pages/security/overview.js"
};
static const uint8_t file207[] = {
#embed "../../web/assets/pages/security/sessions.js"
};
static const uint8_t file208[] = {
#embed "../../web/assets/pages/security/state.js"
};
static const uint8_t file209[] = {
#embed "../../web/assets/pages/settings.css"
};
static const uint8_t file210[] = {
#embed "../../web/assets/pages/settings.js"
};
static const uint8_t file211[] = {
#embed "../../web/assets/pages/settings/account.js"
};
static const uint8_t file212[] = {
#embed "../../web/assets/pages/settings/appearance.js"
};
static const uint8_t file213[] = {
#embed "../../web/assets/pages/settings/configuration.js"
};
static const uint8_t file214[] = {
#embed "../../web/assets/pages/settings/factor.js"
};
static const uint8_t file215[] = {
#embed "../../web/assets/pages/settings/general.js"
};
static const uint8_t file216[] = {
#embed "../../web/assets/pages/settings/paths.js"
};
static const uint8_t file217[] = {
#embed "../../web/assets/pages/settings/prices.js"
};
static const uint8_t file218[] = {
#embed "../../web/assets/pages/settings/versions.js"
};
static const uint8_t file219[] = {
#embed "../../web/assets/pages/setup.css"
};
static const uint8_t file220[] = {
#embed "../../web/assets/pages/setup.js"
};
static const uint8_t file221[] = {
#embed "../../web/assets/pages/setup/key.js"
};
static const uint8_t file222[] = {
#embed "../../web/assets/pages/setup/owner.js"
};
static const uint8_t file223[] = {
#embed "../../web/assets/pages/setup/provider.js"
};
static const uint8_t file224[] = {
#embed "../../web/assets/pages/setup/region.js"
};
static const uint8_t file225[] = {
#embed "../../web/assets/pages/setup/request.js"
};
static const uint8_t file226[] = {
#embed "../../web/assets/pages/setup/snippets.js"
};
static const uint8_t file227[] = {
#embed "../../web/assets/pages/shared.js"
};
static const uint8_t file228[] = {
#embed "../../web/assets/pages/sign-in.js"
};
static const uint8_t file229[] = {
#embed "../../web/assets/pages/teams.css"
};
static const uint8_t file230[] = {
#embed "../../web/assets/pages/teams.js"
};
static const uint8_t file231[] = {
#embed "../../web/assets/pages/teams/accounts.js"
};
static const uint8_t file232[] = {
#embed "../../web/assets/pages/teams/forms.js"
};
static const uint8_t file233[] = {
#embed "../../web/assets/pages/teams/holder.js"
};
static const uint8_t file234[] = {
#embed "../../web/assets/pages/teams/invitation.js"
};
static const uint8_t file235[] = {
#embed "../../web/assets/pages/teams/people.js"
};
static const uint8_t file236[] = {
#embed "../../web/assets/pages/teams/roles.js"
};
static const uint8_t file237[] = {
#embed "../../web/assets/pages/teams/tenant.js"
};
static const uint8_t file238[] = {
#embed "../../web/assets/pages/teams/tree.js"
};
static const uint8_t file239[] = {
#embed "../../web/assets/theme-boot.js"
};
static const uint8_t file240[] = {
#embed "../../web/index.html"
};
static const uint8_t file241[] = {
#embed "../../web/vendor/inter/Inter-latin-400-700.var.woff2"
};
static const uint8_t file242[] = {
#embed "../../web/vendor/lucide/icons.js"
};
static const uint8_t file243[] = {
#embed "../../web/vendor/uplot/uplot.iife.min.js"
};
static const uint8_t file244[] = {
#embed "../../web/vendor/uplot/uplot.min.css"
};
static const uint8_t file245[] = {
#embed "../../web/vendor/vue/vue.esm-browser.prod.js"
};

static const sira_console_file files[] = {
    {"assets/app.css", file0, sizeof file0},
    {"assets/app.js", file1, sizeof file1},
    {"assets/favicon.svg", file2, sizeof file2},
    {"assets/i18n/en/alerts.js", file3, sizeof file3},
    {"assets/i18n/en/billing.js", file4, sizeof file4},
    {"assets/i18n/en/budgets.js", file5, sizeof file5},
    {"assets/i18n/en/common.js", file6, sizeof file6},
    {"assets/i18n/en/cost.js", file7, sizeof file7},
    {"assets/i18n/en/decision.js", file8, sizeof file8},
    {"assets/i18n/en/experiments.js", file9, sizeof file9},
    {"assets/i18n/en/keys.js", file10, sizeof file10},
    {"assets/i18n/en/overview.js", file11, sizeof file11},
    {"assets/i18n/en/playground.js", file12, sizeof file12},
    {"assets/i18n/en/providers.js", file13, sizeof file13},
    {"assets/i18n/en/requests.js", file14, sizeof file14},
    {"assets/i18n/en/routing.js", file15, sizeof file15},
    {"assets/i18n/en/security.js", file16, sizeof file16},
    {"assets/i18n/en/settings.js", file17, sizeof file17},
    {"assets/i18n/en/setup.js", file18, sizeof file18},
    {"assets/i18n/en/shared.js", file19, sizeof file19},
    {"assets/i18n/en/sign-in.js", file20, sizeof file20},
    {"assets/i18n/en/teams.js", file21, sizeof file21},
    {"assets/i18n/zh/alerts.js", file22, sizeof file22},
    {"assets/i18n/zh/billing.js", file23, sizeof file23},
    {"assets/i18n/zh/budgets.js", file24, sizeof file24},
    {"assets/i18n/zh/common.js", file25, sizeof file25},
    {"assets/i18n/zh/cost.js", file26, sizeof file26},
    {"assets/i18n/zh/decision.js", file27, sizeof file27},
    {"assets/i18n/zh/experiments.js", file28, sizeof file28},
    {"assets/i18n/zh/keys.js", file29, sizeof file29},
    {"assets/i18n/zh/overview.js", file30, sizeof file30},
    {"assets/i18n/zh/playground.js", file31, sizeof file31},
    {"assets/i18n/zh/providers.js", file32, sizeof file32},
    {"assets/i18n/zh/requests.js", file33, sizeof file33},
    {"assets/i18n/zh/routing.js", file34, sizeof file34},
    {"assets/i18n/zh/security.js", file35, sizeof file35},
    {"assets/i18n/zh/settings.js", file36, sizeof file36},
    {"assets/i18n/zh/setup.js", file37, sizeof file37},
    {"assets/i18n/zh/shared.js", file38, sizeof file38},
    {"assets/i18n/zh/sign-in.js", file39, sizeof file39},
    {"assets/i18n/zh/teams.js", file40, sizeof file40},
    {"assets/lib/address.js", file41, sizeof file41},
    {"assets/lib/api.js", file42, sizeof file42},
    {"assets/lib/charts.js", file43, sizeof file43},
    {"assets/lib/checklist.js", file44, sizeof file44},
    {"assets/lib/copy-by-hand.js", file45, sizeof file45},
    {"assets/lib/copy.js", file46, sizeof file46},
    {"assets/lib/csv.js", file47, sizeof file47},
    {"assets/lib/delta.js", file48, sizeof file48},
    {"assets/lib/dialog.js", file49, sizeof file49},
    {"assets/lib/door.js", file50, sizeof file50},
    {"assets/lib/editor.js", file51, sizeof file51},
    {"assets/lib/events.js", file52, sizeof file52},
    {"assets/lib/format.js", file53, sizeof file53},
    {"assets/lib/html.js", file54, sizeof file54},
    {"assets/lib/i18n.js", file55, sizeof file55},
    {"assets/lib/keys.js", file56, sizeof file56},
    {"assets/lib/list.js", file57, sizeof file57},
    {"assets/lib/live.js", file58, sizeof file58},
    {"assets/lib/names.js", file59, sizeof file59},
    {"assets/lib/nav.js", file60, sizeof file60},
    {"assets/lib/pages.js", file61, sizeof file61},
    {"assets/lib/palette.js", file62, sizeof file62},
    {"assets/lib/password.js", file63, sizeof file63},
    {"assets/lib/prefs.js", file64, sizeof file64},
    {"assets/lib/qr.js", file65, sizeof file65},
    {"assets/lib/range.js", file66, sizeof file66},
    {"assets/lib/reason.js", file67, sizeof file67},
    {"assets/lib/requests.js", file68, sizeof file68},
    {"assets/lib/resource.js", file69, sizeof file69},
    {"assets/lib/route.js", file70, sizeof file70},
    {"assets/lib/session.js", file71, sizeof file71},
    {"assets/lib/sessions.js", file72, sizeof file72},
    {"assets/lib/shell.js", file73, sizeof file73},
    {"assets/lib/strength.js", file74, sizeof file74},
    {"assets/lib/table.js", file75, sizeof file75},
    {"assets/lib/timechart.js", file76, sizeof file76},
    {"assets/lib/toast.js", file77, sizeof file77},
    {"assets/lib/tokens.js", file78, sizeof file78},
    {"assets/lib/ui.js", file79, sizeof file79},
    {"assets/lib/vue.js", file80, sizeof file80},
    {"assets/lib/zone.js", file81, sizeof file81},
    {"assets/pages/alerts.css", file82, sizeof file82},
    {"assets/pages/alerts.js", file83, sizeof file83},
    {"assets/pages/alerts/channels.js", file84, sizeof file84},
    {"assets/pages/alerts/firing.js", file85, sizeof file85},
    {"assets/pages/alerts/kinds.js", file86, sizeof file86},
    {"assets/pages/alerts/past.js", file87, sizeof file87},
    {"assets/pages/alerts/rules.js", file88, sizeof file88},
    {"assets/pages/alerts/words.js", file89, sizeof file89},
    {"assets/pages/billing.css", file90, sizeof file90},
    {"assets/pages/billing.js", file91, sizeof file91},
    {"assets/pages/billing/codes.js", file92, sizeof file92},
    {"assets/pages/billing/credit.js", file93, sizeof file93},
    {"assets/pages/billing/invoice.js", file94, sizeof file94},
    {"assets/pages/billing/invoices.js", file95, sizeof file95},
    {"assets/pages/billing/plans.js", file96, sizeof file96},
    {"assets/pages/billing/prompts.js", file97, sizeof file97},
    {"assets/pages/billing/savings.js", file98, sizeof file98},
    {"assets/pages/billing/subscription.js", file99, sizeof file99},
    {"assets/pages/budgets.css", file100, sizeof file100},
    {"assets/pages/budgets.js", file101, sizeof file101},
    {"assets/pages/budgets/board.js", file102, sizeof file102},
    {"assets/pages/budgets/detail.js", file103, sizeof file103},
    {"assets/pages/budgets/editor.js", file104, sizeof file104},
    {"assets/pages/budgets/language.js", file105, sizeof file105},
    {"assets/pages/budgets/offset.js", file106, sizeof file106},
    {"assets/pages/budgets/override.js", file107, sizeof file107},
    {"assets/pages/budgets/past.js", file108, sizeof file108},
    {"assets/pages/budgets/standing.js", file109, sizeof file109},
    {"assets/pages/budgets/words.js", file110, sizeof file110},
    {"assets/pages/cost.css", file111, sizeof file111},
    {"assets/pages/cost.js", file112, sizeof file112},
    {"assets/pages/cost/advice.js", file113, sizeof file113},
    {"assets/pages/cost/alerts.js", file114, sizeof file114},
    {"assets/pages/cost/changed.js", file115, sizeof file115},
    {"assets/pages/cost/effects.js", file116, sizeof file116},
    {"assets/pages/cost/explore.js", file117, sizeof file117},
    {"assets/pages/cost/figures.js", file118, sizeof file118},
    {"assets/pages/cost/filters.js", file119, sizeof file119},
    {"assets/pages/cost/forecast.js", file120, sizeof file120},
    {"assets/pages/cost/kpi.js", file121, sizeof file121},
    {"assets/pages/cost/kpis.js", file122, sizeof file122},
    {"assets/pages/cost/money.js", file123, sizeof file123},
    {"assets/pages/cost/periods.js", file124, sizeof file124},
    {"assets/pages/cost/place.js", file125, sizeof file125},
    {"assets/pages/cost/report-files.js", file126, sizeof file126},
    {"assets/pages/cost/report-parts.js", file127, sizeof file127},
    {"assets/pages/cost/report-rows.js", file128, sizeof file128},
    {"assets/pages/cost/report-sheet.js", file129, sizeof file129},
    {"assets/pages/cost/reports.js", file130, sizeof file130},
    {"assets/pages/cost/returns.js", file131, sizeof file131},
    {"assets/pages/cost/savings.js", file132, sizeof file132},
    {"assets/pages/cost/scope.js", file133, sizeof file133},
    {"assets/pages/cost/share.js", file134, sizeof file134},
    {"assets/pages/cost/split.js", file135, sizeof file135},
    {"assets/pages/cost/trend.js", file136, sizeof file136},
    {"assets/pages/cost/unpriced.js", file137, sizeof file137},
    {"assets/pages/cost/unusual.js", file138, sizeof file138},
    {"assets/pages/experiments.css", file139, sizeof file139},
    {"assets/pages/experiments.js", file140, sizeof file140},
    {"assets/pages/experiments/detail.js", file141, sizeof file141},
    {"assets/pages/experiments/start.js", file142, sizeof file142},
    {"assets/pages/experiments/verdict.js", file143, sizeof file143},
    {"assets/pages/keys.js", file144, sizeof file144},
    {"assets/pages/overview.css", file145, sizeof file145},
    {"assets/pages/overview.js", file146, sizeof file146},
    {"assets/pages/overview/attention.js", file147, sizeof file147},
    {"assets/pages/overview/figures.js", file148, sizeof file148},
    {"assets/pages/overview/pulse.js", file149, sizeof file149},
    {"assets/pages/overview/span.js", file150, sizeof file150},
    {"assets/pages/overview/spike.js", file151, sizeof file151},
    {"assets/pages/overview/traffic.js", file152, sizeof file152},
    {"assets/pages/playground.css", file153, sizeof file153},
    {"assets/pages/playground.js", file154, sizeof file154},
    {"assets/pages/playground/code.js", file155, sizeof file155},
    {"assets/pages/playground/column.js", file156, sizeof file156},
    {"assets/pages/playground/desk.js", file157, sizeof file157},
    {"assets/pages/playground/markdown.js", file158, sizeof file158},
    {"assets/pages/playground/messages.js", file159, sizeof file159},
    {"assets/pages/providers.css", file160, sizeof file160},
    {"assets/pages/providers.js", file161, sizeof file161},
    {"assets/pages/providers/add.js", file162, sizeof file162},
    {"assets/pages/providers/detail.js", file163, sizeof file163},
    {"assets/pages/providers/models.js", file164, sizeof file164},
    {"assets/pages/providers/verdict.js", file165, sizeof file165},
    {"assets/pages/requests.css", file166, sizeof file166},
    {"assets/pages/requests.js", file167, sizeof file167},
    {"assets/pages/requests/decision.js", file168, sizeof file168},
    {"assets/pages/requests/detail.js", file169, sizeof file169},
    {"assets/pages/requests/differences.js", file170, sizeof file170},
    {"assets/pages/requests/facets.js", file171, sizeof file171},
    {"assets/pages/requests/feed.js", file172, sizeof file172},
    {"assets/pages/requests/histogram.js", file173, sizeof file173},
    {"assets/pages/requests/peek.js", file174, sizeof file174},
    {"assets/pages/requests/query.js", file175, sizeof file175},
    {"assets/pages/requests/table.js", file176, sizeof file176},
    {"assets/pages/requests/trace.js", file177, sizeof file177},
    {"assets/pages/requests/view.js", file178, sizeof file178},
    {"assets/pages/routing.css", file179, sizeof file179},
    {"assets/pages/routing.js", file180, sizeof file180},
    {"assets/pages/routing/answers.js", file181, sizeof file181},
    {"assets/pages/routing/cache.js", file182, sizeof file182},
    {"assets/pages/routing/checked.js", file183, sizeof file183},
    {"assets/pages/routing/chosen.js", file184, sizeof file184},
    {"assets/pages/routing/console.js", file185, sizeof file185},
    {"assets/pages/routing/decision.js", file186, sizeof file186},
    {"assets/pages/routing/draft.js", file187, sizeof file187},
    {"assets/pages/routing/drafts.js", file188, sizeof file188},
    {"assets/pages/routing/dry-run.js", file189, sizeof file189},
    {"assets/pages/routing/editor.js", file190, sizeof file190},
    {"assets/pages/routing/figures.js", file191, sizeof file191},
    {"assets/pages/routing/load.js", file192, sizeof file192},
    {"assets/pages/routing/log.js", file193, sizeof file193},
    {"assets/pages/routing/models.js", file194, sizeof file194},
    {"assets/pages/routing/rules.js", file195, sizeof file195},
    {"assets/pages/routing/scores.js", file196, sizeof file196},
    {"assets/pages/routing/tags.js", file197, sizeof file197},
    {"assets/pages/routing/targets.js", file198, sizeof file198},
    {"assets/pages/routing/types.js", file199, sizeof file199},
    {"assets/pages/routing/versions.js", file200, sizeof file200},
    {"assets/pages/routing/why.js", file201, sizeof file201},
    {"assets/pages/security.css", file202, sizeof file202},
    {"assets/pages/security.js", file203, sizeof file203},
    {"assets/pages/security/audit.js", file204, sizeof file204},
    {"assets/pages/security/keys.js", file205, sizeof file205},
    {"assets/pages/security/overview.js", file206, sizeof file206},
    {"assets/pages/security/sessions.js", file207, sizeof file207},
    {"assets/pages/security/state.js", file208, sizeof file208},
    {"assets/pages/settings.css", file209, sizeof file209},
    {"assets/pages/settings.js", file210, sizeof file210},
    {"assets/pages/settings/account.js", file211, sizeof file211},
    {"assets/pages/settings/appearance.js", file212, sizeof file212},
    {"assets/pages/settings/configuration.js", file213, sizeof file213},
    {"assets/pages/settings/factor.js", file214, sizeof file214},
    {"assets/pages/settings/general.js", file215, sizeof file215},
    {"assets/pages/settings/paths.js", file216, sizeof file216},
    {"assets/pages/settings/prices.js", file217, sizeof file217},
    {"assets/pages/settings/versions.js", file218, sizeof file218},
    {"assets/pages/setup.css", file219, sizeof file219},
    {"assets/pages/setup.js", file220, sizeof file220},
    {"assets/pages/setup/key.js", file221, sizeof file221},
    {"assets/pages/setup/owner.js", file222, sizeof file222},
    {"assets/pages/setup/provider.js", file223, sizeof file223},
    {"assets/pages/setup/region.js", file224, sizeof file224},
    {"assets/pages/setup/request.js", file225, sizeof file225},
    {"assets/pages/setup/snippets.js", file226, sizeof file226},
    {"assets/pages/shared.js", file227, sizeof file227},
    {"assets/pages/sign-in.js", file228, sizeof file228},
    {"assets/pages/teams.css", file229, sizeof file229},
    {"assets/pages/teams.js", file230, sizeof file230},
    {"assets/pages/teams/accounts.js", file231, sizeof file231},
    {"assets/pages/teams/forms.js", file232, sizeof file232},
    {"assets/pages/teams/holder.js", file233, sizeof file233},
    {"assets/pages/teams/invitation.js", file234, sizeof file234},
    {"assets/pages/teams/people.js", file235, sizeof file235},
    {"assets/pages/teams/roles.js", file236, sizeof file236},
    {"assets/pages/teams/tenant.js", file237, sizeof file237},
    {"assets/pages/teams/tree.js", file238, sizeof file238},
    {"assets/theme-boot.js", file239, sizeof file239},
    {"index.html", file240, sizeof file240},
    {"vendor/inter/Inter-latin-400-700.var.woff2", file241, sizeof file241},
    {"vendor/lucide/icons.js", file242, sizeof file242},
    {"vendor/uplot/uplot.iife.min.js", file243, sizeof file243},
    {"vendor/uplot/uplot.min.css", file244, sizeof file244},
    {"vendor/vue/vue.esm-browser.prod.js", file245, sizeof file245},
};

const sira_console_file *sira_console_files(size_t *count) {
    *count = sizeof files / sizeof *files;
    return files;
}
