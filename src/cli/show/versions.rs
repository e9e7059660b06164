use comfy_table::{Table, presets};

use crate::cli::Failure;
use crate::deploy::connect::Session;
use crate::deploy::registry::{self, Shown, Version};
use crate::diagnostics::Code;
use crate::diagnostics::render::Style;
use crate::interface::Dbid;

/// What a dataset was in an earlier version; `now` is what it is.
pub(super) async fn earlier(
    session: &Session,
    dbid: &Dbid,
    now: Shown,
    version: i32,
) -> Result<Shown, Failure> {
    let all = registry::versions(&session.client, dbid).await?;
    let found = all.into_iter().find(|it| it.version == version);
    let package = registry::package(&session.client, dbid, version).await?;
    let Some((found, package)) = found.zip(package) else {
        let mut failure = Failure::usage(format!("`{dbid}` has no version {version}"));
        failure.code = Some(Code::VersionUnknown.id().to_owned());
        return Err(failure.help(format!("`kf show {dbid} --versions` lists them")));
    };
    Ok(Shown {
        version,
        deployed_at: found.deployed_at,
        interface_hash: package.interface.hash(),
        sql_hash: package.hash(),
        sql: package.statements.into_iter().map(|statement| statement.sql).collect(),
        interface: package.interface,
        manifest: package.manifest,
        path: package.path,
        source: package.source,
        ..now
    })
}

/// The versions of a dataset, the present one last.
pub(super) fn table(versions: &[Version], style: Style) -> String {
    let mut table = Table::new();
    table.load_preset(if style.unicode { presets::UTF8_FULL_CONDENSED } else { presets::ASCII_MARKDOWN });
    table.set_header(["version", "deployed (UTC)", "source of", "data lost"]);
    for it in versions {
        let source = if it.content == it.version { "its own".to_owned() } else { it.content.to_string() };
        let lost = if it.destroyed { "yes" } else { "no" };
        table.add_row([it.version.to_string(), it.deployed_at.clone(), source, lost.to_owned()]);
    }
    format!("{table}\n")
}
