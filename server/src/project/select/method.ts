/** What every selection method is given and gives. */

import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Manifest } from '../manifest.ts';
import type { GraphNode } from '../nodes.ts';
import type { PreviousState } from '../state/previous-state.ts';
import type { CompareOptions } from '../state/same.ts';
import type { Criterion } from './criteria.ts';
import { SelectionError } from './criteria.ts';
import type { ProjectPaths } from './paths.ts';

export interface MethodContext {
  readonly manifest: Manifest;
  readonly paths: ProjectPaths;
  readonly previous: PreviousState | undefined;
  readonly compare: CompareOptions;
  /** Milliseconds since the epoch: a contract may break after its deprecation date. */
  readonly now: number;
  /** What comparing with a previous state warns about. */
  readonly report: (diagnostic: Diagnostic) => void;
}

/**
 * Whether a member matches, as a test made once per criterion. Throws SelectionError when the criterion makes no sense.
 */
export type SelectionMethod = (criterion: Criterion, context: MethodContext) => (node: GraphNode) => boolean;

/** The value of a method that takes text; YAML may give a number or a boolean, which stands for its text. */
export function textValue(criterion: Criterion): string {
  const { value } = criterion;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new SelectionError(`Invalid value in ${criterion.raw}: ${criterion.method} expects text`);
}
