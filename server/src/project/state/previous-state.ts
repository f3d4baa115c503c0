/** What an earlier run left behind, to compare with and to defer to. */

import type { Manifest } from '../manifest.ts';
import type { TimeSpan } from '../microbatch.ts';

export interface PreviousState {
  readonly manifest?: Manifest;
  /** The entries of run_results.json. */
  readonly results?: readonly PreviousResult[];
  /** sources.json of the earlier state. */
  readonly sources?: readonly PreviousFreshness[];
  /** sources.json of this project's own target folder. */
  readonly currentSources?: readonly PreviousFreshness[];
}

export interface PreviousResult {
  readonly uniqueId: string;
  readonly status: string;
  /** Of a microbatch model. */
  readonly batches?: {
    readonly successful: readonly TimeSpan[];
    readonly failed: readonly TimeSpan[];
  };
}

export interface PreviousFreshness {
  readonly uniqueId: string;
  readonly status: string;
  /** Milliseconds since the epoch; undefined where measuring failed. */
  readonly maxLoadedAt: number | undefined;
}
