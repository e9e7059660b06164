// The scenario over a connection, and what only connections have.
import assert from "node:assert/strict";
import pg from "pg";
import { Session } from "./kf/_kf.js";
import type { Context } from "./kf/_kf.js";
import { Class } from "./kf/class.js";
import { Gallery } from "./kf/gallery.js";
import { scenario } from "./scenario.js";

/** Calls at once: each has a transaction, on a pool and on one client. */
async function atOnce(connection: pg.Pool | pg.Client): Promise<void> {
  const gallery = new Gallery(new Session(connection, "0xaa"));
  await Promise.all(Array.from({ length: 10 }, (_, index) => gallery.putBare({ id: BigInt(100 + index) })));
  assert.equal((await gallery.listThings({ low: 100n })).length, 10);
  await gallery.clear();
}

async function context(pool: pg.Pool): Promise<void> {
  const given: Context = { caller: "x", txid: "t", height: 7n, blockTimestamp: 5n, authenticator: "mine" };
  assert.equal((await new Gallery(new Session(pool, given)).whoami()).caller, "x");
  assert.throws(() => new Session(pool, ""), TypeError);
}

const pool = new pg.Pool({ connectionString: process.env["KF_URL"]! });
const client = new pg.Client({ connectionString: process.env["KF_URL"]! });
await client.connect();
const owner = new Gallery(new Session(client, "0xaa"));
await scenario(new Gallery(new Session(pool, "0xAb")), owner, new Class(new Session(client, "0xAb")));
await atOnce(pool);
await atOnce(client);
await context(pool);
await client.end();
await pool.end();
console.log("fine");
