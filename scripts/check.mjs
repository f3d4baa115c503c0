/** `npm run check`: types, lint, format and the import test, all of them even when one fails. */

import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');

const architecture = readdirSync(join(root, 'test', 'architecture'))
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `test/architecture/${name}`);

const steps = {
  types: [join(modules, 'typescript/bin/tsc'), '--build'],
  lint: [join(modules, 'eslint/bin/eslint.js'), '--max-warnings=0', '.'],
  format: [join(modules, 'prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'],
  imports: ['--import', 'tsx', '--test', '--test-reporter=spec', ...architecture],
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in steps));
if (unknown.length > 0) {
  console.error(`Unknown check "${unknown.join('", "')}": choose from ${Object.keys(steps).join(', ')}.`);
  process.exit(2);
}

const chosen = Object.entries(steps).filter(([name]) => asked.length === 0 || asked.includes(name));
const outcomes = await Promise.all(chosen.map(([name, command]) => run(name, command)));
process.exit(outcomes.every((passed) => passed) ? 0 : 1);

/** Holds a step's output back until it ends, so that steps running side by side do not mix. */
function run(name, command) {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    child.on('close', (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      if (code !== 0) process.stdout.write(output);
      console.log(`${name}: ${code === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
      resolve(code === 0);
    });
  });
}
