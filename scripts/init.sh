#!/bin/sh
# From a fresh clone to a tested warehouse: installs packages, builds, then `grainline init`. Safe to repeat.
set -eu
cd "$(dirname "$0")/.."
command -v node >/dev/null || { echo 'Grainline needs Node 20 or newer: https://nodejs.org' >&2; exit 2; }
node scripts/install.mjs
node scripts/build.mjs
exec bin/grainline init "$@"
