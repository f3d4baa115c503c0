/** `template-error`: a template that parsing let pass and a run would stop at, whatever the warehouse holds. */

import type { Place } from '../base/diagnostic.ts';
import type { TemplateError } from '../jinja/index.ts';
import type { ManifestNode } from '../project/nodes.ts';
import { templateMessage } from '../project/parse/capture.ts';
import type { Project } from '../project/project.ts';
import { ownTemplate, placeOfNode, type Check, type Details } from './check.ts';

export const checkTemplateError: Check = ({ project, nodes, renderings }, report) => {
  for (const node of nodes) {
    for (const rendering of renderings.of(node)) {
      if (rendering.kind !== 'failed') continue;
      const { error } = rendering;
      report(
        templateMessage(error, node),
        placeOfError(project, node, error),
        detailsOf(project, node, error),
      );
    }
  }
};

function placeOfError(project: Project, node: ManifestNode, error: TemplateError): Place | undefined {
  const path = ownTemplate(project, node)?.path;
  const frame = error.frames.findLast((candidate) => candidate.path === path);
  return frame
    ? { path: frame.path, range: { start: frame.start, end: frame.end } }
    : placeOfNode(project, node);
}

/** The line of the project's macro that raised it. */
function detailsOf(project: Project, node: ManifestNode, error: TemplateError): Details {
  const path = ownTemplate(project, node)?.path;
  const inner = error.frames.find(
    (frame) => frame.path !== path && frame.macro !== undefined && project.input.files.has(frame.path),
  );
  if (!inner) return {};
  const place: Place = { path: inner.path, range: { start: inner.start, end: inner.end } };
  return { related: [{ place, message: `raised in the macro '${inner.macro ?? ''}'` }] };
}
