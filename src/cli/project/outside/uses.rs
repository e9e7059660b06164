use std::collections::BTreeMap;

use crate::diagnostics::Sink;
use crate::interface::{Dbid, Owner};
use crate::language::Name;
use crate::source::Sources;
use crate::syntax;
use crate::syntax::ast::{Item, UseTarget};

/// What a source says of itself and of others.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Uses {
    /// `database NAME`.
    pub name: Option<Name>,
    /// `extern NAME`.
    pub declares: Option<Name>,
    /// `use TARGET as ALIAS`, by alias.
    pub targets: BTreeMap<Name, UseTarget>,
}

impl Uses {
    /// Reads `text` as far as it makes sense.
    pub fn of(text: &str) -> Uses {
        let mut sources = Sources::new();
        let id = sources.add("", text);
        let ast = syntax::parse(&sources, id, &mut Sink::new());
        let target = |item: &Item| match item {
            Item::Use(import) => Some((import.alias.name.clone(), import.target.clone())),
            _ => None,
        };
        let targets = ast.items.iter().filter_map(target).collect();
        let declares = ast.interface.map(|interface| interface.name.name);
        Uses { name: ast.name.map(|name| name.name), declares, targets }
    }

    /// Those of `files` that the targets name.
    pub fn externs(&self, files: &BTreeMap<Name, String>) -> BTreeMap<Name, String> {
        let named = self.targets.values().filter_map(|target| match target {
            UseTarget::Network(name) => files.get_key_value(&name.name),
            _ => None,
        });
        named.map(|(name, text)| (name.clone(), text.clone())).collect()
    }

    /// What the aliases are bound to where `beside` are the schemas deployed with this one, by `owner`, and `names` are
    /// told otherwise.
    pub fn bound(
        &self,
        owner: Option<&Owner>,
        beside: impl Fn(&Dbid) -> bool,
        names: &BTreeMap<Name, Dbid>,
    ) -> BTreeMap<Name, Dbid> {
        let dbid = |target: &UseTarget| match target {
            UseTarget::Network(name) => {
                let sibling = Some(Dbid::of(&name.name, owner)).filter(|dbid| beside(dbid));
                let told = || names.get(&name.name).cloned();
                sibling.or_else(told).unwrap_or_else(|| Dbid::network(&name.name))
            }
            UseTarget::Owned { owner, name, .. } => Dbid::owned(&name.name, &Owner(owner.clone())),
            UseTarget::Dbid { dbid, .. } => Dbid::recorded(dbid.to_ascii_lowercase()),
        };
        self.targets.iter().map(|(alias, target)| (alias.clone(), dbid(target))).collect()
    }
}
