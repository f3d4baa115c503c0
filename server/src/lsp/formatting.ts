/** Formatting of a document: the edits, or a sentence that says why it is left as it is. */

import type { TextEdit } from 'vscode-languageserver/node';
import type { Range } from '../base/text.ts';
import { formatDocument, formatRange } from '../ide/formatting/format.ts';
import { DEFAULT_STYLE } from '../ide/formatting/style.ts';
import type { Snapshot } from '../ide/snapshot.ts';
import type { Document } from './folders.ts';
import { toTextEdit } from './protocol-shapes.ts';
import type { Server } from './server-parts.ts';

export async function formatted(
  { connection }: Server,
  { host, path }: Document,
  snapshot: Snapshot,
  range: Range | undefined,
): Promise<TextEdit[] | null> {
  if (!path.endsWith('.sql')) return null;
  const outcome = range
    ? await formatRange(snapshot, path, range, DEFAULT_STYLE)
    : await formatDocument(snapshot, path, DEFAULT_STYLE);
  if (outcome.kind === 'refused') {
    connection.window.showInformationMessage(`${path} is not formatted: ${outcome.reason}.`);
    return null;
  }
  const text = host.textOf(path) ?? '';
  return outcome.edits.map((edit) => toTextEdit(text, edit));
}
