#!/usr/bin/env bash
# The whole story: build kf, start a private PostgreSQL, deploy four schemas that import one another, and call them.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)

bash "$root/tests/setup.sh"
# `KF` names a kf that is built.
if [ -z "${KF:-}" ]; then
    cargo build --quiet --locked --manifest-path "$root/Cargo.toml" --release --bin kf
    KF=${CARGO_TARGET_DIR:-$root/target}/release/kf
fi
kf() { printf '\n$ kf'; printf ' %q' "$@"; printf '\n'; "$KF" "$@"; }

kf db reset --yes
kf check
kf deploy

# What the oracle reports: two wallets, one name each.
kf call ens.create_wallet w1 0xa11ce --as oracle
kf call ens.create_wallet w2 0xb0b --as oracle
kf call ens.create_name n1 alice.eth 0xa11ce --as oracle
kf call ens.create_name n2 bob.eth 0xb0b --as oracle

# The owner of a name posts under it.
kf call social_network.make_post p1 'Hello from Alice' alice.eth --caller 0xa11ce
kf call social_network.make_post p2 'Hello from Bob' bob.eth --caller 0xb0b

# Somebody else does not: the action raises, and nothing is stored.
if kf call social_network.make_post p3 'I am Alice' alice.eth --caller 0xb0b; then
    echo 'this post should have been refused' >&2
    exit 1
fi

# All posts of a wallet, one join over two schemas.
kf call social_network.get_author_posts 0xa11ce
kf db stop
