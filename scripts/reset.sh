#!/bin/sh
# Brings the warehouse to its initial state from any state.
exec "$(dirname "$0")/init.sh" "$@"
