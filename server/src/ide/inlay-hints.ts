/** The declared grain, in words, at the end of the line where one looks for it: a model's first, a property file's `grain:`. */

import type { InlayHint } from './answers.ts';
import { memberOf } from '../project/manifest.ts';
import { resourcesIn } from './file-resources.ts';
import { declaredGrain, grainPlace, grainSentence } from './grain.ts';
import type { Snapshot } from './snapshot.ts';

export function inlayHints({ project }: Snapshot, path: string): readonly InlayHint[] {
  const file = project.input.files.get(path);
  if (!file) return [];
  const { code, entries } = resourcesIn(project, path);
  const hints = new Map<number, InlayHint>();
  for (const id of [...code, ...entries]) {
    const node = memberOf(project.manifest, id);
    const grain = node && declaredGrain(node);
    if (!grain || node.resource_type === 'test' || node.resource_type === 'analysis') continue;
    const place = grainPlace(project, id);
    // A place in this file is the declaration itself.
    const written = place?.path === path ? place.range : undefined;
    const offset = written
      ? lineEnd(file.text, written.start + file.text.slice(written.start, written.end).trimEnd().length)
      : lineEnd(file.text, code.includes(id) ? (project.origins.get(id)?.raw?.template?.start ?? 0) : -1);
    if (offset < 0 || hints.has(offset)) continue;
    const label = grainSentence(grain);
    hints.set(offset, { offset, label, tooltip: `The declared grain of ${node.name}: ${label}.` });
  }
  return [...hints.values()].sort((a, b) => a.offset - b.offset);
}

/** Before the line break that follows; -1 for no line. */
function lineEnd(text: string, offset: number): number {
  if (offset < 0) return -1;
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return text.charAt(end - 1) === '\r' ? end - 1 : end;
}
