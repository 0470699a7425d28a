// Where applications reach the API.
import { addressOf } from "../assets/lib/address.js";
const eq = (a, b) => { if (a !== b) throw new Error(`${a} != ${b}`); };
const here = { protocol: "https:", hostname: "sira.lan" };

Deno.test("the address of the API is the one that the gateway tells", () => {
  eq(addressOf({ url: "https://llm.example.com/", scheme: "http", host: "127.0.0.1", port: 8080 }, here), "https://llm.example.com");
  eq(addressOf({ url: null, scheme: "http", host: "[::1]", port: 9_000 }, here), "http://[::1]:9000");
});
Deno.test("what listens everywhere is reached by the reader's own name for it", () => {
  eq(addressOf({ url: null, scheme: "http", host: null, port: 9_000 }, here), "http://sira.lan:9000");
  eq(addressOf(undefined, here), "https://sira.lan:8080");
});
