/** The cursor in a template lights up what it became in the compiled SQL beside it, and the other way round. */

import { Range, TextEditorRevealType, ThemeColor, window, workspace } from 'vscode';
import type { TextEditor, Uri } from 'vscode';
import type { Disposable } from '../disposal.ts';
import type { CompiledPiece, Position, Range as ProtocolRange } from '../../../server/src/lsp/protocol.ts';
import type { CompiledDocuments } from './document.ts';
import { SCHEME, compiledUri, templateUri } from './document.ts';

export function followCursor(compiled: CompiledDocuments): Disposable {
  const mark = window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor('editor.wordHighlightBackground'),
    border: '1px solid transparent',
    borderColor: new ThemeColor('editor.wordHighlightBorder'),
  });

  const follow = (editor: TextEditor): void => {
    const { uri } = editor.document;
    const isCompiled = uri.scheme === SCHEME;
    const other = shownEditor(isCompiled ? templateUri(uri) : compiledUri(uri));
    const shown = compiled.of(isCompiled ? templateUri(uri) : uri);
    editor.setDecorations(mark, []);
    if (!other || !shown) return;
    const here = editor.selection.active;
    const found = shown.pieces
      .filter((piece) => contains(isCompiled ? piece.compiled : piece.template, here))
      .map((piece) => counterpart(piece, here, isCompiled ? 'to template' : 'to compiled'));
    const ranges = found.map((range) => lineOf(range, other));
    other.setDecorations(mark, ranges);
    // The line, not its end: what is shown must not jump sideways.
    const line = ranges[0]?.start.line;
    if (line !== undefined)
      other.revealRange(new Range(line, 0, line, 0), TextEditorRevealType.InCenterIfOutsideViewport);
  };

  const followActive = (): void => {
    if (window.activeTextEditor) follow(window.activeTextEditor);
  };

  const subscriptions = [
    mark,
    window.onDidChangeTextEditorSelection(({ textEditor }) => {
      // Setting a decoration moves no cursor, so that the two do not chase each other.
      if (textEditor === window.activeTextEditor) follow(textEditor);
    }),
    window.onDidChangeVisibleTextEditors(followActive),
    window.onDidChangeActiveTextEditor(followActive),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.scheme === SCHEME) followActive();
    }),
  ];
  return {
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** Literal text is the same on both sides, so a line of it leads to that line; an expression leads to all that it printed. */
function counterpart(
  piece: CompiledPiece,
  here: Position,
  direction: 'to template' | 'to compiled',
): ProtocolRange {
  const [from, to] =
    direction === 'to template' ? [piece.compiled, piece.template] : [piece.template, piece.compiled];
  if (piece.kind === 'expression') return to;
  const line = to.start.line + (here.line - from.start.line);
  return { start: { line, character: 0 }, end: { line, character: Number.MAX_SAFE_INTEGER } };
}

/** Cut to the text that is there, with the indent left out. */
function lineOf(range: ProtocolRange, editor: TextEditor): Range {
  const cut = editor.document.validateRange(
    new Range(range.start.line, range.start.character, range.end.line, range.end.character),
  );
  if (!cut.isSingleLine || cut.start.character > 0) return cut;
  const line = editor.document.lineAt(cut.start.line);
  return cut.end.character === line.text.length
    ? new Range(line.lineNumber, line.firstNonWhitespaceCharacterIndex, line.lineNumber, line.text.length)
    : cut;
}

function contains(range: ProtocolRange, at: Position): boolean {
  return !isBefore(at, range.start) && !isBefore(range.end, at);
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

function shownEditor(uri: Uri): TextEditor | undefined {
  return window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
}
