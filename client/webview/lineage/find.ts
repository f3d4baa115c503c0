/** Which names a search means: those that begin with it first, then those in which a word does, then the rest. */

import type { LineageView } from '../../../server/src/lsp/protocol.ts';

const MOST = 40;

type Name = LineageView['all'][number];

export function matches(all: readonly Name[], text: string): readonly Name[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const ranked: Name[][] = [[], [], []];
  for (const each of all) {
    const name = each.name.toLowerCase();
    const at = name.indexOf(wanted);
    if (at < 0) continue;
    ranked[at === 0 ? 0 : '_.'.includes(name.charAt(at - 1)) ? 1 : 2]?.push(each);
  }
  return ranked.flat().slice(0, MOST);
}
