//! README's story, from the first deploy to an import by somebody else, wherever the database is.

use std::path::Path;

use super::here::Here;

const SCHEMAS: [&str; 4] = ["accounts.kf", "ens.kf", "near_accounts.kf", "social_network.kf"];

/// Writes the example network into the project `network`.
pub fn write(here: &Here) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/network");
    for name in SCHEMAS.iter().copied().chain(["kf.toml"]) {
        here.write(&format!("network/{name}"), &std::fs::read_to_string(from.join(name)).unwrap());
    }
}

/// Plans, deploys, calls, shows, lists, imports, deploys a change: everything must end as it does for a superuser. Gives what the
/// first deploy said.
pub fn tell(here: &Here) -> String {
    write(here);
    let kf = |line: &str| here.fine("network", &format!("{line} --db DB"));
    assert!(kf("plan").contains("`kf deploy` does this"));
    let told = kf("deploy");
    assert!(told.contains("4 datasets: 4 created"), "{told}");
    assert!(kf("deploy").contains("4 datasets: 4 unchanged"));
    call(here);
    assert!(kf("list").contains("social_network"));
    assert!(kf("show ens --graph").contains("social_network"));
    assert!(kf("show ens --sql").contains("CREATE TABLE"));
    assert!(kf("db status").contains("ens version 1"));
    here.write("club/kf.toml", "name = \"club\"\n");
    here.write(
        "club/club.kf",
        "database club;\nuse ens as ens;\n\
         action named($name) public view { SELECT o.address FROM ens.get_ownership() AS o WHERE o.name = $name; }\n",
    );
    assert!(here.fine("club", "import ens --db DB").contains("added     ens"));
    here.fine("club", "check --locked");
    here.fine("club", "deploy --db DB");
    assert!(here.fine("club", "call club.named alice.eth --db DB").contains("0xa11ce"));
    change(here);
    told
}

fn call(here: &Here) {
    let kf = |line: &str| here.fine("network", &format!("{line} --db DB"));
    kf("call ens.create_wallet w1 0xa11ce --as oracle");
    kf("call ens.create_wallet w2 0xb0b --as oracle");
    kf("call ens.create_name n1 alice.eth 0xa11ce --as oracle");
    kf("call ens.create_name n2 bob.eth 0xb0b --as oracle");
    kf("call social_network.make_post p1 Hello alice.eth --caller 0xa11ce");
    kf("call social_network.make_post p2 Hello bob.eth --caller 0xb0b");
    here.wrong(
        "network",
        "call social_network.make_post p3 Hello alice.eth --caller 0xb0b --db DB",
        5,
        &["KF001"],
    );
    here.wrong("network", "call ens.create_wallet w3 0xb0b --db DB", 2, &["it is oracle", "--as oracle"]);
    let posts = kf("call social_network.get_author_posts 0xa11ce");
    assert!(posts.contains("p1") && !posts.contains("p2"), "{posts}");
}

/// A table grows over its rows, and a view that others carry in their queries changes.
fn change(here: &Here) {
    let ens = here.read("network/ens.kf");
    let grown = ens.replace(
        "table names {\n    id text primary,",
        "table names {\n    id text primary,\n    seen int default(7) not_null,",
    );
    assert_ne!(grown, ens);
    let grown =
        grown + "\naction seen($id) public view { SELECT n.seen FROM names AS n WHERE n.id = $id; }\n";
    here.write("network/ens.kf", &grown);
    here.fine("network", "plan --db DB");
    let told = here.fine("network", "deploy --db DB");
    assert!(told.contains("updated   ens, version 2"), "{told}");
    assert!(here.fine("network", "call ens.seen n1 --db DB").contains('7'));
    assert!(here.fine("club", "call club.named bob.eth --db DB").contains("0xb0b"));
}
