
/** A value as it travels: text in PostgreSQL's form, an array of such, or null. */
export type Raw = string | null | (string | null)[];

/** A decimal, as plain digits with all of them: "-12.50". Libraries for decimals read it as it is. */
export type Decimal = string;

/** A call that was refused or rolled back. */
export class CallError extends Error {
  override readonly name = "CallError";

  /** The call: "dataset.action". */
  readonly action: string;
  /** What the database says: "KF001" where an action raised, else an SQLSTATE. */
  readonly sqlstate: string;
  /** What to do about it. */
  readonly hint: string | undefined;

  /** The message is the text of ERROR(..) where an action raised; the cause is what the driver or the gateway gave. */
  constructor(action: string, sqlstate: string, message: string, hint: string | undefined, cause: unknown) {
    super(message, { cause });
    this.action = action;
    this.sqlstate = sqlstate;
    this.hint = hint;
  }

  /** What `kf explain` explains: "KF001", "KF0801". */
  get code(): string {
    return codeOf(this.sqlstate, this.message);
  }

  /** True if the action said ERROR(..), whose text is the message. */
  get isRaised(): boolean {
    return this.sqlstate === "KF001";
  }
}

const CODES: readonly [beginning: string, code: string][] = [
  ["PT403", "KF002"], ["25006", "KF006"], ["54001", "KF007"], ["40001", "KF012"], ["40P01", "KF012"],
  ["55P03", "KF012"], ["42501", "KF0502"], ["23", "KF0801"], ["22", "KF0802"], ["53", "KF009"], ["54", "KF009"],
  ["42", "KF0790"], ["0A", "KF0790"], ["XX", "KF0790"], ["2F", "KF0790"], ["34", "KF0790"], ["24", "KF0790"],
];

function codeOf(sqlstate: string, message: string): string {
  if (sqlstate.startsWith("KF")) return sqlstate;
  if (sqlstate === "23514" && message.includes("kf.finite")) return "KF0802";
  return CODES.find(([beginning]) => sqlstate.startsWith(beginning))?.[1] ?? "KF0803";
}

/** How often a call that collided with another is tried. */
const ATTEMPTS = 8;

/** Runs what is a transaction of its own until it does not collide with another. */
async function settled<T>(once: () => Promise<T>, mayPass: (error: unknown) => boolean): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once();
    } catch (error) {
      if (attempt === ATTEMPTS || !mayPass(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5 << attempt));
    }
  }
}

/** How values of a type travel. */
export interface Codec<T> {
  write(value: T): string;
  read(text: string): T;
}

function refuse(value: unknown, expected: string): never {
  throw new TypeError(`${String(value)} is not ${expected}`);
}

function within(value: bigint, low: bigint, high: bigint, expected: string): string {
  if (typeof value !== "bigint" || value < low || value > high) refuse(value, expected);
  return value.toString();
}

export const int: Codec<bigint> = {
  write: (value) => within(value, -(2n ** 63n), 2n ** 63n - 1n, "a bigint of 64 bits"),
  read: BigInt,
};

export const uint256: Codec<bigint> = {
  write: (value) => within(value, 0n, 2n ** 256n - 1n, "a bigint from 0 to 2^256 - 1"),
  read: BigInt,
};

export const decimal: Codec<Decimal> = {
  write: (value) => (/^-?[0-9]+(\.[0-9]+)?$/.test(value) ? value : refuse(value, "a decimal, as \"-12.50\"")),
  read: (text) => text,
};

export const text: Codec<string> = { write: (value) => value, read: (text) => text };

export const bool: Codec<boolean> = { write: (value) => (value ? "true" : "false"), read: (text) => text === "true" };

export const uuid: Codec<string> = {
  write: (value) =>
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value) ? value : refuse(value, "a uuid"),
  read: (text) => text,
};

export const blob: Codec<Uint8Array> = {
  write: (value) => "\\x" + Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join(""),
  read: (text) => Uint8Array.from(text.slice(2).match(/../g) ?? [], (digits) => parseInt(digits, 16)),
};

/** An argument; undefined is left out. */
export function put<T>(codec: Codec<T>, value: T | null | undefined): Raw | undefined {
  if (value === null || value === undefined) return value as null | undefined;
  return codec.write(value);
}

/** An argument that is an array. */
export function putList<T>(codec: Codec<T>, values: readonly (T | null)[] | null | undefined): Raw | undefined {
  if (values === null || values === undefined) return values;
  return values.map((value) => (value === null ? null : codec.write(value)));
}

/** A result that may be null. */
export function getOrNull<T>(codec: Codec<T>, raw: Raw | undefined): T | null {
  return typeof raw === "string" ? codec.read(raw) : null;
}

/** A result that is never null. */
export function get<T>(codec: Codec<T>, raw: Raw | undefined): T {
  return typeof raw === "string" ? codec.read(raw) : refuse(raw, "a value: make the client anew");
}

/** A result that is an array or null. */
export function getListOrNull<T>(codec: Codec<T>, raw: Raw | undefined): (T | null)[] | null {
  return Array.isArray(raw) ? raw.map((value) => (value === null ? null : codec.read(value))) : null;
}

/** A result that is an array. */
export function getList<T>(codec: Codec<T>, raw: Raw | undefined): (T | null)[] {
  return getListOrNull(codec, raw) ?? refuse(raw, "an array: make the client anew");
}

/** The only row of a result. */
export function only(rows: readonly Raw[][]): Raw[] {
  return rows[0] ?? refuse("nothing", "a row: make the client anew");
}
