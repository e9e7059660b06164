//! The cases of `tests/corpus`: `<feature>/<case>.kf`, which may import other cases of its folder. What begins with
//! `extern` is no case of its own; the `.sql` beside it installs what it declares.

use std::path::{Path, PathBuf};

use kuneiform::{Compilation, Options, Sources};

/// One case.
pub struct Case {
    /// `feature/case`.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// The source.
    pub text: String,
}

/// Every case, in name order.
pub fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut cases = Vec::new();
    for feature in std::fs::read_dir(root).unwrap() {
        let feature = feature.unwrap().path();
        for file in std::fs::read_dir(&feature).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "kf") {
                cases.push(case(path));
            }
        }
    }
    cases.retain(|case| !case.is_interface());
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!cases.is_empty());
    cases
}

fn case(path: PathBuf) -> Case {
    let feature = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
    let name = format!("{feature}/{}", path.file_stem().unwrap().to_str().unwrap());
    let text = std::fs::read_to_string(&path).unwrap();
    Case { name, path, text }
}

impl Case {
    /// The name of its schema.
    #[allow(dead_code, reason = "one test program does not ask")]
    pub fn schema(&self) -> &str {
        self.text.split("database ").nth(1).unwrap().split(';').next().unwrap()
    }

    /// True if it declares an extern.
    fn is_interface(&self) -> bool {
        self.text.lines().any(|line| line.starts_with("extern "))
    }

    /// What a host has to install before it is deployed.
    #[allow(dead_code, reason = "only used where there is a database")]
    pub fn installed(&self) -> String {
        let interfaces = self.files().into_iter().filter(Case::is_interface);
        interfaces.map(|it| std::fs::read_to_string(it.path.with_extension("sql")).unwrap()).collect()
    }

    /// The files it needs, itself first: `use x` means `x.kf` beside it.
    fn files(&self) -> Vec<Case> {
        let mut files: Vec<Case> = vec![case(self.path.clone())];
        let mut next = 0;
        while let Some(file) = files.get(next) {
            let uses: Vec<String> = file
                .text
                .lines()
                .filter_map(|line| line.strip_prefix("use "))
                .map(|rest| rest.split([' ', ';']).next().unwrap().to_owned())
                .collect();
            for name in uses {
                let path = self.path.with_file_name(format!("{name}.kf"));
                if !files.iter().any(|file| file.path == path) {
                    files.push(case(path));
                }
            }
            next += 1;
        }
        files
    }

    /// The texts it needs, itself first.
    #[allow(dead_code, reason = "one test program asks")]
    pub fn sources(&self) -> Sources {
        let mut sources = Sources::new();
        for file in self.files() {
            sources.add(format!("{}.kf", file.name), file.text);
        }
        sources
    }

    /// The case checked with what it imports.
    #[allow(dead_code, reason = "one test program asks")]
    pub fn check(&self, options: &Options) -> kuneiform::Checked {
        let mut sources = Sources::new();
        for file in self.files() {
            sources.add(format!("{}.kf", file.name), file.text);
        }
        kuneiform::check(&sources, options)
    }

    /// The case compiled with what it imports, files in reverse order if `reversed`.
    #[allow(dead_code, reason = "one test program does not ask")]
    pub fn compile(&self, options: &Options, reversed: bool) -> (Sources, Compilation) {
        let mut files = self.files();
        if reversed {
            files.reverse();
        }
        let mut sources = Sources::new();
        for file in files {
            sources.add(format!("{}.kf", file.name), file.text);
        }
        let compilation = kuneiform::compile(&sources, options);
        (sources, compilation)
    }
}
