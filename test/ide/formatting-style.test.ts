/** Formatting follows the project's own settings, and leaves the sample as it is. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadFormatter } from '../../server/src/ide/formatting/formatter.ts';
import { layOutText } from '../../server/src/ide/formatting/layout-text.ts';
import { formattingStyle } from '../../server/src/ide/formatting/style-settings.ts';
import { DEFAULT_STYLE } from '../../server/src/ide/formatting/style.ts';
import { loadSqlParser } from '../../server/src/sql/parser.ts';

test("without settings the style is dbt's own", () => {
  assert.deepEqual(formattingStyle(new Map()), DEFAULT_STYLE);
  assert.deepEqual(
    formattingStyle(new Map([['pyproject.toml', '[tool.black]\nline-length = 40\n']])),
    DEFAULT_STYLE,
  );
});

test("sqlfmt's length is followed, and its one style", () => {
  const style = formattingStyle(
    new Map([['pyproject.toml', '[project]\nname = "x"\n\n[tool.sqlfmt]\nline_length = 99 # wide\n']]),
  );
  assert.deepEqual(style, {
    indent: '    ',
    lineLength: 99,
    keywords: 'lower',
    functions: 'lower',
    types: 'lower',
    identifiers: 'lower',
    commas: 'trailing',
  });
  const clickhouse = formattingStyle(
    new Map([['pyproject.toml', '[tool.sqlfmt]\r\ndialect = "clickhouse"\r\n']]),
  );
  assert.equal(clickhouse.identifiers, 'preserve');
  assert.equal(clickhouse.lineLength, 88);
});

test("SQLFluff's rules are followed, by their new names and their old", () => {
  const style = formattingStyle(
    new Map([
      [
        '.sqlfluff',
        `[sqlfluff]
dialect = postgres
max_line_length = 100

[sqlfluff:indentation]
indent_unit = space
tab_space_size = 2

[sqlfluff:layout:type:comma]
line_position = leading

[sqlfluff:rules:capitalisation.keywords]
capitalisation_policy = upper

[sqlfluff:rules:capitalisation.functions]
extended_capitalisation_policy = lower

[sqlfluff:rules:L063]
extended_capitalisation_policy = upper
`,
      ],
    ]),
  );
  assert.deepEqual(style, {
    indent: '  ',
    lineLength: 100,
    keywords: 'upper',
    functions: 'lower',
    types: 'upper',
    identifiers: 'preserve',
    commas: 'leading',
  });
});

test('SQLFluff is read from setup.cfg, tox.ini and pyproject.toml, too', () => {
  const style = formattingStyle(
    new Map([
      ['setup.cfg', '[sqlfluff]\nmax_line_length = 70\n[sqlfluff:rules]\ncomma_style = leading\n'],
      ['pyproject.toml', '[tool.sqlfluff.core]\n[tool.sqlfluff.indentation]\nindent_unit = "tab"\n'],
    ]),
  );
  assert.equal(style.lineLength, 70);
  assert.equal(style.indent, '\t');
  assert.equal(style.commas, 'leading');
  const core = formattingStyle(new Map([['pyproject.toml', '[tool.sqlfluff.core]\nmax_line_length = 90\n']]));
  assert.equal(core.lineLength, 90);
});

test("the repository's own models are formatted already", async () => {
  const [parser, formatter] = [await loadSqlParser(), await loadFormatter()];
  const folder = fileURLToPath(new URL('../../models/', import.meta.url));
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.sql'),
  );
  assert.ok(paths.length > 10);
  for (const path of paths) {
    const text = readFileSync(folder + path, 'utf8');
    const result = layOutText(parser, formatter, text, DEFAULT_STYLE);
    assert.equal(result.kind === 'text' ? result.text : result.reason, text, path);
  }
});
