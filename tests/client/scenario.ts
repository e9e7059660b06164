// What every language's scenario does, over a connection (`sql`) or a gateway (`rpc`).
import assert from "node:assert/strict";
import { CallError } from "./kf/_kf.js";
import type { Class } from "./kf/class.js";
import type { Gallery } from "./kf/gallery.js";

const LARGEST = 2n ** 256n - 1n;
const SMALLEST = -(2n ** 63n);
const MARK = "67e55044-10b1-426f-9247-bb680e5fe0c8";
const WORDS = "it's \"quoted\" \\ 🦀 ẞ\n\ttab $1 {},";
const BYTES = Uint8Array.from([0, 1, 0, 255, 92]);
const PRICE = "-1234567890123456789012345678901234567890.12345678901234567890";

async function everyType(gallery: Gallery): Promise<void> {
  await gallery.putThing({
    id: SMALLEST, words: WORDS, yes: true, bytes: BYTES, mark: MARK, price: PRICE, supply: LARGEST,
    ints: [2n ** 63n - 1n, null, SMALLEST], texts: [WORDS, null, "null", ""], prices: [PRICE, null], supplies: [LARGEST, null, 0n],
    marks: [MARK, null], flags: [true, null, false], blobs: [BYTES, null, new Uint8Array()],
  });
  await gallery.putBare({ id: 1n });
  await gallery.putBare({ id: 2n, words: "", price: "2.5", note: "noted" });
  const [full, left, given] = await gallery.listThings({ low: SMALLEST });
  assert(full && left && given);
  assert.deepEqual([full.id, full.words, full.yes, full.bytes], [SMALLEST, WORDS, true, BYTES]);
  assert.deepEqual([full.mark, full.price, full.supply], [MARK, PRICE, LARGEST]);
  assert.deepEqual([full.maybeId, full.maybeWords, full.maybeYes, full.maybeBytes], [SMALLEST, WORDS, true, BYTES]);
  assert.deepEqual([full.maybeMark, full.maybePrice, full.maybeSupply], [MARK, PRICE, LARGEST]);
  assert.deepEqual(full.ints, [2n ** 63n - 1n, null, SMALLEST]);
  assert.deepEqual(full.texts, [WORDS, null, "null", ""]);
  assert.deepEqual([full.prices, full.supplies], [[PRICE, null], [LARGEST, null, 0n]]);
  assert.deepEqual([full.marks, full.flags], [[MARK, null], [true, null, false]]);
  assert.deepEqual(full.blobs, [BYTES, null, new Uint8Array()]);
  assert.deepEqual([left.words, left.yes, left.bytes, left.ints], ["it's \"left\" out", false, new Uint8Array(), []]);
  assert.deepEqual([left.price, left.supply, left.texts, left.blobs], ["0.50000000000000000000", 0n, null, null]);
  assert.deepEqual([left.maybeId, left.maybeWords, left.maybeBytes, left.maybePrice], [null, null, null, null]);
  assert.deepEqual([given.words, given.price, given.maybeWords], ["", "2.50000000000000000000", "noted"]);
}

async function results(gallery: Gallery): Promise<void> {
  const many = await gallery.many({ count: 5000n });
  assert.equal(many.length, 5000);
  assert.deepEqual(many[4999], { n: 5000n, square: 25000000n });
  assert.equal(await gallery.firstWords({ id: 1n }), "it's \"left\" out");
  assert.equal(await gallery.firstWords({ id: 77n }), null);
  assert.deepEqual(await gallery.whoami(), { caller: "0xAb", signer: Uint8Array.of(0xab) });
}

export async function fault(work: Promise<unknown>): Promise<CallError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof CallError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

async function faults(gallery: Gallery, owner: Gallery): Promise<void> {
  const raised = await fault(gallery.refuse({ why: WORDS }));
  assert.deepEqual([raised.code, raised.message, raised.isRaised, raised.action], ["KF001", WORDS, true, "gallery.refuse"]);
  const twice = await fault(gallery.putBare({ id: 1n }));
  assert.deepEqual([twice.code, twice.sqlstate, twice.isRaised], ["KF0801", "23505", false]);
  assert.equal((await fault(gallery.putBare({ id: 3n, price: "0.123456789012345678901" }))).code, "KF0802");
  await assert.rejects(gallery.putBare({ id: 3n, price: "NaN" }), TypeError);
  await assert.rejects(gallery.many({ count: 2n ** 63n }), TypeError);
  assert.equal((await fault(gallery.clear())).code, "KF002");
  await owner.clear();
  assert.deepEqual(await gallery.listThings({ low: null }), []);
}

async function words(names: Class): Promise<void> {
  assert.deepEqual(await names.type({ self: 1n, class: 2n }), { import: 1n, def: "f", aB: 2n, aB_: 1n, str: "str", int: 1n });
  assert.equal(await names.then_({ async: 1n, await: 2n }), 3n);
  assert.deepEqual(await names.list(), [{ list: 1n, uuid: "00000000-0000-0000-0000-000000000001", decimal: "1.50" }]);
  assert.deepEqual([await names.getX(), await names.getX_()], [{ a: 3n, b: 4n }, { a: 1n, b: 2n }]);
  assert.equal(await names.constructor_(), 5n);
}

/** All of it as 0xAb, and as 0xaa, to whom the gallery belongs. */
export async function scenario(gallery: Gallery, owner: Gallery, names: Class): Promise<void> {
  await everyType(gallery);
  await results(gallery);
  await faults(gallery, owner);
  await words(names);
}
