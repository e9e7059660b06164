// Tokenises files with the TextMate grammar, as Visual Studio Code does. Prints what is not highlighted as it should be, and
// last how many pieces were looked at.
const fs = require("fs");
const path = require("path");
const modules = process.env.KF_MODULES;
const { Registry, INITIAL, parseRawGrammar } = require(path.join(modules, "vscode-textmate"));
const oniguruma = require(path.join(modules, "vscode-oniguruma"));

const file = path.join(process.env.KF_EDITORS, "vscode/extension/syntaxes/kuneiform.tmLanguage.json");
const PIECES =
  /(?<comment>\/\/[^\n]*|--[^\n]*|\/\*[^]*?\*\/)|(?<string>'(?:''|[^'])*')|(?<quoted>"[^"]*")|(?<variable>\$\w+)|(?<context>@\w+)|(?<keyword>\b(?:database|action|table|select|from|where|insert|update|delete|return|for|if|public|view|primary|join)\b|\bsetup(?= \{)|\bexpect(?= )|\btest(?= ")|\bfails(?=;| \x27| KF))|(?<number>\b\d+\b)/gi;
const SCOPES = {
  comment: /^comment\./,
  string: /^string\./,
  quoted: /^variable\.other\.quoted/,
  variable: /^variable\.parameter/,
  context: /^variable\.language/,
  keyword: /^(keyword|storage)\./,
  number: /^constant\.numeric/,
};

async function main() {
  await oniguruma.loadWASM(fs.readFileSync(path.join(modules, "vscode-oniguruma/release/onig.wasm")));
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => parseRawGrammar(fs.readFileSync(file, "utf8"), file),
  });
  const grammar = await registry.loadGrammar("source.kuneiform");
  let count = 0;
  for (const name of process.argv.slice(2)) {
    const text = fs.readFileSync(name, "utf8");
    const scopes = [];
    let state = INITIAL;
    for (const line of text.split("\n")) {
      const result = grammar.tokenizeLine(line, state);
      for (const token of result.tokens) {
        for (let at = token.startIndex; at < Math.min(token.endIndex, line.length); at += 1) scopes.push(token.scopes);
      }
      scopes.push([]);
      state = result.ruleStack;
    }
    if (state.depth !== 1) console.log(`${name}: something is left open at its end`);
    for (const piece of text.matchAll(PIECES)) {
      const [kind, found] = Object.entries(piece.groups).find(([, value]) => value !== undefined);
      count += 1;
      const wrong = [...found].findIndex((letter, at) => letter !== "\n" && letter.length === 1 && !(scopes[piece.index + at] || []).some((scope) => SCOPES[kind].test(scope)));
      if (wrong >= 0) {
        const row = text.slice(0, piece.index).split("\n").length;
        console.log(`${name}:${row}: ${kind} ${found.slice(0, 40)} is ${scopes[piece.index + wrong]}`);
      }
    }
  }
  console.log(count);
}

main();
