#!/bin/sh
# From a fresh clone to a tested warehouse: installs packages, builds, then `grainline init`. Safe to repeat.
set -e
cd "$(dirname "$0")/.."
command -v node >/dev/null || { echo 'Grainline needs Node 20 or newer.' >&2; exit 2; }
node scripts/install.mjs
exec bin/grainline init "$@"
