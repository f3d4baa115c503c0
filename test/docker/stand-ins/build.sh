#!/bin/sh
# Builds the images that the compose file and the Dockerfiles name, where they are missing and none can be pulled.
#
#     build.sh FOLDER    FOLDER is for what is unpacked and copied on the way
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
have() { docker image inspect "$1" >/dev/null 2>&1; }

have debian:bookworm-slim || sh "$here/base.sh" "$1/base"
have postgres:18 || docker build -t postgres:18 "$here/postgres"
if ! have node:22-bookworm-slim; then
  rm -rf "$1/node"
  cp -r "$here/node" "$1/node"
  cp "$(node -p process.execPath)" "$1/node/node"
  cp -r "$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")" "$1/node/npm"
  docker build -t node:22-bookworm-slim "$1/node"
fi
