/** Which rows of a long list are worth drawing, when some of them are higher than the others. */

export interface RowWindow {
  readonly from: number;
  readonly to: number;
  /** Empty room above and below. */
  readonly above: number;
  readonly below: number;
}

/** Rows beyond the edges, so that a quick scroll does not show an empty one. */
const BEYOND = 300;

/** `extra` is what single rows are higher than `height`. */
export function rowWindow(
  count: number,
  height: number,
  extra: ReadonlyMap<number, number>,
  scrolled: { readonly top: number; readonly height: number },
): RowWindow {
  const start = Math.max(0, scrolled.top - BEYOND);
  const end = scrolled.top + scrolled.height + BEYOND;
  let y = 0;
  let from = count;
  let to = count;
  let above = 0;
  let total = 0;
  for (let index = 0; index < count; index += 1) {
    const own = height + (extra.get(index) ?? 0);
    if (from === count && y + own > start) {
      from = index;
      above = y;
    }
    if (to === count && y >= end) to = index;
    y += own;
    if (index < to) total = y;
  }
  return { from, to, above: from === count ? y : above, below: Math.max(0, y - total) };
}

/** Where a row begins. */
export function rowTop(index: number, height: number, extra: ReadonlyMap<number, number>): number {
  let top = index * height;
  for (const [each, more] of extra) if (each < index) top += more;
  return top;
}
