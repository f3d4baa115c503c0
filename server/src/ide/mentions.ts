/** What a file names, as written and where; what the names mean is for `symbol.ts` to say. Read once a file. */

import type { Range } from '../base/text.ts';
import { boundNames } from '../checks/bound-names.ts';
import { templateFacts, unquoted, type Word } from '../jinja/index.ts';
import type { SourceFile } from '../project/files.ts';
import { parsedMacroFile } from '../project/macros.ts';
import { passagesOf, type Passage } from './passages.ts';
import type { FileRole, OwnedFile } from './source-files.ts';
import { yamlNames, type YamlNameKind } from './yaml-names.ts';

/** `part` is the piece of the call that the mention is of. */
export type Named =
  | {
      readonly kind: 'ref';
      readonly name: string;
      readonly package: string | null;
      /** Undefined when it is computed. */
      readonly version: string | number | null | undefined;
      readonly part: 'name' | 'package' | 'version';
    }
  | {
      readonly kind: 'source-call';
      readonly source: string;
      readonly table: string | null;
      readonly part: 'source' | 'table';
    }
  | {
      readonly kind: 'macro-call';
      readonly package: string | null;
      readonly name: string;
      readonly part: 'name' | 'package';
    }
  | { readonly kind: 'dispatch'; readonly name: string; readonly package: string | null }
  | { readonly kind: 'var' | 'env-var'; readonly name: string; readonly hasDefault: boolean }
  | { readonly kind: 'doc'; readonly name: string; readonly package: string | null }
  | { readonly kind: 'config-call'; readonly name: string }
  /** A block of a macro, snapshot or Markdown file; its name as in the manifest. */
  | { readonly kind: 'block'; readonly block: 'macro' | 'snapshot' | 'docs'; readonly name: string }
  | { readonly kind: 'yaml'; readonly is: YamlNameKind; readonly name: string };

export interface Mention {
  readonly named: Named;
  /** Of the name alone, without quotes; undefined where the file writes it in a way that has no such place. */
  readonly locate: () => Range | undefined;
}

const known = new WeakMap<SourceFile, { readonly role: FileRole; readonly mentions: readonly Mention[] }>();

export function mentionsIn(owned: OwnedFile): readonly Mention[] {
  const { file, role } = owned;
  const read = known.get(file);
  if (read?.role === role) return read.mentions;
  const mentions = [
    ...blocks(owned),
    ...yamlNames(owned).map(({ is, name, locate }) => ({
      named: { kind: 'yaml', is, name } as const,
      locate,
    })),
    ...passagesOf(owned).flatMap(inPassage),
  ];
  known.set(file, { role, mentions });
  return mentions;
}

const BLOCKS: Readonly<Partial<Record<FileRole, ReadonlySet<string>>>> = {
  macros: new Set(['macro', 'test', 'materialization']),
  snapshots: new Set(['snapshot']),
  docs: new Set(['docs']),
};

function blocks({ file, role }: OwnedFile): readonly Mention[] {
  const kinds = BLOCKS[role];
  if (!kinds) return [];
  return parsedMacroFile(file)
    .definitions.filter(({ kind }) => kinds.has(kind))
    .map(({ kind, name, fullName }) => {
      const block = kind === 'snapshot' || kind === 'docs' ? kind : 'macro';
      const { start, end } = name;
      return { named: { kind: 'block', block, name: fullName }, locate: () => ({ start, end }) };
    });
}

function inPassage({ template, locate }: Passage): readonly Mention[] {
  const facts = templateFacts(template);
  const bound = boundNames(template);
  const found: Mention[] = [];
  const add = (named: Named, span: Range): void => {
    found.push({ named, locate: () => locate(span) });
  };
  for (const { name, package: owner, version } of facts.refs) {
    if (!name) continue;
    const ref = {
      kind: 'ref',
      name: name.value,
      package: owner?.value ?? null,
      version: version === null ? undefined : (version?.value ?? null),
    } as const;
    if (owner) add({ ...ref, part: 'package' }, unquoted(owner));
    add({ ...ref, part: 'name' }, unquoted(name));
    if (version) add({ ...ref, part: 'version' }, unquoted(version));
  }
  for (const { source, table } of facts.sources) {
    if (!source) continue;
    const call = { kind: 'source-call', source: source.value, table: table?.value ?? null } as const;
    add({ ...call, part: 'source' }, unquoted(source));
    if (table) add({ ...call, part: 'table' }, unquoted(table));
  }
  for (const { package: owner, name } of facts.macroCalls) {
    // What the template itself binds is no macro.
    if (bound.has((owner ?? name).text) || name.text === '') continue;
    const call = { kind: 'macro-call', package: owner?.text ?? null, name: name.text } as const;
    if (owner) add({ ...call, part: 'package' }, word(owner));
    add({ ...call, part: 'name' }, word(name));
  }
  for (const { name, package: owner } of facts.dispatches)
    if (name) add({ kind: 'dispatch', name: name.value, package: owner?.value ?? null }, unquoted(name));
  for (const { name, hasDefault } of facts.vars)
    if (name) add({ kind: 'var', name: name.value, hasDefault }, unquoted(name));
  for (const { name, hasDefault } of facts.envVars)
    if (name) add({ kind: 'env-var', name: name.value, hasDefault }, unquoted(name));
  for (const { name, package: owner } of facts.docs)
    if (name) add({ kind: 'doc', name: name.value, package: owner?.value ?? null }, unquoted(name));
  for (const { entries } of facts.configs)
    for (const { name } of entries) add({ kind: 'config-call', name: name.text }, entryWord(name));
  return found;
}

function word({ start, end }: Word): Range {
  return { start, end };
}

/** A key of a dict is a string: its quotes are no part of the name. */
function entryWord({ text, start, end }: Word): Range {
  return end - start === text.length + 2 ? { start: start + 1, end: end - 1 } : { start, end };
}
