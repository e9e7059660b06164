use super::super::project::{Input, Reach};
use super::super::{Exit, Failure};
use super::{Reporting, exit};
use crate::diagnostics::Diagnostic;
use crate::interface::{Options, Package};
use crate::{Checked, check, compile};

/// What a command made of sources, and what there is to say of them.
type Found<T> = Result<(Vec<Diagnostic>, T), Failure>;

impl Reporting {
    /// The way of every command whose output is made of sources: looks by `reach` for what they import from outside, makes
    /// what `make` makes of them, with what there is to say, and says it on stderr. None if it is an error, with what the
    /// process ends with. Sources that could not be read as text are not made into anything.
    ///
    /// # Errors
    /// An import that cannot be asked for, what `make` fails by, a report that cannot be written.
    pub fn made<T>(
        &self,
        input: &mut Input,
        reach: &Reach,
        make: impl FnOnce(&Input, &Options) -> Found<T>,
    ) -> Result<Result<T, Exit>, Failure> {
        let (diagnostics, made) = self.make(input, reach, make)?;
        let exit = self.print_beside(&input.report(&diagnostics))?;
        Ok(made.filter(|_| exit == Exit::Fine).ok_or(exit))
    }

    /// As [`Reporting::made`], for sources that were reported on before: says something only if there is an error.
    ///
    /// # Errors
    /// As [`Reporting::made`].
    pub fn made_again<T>(
        &self,
        input: &mut Input,
        reach: &Reach,
        make: impl FnOnce(&Input, &Options) -> Found<T>,
    ) -> Result<Result<T, Exit>, Failure> {
        let (diagnostics, made) = self.make(input, reach, make)?;
        match made.filter(|_| exit(&diagnostics) == Exit::Fine) {
            Some(made) => Ok(Ok(made)),
            None => self.print_beside(&input.report(&diagnostics)).map(Err),
        }
    }

    fn make<T>(
        &self,
        input: &mut Input,
        reach: &Reach,
        make: impl FnOnce(&Input, &Options) -> Found<T>,
    ) -> Found<Option<T>> {
        let mut diagnostics = input.diagnostics.clone();
        let mut made = None;
        if diagnostics.is_empty() {
            input.reach(reach)?;
            let (found, it) = make(input, &input.options(reach.owner.as_ref()))?;
            (diagnostics, made) = (found, Some(it));
        }
        self.explain(&mut diagnostics, input);
        Ok((diagnostics, made))
    }

    /// Says of `diagnostics` what is known of where `input`'s imports were looked for, then as [`Reporting::raise`].
    pub fn explain(&self, diagnostics: &mut Vec<Diagnostic>, input: &Input) {
        input.explain(diagnostics);
        self.raise(diagnostics, &input.project.config.lints);
    }
}

/// The checked program, for [`Reporting::made`].
pub fn checked(input: &Input, options: &Options) -> Found<Checked> {
    let checked = check(&input.sources, options);
    Ok((checked.diagnostics().to_vec(), checked))
}

/// The packages, importees before importers, for [`Reporting::made`].
pub fn packages(input: &Input, options: &Options) -> Found<Vec<Package>> {
    let compilation = compile(&input.sources, options);
    Ok((compilation.diagnostics, compilation.packages))
}
