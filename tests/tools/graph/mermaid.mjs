// Reads `[[name, diagram], ..]` on stdin with Mermaid's own parser; says which it refuses, and why. Its modules are below
// the folder given.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const modules = process.argv[2];
const { JSDOM } = createRequire(modules + "/")("jsdom");
const { window } = new JSDOM("<!doctype html><body></body>");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import(pathToFileURL(modules + "/mermaid/dist/mermaid.core.mjs"));

let refused = 0;
let read = 0;
for (const [name, text] of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    const { diagramType } = await mermaid.parse(text);
    if (!["er", "flowchart-v2"].includes(diagramType)) throw new Error(`is a ${diagramType}`);
    read += 1;
  } catch (error) {
    refused += 1;
    console.log(`${name}: ${error.message ?? error}`);
  }
}
console.log(`${read} read, ${refused} refused`);
