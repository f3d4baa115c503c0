/** The law of the map over all that a project compiles to without a warehouse. */

import { isPromise } from '../../server/src/base/maybe-promise.ts';
import { TemplateError, toCapturedText } from '../../server/src/jinja/index.ts';
import type { Compiler } from '../../server/src/project/compile.ts';
import { compileNode } from '../../server/src/project/compile.ts';
import type { Project } from '../../server/src/project/project.ts';
import { countSegments, newCount } from './segment-law.ts';
import type { SegmentCount } from './segment-law.ts';

export interface ProjectLaw extends SegmentCount {
  /** Resources whose text was checked. */
  rendered: number;
  /** Resources that need a warehouse, or raise. */
  unrendered: number;
}

export function projectLaw(project: Project): ProjectLaw {
  const law: ProjectLaw = { ...newCount(), rendered: 0, unrendered: 0 };
  const compiler: Compiler = {
    project,
    access: null,
    onMessage: () => undefined,
    selected: [],
    ephemeral: new Map(),
  };
  for (const node of project.manifest.nodes.values()) {
    if (node.resource_type === 'seed' || node.language !== 'sql') continue;
    try {
      const compiled = compileNode(compiler, node);
      if (isPromise(compiled)) {
        law.unrendered++;
        // Nobody answers it.
        compiled.catch(() => undefined);
        continue;
      }
      const { code } = compiled;
      const { text, segments } =
        typeof code === 'string' ? toCapturedText({ text: code, mapping: { segments: [] } }) : code;
      law.rendered++;
      const before = law.faults.length;
      countSegments(text, { segments }, law);
      for (let at = before; at < law.faults.length; at++)
        law.faults[at] = `${node.unique_id}: ${law.faults[at] ?? ''}`;
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      law.unrendered++;
    }
  }
  return law;
}
