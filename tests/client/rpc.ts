// The scenario over a gateway, and what only gateways have.
import assert from "node:assert/strict";
import { Session } from "./kf/_kf.js";
import { Class } from "./kf/class.js";
import { Gallery } from "./kf/gallery.js";
import { fault, scenario } from "./scenario.js";

const url = process.env["KF_GATEWAY"]!;
const session = new Session({ url, token: "token of 0xAb" });
const owner = new Session({ url, token: async () => "token of 0xaa" });
await scenario(new Gallery(session), new Gallery(owner), new Class(session));
const nobody = await fault(new Gallery(new Session({ url })).putBare({ id: 1n }));
assert.deepEqual([nobody.sqlstate, nobody.isRaised], ["42501", false]);
const forged = await fault(new Gallery(new Session({ url, token: "forged" })).whoami());
assert.deepEqual([forged.sqlstate, forged.message], ["PGRST301", "no such token"]);
const elsewhere = await fault(new Gallery(new Session({ url: `${url}/nowhere` })).whoami());
assert.equal(elsewhere.sqlstate, "HTTP 404");
const header = { url, headers: { Authorization: "Bearer token of 0xAb" } };
assert.equal((await new Gallery(new Session(header)).whoami()).caller, "0xAb");
await assert.rejects(new Gallery(new Session({ url: "http://127.0.0.1:1" })).whoami(), TypeError);
console.log("fine");
