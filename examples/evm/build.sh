#!/usr/bin/env bash
# Compiles each contract beside this file into NAME.json: the compiler, the ABI and the code that creates it.
# With `--check` nothing is written, and a file that would change is an error. `tests/setup.sh tests` brings solc.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=$here/../../target/evm
# The node that came with a machine without one.
PATH="$PATH:$target/python/bin" NODE_PATH="$target/node_modules" node "$here/build.js" "$here" "$@"
