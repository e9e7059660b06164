use kuneiform::deploy::connect::Session;
use kuneiform::deploy::{Consent, DeployError, Done, Manner, Prepared, apply, prepare};
use kuneiform::interface::Package;
use kuneiform::{Options, Sources, compile};

/// The packages of sources.
pub fn packages(texts: &[&str]) -> Vec<Package> {
    let mut sources = Sources::new();
    for (number, text) in texts.iter().enumerate() {
        sources.add(format!("file{number}.kf"), (*text).to_owned());
    }
    let compiled = compile(&sources, &Options::default());
    assert_eq!(compiled.packages.len(), texts.len(), "{texts:?}\n{:#?}", compiled.diagnostics);
    compiled.packages
}

pub const TABLE: &str = "database shop;\ntable items { id int primary, name text, size int }\n\
    action put($id int, $name text, $size int) public { INSERT INTO items (id, name, size) VALUES ($id, $name, $size); }\n\
    action all() public view returns table(id int) { SELECT id FROM items; }\n";

/// Thinks through and does it, with what `how` says of the manner.
pub async fn deploy_with(
    session: &mut Session,
    texts: &[&str],
    how: impl Fn(&mut Manner),
) -> Result<Vec<Done>, Vec<DeployError>> {
    let mut prepared: Prepared = prepare(session, &packages(texts)).await?;
    how(&mut prepared.manner);
    let outcomes = apply(session, &prepared, Consent::ALL, &mut |_| {}).await?;
    Ok(outcomes.into_iter().map(|outcome| outcome.done).collect())
}

pub async fn deploy(session: &mut Session, texts: &[&str]) -> Result<Vec<Done>, Vec<DeployError>> {
    deploy_with(session, texts, |_| {}).await
}
