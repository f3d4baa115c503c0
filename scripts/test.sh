#!/bin/sh
# Runs every test on a machine with Node 20 or newer and nothing else; arguments go to scripts/test.mjs.
set -eu
cd "$(dirname "$0")/.."
command -v node >/dev/null || { echo "Node is missing: install Node 20 or newer (https://nodejs.org)." >&2; exit 1; }
node scripts/install.mjs
exec node scripts/test.mjs "$@"
