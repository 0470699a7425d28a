// The configuration as paths and patches; and what is said of passwords.
import { strength } from "../assets/lib/password.js";
import { leaves, lock, origin, parse, patch } from "../assets/pages/settings/paths.js";

const eq = (a, b) => {
  const [x, y] = [JSON.stringify(a), JSON.stringify(b)];
  if (x !== y) throw new Error(`${x} != ${y}`);
};
Deno.test("settings are listed by their paths, lists as one value", () => {
  eq(leaves({ a: { b: 1, c: ["x"] }, d: null, e: {} }).map((one) => [one.id, one.value]), [["a.b", 1], ["a.c", ["x"]], ["d", null], ["e", {}]]);
});
Deno.test("a patch changes one value, whatever dots its names have", () => eq(patch(["models", "gpt-4.1", "rpm"], 3), { models: { "gpt-4.1": { rpm: 3 } } }));
Deno.test("a value comes from the nearest of its path that is told of", () => {
  const origins = { "a": "file", "a.b": "console" };
  eq([origin("a.b", origins), origin("a.c", origins), origin("z", origins)], ["console", "file", "default"]);
});
Deno.test("what is below a locked path is locked", () => {
  eq([lock("admin.token", ["admin"], { admin: "why" }), lock("administrator", ["admin"])], ["why", null]);
});
Deno.test("what is written is JSON where it is some, and a text else", () => eq(["12", "true", '["a"]', "info", ""].map(parse), [12, true, ["a"], "info", null]));
Deno.test("passwords are told apart by length, repetition and what others know", () => {
  eq(["", "short", "aaaaaaaaaaaaaa", "ada.lovelace.99", "violet harbour nine lamps"].map((one) => strength(one, ["Ada", "ada.lovelace"])), ["", "short", "weak", "weak", "strong"]);
});
