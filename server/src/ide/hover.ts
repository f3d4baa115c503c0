/** What is said of what the cursor is on: the first verb that knows it says it. */

import type { Hover } from './answers.ts';
import { hoverColumn } from './columns/hover-column.ts';
import { hoverJoin } from './grain/hover-join.ts';
import { hoverName } from './hover-name.ts';
import type { Cursor, Snapshot } from './snapshot.ts';
import { hoverYaml } from './yaml/hover-yaml.ts';

type HoverOn = (snapshot: Snapshot, cursor: Cursor) => Hover | undefined;

const HOVERS: readonly HoverOn[] = [hoverName, hoverColumn, hoverJoin, hoverYaml];

export function hover(snapshot: Snapshot, cursor: Cursor): Hover | undefined {
  for (const hoverOn of HOVERS) {
    const found = hoverOn(snapshot, cursor);
    if (found) return found;
  }
  return undefined;
}
