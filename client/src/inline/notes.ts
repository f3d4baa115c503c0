/** One dim note at the end of a line: tests that fail there, and what was found of a declared grain. Gone as soon as its line is edited. */

import { MarkdownString, Range, ThemeColor, Uri, window, workspace } from 'vscode';
import type { DecorationOptions, TextEditor } from 'vscode';
import type { Disposable } from '../disposal.ts';
import type { TestEntry } from '../../../server/src/lsp/protocol.ts';
import type { TestResults } from '../testing/results.ts';
import type { GrainVerdicts } from './verdicts.ts';
import { grainDetail, grainWords, isBad, testWords } from './words.ts';

export function inlineNotes(verdicts: GrainVerdicts, results: TestResults): Disposable {
  const style = window.createTextEditorDecorationType({
    after: { margin: '0 0 0 2em', color: new ThemeColor('editorCodeLens.foreground') },
  });
  /** Lines that were edited since the results came: what stood there may be answered by now. */
  const edited = new Map<string, Set<string>>();

  const draw = (editor: TextEditor): void => {
    const uri = editor.document.uri.toString();
    const stale = edited.get(uri);
    const notes = [...testNotes(results.in(uri)), ...grainNotes(uri, verdicts)].filter(
      ({ key, line }) => stale?.has(key) !== true && line < editor.document.lineCount,
    );
    editor.setDecorations(
      style,
      notes.map(({ line, text, detail }): DecorationOptions => {
        const end = editor.document.lineAt(line).range.end;
        return {
          range: new Range(end, end),
          renderOptions: { after: { contentText: text } },
          ...(detail && { hoverMessage: detail }),
        };
      }),
    );
  };
  const drawAll = (): void => {
    for (const editor of window.visibleTextEditors) draw(editor);
  };

  const subscriptions = [
    style,
    verdicts.onChange(drawAll),
    results.onChange(() => {
      edited.clear();
      drawAll();
    }),
    window.onDidChangeVisibleTextEditors(drawAll),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const uri = document.uri.toString();
      const notes = [...testNotes(results.in(uri)), ...grainNotes(uri, verdicts)];
      if (notes.length === 0 || contentChanges.length === 0) return;
      const stale = edited.get(uri) ?? new Set();
      edited.set(uri, stale);
      const first = Math.min(...contentChanges.map(({ range }) => range.start.line));
      const movesLines = contentChanges.some(
        ({ range, text }) => range.start.line !== range.end.line || text.includes('\n'),
      );
      for (const { key, line } of notes) {
        // Below lines that moved, the places are those of another text until the server tells them anew.
        if (contentChanges.some(({ range }) => range.start.line <= line && line <= range.end.line))
          stale.add(key);
        else if (movesLines && line >= first) stale.add(key);
      }
      for (const editor of window.visibleTextEditors) if (editor.document === document) draw(editor);
    }),
  ];
  return {
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

interface Note {
  readonly key: string;
  readonly line: number;
  readonly text: string;
  readonly detail?: MarkdownString;
}

function testNotes(entries: readonly { folder: string; test: TestEntry }[]): readonly Note[] {
  const byLine = new Map<number, { folder: string; test: TestEntry }[]>();
  for (const entry of entries) {
    const line = entry.test.range.start.line;
    byLine.set(line, [...(byLine.get(line) ?? []), entry]);
  }
  return [...byLine].flatMap(([line, here]) => {
    const text = testWords(here.map(({ test }) => test));
    if (text === null) return [];
    const detail = new MarkdownString(
      here
        .filter(({ test }) => test.last && isBad(test.last.status))
        .map(({ folder, test }) => failureLink(folder, test))
        .join('\n\n'),
    );
    detail.isTrusted = { enabledCommands: ['grainline.showFailures'] };
    return [{ key: `test ${line}`, line, text, detail }];
  });
}

function failureLink(folder: string, test: TestEntry): string {
  const words = new MarkdownString();
  words.appendText(`${test.label}: ${test.last?.message ?? test.last?.status ?? ''}`);
  if ((test.last?.failures ?? 0) === 0) return words.value;
  const argument = encodeURIComponent(JSON.stringify([{ folder, uniqueId: test.uniqueId }]));
  return `${words.value}\n\n[Show the rows](command:grainline.showFailures?${argument})`;
}

function grainNotes(uri: string, verdicts: GrainVerdicts): readonly Note[] {
  return verdicts.all
    .filter(({ location }) => location !== null && Uri.parse(location.uri).toString() === uri)
    .map((verdict) => ({
      key: `grain ${verdict.uniqueId} ${verdict.at}`,
      line: verdict.location?.range.start.line ?? 0,
      text: grainWords(verdict),
      detail: new MarkdownString(grainDetail(verdict)),
    }));
}
