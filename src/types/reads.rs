//! What could be a view.

use std::collections::BTreeSet;

use super::env::Env;
use crate::language::{Modifier, Name};
use crate::syntax::walk;

impl Env<'_> {
    /// True if neither the action of this schema nor anything it calls changes data, declared a view or not.
    pub fn only_reads(&self, name: &Name) -> bool {
        let (mut todo, mut seen) = (vec![name], BTreeSet::from([name]));
        while let Some(action) = todo.pop().and_then(|name| self.items.action(name)) {
            let mut sound = !walk::writes(action);
            walk::calls(action, &mut |call| {
                let own = self.items.action(&call.name.name).filter(|_| call.alias.is_none());
                let declared =
                    own.is_some_and(|own| own.modifiers.iter().any(|word| word.modifier == Modifier::View));
                sound &= !call.foreign;
                match &call.alias {
                    Some(alias) => {
                        let behind = self.behind(&alias.name, &call.name.name);
                        sound &= behind.is_some_and(|signature| signature.modifiers.view);
                    }
                    None if own.is_some() && !declared && seen.insert(&call.name.name) => {
                        todo.push(&call.name.name);
                    }
                    None => {}
                }
            });
            if !sound {
                return false;
            }
        }
        true
    }
}
