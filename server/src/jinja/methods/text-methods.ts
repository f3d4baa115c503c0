/** The methods of str. */

import type { Method } from './method-table.ts';
import { textCaseMethods } from './text-case.ts';
import { textLayoutMethods } from './text-layout.ts';
import { textSearchMethods } from './text-search.ts';
import { textSplitMethods } from './text-split.ts';
import { textTranslateMethods } from './text-translate.ts';

export const textMethods: ReadonlyMap<string, Method> = new Map([
  ...textCaseMethods,
  ...textLayoutMethods,
  ...textSearchMethods,
  ...textSplitMethods,
  ...textTranslateMethods,
]);
