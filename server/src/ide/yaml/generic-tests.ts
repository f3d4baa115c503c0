/** The generic tests that a property file may ask for, and what each is called with. */

import { isBuiltin, type Macro } from '../../project/macros.ts';
import type { Project } from '../../project/project.ts';

export interface GenericTest {
  /** As a property file of the root project writes it: `unique`, `dbt_utils.equal_rowcount`. */
  readonly name: string;
  readonly package: string;
  readonly macro: Macro;
  /** Without those that dbt gives itself. */
  readonly parameters: readonly { readonly name: string; readonly isRequired: boolean }[];
}

const PREFIX = 'test_';
const OWN = new Set(['model', 'column_name']);

// prettier-ignore
const MEANINGS: Readonly<Record<string, string>> = {
  unique: 'No value of the column comes twice; nulls do not count.',
  not_null: 'The column has no null.',
  accepted_values: 'The column has none but these values.',
  relationships: 'Every value of the column is one of another relation.',
};

const known = new WeakMap<object, readonly GenericTest[]>();

export function genericTests({ world }: Project): readonly GenericTest[] {
  let tests = known.get(world.macros);
  if (!tests) {
    const { macros, root } = world;
    const own = [...macros.packages].flatMap(([owner, names]) =>
      isBuiltin(owner) ? [] : [...names].flatMap(([name, macro]) => test(name, macro, owner, root.name)),
    );
    const builtin = [...macros.builtin].flatMap(([name, macro]) => test(name, macro, 'dbt', root.name));
    const names = new Set(own.map(({ name }) => name));
    known.set(macros, (tests = [...own, ...builtin.filter(({ name }) => !names.has(name))]));
  }
  return tests;
}

function test(fullName: string, macro: Macro, owner: string, root: string): GenericTest[] {
  if (macro.definition.kind !== 'test' || !fullName.startsWith(PREFIX)) return [];
  const plain = fullName.slice(PREFIX.length);
  const isNear = owner === root || owner === 'dbt';
  const parameters = macro.definition.parameters
    .filter(({ name }) => !OWN.has(name.text))
    .map(({ name, default: value }) => ({ name: name.text, isRequired: value === undefined }));
  return [{ name: isNear ? plain : `${owner}.${plain}`, package: owner, macro, parameters }];
}

export function testMarkdown({ name, package: owner, macro, parameters }: GenericTest): string {
  const written = macro.node.description;
  const says =
    written !== '' ? written : owner === 'dbt' && Object.hasOwn(MEANINGS, name) ? (MEANINGS[name] ?? '') : '';
  const called =
    parameters.length === 0
      ? 'It takes no arguments of its own.'
      : `Arguments: ${parameters.map((parameter) => `\`${parameter.name}\`${parameter.isRequired ? '' : ' (optional)'}`).join(', ')}.`;
  return [`Generic test **${name}**, of ${owner}.`, says, called].filter((line) => line !== '').join('\n\n');
}
