import { randomBytes } from "node:crypto";
import type { ClientBase, Pool } from "pg";

/** Who calls, and when: what actions see as `@caller`, `@txid` and so on. */
export interface Context {
  /** `@caller`; what `0x..` of it spells is `@signer`, else its text in bytes. */
  caller: string;
  /** `@txid`; without it a new one for each call. */
  txid?: string;
  /** `@height`; without it 1. */
  height?: bigint;
  /** `@block_timestamp` in seconds; without it now. */
  blockTimestamp?: bigint;
  /** `@authenticator`; without it "local". */
  authenticator?: string;
}

/** A call as it is sent. */
export interface Action {
  readonly name: string;
  readonly dataset: string;
  readonly reads: boolean;
  readonly sql: string;
  readonly defaults: readonly (string | null)[];
}

const PIN = "__PIN__";
const ROLES =
  "SELECT (pg_catalog.pg_get_userbyid(n.nspowner) = 'kf_owner')::text FROM pg_catalog.pg_namespace AS n WHERE n.nspname = 'kf'";

/** Clients that run a call, by which the next one waits. */
const busy = new WeakMap<ClientBase, Promise<unknown>>();
/** True for databases with the roles kf_public and so on. */
const roles = new WeakMap<Pool | ClientBase, boolean>();

/**
 * Calls as one caller. Each call is a transaction of its own: a pool runs them side by side, a client one after
 * another. The login has to be `kf_engine` or one with its rights, and a client must be in no transaction.
 */
export class Session {
  readonly #connection: Pool | ClientBase;
  readonly #context: Context;

  constructor(connection: Pool | ClientBase, context: string | Context) {
    this.#connection = connection;
    this.#context = typeof context === "string" ? { caller: context } : context;
    if (this.#context.caller === "") throw new TypeError("the caller is empty");
  }

  /** Calls `action` with `given`, and gives rows as they came. */
  async call(action: Action, given: readonly (Raw | undefined)[]): Promise<Raw[][]> {
    const values = given.map((value, index) => (value === undefined ? (action.defaults[index] ?? null) : value));
    const once = () => this.#connected((client) => this.#attempt(client, action, values));
    try {
      return await settled(once, mayPass);
    } catch (error) {
      throw told(action, error);
    }
  }

  async #connected<T>(work: (client: ClientBase) => Promise<T>): Promise<T> {
    const connection = this.#connection;
    if ("totalCount" in connection) {
      const client = await connection.connect();
      try {
        return await work(client);
      } finally {
        client.release();
      }
    }
    const before = busy.get(connection) ?? Promise.resolve();
    const mine = before.then(() => work(connection));
    busy.set(connection, mine.catch(() => undefined));
    return mine;
  }

  async #attempt(client: ClientBase, action: Action, values: readonly Raw[]): Promise<Raw[][]> {
    const apart = await this.#hasRoles(client, action);
    try {
      await client.query(beginning(action, apart));
      const bound = [...this.#bound(), ...values];
      const result = await client.query<Raw[]>({ text: action.sql, values: bound, rowMode: "array" });
      await client.query("COMMIT");
      return result.rows;
    } catch (error) {
      await client.query("ROLLBACK").catch(() => undefined);
      throw error;
    }
  }

  async #hasRoles(client: ClientBase, action: Action): Promise<boolean> {
    const known = roles.get(this.#connection);
    if (known !== undefined) return known;
    const { rows } = await client.query<string[]>({ text: ROLES, rowMode: "array" });
    const row = rows[0];
    if (row === undefined) throw new CallError(action.name, "3F000", "no dataset is deployed", undefined, undefined);
    roles.set(this.#connection, row[0] === "true");
    return row[0] === "true";
  }

  #bound(): unknown[] {
    const { caller, txid, height, blockTimestamp, authenticator } = this.#context;
    const spelled = /^0[xX](?:[0-9a-fA-F]{2})+$/.test(caller);
    return [
      caller,
      spelled ? Buffer.from(caller.slice(2), "hex") : Buffer.from(caller, "utf8"),
      txid ?? randomBytes(32).toString("hex"),
      (height ?? 1n).toString(),
      (blockTimestamp ?? BigInt(Math.floor(Date.now() / 1000))).toString(),
      authenticator ?? "local",
    ];
  }
}

function beginning(action: Action, apart: boolean): string {
  const statements = ["BEGIN ISOLATION LEVEL SERIALIZABLE", PIN, `SELECT kf.hold('${action.dataset}')`];
  if (action.reads) statements.push("SET TRANSACTION READ ONLY");
  if (apart) statements.push("SET LOCAL ROLE kf_public");
  return statements.join("; ");
}

interface Said {
  code: string;
  message: string;
  hint?: string;
  where?: string;
}

/** What the server said; undefined if it did not. */
function said(error: unknown): Said | undefined {
  const it = error as Partial<Said> & { severity?: string };
  return error instanceof Error && it.severity !== undefined && typeof it.code === "string"
    ? (it as Said)
    : undefined;
}

/** True if the call collided with another, or what it calls was replaced since its snapshot. */
function mayPass(error: unknown): boolean {
  const { code = "", where = "" } = said(error) ?? {};
  const gone = ["42883", "3F000"].includes(code) && where === "";
  return ["40001", "40P01", "55P03", "55006"].includes(code) || gone;
}

function told(action: Action, error: unknown): unknown {
  const it = said(error);
  return it === undefined ? error : new CallError(action.name, it.code, it.message, it.hint, error);
}
