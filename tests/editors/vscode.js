// Where Visual Studio Code puts what it is told: by the task's problem matcher, by the extension, and by Sublime's regular
// expression, which is like the first. Documents lose their byte order mark and count UTF-16 units, as in the editor.
const fs = require("fs");
const path = require("path");
const Module = require("module");
const { execFileSync } = require("child_process");

const editors = process.env.KF_EDITORS;
const out = [];
const files = fs.readdirSync(".").filter((file) => file.endsWith(".kf")).sort();
const linesOf = (file) => fs.readFileSync(file, "utf8").replace(/^\ufeff/, "").split(/\r\n|\n/);

function said(command) {
  const [program, ...rest] = command;
  try {
    return execFileSync(program, rest, { encoding: "utf8" });
  } catch (failed) {
    return failed.stdout;
  }
}

const task = JSON.parse(fs.readFileSync(path.join(editors, "vscode/tasks.json"))).tasks[0];
const pattern = task.problemMatcher.pattern;
for (const line of said(task.command.split(" ")).trim().split("\n")) {
  const found = new RegExp(pattern.regexp).exec(line);
  const text = linesOf(found[pattern.file])[found[pattern.line] - 1];
  const at = found[pattern.column] - 1;
  out.push(`task|${found[pattern.file]}|${text.slice(at, at + 5)}|${found[pattern.severity]} ${found[pattern.code]}`);
}

const build = JSON.parse(fs.readFileSync(path.join(editors, "sublime/kuneiform.sublime-build")));
for (const line of said(build.cmd).trim().split("\n")) {
  const [, file, row, column] = new RegExp(build.file_regex).exec(line);
  const letters = Array.from(linesOf(file)[row - 1]);
  out.push(`sublime|${file}|${letters.slice(column - 1, Number(column) + 4).join("")}`);
}

class Range {
  constructor(...numbers) {
    [this.line, this.start, this.lastLine, this.end] = numbers;
  }
}
class Diagnostic {
  constructor(range, message, severity) {
    Object.assign(this, { range, message, severity });
  }
}
const documents = files.map((file) => ({
  languageId: "kuneiform",
  version: 1,
  uri: { scheme: "file", fsPath: path.resolve(file) },
  getText: () => fs.readFileSync(file, "utf8").replace(/^\ufeff/, ""),
}));
let waiting = files.length;
const collection = {
  set(uri, diagnostics) {
    for (const { range, code, severity } of diagnostics) {
      const text = linesOf(uri.fsPath)[range.line].slice(range.start, range.end);
      out.push(`extension|${path.basename(uri.fsPath)}|${text}|${severity} ${code}`);
    }
    waiting -= 1;
    if (waiting === 0) fs.writeFileSync(process.env.KF_OUT, out.join("\n") + "\n");
  },
  delete() {},
};
const nothing = () => ({ dispose() {} });
const vscode = {
  Range,
  Diagnostic,
  DiagnosticSeverity: { Error: "error", Warning: "warning", Information: "info" },
  DiagnosticRelatedInformation: class {},
  Location: class {},
  Uri: { file: (name) => ({ fsPath: name }) },
  languages: { createDiagnosticCollection: () => collection },
  window: { setStatusBarMessage: (text) => out.push(text) },
  workspace: {
    textDocuments: documents,
    getConfiguration: () => ({ get: () => "kf" }),
    onDidOpenTextDocument: nothing,
    onDidSaveTextDocument: nothing,
    onDidChangeTextDocument: nothing,
    onDidCloseTextDocument: nothing,
  },
};
const load = Module._load;
Module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));
require(path.join(editors, "vscode/extension/extension.js")).activate({ subscriptions: [] });
