/** Markdown cases are found, compared and rewritten. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseCases, rewriteCases } from './cases.ts';

const TEXT = `# Upper case

\`\`\`sql parents
select 1
\`\`\`

## A word

Prose.

\`\`\`text
word
\`\`\`

\`\`\`text upper
WORD
\`\`\`

## Several

\`\`\`\`text
a
\`\`\`
b
\`\`\`\`

\`\`\`text upper
WRONG
\`\`\`
\`\`\`text length
7
\`\`\`
`;

describe('a file of cases', () => {
  test('is shared blocks, then a case for each title', () => {
    const [word, several, ...rest] = parseCases(TEXT);
    assert.equal(rest.length, 0);
    assert.equal(word?.title, 'A word');
    assert.deepEqual([word.shared[0]?.name, word.shared[0]?.text], ['sql parents', 'select 1']);
    assert.equal(word.input.text, 'word');
    assert.deepEqual(
      word.expected.map(({ name, text }) => [name, text]),
      [['text upper', 'WORD']],
    );
    assert.equal(several?.input.text, 'a\n```\nb');
    assert.equal(several.expected.length, 2);
  });

  test('must ask for something, once, and be whole', () => {
    assert.throws(() => parseCases('## x\n```\nin\n```\n'), /expects nothing/u);
    assert.throws(() => parseCases('## x\n## x\n'), /Two cases/u);
    assert.throws(() => parseCases('## x\n```\nin\n'), /never closed/u);
  });

  test('is rewritten block by block, and nothing else changes', () => {
    const cases = parseCases(TEXT);
    const answers = new Map(
      cases.flatMap((one) =>
        one.expected.map((block) => [
          block,
          block.name === 'text upper' ? one.input.text.toUpperCase() : String(one.input.text.length),
        ]),
      ),
    );
    const rewritten = rewriteCases(TEXT, answers);
    assert.equal(rewritten, TEXT.replace('```text upper\nWRONG\n```', '````text upper\nA\n```\nB\n````'));
    assert.equal(parseCases(rewritten)[1]?.expected[0]?.text, 'A\n```\nB');
  });

  test('fails on a difference, and is rewritten under UPDATE=1', (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'cases-'));
    context.after(() => {
      rmSync(folder, { recursive: true });
    });
    writeFileSync(join(folder, 'upper.md'), '## A\n```text\nword\n```\n```text upper\nwrong\n```\n');
    writeFileSync(
      join(folder, 'upper.test.ts'),
      `import { testCases } from ${JSON.stringify(join(import.meta.dirname, 'cases.ts'))};
       testCases(${JSON.stringify(folder)}, (of) => of.input.text.toUpperCase());`,
    );
    const run = (update: string): number | null => {
      const env: NodeJS.ProcessEnv = { ...process.env, UPDATE: update };
      // A runner inside a runner would report to the outer one.
      delete env.NODE_TEST_CONTEXT;
      return spawnSync(process.execPath, ['--import', 'tsx', '--test', join(folder, 'upper.test.ts')], {
        env,
        cwd: import.meta.dirname,
      }).status;
    };
    assert.equal(run(''), 1);
    assert.equal(run('1'), 0);
    assert.match(readFileSync(join(folder, 'upper.md'), 'utf8'), /upper\nWORD\n/u);
    assert.equal(run(''), 0);
  });
});
