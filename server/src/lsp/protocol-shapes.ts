/** The verbs' answers in the protocol's shapes. */

import {
  CodeActionKind,
  CompletionItemKind,
  InsertTextFormat,
  MarkupKind,
  SymbolKind as ProtocolSymbolKind,
  type CodeAction as ProtocolCodeAction,
  type CompletionItem,
  type DocumentSymbol as ProtocolDocumentSymbol,
  type Hover as ProtocolHover,
  type LocationLink,
  type TextEdit as ProtocolTextEdit,
} from 'vscode-languageserver/node';
import type {
  CodeAction,
  Completion,
  CompletionKind,
  DocumentSymbol,
  Hover,
  SymbolKind,
  Target,
  TextEdit,
} from '../ide/answers.ts';
import { toRange } from './convert.ts';
import { toProtocol } from './diagnostics.ts';
import type { Document } from './folders.ts';
import type { ProjectHost } from './project-host.ts';

export function toHover(text: string, hover: Hover): ProtocolHover {
  return {
    range: toRange(text, hover.range),
    contents: { kind: MarkupKind.Markdown, value: hover.markdown },
  };
}

export function toLink(host: ProjectHost, text: string, target: Target): LocationLink {
  const there = host.textOf(target.place.path) ?? '';
  return {
    originSelectionRange: toRange(text, target.origin),
    targetUri: host.uriOf(target.place.path),
    targetRange: toRange(there, target.place.range),
    targetSelectionRange: toRange(there, target.name),
  };
}

const COMPLETION_KINDS: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  model: CompletionItemKind.Class,
  source: CompletionItemKind.Struct,
  seed: CompletionItemKind.File,
  snapshot: CompletionItemKind.Class,
  macro: CompletionItemKind.Function,
  function: CompletionItemKind.Function,
  variable: CompletionItemKind.Variable,
  doc: CompletionItemKind.Text,
  column: CompletionItemKind.Field,
  keyword: CompletionItemKind.Keyword,
  property: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
};

export function toCompletion(text: string, completion: Completion): CompletionItem {
  const { label, kind, replace, insert, isSnippet, detail, documentation, rank = 5 } = completion;
  return {
    label,
    kind: COMPLETION_KINDS[kind],
    textEdit: { range: toRange(text, replace), newText: insert },
    // What stands before the cursor is compared with what is inserted: quotes and dots are in both.
    filterText: insert.startsWith(label) ? label : insert,
    sortText: `${String(rank).padStart(3, '0')}${label}`,
    ...(isSnippet ? { insertTextFormat: InsertTextFormat.Snippet, filterText: label } : {}),
    ...(detail === undefined ? {} : { detail }),
    ...(documentation === undefined
      ? {}
      : { documentation: { kind: MarkupKind.Markdown, value: documentation } }),
  };
}

const SYMBOL_KINDS: Readonly<Record<SymbolKind, ProtocolSymbolKind>> = {
  model: ProtocolSymbolKind.Class,
  source: ProtocolSymbolKind.Struct,
  seed: ProtocolSymbolKind.File,
  snapshot: ProtocolSymbolKind.Class,
  test: ProtocolSymbolKind.Event,
  exposure: ProtocolSymbolKind.Interface,
  macro: ProtocolSymbolKind.Function,
  cte: ProtocolSymbolKind.Variable,
  column: ProtocolSymbolKind.Field,
  key: ProtocolSymbolKind.Key,
};

export function toSymbolKind(kind: SymbolKind): ProtocolSymbolKind {
  return SYMBOL_KINDS[kind];
}

export function toDocumentSymbol(text: string, symbol: DocumentSymbol): ProtocolDocumentSymbol {
  const { name, detail, kind, range, nameRange, children } = symbol;
  return {
    name,
    kind: SYMBOL_KINDS[kind],
    range: toRange(text, range),
    selectionRange: toRange(text, nameRange),
    children: children.map((child) => toDocumentSymbol(text, child)),
    ...(detail === undefined ? {} : { detail }),
  };
}

export function toTextEdit(text: string, edit: TextEdit): ProtocolTextEdit {
  return { range: toRange(text, edit.range), newText: edit.text };
}

export function toCodeAction(document: Document, action: CodeAction): ProtocolCodeAction {
  const { host } = document;
  const changes: Record<string, ProtocolTextEdit[]> = {};
  for (const edit of action.edits)
    (changes[host.uriOf(edit.path)] ??= []).push(toTextEdit(host.textOf(edit.path) ?? '', edit));
  return {
    title: action.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [toProtocol(document, action.fixes)],
    isPreferred: action.isPreferred,
    edit: { changes },
  };
}
