/** What stands at a cursor: the one truth below hover, definition and references. Nothing in comments, raw blocks and plain text. */

import type { Range } from '../base/text.ts';
import type { Project } from '../project/project.ts';
import { mentionsIn, type Named } from './mentions.ts';
import type { Cursor } from './snapshot.ts';
import { ownedFile, type OwnedFile } from './source-files.ts';
import { symbolsOf, type Symbol } from './symbol.ts';

export interface SymbolAt {
  readonly owned: OwnedFile;
  /** The name alone, without quotes. */
  readonly range: Range;
  readonly named: Named;
  /** What it means, best first; empty when nothing of that name is there. */
  readonly symbols: readonly Symbol[];
}

/** A cursor stands on a name from before its first character to behind its last. */
export function symbolAt(project: Project, { path, offset }: Cursor): SymbolAt | undefined {
  const owned = ownedFile(project, path);
  if (!owned) return undefined;
  for (const { named, locate } of mentionsIn(owned)) {
    const range = locate();
    if (!range || offset < range.start || offset > range.end) continue;
    return { owned, range, named, symbols: symbolsOf(project, owned.owner, named) };
  }
  return undefined;
}

/** Whether the mention gives the name rather than uses it. */
export function isDeclaration(named: Named): boolean {
  if (named.kind === 'block') return true;
  if (named.kind !== 'yaml') return false;
  switch (named.is.kind) {
    case 'source':
    case 'table':
    case 'column':
    case 'variable':
      return true;
    case 'entry':
      // The others are files, which their entries only describe.
      return named.is.section === 'exposures' || named.is.section === 'unit_tests';
    case 'macro':
    case 'test':
    case 'tested':
    case 'config':
      return false;
  }
}
