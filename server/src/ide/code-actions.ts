/** What would set a diagnostic right: the name that was probably meant, in its place. */

import type { Diagnostic } from '../base/diagnostic.ts';
import type { Range } from '../base/text.ts';
import { closestName } from '../base/closest-name.ts';
import { lookupsOf } from '../project/compile.ts';
import type { Project } from '../project/project.ts';
import type { CodeAction } from './answers.ts';
import { grainFixes } from './grain/fixes.ts';
import { mentionsIn } from './mentions.ts';
import type { Snapshot } from './snapshot.ts';
import { ownedFile, type OwnedFile } from './source-files.ts';
import { symbolsOf } from './symbol.ts';

/** The fixes of those diagnostics that touch the range. Files of packages and of the library are not ours to change. */
export function codeActions(
  snapshot: Snapshot,
  path: string,
  range: Range,
  diagnostics: readonly Diagnostic[],
): readonly CodeAction[] {
  const { project } = snapshot;
  const owned = ownedFile(project, path);
  if (owned?.owner !== project.world.root.name) return [];
  return diagnostics
    .filter(({ place }) => place?.path === path && touches(place.range, range))
    .flatMap((diagnostic) => [...fixesOf(project, owned, diagnostic), ...grainFixes(snapshot, diagnostic)]);
}

function touches(a: Range, b: Range): boolean {
  return a.start <= b.end && b.start <= a.end;
}

function fixesOf(project: Project, owned: OwnedFile, diagnostic: Diagnostic): readonly CodeAction[] {
  const { suggestion } = diagnostic;
  const replacements = suggestion ? [suggestion] : missingNames(project, owned, diagnostic);
  return replacements.map(({ range, text }) => ({
    title: `Replace by '${text}'`,
    edits: [{ path: owned.path, range, text }],
    fixes: diagnostic,
    isPreferred: replacements.length === 1,
  }));
}

/** A test's or an exposure's place is all of it: the names in it that mean nothing are found by their mentions. */
function missingNames(
  project: Project,
  owned: OwnedFile,
  { code, place }: Diagnostic,
): readonly { readonly range: Range; readonly text: string }[] {
  if (code !== 'unknown-ref' || !place) return [];
  return mentionsIn(owned).flatMap(({ named, locate }) => {
    if (named.kind !== 'ref' || named.part !== 'name') return [];
    if (symbolsOf(project, owned.owner, named).length > 0) return [];
    const range = locate();
    if (!range || range.start < place.range.start || range.end > place.range.end) return [];
    const close = closestName(named.name, lookupsOf(project).nodes.names());
    return close === undefined ? [] : [{ range, text: close }];
  });
}
