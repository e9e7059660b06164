//! Packages from hand-written SQL, in the shape the compiler gives them.

use std::collections::{BTreeMap, BTreeSet};

use kuneiform::interface::{
    ActionManifest, BodyLine, CallEdge, Dbid, Determinism, Interface, Manifest, Owner, Package, Parameter,
    Returns, RowColumn, Signature, Statement, StatementKind,
};
use kuneiform::language::{Modifiers, Name, Type, Visibility};

/// A package being written.
pub struct Draft {
    name: Name,
    dbid: Dbid,
    owner: Option<Owner>,
    source: String,
    statements: Vec<Statement>,
    signatures: BTreeMap<Name, Signature>,
    actions: BTreeMap<Name, ActionManifest>,
    imports: BTreeMap<Dbid, String>,
}

/// What an action is called with and gives.
pub struct Action<'a> {
    pub name: &'a str,
    /// `name type` of the language.
    pub parameters: &'a [(&'a str, &'a str)],
    pub modifiers: &'a str,
    pub returns: Returns,
    /// Between BEGIN and END.
    pub body: &'a str,
    /// Views of other datasets that were taken into the body.
    pub spliced: &'a [(&'a Package, &'a str)],
}

pub fn ty(text: &str) -> Type {
    Type::try_from(text.to_owned()).unwrap()
}

pub fn table(columns: &[(&str, &str)]) -> Returns {
    Returns::Table(columns.iter().map(|(name, of)| column(name, of)).collect())
}

pub fn column(name: &str, of: &str) -> RowColumn {
    RowColumn { name: Name::new(name), ty: ty(of), nullable: true }
}

/// The PostgreSQL type of a parameter.
fn physical(of: &Type) -> String {
    match of {
        Type::Int => "int8".into(),
        Type::Blob => "bytea".into(),
        Type::Decimal(_) => "numeric".into(),
        Type::Uint256 => "kf.uint256".into(),
        Type::Array(element) => format!("{}[]", physical(element)),
        other => other.to_string(),
    }
}

impl Draft {
    pub fn new(name: &str) -> Draft {
        Draft::owned(name, None)
    }

    pub fn owned(name: &str, owner: Option<&str>) -> Draft {
        let (name, owner) = (Name::new(name), owner.map(|owner| Owner(owner.to_owned())));
        let dbid = Dbid::of(&name, owner.as_ref());
        let schema = dbid.pg_schema();
        let draft = Draft {
            source: format!("database {name};\n"),
            name,
            dbid,
            owner,
            statements: Vec::new(),
            signatures: BTreeMap::new(),
            actions: BTreeMap::new(),
            imports: BTreeMap::new(),
        };
        let sql = format!(
            "CREATE SCHEMA \"{schema}\";\nGRANT USAGE ON SCHEMA \"{schema}\" TO kf_public, kf_oracle;"
        );
        draft.statement(StatementKind::Schema, &schema, &format!("\"{schema}\""), &sql)
    }

    /// `{}` in `sql` is the dataset's schema.
    pub fn statement(mut self, kind: StatementKind, name: &str, object: &str, sql: &str) -> Draft {
        let sql = sql.replace("{}", &format!("\"{}\"", self.dbid.pg_schema()));
        let (name, object) = (name.to_owned(), object.to_owned());
        self.statements.push(Statement { kind, name, object, sql, line: 0, lines: Vec::new() });
        self
    }

    fn qualified(&self, name: &str) -> String {
        format!("\"{}\".\"{name}\"", self.dbid.pg_schema())
    }

    pub fn table(self, name: &str, columns: &str) -> Draft {
        let object = self.qualified(name);
        let sql = format!("CREATE TABLE {object} (\n  {columns}\n);");
        self.statement(StatementKind::Table, name, &object, &sql)
    }

    pub fn index(self, name: &str, on: &str, unique: bool) -> Draft {
        let unique = if unique { "UNIQUE " } else { "" };
        let object = self.qualified(name);
        self.statement(
            StatementKind::Index,
            name,
            &object,
            &format!("CREATE {unique}INDEX \"{name}\" ON {{}}.{on};"),
        )
    }

    pub fn foreign_key(self, name: &str, child: &str, rest: &str) -> Draft {
        let object = self.qualified(name);
        let sql = format!("ALTER TABLE {{}}.{child} ADD CONSTRAINT \"{name}\" FOREIGN KEY {rest};");
        self.statement(StatementKind::ForeignKey, name, &object, &sql)
    }

    pub fn import(mut self, package: &Package) -> Draft {
        self.imports.insert(package.interface.dbid.clone(), package.interface.hash());
        self.source.push_str(&format!("use {0} as {0};\n", package.interface.name));
        self
    }

    pub fn action(mut self, action: Action<'_>) -> Draft {
        let words: Vec<&str> = action.modifiers.split(' ').collect();
        let visibility = [Visibility::Public, Visibility::Private, Visibility::Oracle, Visibility::System];
        let visibility = visibility.into_iter().find(|it| words.contains(&it.word())).unwrap();
        let modifiers =
            Modifiers { visibility, owner: words.contains(&"owner"), view: words.contains(&"view") };
        let parameters: Vec<Parameter> = action
            .parameters
            .iter()
            .map(|(name, of)| {
                let (of, default) = of.split_once(" = ").map_or((*of, None), |(of, value)| (of, Some(value)));
                Parameter { name: Name::new(name), ty: ty(of), default: default.map(str::to_owned) }
            })
            .collect();
        let function = self.function(&action, &parameters, modifiers);
        let edges = action.spliced.iter().map(|(package, view)| CallEdge {
            dataset: package.interface.dbid.clone(),
            action: Name::new(view),
            spliced: true,
        });
        let manifest = ActionManifest {
            reads: BTreeSet::new(),
            writes: BTreeSet::new(),
            calls: edges.collect(),
            externs: BTreeSet::new(),
            determinism: Determinism::Single,
            doc: None,
            hash: sha(&function.sql),
        };
        self.actions.insert(Name::new(action.name), manifest);
        let signature = Signature {
            parameters,
            returns: action.returns,
            modifiers,
            may_raise: true,
            reads_foreign_caller: false,
            annotations: Default::default(),
            composable: modifiers.view,
        };
        self.signatures.insert(Name::new(action.name), signature);
        let to = match visibility {
            Visibility::Public => Some("kf_public"),
            Visibility::Oracle => Some("kf_oracle"),
            _ => None,
        };
        let object = function.object.clone();
        self.statements.push(function);
        if modifiers.view {
            let sql = format!(
                "GRANT USAGE, CREATE ON SCHEMA {{}} TO kf_reader;\nALTER FUNCTION {object} OWNER TO kf_reader;\n\
                 REVOKE CREATE ON SCHEMA {{}} FROM kf_reader;\nGRANT SELECT ON ALL TABLES IN SCHEMA {{}} TO kf_reader;"
            );
            self = self.statement(StatementKind::Owner, action.name, &object, &sql);
        }
        match to {
            Some(to) => {
                let sql = format!("GRANT EXECUTE ON FUNCTION {object} TO {to};");
                self.statement(StatementKind::Grant, action.name, &object, &sql)
            }
            None => self,
        }
    }

    fn function(&mut self, action: &Action<'_>, parameters: &[Parameter], modifiers: Modifiers) -> Statement {
        let called = self.qualified(&format!("{}@{}", action.name, self.name));
        let types: Vec<String> = parameters.iter().map(|parameter| physical(&parameter.ty)).collect();
        let declared: Vec<String> = parameters
            .iter()
            .zip(&types)
            .map(|(parameter, of)| format!(", \"${}\" {of}", parameter.name))
            .collect();
        let result = match action.returns.columns() {
            [] => "void".to_owned(),
            columns => {
                let column = |column: &RowColumn| format!("\"{}\" {}", column.name, physical(&column.ty));
                format!("TABLE ({})", columns.iter().map(column).collect::<Vec<_>>().join(", "))
            }
        };
        let body = action.body.replace("{}", &format!("\"{}\"", self.dbid.pg_schema()));
        let check = match modifiers.owner {
            true => format!(
                "  IF NOT EXISTS (SELECT FROM kf.dataset AS d WHERE d.dbid = '{}' AND d.owner = (\"@ctx\").caller) THEN \
                 RAISE EXCEPTION USING ERRCODE = 'KF002', MESSAGE = 'caller is not the owner'; END IF;\n",
                self.dbid
            ),
            false => String::new(),
        };
        let sql = format!(
            "CREATE FUNCTION {called}(\"@ctx\" kf.ctx{}) RETURNS {result}\nLANGUAGE plpgsql VOLATILE SECURITY DEFINER \
             SET search_path = pg_catalog, pg_temp\nAS $kf$\n#variable_conflict use_column\nBEGIN\n{check}{body}\nEND;\n$kf$;",
            declared.concat()
        );
        let lines = self.write_source(action, if modifiers.owner { 5 } else { 4 });
        let object = format!(
            "{called}({})",
            ["kf.ctx".to_owned()].into_iter().chain(types).collect::<Vec<_>>().join(", ")
        );
        Statement { kind: StatementKind::Function, name: action.name.to_owned(), object, sql, line: 1, lines }
    }

    /// The body's lines as lines of the source; the first is body line `first`.
    fn write_source(&mut self, action: &Action<'_>, first: u32) -> Vec<BodyLine> {
        self.source.push_str(&format!("action {}() {} {{\n", action.name, action.modifiers));
        let mut lines = Vec::new();
        for (body, text) in (first..).zip(action.body.lines()) {
            let start = self.source.len() + 2;
            self.source.push_str(&format!("  {}\n", text.trim()));
            let line = u32::try_from(self.source.matches('\n').count()).unwrap();
            let (start, end) = (u32::try_from(start).unwrap(), u32::try_from(self.source.len() - 1).unwrap());
            lines.push(BodyLine { body, line, column: 3, start, end });
        }
        self.source.push_str("}\n");
        lines
    }

    pub fn package(self) -> Package {
        let mut statements = self.statements;
        statements.sort_by_key(|statement| statement.kind);
        let interface = Interface {
            name: self.name.clone(),
            dbid: self.dbid.clone(),
            actions: self.signatures,
            externs: BTreeMap::new(),
        };
        let manifest = Manifest {
            name: self.name.clone(),
            dbid: self.dbid,
            interface: interface.hash(),
            imports: self.imports,
            aliases: BTreeMap::new(),
            relies: BTreeMap::new(),
            extern_files: BTreeMap::new(),
            externs: BTreeMap::new(),
            actions: self.actions,
            expose: None,
        };
        let path = format!("{}.kf", self.name);
        Package {
            interface,
            manifest,
            owner: self.owner,
            profile: Default::default(),
            path,
            source: self.source,
            tables: Vec::new(),
            statements,
        }
    }
}

fn sha(text: &str) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(Sha256::digest(text))
}

pub const WALLETS: &str =
    "\"id\" text COLLATE \"C\" PRIMARY KEY,\n  \"address\" text COLLATE \"C\" NOT NULL UNIQUE";
pub const NAMES: &str = "\"id\" text COLLATE \"C\" PRIMARY KEY,\n  \"name\" text COLLATE \"C\" NOT NULL UNIQUE,\n  \
                         \"wallet_id\" text COLLATE \"C\" NOT NULL";

/// `ens` with the action `get_ownership` as `view`, which others splice.
pub fn ens_with(view: &str) -> Draft {
    Draft::new("ens")
        .table("wallets", WALLETS)
        .table("names", NAMES)
        .foreign_key("names_fk", "names", "(wallet_id) REFERENCES {}.wallets (id)")
        .index("names_fk_index", "names (wallet_id)", false)
        .action(Action {
            name: "get_ownership",
            parameters: &[],
            modifiers: "public view",
            returns: table(&[("name", "text"), ("address", "text")]),
            body: view,
            spliced: &[],
        })
        .action(Action {
            name: "assert_owns_name",
            parameters: &[("name", "text")],
            modifiers: "public view",
            returns: Returns::Nothing,
            body: "  IF NOT EXISTS (SELECT FROM {}.names AS n JOIN {}.wallets AS w ON w.id = n.wallet_id\n\
                   \x20   WHERE n.name = \"$name\" AND w.address = (\"@ctx\").caller) THEN\n\
                   \x20   RAISE EXCEPTION USING ERRCODE = 'KF001', MESSAGE = 'the name is not your own';\n  END IF;",
            spliced: &[],
        })
        .action(Action {
            name: "create_wallet",
            parameters: &[("id", "text"), ("address", "text")],
            modifiers: "oracle",
            returns: Returns::Nothing,
            body: "  INSERT INTO {}.wallets (id, address) VALUES (\"$id\", \"$address\");",
            spliced: &[],
        })
        .action(Action {
            name: "create_name",
            parameters: &[("id", "text"), ("name", "text"), ("wallet_id", "text")],
            modifiers: "public",
            returns: Returns::Nothing,
            body: "  INSERT INTO {}.names (id, name, wallet_id) VALUES (\"$id\", \"$name\", \"$wallet_id\");",
            spliced: &[],
        })
}

pub const OWNERSHIP: &str = "  RETURN QUERY SELECT n.name, w.address FROM {}.wallets AS w\n    \
                             JOIN {}.names AS n ON n.wallet_id = w.id ORDER BY n.name;";

pub fn ens() -> Package {
    ens_with(OWNERSHIP).package()
}

pub fn social(ens: &Package) -> Package {
    let author_posts = "  RETURN QUERY WITH own AS NOT MATERIALIZED (\n    SELECT n.name, w.address FROM ds_ens.wallets AS w \
                        JOIN ds_ens.names AS n ON n.wallet_id = w.id)\n  SELECT p.text, p.author FROM {}.posts AS p \
                        JOIN own ON own.name = p.author WHERE own.address = \"$address\" ORDER BY p.id;";
    Draft::new("social_network")
        .import(ens)
        .table("posts", "\"id\" text COLLATE \"C\" PRIMARY KEY,\n  \"text\" text COLLATE \"C\" NOT NULL,\n  \"author\" text COLLATE \"C\" NOT NULL")
        .action(Action {
            name: "make_post",
            parameters: &[("id", "text"), ("text", "text"), ("name", "text")],
            modifiers: "public",
            returns: Returns::Nothing,
            body: "  PERFORM ds_ens.\"assert_owns_name@ens\"(\"@ctx\", \"$name\");\n\
                   \x20 INSERT INTO {}.posts (id, text, author) VALUES (\"$id\", \"$text\", \"$name\");",
            spliced: &[],
        })
        .action(Action {
            name: "get_author_posts",
            parameters: &[("address", "text")],
            modifiers: "public view",
            returns: table(&[("text", "text"), ("author", "text")]),
            body: author_posts,
            spliced: &[(ens, "get_ownership")],
        })
        .package()
}
