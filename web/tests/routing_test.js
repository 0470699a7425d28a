// Routes while they are changed, and the shares that weights mean.
import { originOf, draftOf, patchOf } from "../assets/pages/routing/draft.js";
import { targetShares } from "../assets/pages/routing/targets.js";
const eq = (a, b) => { const x = JSON.stringify(a), y = JSON.stringify(b); if (x !== y) throw new Error(`${x} != ${y}`); };
const route = { strategy: "weighted", targets: [{ model: "a", weight: 9 }, "b"], rules: [{ if: "images", targets: ["a"], strategy: null }], fallbacks: ["c"], blend: { cost: null } };

Deno.test("a route that nobody has changed needs no patch", () => eq(patchOf(route, draftOf(route, "r")), null));
Deno.test("a patch holds the fields that are other, and no more", () => {
  const draft = draftOf(route, "r");
  draft.targets[0].weight = "4";
  eq(patchOf(route, draft), { routes: { r: { targets: [{ model: "a", weight: 4 }, "b"] } } });
});
Deno.test("a new route has its targets in the patch", () => {
  const draft = draftOf(null, "fresh");
  draft.targets.push({ model: "a", weight: "1" });
  eq(patchOf(null, draft), { routes: { fresh: { targets: ["a"] } } });
});
Deno.test("the console's word is told before the file's", () => {
  eq(originOf({ "routes.r.targets": "file", "routes.r.strategy": "console", "routes.rr.x": "environment" }, ["routes", "r"]), "console");
  eq(originOf({ "routes.rr.x": "environment" }, ["routes", "r"]), "default");
});
Deno.test("weights share out what came for the route, and other names count where they went", () => {
  const names = { routes: [{ name: "r", settings: { strategy: "weighted" }, targets: [{ model: "a", weight: 3, deployments: ["x/a"] }, { model: "b", weight: 1, deployments: ["y/b"] }] }], aliases: [{ name: "alias", target: "r" }] };
  const lines = [{ requested_model: "r", provider: "x", model: "a", requests: 30 }, { requested_model: "alias", provider: "y", model: "b", requests: 10 }, { requested_model: "b", provider: "y", model: "b", requests: 10 }];
  eq([...targetShares(lines, names) ?? []].sort(), [["x/a", 0.6], ["y/b", 0.4]]);
});
Deno.test("without weights there is no target", () => eq(targetShares([{ requested_model: "b", provider: "y", model: "b", requests: 10 }], { routes: [], aliases: [] }), null));
