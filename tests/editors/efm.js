// What a language client is told by efm-langserver with the settings of editors/efm: Helix, Zed and Kate show that. The server
// is spoken to as such an editor does, in the messages of LSP; positions count UTF-16 units.
const fs = require("fs");
const path = require("path");
const { spawn } = require("child_process");
const { pathToFileURL, fileURLToPath } = require("url");

const settings = path.join(process.env.KF_EDITORS, "efm/config.yaml");
const files = fs.readdirSync(".").filter((file) => file.endsWith(".kf")).sort();
const text = (file) => fs.readFileSync(file, "utf8").replace(/^\ufeff/, "");
const server = spawn("efm-langserver", ["-c", settings], { stdio: ["pipe", "pipe", "inherit"] });

function send(message) {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

const out = [];
let waiting;
let again;
function told({ uri, diagnostics }) {
  const file = path.basename(fileURLToPath(uri));
  // It may say the same twice.
  if (file !== waiting) return;
  waiting = undefined;
  for (const { range, severity, code } of diagnostics) {
    const { line, character } = range.start;
    const word = text(file).split(/\r\n|\n/)[line].slice(character, character + 5);
    out.push(`${file}|${word}|${severity} ${code}`);
  }
  clearInterval(again);
  // Whoever opens files faster than this makes it check the same one twice.
  if (files.length > 0) return setTimeout(() => open(files.shift()), 50);
  fs.writeFileSync(process.env.KF_OUT, out.join("\n") + "\n");
  process.exit();
}

function open(file) {
  waiting = file;
  const textDocument = { uri: pathToFileURL(file).href, languageId: "kuneiform", version: 1, text: text(file) };
  send({ method: "textDocument/didOpen", params: { textDocument } });
  // And if it did, a keystroke later it checks this one.
  again = setInterval(() => {
    textDocument.version += 1;
    send({ method: "textDocument/didChange", params: { textDocument, contentChanges: [{ text: text(file) }] } });
  }, 2000);
}

function heard({ id, method, params }) {
  if (id === 1) {
    send({ method: "initialized", params: {} });
    open(files.shift());
  } else if (method === "textDocument/publishDiagnostics") {
    told(params);
  }
}

let left = Buffer.alloc(0);
server.stdout.on("data", (data) => {
  left = Buffer.concat([left, data]);
  for (;;) {
    const head = /^Content-Length: (\d+)[^]*?\r\n\r\n/.exec(left.toString("latin1"));
    const end = head && head[0].length + Number(head[1]);
    if (!head || left.length < end) return;
    heard(JSON.parse(left.subarray(head[0].length, end).toString("utf8")));
    left = left.subarray(end);
  }
});

send({ id: 1, method: "initialize", params: { processId: process.pid, rootUri: pathToFileURL(".").href, capabilities: {} } });
