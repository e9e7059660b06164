use tokio_postgres::GenericClient;

use super::{PIN, READ_COMMITTED};
use crate::deploy::connect::ask;
use crate::pg::{Ident, print};

const APART: &str = include_str!("apart.sql");
const ROLES: &str = include_str!("roles.sql");
const GRANTS: &str = include_str!("grants.sql");
const ONE_ROLE: &str = include_str!("one_role.sql");
const OWNER: &str = "SELECT pg_get_userbyid(n.nspowner)::text, current_user::text \
     FROM pg_catalog.pg_namespace AS n WHERE n.nspname = 'kf'";
/// Whom datasets belong to where there are roles.
pub(super) const KF_OWNER: &str = "kf_owner";

/// Whom things in a database belong to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Roles {
    /// Datasets to `kf_owner`, their views to `kf_reader`, and callers come in as `kf_public` or `kf_oracle`.
    Apart,
    /// Everything to the login that deployed first, which could not make roles, and only it may call.
    One,
}

impl Roles {
    fn of(owner: &str) -> Roles {
        if owner == KF_OWNER { Roles::Apart } else { Roles::One }
    }
}

/// Settings that do not change results, and the role that datasets belong to, until the end of the transaction. There has
/// to be a registry.
pub async fn become_owner(transaction: &impl GenericClient) -> Result<Roles, tokio_postgres::Error> {
    ask::batch(transaction, READ_COMMITTED).await?;
    ask::batch(transaction, PIN).await?;
    let row = ask::row(transaction, OWNER, &[]).await?;
    let (owner, login): (&str, &str) = (row.get(0), row.get(1));
    if owner != login {
        ask::batch(transaction, &print::set_role(&Ident::new(owner))).await?;
    }
    Ok(Roles::of(owner))
}

/// Makes or completes the roles, if that can be done, and becomes the one that datasets belong to; `owner` is whom schema
/// `kf` belongs to, if it is there.
pub(super) async fn prepare(
    transaction: &impl GenericClient,
    owner: Option<&str>,
) -> Result<Roles, tokio_postgres::Error> {
    let roles = match owner {
        Some(owner) => Roles::of(owner),
        None if ask::row(transaction, APART, &[]).await?.get(0) => Roles::Apart,
        None => Roles::One,
    };
    match (roles, owner) {
        (Roles::Apart, _) => ask::batch(transaction, ROLES).await?,
        (Roles::One, Some(owner)) => {
            ask::batch(transaction, &print::set_role(&Ident::new(owner))).await?;
        }
        (Roles::One, None) => {}
    }
    Ok(roles)
}

/// Says who may do what with the registry that was made.
pub(super) async fn grant(
    transaction: &impl GenericClient,
    roles: Roles,
) -> Result<(), tokio_postgres::Error> {
    let sql = match roles {
        Roles::Apart => GRANTS,
        Roles::One => ONE_ROLE,
    };
    ask::batch(transaction, sql).await
}
