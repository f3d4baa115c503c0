/** What assembling a manifest has gathered so far. */

import type { Diagnostic } from '../../base/diagnostic.ts';
import type {
  ExposureNode,
  GraphNode,
  GroupNode,
  ManifestNode,
  SemanticNode,
  SourceNode,
  UnitTestNode,
} from '../nodes.ts';
import type { RawNode } from './read-nodes.ts';
import type { SchemaEntry } from './schema-files.ts';

/** Where a resource is written: its file and template, and its property entry. */
export interface Origin {
  readonly raw: RawNode | null;
  readonly entry: SchemaEntry | null;
  /** The test's path below the entry, for tests of property files. */
  readonly path: readonly (string | number)[];
}

export interface Collected {
  readonly nodes: Map<string, ManifestNode>;
  readonly sources: Map<string, SourceNode>;
  readonly exposures: Map<string, ExposureNode>;
  readonly semantic: SemanticNode[];
  readonly unitTests: Map<string, UnitTestNode>;
  readonly groups: Map<string, GroupNode>;
  readonly disabled: Map<string, GraphNode[]>;
  readonly origins: Map<string, Origin>;
  /** What was found while a resource was configured and linked, by unique id; nothing where nothing was. */
  readonly findings: Map<string, readonly Diagnostic[]>;
}
