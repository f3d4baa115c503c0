/** The protocol's own requests: each goes to its verb, on one moment of the project, and is given up when it is no longer wanted. */

import {
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type Position,
  type TextDocumentIdentifier,
} from 'vscode-languageserver/node';
import { codeActions } from '../ide/code-actions.ts';
import { complete } from '../ide/completion.ts';
import { definition } from '../ide/definition.ts';
import { hover } from '../ide/hover.ts';
import { references } from '../ide/references.ts';
import type { Cursor, Snapshot } from '../ide/snapshot.ts';
import { fromPosition, fromRange } from './convert.ts';
import type { Document } from './folders.ts';
import { formatted } from './formatting.ts';
import { toCodeAction, toCompletion, toHover, toLink } from './protocol-shapes.ts';
import type { Server } from './server-parts.ts';

/** What a verb is asked about. */
interface Asked {
  readonly document: Document;
  readonly snapshot: Snapshot;
  readonly text: string;
}

export function answerLanguageRequests(server: Server): void {
  const { connection, folders, diagnostics } = server;

  /** The editor's other messages go first; what it no longer wants is not begun. */
  const asked = async (
    { uri }: TextDocumentIdentifier,
    token: CancellationToken,
  ): Promise<Asked | undefined> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (token.isCancellationRequested)
      throw new ResponseError(LSPErrorCodes.RequestCancelled, 'no longer wanted');
    const document = folders.documentAt(uri);
    const snapshot = document?.host.snapshot;
    const text = document?.host.textOf(document.path);
    return document && snapshot && text !== undefined ? { document, snapshot, text } : undefined;
  };
  const cursorIn = ({ document, text }: Asked, position: Position): Cursor => ({
    path: document.path,
    offset: fromPosition(text, position),
  });

  connection.languages.diagnostics.on(async ({ textDocument }, token) => {
    await asked(textDocument, token);
    return diagnostics.report(textDocument.uri);
  });

  connection.onHover(async ({ textDocument, position }, token) => {
    const at = await asked(textDocument, token);
    const found = at && hover(at.snapshot, cursorIn(at, position));
    return found ? toHover(at.text, found) : null;
  });

  connection.onCompletion(async ({ textDocument, position }, token) => {
    const at = await asked(textDocument, token);
    if (!at) return null;
    return complete(at.snapshot, cursorIn(at, position)).map((offer) => toCompletion(at.text, offer));
  });

  connection.onDefinition(async ({ textDocument, position }, token) => {
    const at = await asked(textDocument, token);
    if (!at) return null;
    const { host } = at.document;
    return definition(at.snapshot, cursorIn(at, position)).map((target) => toLink(host, at.text, target));
  });

  connection.onReferences(async ({ textDocument, position, context }, token) => {
    const at = await asked(textDocument, token);
    if (!at) return null;
    const found = references(at.snapshot, cursorIn(at, position), context);
    return found.map((place) => at.document.host.locationOf(place));
  });

  connection.onCodeAction(async ({ textDocument, range }, token) => {
    const at = await asked(textDocument, token);
    if (!at) return null;
    const { document, snapshot, text } = at;
    const found = diagnostics.of(document);
    return codeActions(snapshot, document.path, fromRange(text, range), found).map((action) =>
      toCodeAction(document, action),
    );
  });

  connection.onDocumentFormatting(async ({ textDocument }, token) => {
    const at = await asked(textDocument, token);
    return at ? formatted(server, at.document, at.snapshot, undefined) : null;
  });

  connection.onDocumentRangeFormatting(async ({ textDocument, range }, token) => {
    const at = await asked(textDocument, token);
    return at ? formatted(server, at.document, at.snapshot, fromRange(at.text, range)) : null;
  });
}
