/** Where the camera goes when something else is shown: it jumps only where there is nothing to hold on to. */

import type { LineageView } from '../../../server/src/lsp/protocol.ts';
import { centred, fitting, type Camera, type Size } from './camera.ts';
import { spotsOf, type Spot } from './steps.ts';

export type Spots = ReadonlyMap<string, Spot>;

const READING_SCALE = 0.85;
/** Everything at a smaller scale than this is a map, not a text. */
const READABLE_FIT = 0.75;
const SMALLEST_TEXT = 0.5;

export function spotsById(view: LineageView): Spots {
  return new Map(spotsOf(view).map((spot) => [spot.id, spot]));
}

/** A card that was in view stays under the eye that looks at it: the one that is meant, else any. */
export function heldStill(camera: Camera, before: Spots, now: Spots, id: string | null): Camera | undefined {
  const anchor = id !== null && before.has(id) ? id : [...before.keys()].find((each) => now.has(each));
  const old = anchor === undefined ? undefined : before.get(anchor);
  const spot = anchor === undefined ? undefined : now.get(anchor);
  if (!old || !spot) return undefined;
  return {
    scale: camera.scale,
    x: camera.x + (old.x - spot.x) * camera.scale,
    y: camera.y + (old.y - spot.y) * camera.scale,
  };
}

/** Everything where that can be read, else the middle. */
export function firstPlace(view: LineageView, stage: Size, active: string | null): Camera {
  const all = fitting(view, stage);
  if (all.scale >= READABLE_FIT) return all;
  const middle = spotsOf(view).find(({ id }) => id === (view.focus ?? active));
  if (middle) return centred(middle, stage, READING_SCALE);
  if (all.scale >= SMALLEST_TEXT) return all;
  // Too much to be seen at once: as much of its middle as can still be read.
  return centred({ x: 0, y: 0, width: view.width, height: view.height }, stage, SMALLEST_TEXT);
}
