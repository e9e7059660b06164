//! The words of `kf --help` that clap does not make.

pub(super) const ABOUT: &str = "Schemas that import each other, compiled to PostgreSQL";

pub(super) const TEMPLATE: &str = "\
{about}

{usage-heading} {usage}

Write:
  init      Begin a project: kf.toml, two schemas, one importing the other, and tests
  check     Names, types, access, order: is everything right?
  fix       What check offers to mend, mended
  fmt       Sources in the one style, comments and all
  test      Tests in the language itself, each in a transaction of its own
  dev       All of that after every change, with a database that goes with it
  compile   The SQL, or what the compiler knows besides
  import    What is deployed elsewhere into the project, to check against
  openapi   What gateways see of the schemas, as an OpenAPI document
  graph     Its tables, calls or imports as a picture: SVG, Mermaid, DOT
  doc       A site of static pages: what comments say, who may call what
  client    Typed clients of the schemas: TypeScript, Python, Go, Rust
  explain   What a code such as KF0201 means, with a bad and a good example
  schema    The JSON Schema of what kf writes for machines

Run:
  plan      What a deploy would do: every step, whom it breaks, what it takes away
  deploy    Everything in dependency order into a database, what is unchanged left alone
  rollback  Deployed datasets to the version before, rows and all
  drop      Deployed datasets, with everything in them
  call      An action of a deployed dataset
  repl      A prompt: calls, queries, plans
  list      The datasets that are deployed
  show      One of them: source, SQL, interface, imports and importers
  db        The project's database: start, stop, status, url, psql, reset
  node      A node, alone or under CometBFT: blocks, oracles, an HTTP API
  events    What oracles have brought, and what became of it: list, show, retry
  demo      A story with real programs on this machine: deposits

Set up:
  completions  What makes bash, zsh, fish, elvish or PowerShell complete kf
  man          Manual pages, one for each command

Options:
{options}{after-help}";

pub(super) const AFTER: &str = "\
Environment:
  KF_FORMAT        how faults are reported, as --format takes it
  KF_DATABASE_URL  where to deploy and call, as libpq takes it
  KF_CALLER        who calls
  KF_PG_BIN        folder of the PostgreSQL programs for the project's own database
  NO_COLOR         no colours, whatever the terminal can do

Exit codes:
  0 fine · 1 the source has errors · 2 usage, configuration, files ·
  3 consent is needed · 4 database · 5 the called action raised · 101 a bug in kf

Examples:
  kf init notes                      a project to begin with
  kf check                           the current project
  kf compile -o schema.sql           its SQL
  kf deploy                          into the project's own database
  kf call ens.get_ownership          an action of a deployed dataset
  kf explain KF0201                  what a code means

`kf COMMAND --help` says more about one command.";
