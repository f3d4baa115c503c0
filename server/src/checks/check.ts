/** What every check is: a pure function of a project (and Postgres's parser) to diagnostics. */

import type { Diagnostic, Place, Severity, Suggestion } from '../base/diagnostic.ts';
import type { Template } from '../jinja/index.ts';
import { placeIn } from '../project/problems.ts';
import { entryRange } from '../project/parse/schema-files.ts';
import type { ManifestNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import type { SqlParser } from '../sql/parser.ts';
import type { Renderings } from './renderings.ts';

export interface CheckInput {
  readonly project: Project;
  readonly parser: SqlParser;
  /** The resources to look at: those selected, without what is disabled. */
  readonly nodes: readonly ManifestNode[];
  /** Their rendered code, made when a check first asks. */
  readonly renderings: Renderings;
  /** Whether anybody wants to know what is wrong in a file: for checks that read files and not resources. */
  readonly concerns: (path: string) => boolean;
}

/** `report` fills in the code and the severity of the check's line in the table. */
export type Check = (input: CheckInput, report: Report) => void;

export type Report = (message: string, place: Place | undefined, details?: Details) => void;

export interface Details {
  readonly related?: Diagnostic['related'];
  readonly suggestion?: Suggestion | undefined;
  /** Where it is not the one of the table. */
  readonly severity?: Severity;
}

/** A check's line in the table. */
export interface CheckEntry {
  readonly code: string;
  readonly severity: Severity;
  /** What it finds, in a few words. */
  readonly title: string;
  readonly check: Check;
}

/** The template that stands in a file as it is, so that its offsets are the file's; not a property file's test or snapshot. */
export function ownTemplate(project: Project, node: ManifestNode): Template | undefined {
  const raw = project.origins.get(node.unique_id)?.raw;
  return raw?.template?.text === raw?.file.text ? (raw?.template ?? undefined) : undefined;
}

/** Where a resource is written: the start of its file, or its entry in a property file. */
export function placeOfNode(project: Project, node: ManifestNode): Place | undefined {
  const template = ownTemplate(project, node);
  const { raw, entry, path = [] } = project.origins.get(node.unique_id) ?? {};
  if (raw && (template ?? raw.template === null)) return placeIn(raw.file);
  // A snapshot may stand in a property file alone, and generic tests always do.
  if (entry) return placeIn(entry.yaml.file, entryRange(entry, ...(path.length > 0 ? path : ['name'])));
  return raw ? placeIn(raw.file) : undefined;
}

/** Whether the user can change the resource: those of installed packages are somebody else's. */
export function isOwn(
  { world }: Project,
  { package_name: owner }: { readonly package_name: string },
): boolean {
  return owner === world.root.name;
}
