/** Completes names in templates: refs, sources, variables, docs, configuration, macros, statements; in SQL and in YAML, half typed as they are. */

import type { Range } from '../base/text.ts';
import type { Project } from '../project/project.ts';
import type { Completion } from './answers.ts';
import { configKeys, textCandidates, type Candidate } from './completion-arguments.ts';
import { nameCandidates } from './completion-expressions.ts';
import { configKey } from '../checks/config-meanings.ts';
import type { Cursor, Snapshot } from './snapshot.ts';
import { ownedFile, type OwnedFile } from './source-files.ts';
import { typingAt, type NameTyping, type StringTyping, type Typing } from './typing-at.ts';
import { yamlTypingAt } from './yaml-typing.ts';

/** Undefined where no name of a template is typed: plain SQL, plain YAML, comments. */
export function completeName(
  { project }: Snapshot,
  { path, offset }: Cursor,
): readonly Completion[] | undefined {
  const owned = ownedFile(project, path);
  const typing = owned && typingIn(owned, offset);
  if (!typing) return undefined;
  return typing.kind === 'string' ? stringItems(project, owned, typing) : nameItems(project, owned, typing);
}

function typingIn({ file, role }: OwnedFile, offset: number): Typing | undefined {
  switch (role) {
    case 'template':
    case 'macros':
    case 'snapshots':
      return typingAt(file.text, 0, offset);
    case 'docs': {
      // Only the block's own tags mean anything; what is in it is Markdown.
      const typing = typingAt(file.text, 0, offset);
      return typing?.kind === 'name' && typing.after.kind === 'start' && typing.after.tag === 'block'
        ? typing
        : undefined;
    }
    case 'properties':
    case 'settings':
      return yamlTypingAt(file.text, offset);
    case 'other':
      return undefined;
  }
}

function stringItems(project: Project, owned: OwnedFile, typing: StringTyping): readonly Completion[] {
  const { call, quote, isClosed, replace } = typing;
  const candidates = call && textCandidates(project, owned, call, replace);
  return (candidates ?? [])
    .filter(({ label }) => isPlain(label))
    .map((candidate) => ({
      ...candidate,
      replace,
      insert: isClosed ? candidate.label : candidate.label + quote,
    }));
}

function nameItems(project: Project, owned: OwnedFile, typing: NameTyping): readonly Completion[] {
  const { call, replace, after } = typing;
  if (call && after.kind === 'operator') {
    const written = call.keyword === null ? undefined : booleans(call.callee, call.keyword, replace);
    const texts = textCandidates(project, owned, call, replace)?.map((candidate) =>
      quoted(candidate, call.keyword, replace),
    );
    const keys =
      call.callee === 'config' && call.keyword === null ? keyItems(project, owned, typing) : undefined;
    const known = written ?? texts ?? keys;
    // Other values may still be wanted: they come after.
    if (known) return [...known, ...later(nameCandidates(project, owned, typing), replace)];
  }
  return nameCandidates(project, owned, typing).map((item) => ({ ...item, replace }));
}

function later(items: readonly Omit<Completion, 'replace'>[], replace: Range): readonly Completion[] {
  return items.map((item) => ({ ...item, replace, rank: (item.rank ?? 0) + 10 }));
}

function isPlain(label: string): boolean {
  return !/['"\\]/.test(label);
}

/** Versions are numbers where they look like them. */
function quoted(candidate: Candidate, keyword: string | null, replace: Range): Completion {
  const isVersion = keyword === 'v' || keyword === 'version';
  const isNumber = isVersion && /^\d+$/.test(candidate.label);
  return { ...candidate, replace, insert: isNumber ? candidate.label : `'${candidate.label}'` };
}

function booleans(callee: string, keyword: string, replace: Range): readonly Completion[] | undefined {
  if (callee !== 'config' || configKey(keyword)?.isBoolean !== true) return undefined;
  return ['true', 'false'].map((label) => ({ label, kind: 'value', replace, insert: label, rank: 0 }));
}

function keyItems(
  project: Project,
  owned: OwnedFile,
  { call, replace, isCalled }: NameTyping,
): readonly Completion[] {
  if (isCalled) return [];
  return configKeys(project, owned)
    .filter(({ label }) => call?.keywords.includes(label) !== true)
    .map((candidate) => {
      const values = configKey(candidate.label);
      const value = values?.values ? "'$1'" : '$1';
      return { ...candidate, replace, insert: `${candidate.label}=${value}`, isSnippet: true };
    });
}
