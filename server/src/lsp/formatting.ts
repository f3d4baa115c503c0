/** Formatting of a document: the edits, or a sentence that says why it is left as it is. */

import { join } from 'node:path';
import { MessageType, ShowMessageNotification, type TextEdit } from 'vscode-languageserver/node';
import type { Range } from '../base/text.ts';
import { formatDocument, formatRange } from '../ide/formatting/format.ts';
import { formattingStyle, STYLE_FILES } from '../ide/formatting/style-settings.ts';
import type { FormattingStyle } from '../ide/formatting/style.ts';
import type { Snapshot } from '../ide/snapshot.ts';
import type { Document } from './folders.ts';
import type { ProjectHost } from './project-host.ts';
import { readText } from '../workspace/disk.ts';
import { toTextEdit } from './protocol-shapes.ts';
import type { Server } from './server-parts.ts';

export async function formatted(
  { connection }: Server,
  { host, path }: Document,
  snapshot: Snapshot,
  range: Range | undefined,
): Promise<TextEdit[] | null> {
  if (!path.endsWith('.sql')) return null;
  const style = styleOf(host);
  const outcome = range
    ? await formatRange(snapshot, path, range, style)
    : await formatDocument(snapshot, path, style);
  if (outcome.kind === 'refused') {
    // Not the question with buttons, which some editors do not know.
    void connection.sendNotification(ShowMessageNotification.type, {
      type: MessageType.Info,
      message: `${path} is not formatted: ${outcome.reason}.`,
    });
    return null;
  }
  const text = host.textOf(path) ?? '';
  return outcome.edits.map((edit) => toTextEdit(text, edit));
}

/** Read each time: formatting is asked for now and then, and its settings are four small files. */
function styleOf(host: ProjectHost): FormattingStyle {
  const texts = STYLE_FILES.flatMap((name) => {
    const text = readText(join(host.folder, name), name);
    return text === undefined ? [] : [[name, text] as const];
  });
  return formattingStyle(new Map(texts));
}
