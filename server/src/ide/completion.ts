/** What may be written at the cursor: the first kind of place that it is in says it. */

import type { Completion } from './answers.ts';
import { completeColumn } from './columns/complete-column.ts';
import { completeYamlColumn } from './columns/complete-yaml-column.ts';
import { completeName } from './completion-name.ts';
import type { Cursor, Snapshot } from './snapshot.ts';
import { completeYaml } from './yaml/complete-yaml.ts';

/** Undefined where the cursor is in no place of its kind. */
type Complete = (snapshot: Snapshot, cursor: Cursor) => readonly Completion[] | undefined;

const COMPLETIONS: readonly Complete[] = [
  completeName,
  some(completeColumn),
  some(completeYamlColumn),
  completeYaml,
];

/** A place that offers nothing is none. */
function some(offer: (snapshot: Snapshot, cursor: Cursor) => readonly Completion[]): Complete {
  return (snapshot, cursor) => {
    const offered = offer(snapshot, cursor);
    return offered.length > 0 ? offered : undefined;
  };
}

export interface Completions {
  readonly items: readonly Completion[];
  /** False when there are more: they come as more is typed. */
  readonly isComplete: boolean;
}

/** A project has ten thousand models, and nobody reads so many: those that fit what is typed come first, up to this number. */
const MOST = 300;

export function complete(snapshot: Snapshot, cursor: Cursor): Completions {
  for (const offer of COMPLETIONS) {
    const offered = offer(snapshot, cursor);
    if (offered) return fitting(offered, snapshot, cursor);
  }
  return { items: [], isComplete: true };
}

function fitting(
  offered: readonly Completion[],
  { project }: Snapshot,
  { path, offset }: Cursor,
): Completions {
  if (offered.length <= MOST) return { items: offered, isComplete: true };
  const text = project.input.files.get(path)?.text ?? '';
  const fits = offered.filter(({ label, replace }) =>
    isWithin(text.slice(replace.start, offset).replace(/^['"]/u, '').toLowerCase(), label.toLowerCase()),
  );
  return { items: fits.slice(0, MOST), isComplete: fits.length <= MOST };
}

/** Whether the letters come in this order, as editors match what is typed. */
function isWithin(typed: string, label: string): boolean {
  let at = 0;
  for (const letter of typed) {
    at = label.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
