/** The compiled SQL of a document, with the pieces by which a cursor is followed both ways. */

import { ownTemplate } from '../checks/check.ts';
import { questionsOf } from '../checks/renderings.ts';
import { keptRenderings } from '../ide/columns/kept-renderings.ts';
import type { CapturedText } from '../jinja/index.ts';
import { statementsIn } from '../project/answers.ts';
import type { Catalog } from '../project/catalog.ts';
import { toRange } from './convert.ts';
import type { Document } from './folders.ts';
import type { ProjectHost } from './project-host.ts';
import type { CompiledPiece, CompiledSql } from './protocol.ts';

/** The last SQL that could be rendered, by the document's path: while one types, a template is broken most of the time. */
const lastGood = new WeakMap<ProjectHost, Map<string, CompiledSql>>();

/** Null when the document is no resource that compiles. */
export function compiledSql({ host, path }: Document): CompiledSql | null {
  const { snapshot } = host;
  if (!snapshot) return null;
  const { project, catalog } = snapshot;
  const found = [...project.origins].find(
    ([id, { raw }]) => raw?.file.path === path && project.manifest.nodes.has(id),
  );
  const node = found && project.manifest.nodes.get(found[0]);
  if (node?.language !== 'sql' || node.resource_type === 'seed') return null;
  const known = lastGood.get(host) ?? new Map<string, CompiledSql>();
  lastGood.set(host, known);
  const stale = (problem: string): CompiledSql => ({
    ...(known.get(path) ?? { name: node.name, sql: '', pieces: [], answeredAt: null }),
    problem,
  });
  const template = ownTemplate(project, node);
  const [fault] = template?.diagnostics ?? [];
  if (fault) return stale(fault.message);
  const renderings = keptRenderings(snapshot, node);
  // An incremental model that is built already runs as the second rendering.
  const rendering = renderings.at(-1);
  switch (rendering?.kind) {
    case undefined:
      return null;
    case 'failed':
      return stale(rendering.error.message);
    case 'unknown':
      return stale(`${rendering.reason.charAt(0).toUpperCase()}${rendering.reason.slice(1)}.`);
    case 'sql': {
      const answeredAt = oldestAnswer(catalog, statementsIn(questionsOf(rendering)));
      const compiled = { name: node.name, sql: rendering.sql.text, problem: null, answeredAt };
      const pieces = piecesOf(rendering.sql, path, host.textOf(path) ?? '');
      known.set(path, { ...compiled, pieces });
      return { ...compiled, pieces };
    }
  }
}

/** Null for SQL that needs no answers. */
function oldestAnswer({ answers }: Catalog, statements: readonly string[]): number | null {
  const times = statements.flatMap((sql) => answers.get(sql)?.answeredAt ?? []);
  return times.length === 0 ? null : Math.min(...times);
}

/** Pieces that a macro wrote lead to its call in this document; what comes from nowhere in it is left out. */
function piecesOf(sql: CapturedText, path: string, text: string): readonly CompiledPiece[] {
  return sql.segments.flatMap((segment): CompiledPiece[] => {
    if (segment.source?.path !== path) return [];
    return [
      {
        compiled: toRange(sql.text, segment),
        template: toRange(text, { start: segment.sourceStart, end: segment.sourceEnd }),
        kind: segment.kind,
      },
    ];
  });
}
