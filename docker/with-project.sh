#!/bin/sh
# Puts the mounted project's own files (models, data, settings) in the place of the image's copies, then runs the command.
# Links and not a mount over the whole folder: bin/ and dist/ stay the image's, and nothing is ever written outside it.
set -eu
if [ -d /project ]; then
  for path in /project/*; do
    name=${path##*/}
    case $name in
      bin | client | dist | docker | logs | node_modules | package*.json | scripts | server | target | tsconfig*) continue ;;
    esac
    rm -rf "/grainline/$name"
    ln -s "$path" "/grainline/$name"
  done
fi
exec "$@"
