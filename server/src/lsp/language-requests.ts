/** The protocol's own requests: each goes to its verb, on one moment of the project, and is given up when it is no longer wanted. */

import {
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type Position,
  type TextDocumentIdentifier,
} from 'vscode-languageserver/node';
import type { CodeLens } from '../ide/answers.ts';
import { codeActions } from '../ide/code-actions.ts';
import { codeLenses } from '../ide/code-lenses.ts';
import { columnDefinition } from '../ide/columns/column-definition.ts';
import { columnReferences } from '../ide/columns/column-references.ts';
import { complete } from '../ide/completion.ts';
import { definition } from '../ide/definition.ts';
import { documentLinks } from '../ide/document-links.ts';
import { documentSymbols } from '../ide/document-symbols.ts';
import { dialectSymbols } from '../ide/other-dialects/dialect-symbols.ts';
import { grainHints } from '../ide/grain/grain-hints.ts';
import { hover } from '../ide/hover.ts';
import { inlayHints } from '../ide/inlay-hints.ts';
import { references } from '../ide/references.ts';
import type { Cursor, Snapshot } from '../ide/snapshot.ts';
import { workspaceSymbols } from '../ide/workspace-symbols.ts';
import { fromPosition, fromRange, toPosition, toRange } from './convert.ts';
import type { Document } from './folders.ts';
import { formatted } from './formatting.ts';
import {
  toCodeAction,
  toCompletion,
  toDocumentSymbol,
  toHover,
  toLink,
  toSymbolKind,
} from './protocol-shapes.ts';
import type { Server } from './server-parts.ts';

/** The extension's commands; another editor may give these names a meaning of its own. */
const LENS_COMMANDS: Readonly<Record<CodeLens['verb'], string>> = {
  build: 'grainline.build',
  test: 'grainline.test',
  preview: 'grainline.preview',
  lineage: 'grainline.showLineage',
  grain: 'grainline.validateGrain',
};

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
    const { items, isComplete } = complete(at.snapshot, cursorIn(at, position));
    return { isIncomplete: !isComplete, items: items.map((offer) => toCompletion(at.text, offer)) };
  });

  connection.onDefinition(async ({ textDocument, position }, token) => {
    const at = await asked(textDocument, token);
    if (!at) return null;
    const { host } = at.document;
    const cursor = cursorIn(at, position);
    const named = definition(at.snapshot, cursor);
    const targets = named.length > 0 ? named : columnDefinition(at.snapshot, cursor);
    return targets.map((target) => toLink(host, at.text, target));
  });

  connection.onReferences(async ({ textDocument, position, context }, token) => {
    const at = await asked(textDocument, token);
    if (!at) return null;
    const cursor = cursorIn(at, position);
    const named = references(at.snapshot, cursor, context);
    const found = named.length > 0 ? named : columnReferences(at.snapshot, cursor);
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

  connection.onDocumentSymbol(async ({ textDocument }, token) => {
    const at = await asked(textDocument, token);
    if (!at) return null;
    const { host, path } = at.document;
    const symbols =
      host.otherDialect !== undefined && path.endsWith('.sql')
        ? await dialectSymbols(host.otherDialect, at.text)
        : documentSymbols(at.snapshot, path);
    return symbols.map((symbol) => toDocumentSymbol(at.text, symbol));
  });

  connection.onWorkspaceSymbol(({ query }) =>
    folders.all().flatMap((host) =>
      (host.snapshot ? workspaceSymbols(host.snapshot, query) : []).map(
        ({ name, kind, container, place }) => ({
          name,
          kind: toSymbolKind(kind),
          containerName: container,
          location: host.locationOf(place),
        }),
      ),
    ),
  );

  connection.onDocumentLinks(async ({ textDocument }, token) => {
    const at = await asked(textDocument, token);
    if (!at) return null;
    return documentLinks(at.snapshot, at.document.path).map(({ range, path, tooltip }) => ({
      range: toRange(at.text, range),
      target: at.document.host.uriOf(path),
      tooltip,
    }));
  });

  connection.languages.inlayHint.on(async ({ textDocument, range }, token) => {
    const at = await asked(textDocument, token);
    if (!at) return null;
    const shown = fromRange(at.text, range);
    const { path } = at.document;
    const grains = server.settings().grainHints ? grainHints(at.snapshot, path) : [];
    return [...inlayHints(at.snapshot, path), ...grains]
      .filter(({ offset }) => offset >= shown.start && offset <= shown.end)
      .map(({ offset, label, tooltip }) => ({
        position: toPosition(at.text, offset),
        label,
        tooltip,
        paddingLeft: true,
      }));
  });

  connection.onCodeLens(async ({ textDocument }, token) => {
    const at = await asked(textDocument, token);
    if (!at) return null;
    const folder = at.document.host.uri;
    return codeLenses(at.snapshot, at.document.path).map(({ range, title, verb, uniqueId }) => ({
      range: toRange(at.text, range),
      command: { title, command: LENS_COMMANDS[verb], arguments: [{ folder, uniqueId }] },
    }));
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
