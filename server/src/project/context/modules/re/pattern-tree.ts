/** A parsed regular expression: flags are already in its tests, names already numbers. */

import type { CharacterTest } from './characters.ts';

export type RepeatMode = 'greedy' | 'lazy' | 'possessive';

export type Assertion =
  'line-start' | 'line-end' | 'text-start' | 'text-end' | 'last-line-end' | 'word-edge' | 'no-word-edge';

export type PatternNode =
  /** One character; `literal` where only one code point passes. */
  | { readonly type: 'character'; readonly test: CharacterTest; readonly literal: number | undefined }
  | { readonly type: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly type: 'alternation'; readonly options: readonly PatternNode[] }
  | { readonly type: 'group'; readonly index: number; readonly body: PatternNode }
  | {
      readonly type: 'repeat';
      readonly body: PatternNode;
      readonly min: number;
      /** Infinity for no bound. */
      readonly max: number;
      readonly mode: RepeatMode;
    }
  | { readonly type: 'assertion'; readonly kind: Assertion; readonly isAscii: boolean }
  | {
      readonly type: 'look';
      readonly direction: 'ahead' | 'behind';
      readonly isNegative: boolean;
      readonly body: PatternNode;
    }
  | { readonly type: 'atomic'; readonly body: PatternNode }
  | {
      readonly type: 'reference';
      readonly index: number;
      readonly isCaseless: boolean;
      readonly isAscii: boolean;
    }
  | {
      readonly type: 'conditional';
      readonly index: number;
      readonly yes: PatternNode;
      readonly no: PatternNode;
    };

type Width = readonly [min: number, max: number];

/** The fewest and the most characters that a node can take. */
export function widthOf(node: PatternNode): Width {
  switch (node.type) {
    case 'character':
      return [1, 1];
    case 'sequence':
      return node.items.reduce<Width>(
        ([min, max], item) => {
          const [low, high] = widthOf(item);
          return [min + low, max + high];
        },
        [0, 0],
      );
    case 'alternation':
      return widest(node.options.map(widthOf));
    case 'conditional':
      return widest([widthOf(node.yes), widthOf(node.no)]);
    case 'group':
    case 'atomic':
      return widthOf(node.body);
    case 'repeat': {
      const [min, max] = widthOf(node.body);
      return [min * node.min, max === 0 || node.max === 0 ? 0 : max * node.max];
    }
    case 'reference':
      return [0, Infinity];
    case 'assertion':
    case 'look':
      return [0, 0];
  }
}

function widest(widths: readonly Width[]): Width {
  return [Math.min(...widths.map(([min]) => min)), Math.max(...widths.map(([, max]) => max))];
}
