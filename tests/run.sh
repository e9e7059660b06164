#!/usr/bin/env bash
# All tests. Brings PostgreSQL and plpgsql_check first if the machine lacks them.
set -euo pipefail
cd "$(dirname "$0")/.."
bash tests/setup.sh tests
exec cargo test --locked "$@"
