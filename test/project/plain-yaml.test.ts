/** The one-pass reader of YAML against the full reader: the same value, or none. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { plainYaml } from '../../server/src/project/plain-yaml.ts';
import { parseYaml, readFully } from '../../server/src/project/yaml.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const propertyFiles = ['models', 'data']
  .flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' }).map(
      (path) => `${folder}/${path}`,
    ),
  )
  .filter((path) => path.endsWith('.yml'))
  .map((path) => readFileSync(`${root}/${path}`, 'utf8'));

/** Values that look alike and are not. */
const VALUES = [
  ...[
    'text',
    "'a: #b'",
    '"c"',
    "'it''s'",
    '"\\n"',
    "'open",
    'a b # c',
    'a#b',
    'a: b',
    'a:',
    '- a',
    '-a',
    '? a',
    '~',
    'null',
    'nUll',
  ],
  ...[
    'yes',
    'On',
    'oN',
    'y',
    '0',
    '-0',
    '12',
    '012',
    '1_0',
    '0x1F',
    '12:30',
    '1.',
    '.5',
    '1.0',
    '1e3',
    '-.inf',
    '.nan',
    '2024-01-31',
    '+1',
  ],
  ...[
    '[]',
    '[a, "b", 1, [x]]',
    '[a',
    '[a,, b]',
    '[- a]',
    '[a: b]',
    '{}',
    '{a: b, c: [1.5, no]}',
    '{a: }',
    '{ {{ x }} }',
    '{{ x }}',
  ],
  ...[
    '|\n    a\n     b\n\n    c\n',
    '>-\n    a\n    b\n\n    # c\n    d',
    '>\n    a\n     b',
    '|+\n    a\n\n',
    '|2\n    a',
    '|\n\n    a',
    '|\n   a\n  b',
  ],
  ...[
    '&a b',
    '*a',
    '!!str 1',
    '@x',
    '%x',
    '`x',
    '<<',
    '=',
    '',
    '# c',
    '\n    deep: 1',
    '\n  - a\n  - b: 1\n    c: 2',
    '\n- a',
    '\n    - a\n   b: 1',
  ],
  ...['a\n    b', 'a\n\n    b', '"a\n    b"', 'a\tb', 'a\r', 'é', '\u00a0a', '😀', '...', '---'],
];

const KEYS = [
  'key',
  '+key',
  'a b',
  'on',
  'null',
  '1',
  "'q'",
  '<<',
  'constructor',
  '__proto__',
  '? k',
  'key :',
];

describe('plain YAML', () => {
  test('the property files of the sample project are plain', () => {
    assert.equal(propertyFiles.length > 5, true);
    for (const text of propertyFiles) {
      assert.notEqual(
        plainYaml(text, () => 'other'),
        undefined,
      );
      assertSame(text);
    }
  });

  test('each value, as it is and in a list, behind each key', () => {
    let plain = 0;
    for (const value of VALUES) {
      for (const key of KEYS) {
        for (const text of [
          `${key}: ${value}\n`,
          `top:\n  ${key}: ${value}\n  last: 1\n`,
          `top:\n- ${key}: ${value}\n- last: 1\n`,
          `top:\n  - ${value}\n  - last\n`,
          `${key}: [x, ${value}]\nlast: {k: ${value}}\n`,
        ]) {
          if (plainYaml(text, () => undefined) !== undefined) plain++;
          assertSame(text);
        }
      }
    }
    assert.equal(plain > 300, true, `${String(plain)} texts were plain`);
  });

  test('property files cut off, and with one line moved, removed or doubled', () => {
    for (const text of propertyFiles) {
      const lines = text.split('\n').slice(0, 60);
      lines.forEach((line, index) => {
        const rest = lines.slice(index + 1);
        const before = lines.slice(0, index);
        assertSame(before.join('\n'));
        assertSame([...before, ` ${line}`, ...rest].join('\n'));
        assertSame([...before, line.slice(1), ...rest].join('\n'));
        assertSame([...before, line, line, ...rest].join('\n'));
        assertSame([...before, ...rest].join('\n'));
      });
    }
  });
});

function assertSame(text: string): void {
  const file = { path: 'models.yml', text };
  const full = readFully(file);
  const read = parseYaml(file);
  assert.deepStrictEqual(
    { value: read.value, faults: read.diagnostics },
    { value: full.value, faults: full.diagnostics },
    JSON.stringify(text),
  );
}
