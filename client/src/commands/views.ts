/** Verbs that show something: rows, compiled SQL, lineage, runs. */

import { Uri, window, workspace } from 'vscode';
import type { Location, PreviewOrder } from '../../../server/src/lsp/protocol.ts';
import type { Parts } from '../parts.ts';
import { Refusal } from '../server.ts';
import { openLocation } from '../pages/page-host.ts';
import { hasText, projectOf, subjectOf } from './subject.ts';

/** What has no rows of its own. */
const ROWLESS = new Set(['exposure', 'metric', 'semantic_model', 'saved_query', 'unit_test']);

export async function preview(parts: Parts, argument: unknown): Promise<void> {
  const subject = await subjectOf(parts, argument);
  if (ROWLESS.has(subject.type)) {
    throw new Refusal(`“${subject.name}” has no rows to show: open a model, source, seed or test.`);
  }
  const uri = templateBeside(argument);
  const limit = previewLimit(subject.folder);
  // What stands in the editor is what the user wants to see the rows of, saved or not.
  if (uri && subject.type !== 'source' && subject.type !== 'seed') {
    const shown = await parts.server.request('grainline/resourceAt', { uri: uri.toString() });
    if (shown?.uniqueId === subject.uniqueId) {
      await open(parts, { folder: subject.folder, limit, of: 'text', uri: uri.toString() });
      return;
    }
  }
  const { folder, uniqueId } = subject;
  await open(parts, { folder, limit, of: subject.type === 'test' ? 'failures' : 'resource', uniqueId });
}

export async function previewSelection(parts: Parts): Promise<void> {
  const editor = window.activeTextEditor;
  const project = editor && parts.projects.of(editor.document.uri);
  if (!project) throw new Refusal('No file of a dbt project is open: select SQL in a model.');
  if (editor.selection.isEmpty) {
    throw new Refusal('Nothing is selected: select the SQL whose rows you want to see.');
  }
  const { start, end } = editor.selection;
  await open(parts, {
    folder: project.folder,
    limit: previewLimit(project.folder),
    of: 'text',
    uri: editor.document.uri.toString(),
    selection: {
      start: { line: start.line, character: start.character },
      end: { line: end.line, character: end.character },
    },
  });
}

export async function showFailures(parts: Parts, argument: unknown): Promise<void> {
  const { folder, uniqueId } = await subjectOf(parts, argument);
  await open(parts, { folder, uniqueId, of: 'failures', limit: previewLimit(folder) });
}

export async function showCompiled(parts: Parts, argument: unknown): Promise<void> {
  const subject = await subjectOf(parts, argument);
  const editor = window.activeTextEditor;
  const shown = editor
    ? await parts.server
        .request('grainline/resourceAt', { uri: editor.document.uri.toString() })
        .catch(() => null)
    : null;
  if (editor && shown?.uniqueId === subject.uniqueId) {
    await parts.compiled.showBeside(editor.document.uri);
    return;
  }
  const view = await parts.server.request('grainline/lineage', {
    folder: subject.folder,
    uniqueId: subject.uniqueId,
    up: 0,
    down: 0,
    open: [],
  });
  const location = view.nodes.find(({ uniqueId }) => uniqueId === subject.uniqueId)?.location;
  if (!location?.uri.endsWith('.sql')) {
    throw new Refusal(`“${subject.name}” has no SQL to compile: open a model, test, snapshot or analysis.`);
  }
  await window.showTextDocument(Uri.parse(location.uri), { preview: true });
  await parts.compiled.showBeside(Uri.parse(location.uri));
}

export async function showLineage(parts: Parts, argument: unknown): Promise<void> {
  const subject = await subjectOf(parts, argument).catch(() => undefined);
  await parts.pages.showLineage(subject?.folder ?? projectOf(parts, argument).folder, subject?.uniqueId);
}

export async function openLineage(parts: Parts, argument: unknown): Promise<void> {
  const subject = await subjectOf(parts, argument).catch(() => undefined);
  parts.pages.openLineage(subject?.folder ?? projectOf(parts, argument).folder, subject?.uniqueId);
}

export async function showRuns(parts: Parts, argument: unknown): Promise<void> {
  const { folder } = projectOf(parts, argument);
  await parts.pages.showRun(folder, hasText(argument, 'runId') ? argument.runId : undefined);
}

export async function openGrid({ pages }: Parts): Promise<void> {
  await pages.openGrid();
}

/** `argument` is the place of what keeps a project from being read. */
export async function openProblem(_parts: Parts, argument: unknown): Promise<void> {
  if (!hasText(argument, 'uri')) return;
  await openLocation(argument as unknown as Location, 'here');
}

async function open(parts: Parts, order: PreviewOrder): Promise<void> {
  const state = await parts.server.request('grainline/openPreview', order);
  await parts.pages.showGrid(order, state);
}

function previewLimit(folder: string): number {
  return workspace.getConfiguration('grainline', Uri.parse(folder)).get<number>('previewLimit', 1000);
}

/** The template whose present text a preview should show: of the menu's file, or the active one. */
function templateBeside(argument: unknown): Uri | undefined {
  const uri = argument instanceof Uri ? argument : window.activeTextEditor?.document.uri;
  return uri?.scheme === 'file' && uri.path.endsWith('.sql') ? uri : undefined;
}
