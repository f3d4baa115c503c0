/** A project's style as its sqlfmt or SQLFluff settings have it. */

import { readSections, type Sections } from './sections.ts';
import { DEFAULT_STYLE, type FormattingStyle, type LetterCase } from './style.ts';

/** Where SQLFluff looks, the last winning; all of them in the project's folder. */
const SQLFLUFF_FILES = ['setup.cfg', 'tox.ini', 'pep8.ini', '.sqlfluff', 'pyproject.toml'];

/** The files, in the project's folder, whose texts `formattingStyle` asks for. */
export const STYLE_FILES: readonly string[] = SQLFLUFF_FILES;

/** sqlfmt's where it has a section, else SQLFluff's where there is one, else the one of dbt's own style guide. */
export function formattingStyle(files: ReadonlyMap<string, string>): FormattingStyle {
  const sqlfmt = readSections(files.get('pyproject.toml') ?? '').get('tool.sqlfmt');
  if (sqlfmt) return sqlfmtStyle(sqlfmt);
  const fluff = new Map<string, Map<string, string>>();
  for (const path of SQLFLUFF_FILES) {
    for (const [name, settings] of readSections(files.get(path) ?? '')) {
      const section = fluffSection(name);
      if (section !== undefined) fluff.set(section, new Map([...(fluff.get(section) ?? []), ...settings]));
    }
  }
  return fluff.size === 0 ? DEFAULT_STYLE : sqlfluffStyle(fluff);
}

/** sqlfmt has one style: four spaces, lower case but for quoted names; a dialect with names of two cases keeps them. */
function sqlfmtStyle(settings: ReadonlyMap<string, string>): FormattingStyle {
  const cased: LetterCase = settings.get('dialect') === 'clickhouse' ? 'preserve' : 'lower';
  return {
    indent: '    ',
    lineLength: positive(settings.get('line_length')) ?? 88,
    keywords: 'lower',
    functions: cased,
    types: cased,
    identifiers: cased,
    commas: 'trailing',
  };
}

/** `sqlfluff:rules:x` and `tool.sqlfluff.rules.x` are one. */
function fluffSection(name: string): string | undefined {
  const parts = name
    .replace(/^tool\./u, '')
    .replaceAll('"', '')
    .split(/[:.]/u);
  return parts[0] === 'sqlfluff' ? parts.join('.') : undefined;
}

function sqlfluffStyle(sections: Sections): FormattingStyle {
  const setting = (names: readonly string[], key: string): string | undefined => {
    for (const name of names) {
      const value = sections.get(name)?.get(key);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const cased = (rules: readonly string[]): LetterCase => {
    const names = rules.map((rule) => `sqlfluff.rules.${rule}`);
    return letterCase(
      setting(names, 'extended_capitalisation_policy') ?? setting(names, 'capitalisation_policy'),
    );
  };
  const indentation = ['sqlfluff.indentation', 'sqlfluff.rules'];
  const size = positive(setting(indentation, 'tab_space_size')) ?? 4;
  const position = setting(['sqlfluff.layout.type.comma'], 'line_position')?.split(':')[0];
  const comma = position ?? setting(['sqlfluff.rules.L019', 'sqlfluff.rules'], 'comma_style');
  return {
    indent: setting(indentation, 'indent_unit') === 'tab' ? '\t' : ' '.repeat(size),
    // SQLFluff's own default; a length of none is 0 there.
    lineLength: lineLength(
      setting(['sqlfluff', 'sqlfluff.core', 'sqlfluff.rules', 'sqlfluff.rules.L016'], 'max_line_length'),
    ),
    keywords: cased(['capitalisation.keywords', 'CP01', 'L010']),
    identifiers: cased(['capitalisation.identifiers', 'CP02', 'L014']),
    functions: cased(['capitalisation.functions', 'CP03', 'L030']),
    types: cased(['capitalisation.types', 'CP05', 'L063']),
    commas: comma === 'leading' || comma === 'trailing' ? comma : 'trailing',
  };
}

function letterCase(policy: string | undefined): LetterCase {
  return policy === 'lower' || policy === 'upper' ? policy : 'preserve';
}

const NO_LIMIT = 10_000;

function lineLength(value: string | undefined): number {
  if (value === undefined) return 80;
  return positive(value) ?? NO_LIMIT;
}

function positive(value: string | undefined): number | undefined {
  const number = Number(value);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
