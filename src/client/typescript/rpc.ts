/** Where the gateway is, and who calls. */
export interface Gateway {
  /** Before `/rpc/..`, as "https://host/rest/v1". */
  url: string;
  /** Sent as `Authorization: Bearer`; a function is asked for each call. */
  token?: string | (() => string | Promise<string>);
  /** Sent with each call, as `apikey` of Supabase. */
  headers?: Record<string, string>;
  /** Without it the global `fetch`. */
  fetch?: typeof fetch;
}

/** A call as it is sent. */
export interface Action {
  readonly name: string;
  readonly schema: string;
  readonly function: string;
  readonly parameters: readonly string[];
  readonly columns: readonly string[];
  readonly shape: string;
}

/** Calls as whoever the gateway verifies. */
export class Session {
  readonly #gateway: Gateway;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  /** Calls `action` with `given`, and gives rows as they came. */
  async call(action: Action, given: readonly (Raw | undefined)[]): Promise<Raw[][]> {
    return settled(() => this.#attempt(action, given), mayPass);
  }

  async #attempt(action: Action, given: readonly (Raw | undefined)[]): Promise<Raw[][]> {
    const entries = action.parameters.map((name, index) => [name, given[index]] as const);
    // undefined is left out, so that the function's own default holds.
    const body = JSON.stringify(Object.fromEntries(entries));
    const send = this.#gateway.fetch ?? fetch;
    const url = `${this.#gateway.url}/rpc/${encodeURIComponent(action.function)}`;
    const answer = await send(url, { method: "POST", headers: await this.#headers(action), body });
    const text = await answer.text();
    if (!answer.ok) throw told(action, answer.status, text);
    return rows(action, text === "" ? null : JSON.parse(withoutNumbers(text)));
  }

  async #headers(action: Action): Promise<Record<string, string>> {
    const { token, headers } = this.#gateway;
    const bearer = typeof token === "function" ? await token() : token;
    return {
      "Content-Type": "application/json",
      "Content-Profile": action.schema,
      ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
      ...headers,
    };
  }
}

/** JSON with its numbers as strings: JSON.parse would make doubles of them. */
function withoutNumbers(text: string): string {
  const token = /"(?:[^"\\]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/g;
  return text.replace(token, (found) => (found.startsWith('"') ? found : `"${found}"`));
}

function rows(action: Action, body: unknown): Raw[][] {
  const row = (it: unknown) => action.columns.map((name) => raw((it as Record<string, unknown>)[name]));
  switch (action.shape) {
    case "rows":
      return (body as unknown[]).map(row);
    case "row":
      return [row(body)];
    case "value":
      return [[raw(body)]];
    default:
      return [];
  }
}

function raw(value: unknown): Raw {
  if (value === null || value === undefined) return null;
  return Array.isArray(value) ? value.map((it) => (it === null ? null : String(it))) : String(value);
}

function told(action: Action, status: number, text: string): CallError {
  let said: { code?: string; message?: string; hint?: string | null } = {};
  try {
    said = JSON.parse(text);
  } catch {
    said = { message: text };
  }
  const message = said.message ?? text;
  return new CallError(action.name, said.code ?? `HTTP ${status}`, message, said.hint ?? undefined, status);
}

/** True if the call collided with another. */
function mayPass(error: unknown): boolean {
  return error instanceof CallError && ["40001", "40P01", "55P03", "55006"].includes(error.sqlstate);
}
