/** What may stand where a name is typed in a tag: macros, dbt's own functions, statements, filters, members. */

import type { Template } from '../jinja/index.ts';
import { boundNames } from '../checks/bound-names.ts';
import { isBuiltin, type Macro } from '../project/macros.ts';
import type { Project } from '../project/project.ts';
import type { Completion } from './answers.ts';
import { CONTEXT_NAMES, DEFINITIONS, FILTERS, MEMBERS, STATEMENTS } from './context-names.ts';
import { passagesOf } from './passages.ts';
import type { OwnedFile } from './source-files.ts';
import type { NameTyping } from './typing-at.ts';

type Written = Omit<Completion, 'replace'>;

export function nameCandidates(project: Project, owned: OwnedFile, typing: NameTyping): readonly Written[] {
  const { after } = typing;
  switch (after.kind) {
    case 'dot':
      return after.object === null ? [] : members(project, after.object, typing.isCalled);
    case 'pipe':
      return FILTERS.map((label) => ({ label, kind: 'function', insert: label, detail: 'filter' }));
    case 'value':
      return typing.statement === 'for' && typing.call === undefined
        ? keywords(['in', 'if', 'recursive'])
        : keywords(['and', 'or', 'not in', 'in', 'is', 'if', 'else']);
    case 'start':
      return after.tag === 'block' ? statements(owned, typing) : values(project, owned, typing);
    case 'operator':
      // What a statement names itself is no value.
      return values(project, owned, typing);
  }
}

function keywords(words: readonly string[]): readonly Written[] {
  return words.map((label) => ({ label, kind: 'keyword', insert: label }));
}

function statements({ role }: OwnedFile, { openBlocks }: NameTyping): readonly Written[] {
  const inner = openBlocks.at(-1);
  const closing = inner === undefined ? [] : [`end${inner}`];
  const middle = inner === 'if' ? ['elif', 'else'] : inner === 'for' ? ['else'] : [];
  const definitions = openBlocks.length === 0 ? (DEFINITIONS[role] ?? []) : [];
  return [
    ...closing.map((label): Written => ({ label, kind: 'keyword', insert: label, rank: 0 })),
    ...middle.map((label): Written => ({ label, kind: 'keyword', insert: label, rank: 1 })),
    ...[...definitions, ...(role === 'docs' ? [] : STATEMENTS)].map(({ keyword, insert }): Written => ({
      label: keyword,
      kind: 'keyword',
      insert,
      isSnippet: true,
      rank: 2,
    })),
  ];
}

function values(project: Project, owned: OwnedFile, typing: NameTyping): readonly Written[] {
  const found = new Map<string, Written>();
  const add = (item: Written): void => {
    if (!found.has(item.label)) found.set(item.label, item);
  };
  for (const label of localNames(owned, typing)) add({ label, kind: 'variable', insert: label, rank: 0 });
  for (const [label, { insert, signature, says }] of CONTEXT_NAMES) {
    const isCall = insert.includes('(');
    add({
      label,
      kind: isCall ? 'function' : 'variable',
      ...(isCall && typing.isCalled ? { insert: label } : { insert, isSnippet: isCall }),
      detail: signature,
      documentation: says,
      rank: 1,
    });
  }
  const { packages, builtin, rootPackage } = project.world.macros;
  for (const name of new Set([owned.owner, rootPackage]))
    for (const macro of packages.get(name)?.values() ?? [])
      if (isCallable(macro)) add(macroItem(macro, typing, 2));
  for (const name of packages.keys())
    if (!isBuiltin(name) && name !== owned.owner)
      add({ label: name, kind: 'value', insert: name, detail: 'package', rank: 3 });
  for (const macro of builtin.values()) if (isCallable(macro)) add(macroItem(macro, typing, 4));
  return [...found.values()];
}

/** What the template around the cursor itself binds. */
function localNames(owned: OwnedFile, { replace, typed }: NameTyping): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { template } of passagesOf(owned)) {
    if (!isAround(template, replace.start)) continue;
    // The word that is being typed may have been taken for a name that is bound.
    for (const name of boundNames(template)) if (name !== typed && name !== '') names.add(name);
  }
  return names;
}

function isAround({ start, end, text }: Template, offset: number): boolean {
  return offset >= start && (offset <= end || end === text.trimEnd().length);
}

/** Not what is called by another name: tests, materializations, what dispatch chooses. */
function isCallable({ node, definition }: Macro): boolean {
  return definition.kind === 'macro' && !/^(?:default|postgres)__/.test(node.name);
}

function macroItem({ node, definition }: Macro, { isCalled }: NameTyping, rank: number): Written {
  // A built-in macro's parameters would have to be parsed for each of hundreds.
  const isOurs = isBuiltin(node.package_name);
  const parameters = isOurs ? undefined : definition.parameters;
  const isEmpty = parameters?.length === 0;
  return {
    label: node.name,
    kind: 'macro',
    insert: isCalled ? node.name : isEmpty ? `${node.name}()` : `${node.name}($1)`,
    isSnippet: !isCalled && !isEmpty,
    detail: parameters
      ? `${node.name}(${parameters.map(({ name }) => name.text).join(', ')})`
      : `${node.package_name}.${node.name}`,
    rank,
  };
}

function members({ world }: Project, object: string, isCalled: boolean): readonly Written[] {
  const macros = object === 'dbt' ? world.macros.builtin : world.macros.packages.get(object);
  if (macros) {
    return [...macros.values()].filter(isCallable).map(({ node }) => ({
      label: node.name,
      kind: 'macro',
      insert: isCalled ? node.name : `${node.name}($1)`,
      isSnippet: !isCalled,
      detail: node.package_name,
    }));
  }
  const known = Object.hasOwn(MEMBERS, object) ? (MEMBERS[object] ?? []) : [];
  return known.map((label) => ({ label, kind: 'property', insert: label }));
}
