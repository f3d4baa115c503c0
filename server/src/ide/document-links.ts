/** The names in a file that lead to another file. */

import type { DocumentLink } from './answers.ts';
import { declarationsOf } from './declarations.ts';
import { mentionsIn, type Named } from './mentions.ts';
import type { Snapshot } from './snapshot.ts';
import { LIBRARY, ownedFile } from './source-files.ts';
import { symbolsOf } from './symbol.ts';

export function documentLinks({ project }: Snapshot, path: string): readonly DocumentLink[] {
  const owned = ownedFile(project, path);
  if (!owned) return [];
  return mentionsIn(owned).flatMap(({ named, locate }) => {
    if (!isLink(named)) return [];
    const [symbol] = symbolsOf(project, owned.owner, named);
    const [target] = symbol ? declarationsOf(project, symbol) : [];
    const range = locate();
    if (!target || !range || target.place.path === path || target.place.path.startsWith(LIBRARY)) return [];
    return [{ range, path: target.place.path, tooltip: `Open ${target.place.path}` }];
  });
}

/** What reads as the name of a file: not macros, variables and packages, of which a file is full. */
function isLink(named: Named): boolean {
  switch (named.kind) {
    case 'ref':
      return named.part === 'name';
    case 'source-call':
      return named.part === 'table';
    case 'doc':
      return true;
    default:
      return named.kind === 'yaml' && named.is.kind === 'tested';
  }
}
