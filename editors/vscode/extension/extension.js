// Checks the text as it is typed; saved neighbours serve its imports. Positions are UTF-16 units, as kf counts them for us.
const { spawn } = require("child_process");
const path = require("path");
const vscode = require("vscode");

const DELAY = 200;

// The lines of `kf check --format json` that are about `file`, as diagnostics of the editor.
function diagnosticsOf(output, file) {
  const lines = output.split("\n").filter((line) => line.startsWith("{"));
  const told = lines.map((line) => JSON.parse(line));
  return told.filter((it) => it.type === "diagnostic" && it.file === file && it.spans.length > 0).map(diagnosticOf);
}

function rangeOf(span) {
  return new vscode.Range(span.line.start - 1, span.col_utf16.start - 1, span.line.end - 1, span.col_utf16.end - 1);
}

function diagnosticOf(told) {
  const severities = {
    error: vscode.DiagnosticSeverity.Error,
    warning: vscode.DiagnosticSeverity.Warning,
    info: vscode.DiagnosticSeverity.Information,
  };
  const message = [told.message, ...told.notes, ...told.help].join("\n");
  const diagnostic = new vscode.Diagnostic(rangeOf(told.spans[0]), message, severities[told.level]);
  diagnostic.source = "kf";
  diagnostic.code = told.code;
  const others = told.spans.filter((span) => !span.primary && span.label !== "");
  diagnostic.relatedInformation = others.map(
    (span) =>
      new vscode.DiagnosticRelatedInformation(new vscode.Location(vscode.Uri.file(path.resolve(span.file)), rangeOf(span)), span.label),
  );
  return diagnostic;
}

function check(document, collection) {
  const kf = vscode.workspace.getConfiguration("kuneiform").get("path");
  const version = document.version;
  const file = document.uri.fsPath;
  const child = spawn(kf, ["check", "--format", "json", "--stdin-filename", file, "-"], { cwd: path.dirname(file) });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  child.on("error", (error) => vscode.window.setStatusBarMessage(`kf: ${error.message}`, 5000));
  child.on("close", () => {
    if (document.version === version) collection.set(document.uri, diagnosticsOf(output, file));
  });
  child.stdin.on("error", () => {});
  child.stdin.end(document.getText());
}

function activate(context) {
  const collection = vscode.languages.createDiagnosticCollection("kf");
  const timers = new Map();
  const soon = (document) => {
    if (document.languageId !== "kuneiform" || document.uri.scheme !== "file") return;
    clearTimeout(timers.get(document.uri.fsPath));
    timers.set(document.uri.fsPath, setTimeout(() => check(document, collection), DELAY));
  };
  context.subscriptions.push(
    collection,
    vscode.workspace.onDidOpenTextDocument(soon),
    vscode.workspace.onDidSaveTextDocument(() => vscode.workspace.textDocuments.forEach(soon)),
    vscode.workspace.onDidChangeTextDocument((event) => soon(event.document)),
    vscode.workspace.onDidCloseTextDocument((document) => collection.delete(document.uri)),
  );
  vscode.workspace.textDocuments.forEach(soon);
}

module.exports = { activate, diagnosticsOf };
