//! What is compared: ways to do the same, each as a statement from a client and as a loop inside the server.

/// One way to do it.
#[derive(Clone, Copy)]
pub struct Shape {
    /// What stands in the table.
    pub name: &'static str,
    /// What a client prepares.
    pub statement: &'static str,
    /// The function of `loops.sql`.
    pub in_loop: &'static str,
}

/// The shape others are measured against.
pub const BASE: usize = 0;
/// The compiler's.
pub const GENERATED: usize = 1;

/// `$1` is the caller, `$2` the address whose posts are wanted.
pub const GET_AUTHOR_POSTS: &[Shape] = &[
    Shape {
        name: "hand-written join, same security",
        statement: "SELECT * FROM bench.posts_hand(ROW($1::text, NULL, 't', 1, 1, 'bench', '', 0)::kf.ctx, $2)",
        in_loop: "posts_hand",
    },
    Shape {
        name: "GENERATED from the schemas",
        statement: r#"SELECT * FROM ds_social_network."get_author_posts@social_network"(
            ROW($1::text, NULL, 't', 1, 1, 'bench', '', 0)::kf.ctx, $2)"#,
        in_loop: "posts_generated",
    },
    Shape {
        name: "the hand-written one again (noise)",
        statement: "SELECT * FROM bench.posts_copy(ROW($1::text, NULL, 't', 1, 1, 'bench', '', 0)::kf.ctx, $2)",
        in_loop: "posts_copy",
    },
    Shape {
        name: "by hand, caller not checked",
        statement: "SELECT * FROM bench.posts_unchecked(ROW($1::text, NULL, 't', 1, 1, 'bench', '', 0)::kf.ctx, $2)",
        in_loop: "posts_unchecked",
    },
    Shape {
        name: "by hand, no ORDER BY",
        statement: "SELECT * FROM bench.posts_unordered(ROW($1::text, NULL, 't', 1, 1, 'bench', '', 0)::kf.ctx, $2)",
        in_loop: "posts_unordered",
    },
    Shape {
        name: "by hand, no security, no ORDER BY",
        statement: "SELECT * FROM bench.posts_bare($2) WHERE $1::text IS NOT NULL",
        in_loop: "posts_bare",
    },
    Shape {
        name: "raw prepared statement",
        statement: "SELECT p.id, p.title, p.author FROM ds_ens.wallets AS w JOIN ds_ens.names AS n ON n.wallet_id = w.id \
                    JOIN ds_social_network.posts AS p ON p.author = n.name \
                    WHERE w.address = $2 AND $1::text IS NOT NULL ORDER BY p.id",
        in_loop: "posts_raw",
    },
];

/// `$1` is the caller, `$2` a new id, `$3` the caller's name.
pub const MAKE_POST: &[Shape] = &[
    Shape {
        name: "one hand-written function, same security",
        statement: "SELECT bench.post_hand(ROW($1::text, NULL, 't', 1, 1, 'bench', '', 0)::kf.ctx, $2, 'A post', $3)",
        in_loop: "post_hand",
    },
    Shape {
        name: "GENERATED from the schemas",
        statement: r#"SELECT ds_social_network."make_post@social_network"(
            ROW($1::text, NULL, 't', 1, 1, 'bench', '', 0)::kf.ctx, $2, 'A post', $3)"#,
        in_loop: "post_generated",
    },
    Shape {
        name: "the hand-written one again (noise)",
        statement: "SELECT bench.post_copy(ROW($1::text, NULL, 't', 1, 1, 'bench', '', 0)::kf.ctx, $2, 'A post', $3)",
        in_loop: "post_copy",
    },
    Shape {
        name: "by hand, calls a bare check",
        statement: "SELECT bench.post_calls_bare(ROW($1::text, NULL, 't', 1, 1, 'bench', '', 0)::kf.ctx, $2, 'A post', $3)",
        in_loop: "post_calls_bare",
    },
    Shape {
        name: "by hand, calls it SECDEF, path pinned",
        statement: "SELECT bench.post_calls_pinned(ROW($1::text, NULL, 't', 1, 1, 'bench', '', 0)::kf.ctx, $2, 'A post', $3)",
        in_loop: "post_calls_pinned",
    },
    Shape {
        name: "by hand, calls the generated check",
        statement: "SELECT bench.post_calls_generated(ROW($1::text, NULL, 't', 1, 1, 'bench', '', 0)::kf.ctx, $2, 'A post', $3)",
        in_loop: "post_calls_generated",
    },
];
