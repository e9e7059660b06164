// What build.sh runs: node build.js FOLDER [--check]
const fs = require("fs");
const path = require("path");
const solc = require("solc");

const [folder, check] = process.argv.slice(2);

function compile(name) {
  const file = `${name}.sol`;
  const input = {
    language: "Solidity",
    sources: { [file]: { content: fs.readFileSync(path.join(folder, file), "utf8") } },
    settings: {
      // Code that chains of any age run, with no hash of the source at its end.
      evmVersion: "paris",
      optimizer: { enabled: true, runs: 200 },
      metadata: { appendCBOR: false, bytecodeHash: "none" },
      outputSelection: { "*": { "*": ["abi", "evm.bytecode.object", "evm.methodIdentifiers"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  if (output.errors) throw new Error(output.errors.map((error) => error.formattedMessage).join("\n"));
  const contract = output.contracts[file][name];
  return {
    contract: name,
    compiler: solc.version(),
    abi: contract.abi,
    methods: contract.evm.methodIdentifiers,
    bytecode: `0x${contract.evm.bytecode.object}`,
  };
}

for (const file of fs.readdirSync(folder).filter((file) => file.endsWith(".sol")).sort()) {
  const name = path.basename(file, ".sol");
  const target = path.join(folder, `${name}.json`);
  const made = `${JSON.stringify(compile(name), null, 2)}\n`;
  if (check !== "--check") fs.writeFileSync(target, made);
  else if (made !== fs.readFileSync(target, "utf8")) throw new Error(`${name}.json is not what ${file} compiles to`);
}
