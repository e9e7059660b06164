use kuneiform::migrate::Verdict::{self, Breaking, Destructive, Refused, Safe};

/// One edit of a deployed schema.
pub struct Edit {
    pub name: &'static str,
    /// The version that is deployed, without its first line.
    pub before: &'static str,
    /// What is put into its tables.
    pub rows: &'static str,
    /// The version that is to be deployed.
    pub after: &'static str,
    pub verdict: Verdict,
    /// Parts of what steps say.
    pub says: &'static [&'static str],
    /// A query that is true afterwards.
    pub left: &'static str,
}

const fn edit(
    name: &'static str,
    (before, rows): (&'static str, &'static str),
    after: &'static str,
    verdict: Verdict,
    says: &'static [&'static str],
    left: &'static str,
) -> Edit {
    Edit { name, before, rows, after, verdict, says, left }
}

const USERS: &str = "table users { id int primary, name text, age int }";
const THREE: &str = "INSERT INTO users VALUES (1, 'a', 10), (2, 'b', 20), (3, NULL, NULL)";
const PAIR: &str =
    "table users { id int primary, name text } table posts { id int primary, author int, text text }";
const POSTED: &str = "INSERT INTO users VALUES (1, 'a'), (2, 'b'); INSERT INTO posts VALUES (1, 1, 'x'), (2, 1, 'y'), (3, NULL, 'z')";
const LINKED: &str = "table users { id int primary, name text }
    table posts { id int primary, author int, text text, foreign_key(author) references users(id) }";
const VIEW: &str = "table users { id int primary, name text, age int }
    action get() public view returns table(id int, name text) { SELECT id, name FROM users; }";

pub const EDITS: &[Edit] = &[
    // tables
    edit("nothing", (USERS, THREE), USERS, Safe, &[], "SELECT (count(*) = 3)::text::char FROM ds_shop.users"),
    edit(
        "a table is added",
        (USERS, THREE),
        "table users { id int primary, name text, age int } table more { id int primary, user_id int references users(id) }",
        Safe,
        &["table `more` created"],
        "SELECT 't'",
    ),
    edit("a table is dropped", (PAIR, POSTED), "table users { id int primary, name text }", Destructive, &["table `posts` dropped", "3 rows are in it"], "SELECT (count(*) = 2)::text::char FROM ds_shop.users"),
    edit("an empty table is dropped", (PAIR, ""), "table users { id int primary, name text }", Destructive, &["table `posts` dropped"], ""),
    edit("a parent is dropped, and its child no longer refers to it", (LINKED, POSTED), "table posts { id int primary, author int, text text }", Destructive, &["foreign key `posts(author)` to `users(id)` dropped"], ""),
    edit("parent and child are dropped", (LINKED, POSTED), "table other { id int primary }", Destructive, &["table `users` dropped", "table `posts` dropped"], ""),
    edit("a table is renamed", (LINKED, POSTED), "table members @renamed_from(users) { id int primary, name text }
        table posts { id int primary, author int, text text, foreign_key(author) references members(id) }", Safe, &["table `users` renamed to `members`"], "SELECT (count(*) = 2)::text::char FROM ds_shop.members"),
    edit("a table gets another name without saying so", (USERS, THREE), "table members { id int primary, name text, age int }", Destructive, &["@renamed_from(users)"], ""),
    edit("a renamed table's old name goes to a new one", (USERS, THREE), "table people @renamed_from(users) { id int primary, name text, age int unique }", Breaking, &["unique `people(age)` added"], ""),
    // columns
    edit("a column is added", (USERS, THREE), "table users { id int primary, name text, age int, mail text }", Safe, &["column `users.mail` added"], "SELECT bool_and(mail IS NULL)::text::char FROM ds_shop.users"),
    edit("a column with a default is added", (USERS, THREE), "table users { id int primary, name text, age int, score int not null default(7) }", Safe, &["rows that are there get 7"], "SELECT bool_and(score = 7)::text::char FROM ds_shop.users"),
    edit("a column that must not be null is added", (USERS, THREE), "table users { id int primary, name text, age int, mail text not null }", Refused, &["3 rows would have no value"], ""),
    edit("a column that must not be null is added to no rows", (USERS, ""), "table users { id int primary, name text, age int, mail text not null }", Safe, &[], ""),
    edit("a bounded column with a default is added", (USERS, THREE), "table users { id int primary, name text, age int, n int default(5) min(1) max(9) }", Safe, &[], ""),
    edit("a default breaks its own bound", (USERS, THREE), "table users { id int primary, name text, age int, n int default(5) min(6) }", Refused, &["3 rows break `min(6)`"], ""),
    edit("a unique column is added", (USERS, THREE), "table users { id int primary, name text, age int, mail text unique }", Safe, &["unique `users(mail)` added"], ""),
    edit("a unique column with a default is added", (USERS, THREE), "table users { id int primary, name text, age int, n int unique default(1) }", Refused, &["1 value stands in more than one row"], ""),
    edit("a unique column with a default is added to one row", (USERS, "INSERT INTO users VALUES (1, 'a', 1)"), "table users { id int primary, name text, age int, n int unique default(1) }", Safe, &[], ""),
    edit("a column is dropped", (USERS, THREE), "table users { id int primary, name text }", Destructive, &["column `users.age` dropped", "2 rows have a value in it"], ""),
    edit("a column with everything on it is dropped", ("table users { id int primary, mail text unique minlen(1) default('x'), n int, #both index(mail, n), #one unique(n, mail) }", "INSERT INTO users VALUES (1, 'a', 2)"), "table users { id int primary, n int }", Destructive, &["column `users.mail` dropped"], ""),
    edit("a column is renamed", (USERS, THREE), "table users { id int primary, nick text @renamed_from(name), age int }", Safe, &["column `users.name` renamed to `nick`"], "SELECT (count(nick) = 2)::text::char FROM ds_shop.users"),
    edit("a column gets another name without saying so", (USERS, THREE), "table users { id int primary, nick text, age int }", Destructive, &["`nick text @renamed_from(name)`"], ""),
    edit("a column with everything on it is renamed", ("table users { id int primary, mail text unique minlen(1) default('x'), #look index(mail) } table posts { id int primary, by text references users(mail) }", "INSERT INTO users VALUES (1, 'a'); INSERT INTO posts VALUES (1, 'a')"), "table users { id int primary, address text unique minlen(1) default('x') @renamed_from(mail), #look index(address) } table posts { id int primary, by text references users(address) }", Safe, &["constraints and indexes of `users` renamed"], "SELECT (address = 'a')::text::char FROM ds_shop.users"),
    edit("a renamed column stays said", ("table users { id int primary, nick text @renamed_from(name) }", "INSERT INTO users VALUES (1, 'a')"), "table users { id int primary, nick text @renamed_from(name), age int }", Safe, &[], "SELECT (nick = 'a')::text::char FROM ds_shop.users"),
    edit("two columns get each other's names", ("table users { id int primary, name text, nick text unique }", "INSERT INTO users VALUES (1, 'a', 'b'), (2, NULL, 'c')"), "table users { id int primary, name text unique @renamed_from(nick), nick text @renamed_from(name) }", Safe, &["column `users.nick` renamed to `name`", "column `users.name` renamed to `nick`"], "SELECT (string_agg(name, '' ORDER BY id) = 'bc' AND max(nick) = 'a')::text::char FROM ds_shop.users"),
    edit("two columns of one type get each other's names", ("table users { id int primary, name text, nick text }", "INSERT INTO users VALUES (1, 'a', 'b')"), "table users { id int primary, name text @renamed_from(nick), nick text @renamed_from(name) }", Safe, &[], "SELECT (name = 'b' AND nick = 'a')::text::char FROM ds_shop.users"),
    edit("three columns go round", ("table t { id int primary, a int unique min(0), b int, c int default(3) }", "INSERT INTO t VALUES (1, 10, 20, 30)"), "table t { id int primary, b int unique min(0) @renamed_from(a), c int @renamed_from(b), a int default(3) @renamed_from(c) }", Safe, &["constraints and indexes of `t` renamed"], "SELECT ((a, b, c) = (30, 10, 20))::text::char FROM ds_shop.t"),
    edit("a column makes room for another", ("table t { id int primary, a int, b int }", "INSERT INTO t VALUES (1, 10, 20)"), "table t { id int primary, a int @renamed_from(b), old int @renamed_from(a) }", Safe, &[], "SELECT ((a, old) = (20, 10))::text::char FROM ds_shop.t"),
    edit("two tables get each other's names", ("table a { id int primary, n text unique, #by index(n) } table b { id int primary, n text, a_id int references a(id) }", "INSERT INTO a VALUES (1, 'x'); INSERT INTO b VALUES (7, 'y', 1)"), "table b @renamed_from(a) { id int primary, n text unique, #by index(n) } table a @renamed_from(b) { id int primary, n text, a_id int references b(id) }", Safe, &["table `a` renamed to `b`", "table `b` renamed to `a`"], "SELECT (SELECT n = 'x' FROM ds_shop.b)::text::char FROM ds_shop.a WHERE a_id = 1 AND n = 'y'"),
    edit("a table makes room for another", ("table a { id int primary } table b { id int primary, n int }", "INSERT INTO a VALUES (1); INSERT INTO b VALUES (2, 3)"), "table a @renamed_from(b) { id int primary, n int } table old @renamed_from(a) { id int primary }", Safe, &[], "SELECT ((SELECT n FROM ds_shop.a) = 3 AND (SELECT id FROM ds_shop.old) = 1)::text::char"),
    edit("columns change places", (USERS, THREE), "table users { id int primary, age int, name text }", Safe, &[], ""),
    // types
    edit("int becomes a wide decimal", (USERS, THREE), "table users { id int primary, name text, age decimal(20,1) }", Safe, &["type of `users.age`: `int` to `decimal(20,1)`"], "SELECT (sum(age) = 30)::text::char FROM ds_shop.users"),
    edit("int becomes a narrow decimal that holds all", (USERS, THREE), "table users { id int primary, name text, age decimal(3,1) }", Breaking, &[], ""),
    edit("int becomes a narrow decimal", (USERS, THREE), "table users { id int primary, name text, age decimal(2,1) }", Refused, &["2 values are no `decimal(2,1)`"], ""),
    edit("decimal grows", ("table t { id int primary, d decimal(5,2) default(1.5) min(0) }", "INSERT INTO t VALUES (1, 123.45)"), "table t { id int primary, d decimal(8,3) default(1.5) min(0) }", Safe, &[], "SELECT (d = 123.45)::text::char FROM ds_shop.t"),
    edit("decimal shrinks and holds all", ("table t { id int primary, d decimal(5,2) }", "INSERT INTO t VALUES (1, 3.40)"), "table t { id int primary, d decimal(2,1) }", Breaking, &[], "SELECT (d = 3.4)::text::char FROM ds_shop.t"),
    edit("decimal would round", ("table t { id int primary, d decimal(5,2) }", "INSERT INTO t VALUES (1, 3.45)"), "table t { id int primary, d decimal(5,1) }", Refused, &["1 value is no `decimal(5,1)`"], ""),
    edit("int becomes uint256", (USERS, THREE), "table users { id int primary, name text, age uint256 }", Breaking, &[], ""),
    edit("a negative int becomes uint256", (USERS, "INSERT INTO users VALUES (1, 'a', -1)"), "table users { id int primary, name text, age uint256 }", Refused, &["1 value is no `uint256`"], ""),
    edit("int becomes text", (USERS, THREE), "table users { id int primary, name text, age text }", Breaking, &[], "SELECT (max(age) = '20')::text::char FROM ds_shop.users"),
    edit("text becomes int", ("table t { id int primary, n text default('7') }", "INSERT INTO t VALUES (1, '-42'), (2, NULL)"), "table t { id int primary, n int default(7) }", Breaking, &[], "SELECT (sum(n) = -42)::text::char FROM ds_shop.t"),
    edit("text that is no int", (USERS, THREE), "table users { id int primary, name int, age int }", Refused, &["2 values are no `int`"], ""),
    edit("text becomes uuid", ("table t { id int primary, n text unique }", "INSERT INTO t VALUES (1, '00000000-0000-0000-0000-00000000000a')"), "table t { id int primary, n uuid unique }", Breaking, &[], ""),
    edit("blob becomes int", ("table t { id int primary, n blob }", ""), "table t { id int primary, n int }", Refused, &["there is no such conversion"], ""),
    edit("a key and what refers to it grow", (LINKED, POSTED), "table users { id decimal(20,0) primary, name text } table posts { id int primary, author decimal(20,0), text text, foreign_key(author) references users(id) }", Safe, &["checked anew"], "SELECT (sum(author) = 2)::text::char FROM ds_shop.posts"),
    edit("an array's elements grow", ("table t { id int primary, n int[] }", "INSERT INTO t VALUES (1, '{1,2}')"), "table t { id int primary, n decimal(20,0)[] }", Safe, &[], "SELECT (n = '{1,2}')::text::char FROM ds_shop.t"),
    // null and defaults
    edit("null is forbidden where there is none", (USERS, "INSERT INTO users VALUES (1, 'a', 1)"), "table users { id int primary, name text not null, age int }", Breaking, &["`users.name` must not be null any more"], ""),
    edit("null is forbidden where there is some", (USERS, THREE), "table users { id int primary, name text not null, age int }", Refused, &["1 row has no value"], ""),
    edit("null is allowed", ("table t { id int primary, n int not null }", "INSERT INTO t VALUES (1, 1)"), "table t { id int primary, n int }", Safe, &["`t.n` may be null"], ""),
    edit("a default comes", (USERS, THREE), "table users { id int primary, name text default('x'), age int }", Safe, &["default of `users.name`: none to `'x'`"], "SELECT (count(name) = 2)::text::char FROM ds_shop.users"),
    edit("a default goes", ("table t { id int primary, n int default(1) }", "INSERT INTO t VALUES (1)"), "table t { id int primary, n int }", Safe, &[], "SELECT (n = 1)::text::char FROM ds_shop.t"),
    edit("a default changes", ("table t { id int primary, n text default('a') }", ""), "table t { id int primary, n text default('it''s') }", Safe, &[], ""),
    // bounds
    edit("a bound that holds comes", (USERS, THREE), "table users { id int primary, name text maxlen(1), age int min(0) }", Breaking, &["`min(0)` of `users.age` added"], ""),
    edit("a bound that does not hold comes", (USERS, THREE), "table users { id int primary, name text, age int min(11) }", Refused, &["1 row breaks `min(11)`"], ""),
    edit("a bound is loosened", ("table t { id int primary, n int min(5) max(10), s text maxlen(3) }", "INSERT INTO t VALUES (1, 7, 'abc')"), "table t { id int primary, n int min(1) max(100), s text maxlen(9) }", Safe, &["`maxlen(3)` of `t.s` changed to `maxlen(9)`"], ""),
    edit("a bound is tightened", ("table t { id int primary, s text maxlen(9) }", "INSERT INTO t VALUES (1, 'abc')"), "table t { id int primary, s text maxlen(3) }", Breaking, &[], ""),
    edit("a bound is tightened too far", ("table t { id int primary, s text maxlen(9) }", "INSERT INTO t VALUES (1, 'abc')"), "table t { id int primary, s text maxlen(2) }", Refused, &["1 row breaks `maxlen(2)`"], ""),
    edit("a bound goes", ("table t { id int primary, n int min(5) max(10) }", "INSERT INTO t VALUES (1, 7)"), "table t { id int primary, n int max(10) }", Safe, &["`min(5)` of `t.n` dropped"], ""),
    edit("bounds change places", ("table t { id int primary, n int min(5) max(10) }", "INSERT INTO t VALUES (1, 7)"), "table t { id int primary, n int max(10) min(5) }", Safe, &[], ""),
    // keys and indexes
    edit("unique where all differ", (USERS, THREE), "table users { id int primary, name text unique, age int }", Breaking, &[], ""),
    edit("unique where some are alike", (PAIR, POSTED), "table users { id int primary, name text } table posts { id int primary, author int unique, text text }", Refused, &["1 value stands in more than one row"], ""),
    edit("unique goes", ("table t { id int primary, n int unique }", "INSERT INTO t VALUES (1, 1)"), "table t { id int primary, n int }", Safe, &["unique `t(n)` dropped"], ""),
    edit("unique grows", ("table t { id int primary, n int, m int, #u unique(n) }", "INSERT INTO t VALUES (1, 1, 1)"), "table t { id int primary, n int, m int, #u unique(n, m) }", Safe, &[], ""),
    edit("an index comes and one goes", ("table t { id int primary, n int, m int, #a index(n) }", ""), "table t { id int primary, n int, m int, #a index(m) }", Safe, &["index `t(m)` added", "index `t(n)` dropped"], ""),
    edit("a unique index comes", (PAIR, POSTED), "table users { id int primary, name text } table posts { id int primary, author int, text text, #one unique(author, text) }", Breaking, &[], ""),
    edit("the primary key changes", ("table t { id int primary, n int not null }", "INSERT INTO t VALUES (1, 1), (2, 2)"), "table t { id int not null, n int primary }", Breaking, &["primary key of `t`: `(id)` to `(n)`"], ""),
    edit("the primary key changes to what is not unique", ("table t { id int primary, n int not null }", "INSERT INTO t VALUES (1, 1), (2, 1)"), "table t { id int not null, n int primary }", Refused, &["1 value stands in more than one row"], ""),
    edit("the primary key grows", ("table t { id int primary, n int not null }", "INSERT INTO t VALUES (1, 1), (2, 1)"), "table t { id int, n int, #pk primary(id, n) }", Safe, &[], ""),
    edit("a key that others refer to becomes unique only", (LINKED, POSTED), "table users { id int not null unique, name text, n int default(0), #pk primary(id, n) } table posts { id int primary, author int, text text, foreign_key(author) references users(id) }", Safe, &["checked anew"], ""),
    // foreign keys
    edit("a foreign key comes", (PAIR, POSTED), LINKED, Breaking, &["foreign key `posts(author)` to `users(id)` added"], ""),
    edit("a foreign key comes that does not hold", (PAIR, "INSERT INTO posts VALUES (1, 5, 'x')"), LINKED, Refused, &["1 row refers to nothing"], ""),
    edit("a foreign key to a new table", (PAIR, POSTED), "table users { id int primary, name text } table authors { id int primary } table posts { id int primary, author int references authors(id), text text }", Refused, &["2 rows refer to nothing"], ""),
    edit("a foreign key goes", (LINKED, POSTED), PAIR, Safe, &["foreign key `posts(author)` to `users(id)` dropped"], ""),
    edit("a foreign key does something else", (LINKED, POSTED), "table users { id int primary, name text } table posts { id int primary, author int, text text, foreign_key(author) references users(id) on_delete cascade }", Breaking, &["on delete no action, on update no action to on delete cascade"], ""),
    // actions
    edit("an action comes", (USERS, THREE), VIEW, Safe, &["action `get` added"], ""),
    edit("an action's body changes", (VIEW, THREE), "table users { id int primary, name text, age int }
        action get() public view returns table(id int, name text) { SELECT id, name FROM users WHERE age > 1; }", Safe, &["action `get` made anew"], ""),
    edit("an action goes", (VIEW, THREE), USERS, Breaking, &["action `get` dropped"], ""),
    edit("a private action goes", ("table t { id int primary } action a() private { DELETE FROM t WHERE id = 1; }", ""), "table t { id int primary }", Safe, &[], ""),
    edit("an action becomes private", (VIEW, THREE), "table users { id int primary, name text, age int }
        action get() private view returns table(id int, name text) { SELECT id, name FROM users; }", Breaking, &["`public` to `private`"], ""),
    edit("an action becomes public", ("table t { id int primary } action a() private { DELETE FROM t WHERE id = 1; }", ""), "table t { id int primary } action a() public { DELETE FROM t WHERE id = 1; }", Safe, &["`private` to `public`"], ""),
    edit("an action becomes the owner's", ("table t { id int primary } action a() public { DELETE FROM t WHERE id = 1; }", ""), "table t { id int primary } action a() public owner { DELETE FROM t WHERE id = 1; }", Breaking, &["only for the owner now"], ""),
    edit("an action is the owner's no more", ("table t { id int primary } action a() public owner { DELETE FROM t WHERE id = 1; }", ""), "table t { id int primary } action a() public { DELETE FROM t WHERE id = 1; }", Safe, &["no longer only for the owner"], ""),
    edit("an action is no view any more", ("table t { id int primary } action a() public view returns (int) { return 1; }", ""), "table t { id int primary } action a() public returns (int) { return 1; }", Breaking, &["no longer a view"], ""),
    edit("a parameter comes", ("table t { id int primary } action a() public { DELETE FROM t WHERE id = 1; }", ""), "table t { id int primary } action a($n int) public { DELETE FROM t WHERE id = $n; }", Breaking, &["parameters `()` to `($n int)`"], ""),
    edit("a default of a parameter goes", ("table t { id int primary } action a($n int default 1) public { DELETE FROM t WHERE id = $n; }", ""), "table t { id int primary } action a($n int) public { DELETE FROM t WHERE id = $n; }", Breaking, &["`$n` has no default any more"], ""),
    edit("a result column goes", (VIEW, THREE), "table users { id int primary, name text, age int }
        action get() public view returns table(id int) { SELECT id FROM users; }", Breaking, &["no longer returns `name`"], ""),
    edit("a result column changes its type", (VIEW, THREE), "table users { id int primary, name text, age int }
        action get() public view returns table(id text, name text) { SELECT id::text AS id, name FROM users; }", Breaking, &["type of `id`: `int` to `text`"], ""),
];
