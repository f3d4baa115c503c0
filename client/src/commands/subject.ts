/** What a command is about: what a page or a lens names, the file of a menu, or what the active editor shows. */

import { Uri, window } from 'vscode';
import type { ProjectState } from '../../../server/src/lsp/protocol.ts';
import type { Parts } from '../parts.ts';
import { nameOf } from '../selection.ts';
import { Refusal } from '../server.ts';

export interface Subject {
  readonly folder: string;
  readonly uniqueId: string;
  readonly name: string;
  /** The first word of the unique id: model, source, test, … */
  readonly type: string;
}

export async function subjectOf({ server, projects, active }: Parts, argument: unknown): Promise<Subject> {
  const named = namedBy(argument);
  if (named) return named;
  const editor = window.activeTextEditor;
  const uri = argument instanceof Uri ? argument : editor?.document.uri;
  if (uri?.scheme === 'file') {
    const project = projects.of(uri);
    if (!project) throw new Refusal(`“${fileName(uri)}” is in no dbt project of this window.`);
    demandReadable(project);
    const position = editor?.document.uri.toString() === uri.toString() ? editor.selection.active : undefined;
    const found = await server.request('grainline/resourceAt', {
      uri: uri.toString(),
      ...(position && { position: { line: position.line, character: position.character } }),
    });
    if (found) return toSubject(found.folder, found.uniqueId);
    throw new Refusal(
      `“${fileName(uri)}” is no model, seed or test${position ? ', and none stands at the cursor' : ''}. Open a model, or put the cursor on one in its property file.`,
    );
  }
  // A page has the focus: the model beside it is meant.
  if (active.resource) return toSubject(active.resource.folder, active.resource.uniqueId);
  throw new Refusal('No model is open. Open one, then run this again.');
}

/** The project that a command is about when it is about no single resource. */
export function projectOf({ projects }: Parts, argument: unknown): ProjectState {
  const folder = hasText(argument, 'folder') ? argument.folder : undefined;
  const project = folder === undefined ? projects.current : projects.byFolder(folder);
  if (!project) {
    throw new Refusal('No dbt project is open. Open a folder that holds a dbt_project.yml.');
  }
  return project;
}

/** For what needs more of a project than that it is there. */
export function demandReadable(project: ProjectState): void {
  if (project.phase === 'loading') {
    throw new Refusal(`The project “${project.name}” is still being read. Try again in a moment.`);
  }
}

function namedBy(argument: unknown): Subject | undefined {
  if (!hasText(argument, 'folder') || !hasText(argument, 'uniqueId')) return undefined;
  return toSubject(argument.folder, argument.uniqueId);
}

function toSubject(folder: string, uniqueId: string): Subject {
  return { folder, uniqueId, name: nameOf(uniqueId), type: uniqueId.slice(0, uniqueId.indexOf('.')) };
}

export function hasText<Key extends string>(value: unknown, key: Key): value is Record<Key, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<Record<Key, unknown>>)[key] === 'string'
  );
}

function fileName(uri: Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
