/** What is wrong in each open document: the core's findings at once, Postgres's verdict when it is there. */

import {
  DiagnosticSeverity,
  DocumentDiagnosticReportKind,
  type Connection,
  type Diagnostic as ProtocolDiagnostic,
  type DocumentDiagnosticReport,
  type TextDocuments,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Diagnostic, Severity } from '../base/diagnostic.ts';
import { unreachable } from '../base/unreachable.ts';
import { describedColumnProblems } from '../describe/yaml-columns.ts';
import { fileFindings } from '../ide/file-findings.ts';
import type { Snapshot } from '../ide/snapshot.ts';
import type { Catalog } from '../project/catalog.ts';
import type { ClientAbilities } from './client-abilities.ts';
import { toRange } from './convert.ts';
import type { Document, Folders } from './folders.ts';
import type { ProjectHost } from './project-host.ts';
import type { Uri } from './protocol.ts';
import type { Warehouses } from './warehouses.ts';

/** The core's findings by path, of one project and what was known of its warehouse. */
interface Known {
  readonly version: number;
  readonly catalog: Catalog;
  readonly byPath: Map<string, readonly Diagnostic[]>;
}

/** What only Postgres's own parser can say, of SQL that is written for it. */
const OF_POSTGRES = new Set(['sql-syntax', 'one-query', 'identifier-too-long', 'unknown-column']);

export class Diagnostics {
  readonly #connection: Connection;
  readonly #documents: TextDocuments<TextDocument>;
  readonly #folders: Folders;
  readonly #warehouses: () => Warehouses;
  readonly #abilities: ClientAbilities;
  readonly #known = new WeakMap<ProjectHost, Known>();

  constructor(
    connection: Connection,
    abilities: ClientAbilities,
    documents: TextDocuments<TextDocument>,
    folders: Folders,
    warehouses: () => Warehouses,
  ) {
    this.#connection = connection;
    this.#documents = documents;
    this.#folders = folders;
    this.#warehouses = warehouses;
    this.#abilities = abilities;
  }

  /** The findings of a document, as values. */
  of({ host, path }: Document): readonly Diagnostic[] {
    const core = this.#core(host, path);
    const verdicts = this.#warehouses().verdicts(host, path);
    return [...core, ...verdicts.filter((verdict) => !core.some((found) => overlap(found, verdict)))];
  }

  report(uri: Uri): DocumentDiagnosticReport {
    const document = this.#folders.documentAt(uri);
    return {
      kind: DocumentDiagnosticReportKind.Full,
      items: document ? this.of(document).map((found) => toProtocol(document, found)) : [],
    };
  }

  /** A client that asks does so by itself after an edit; of what else changed it must be told. */
  changed(host: ProjectHost, cause: 'edit' | 'other'): void {
    if (!this.#abilities.pullsDiagnostics) this.#tell(host);
    else if (cause === 'other') void this.#abilities.refreshDiagnostics();
  }

  closed(uri: Uri): void {
    if (!this.#abilities.pullsDiagnostics) void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  #core(host: ProjectHost, path: string): readonly Diagnostic[] {
    const { snapshot, version, catalog } = host;
    let known = this.#known.get(host);
    if (known?.version !== version || known.catalog !== catalog)
      this.#known.set(host, (known = { version, catalog, byPath: new Map() }));
    let found = known.byPath.get(path);
    if (!found) {
      // What reading the project found is among the findings already.
      found = snapshot
        ? [...fileFindings(snapshot, path), ...columnFindings(snapshot, path), ...host.ownProblems(path)]
        : host.ownProblems(path);
      const { otherDialect } = host;
      found = found.filter(({ code }) => otherDialect === undefined || !OF_POSTGRES.has(code));
      known.byPath.set(path, (found = found.filter(isFirst)));
    }
    return found;
  }

  #tell(host: ProjectHost): void {
    for (const { uri, version } of this.#documents.all()) {
      const document = this.#folders.documentAt(uri);
      if (document?.host !== host) continue;
      const { items } = this.report(uri) as { items: ProtocolDiagnostic[] };
      void this.#connection.sendDiagnostics({ uri, version, diagnostics: items });
    }
  }
}

/** Columns that a property file lists and its relations lack. */
function columnFindings({ project, catalog }: Snapshot, path: string): readonly Diagnostic[] {
  if (!/\.ya?ml$/u.test(path)) return [];
  return describedColumnProblems(project, catalog).filter(({ place }) => place?.path === path);
}

export function toProtocol({ host, path }: Document, found: Diagnostic): ProtocolDiagnostic {
  return {
    range: toRange(host.textOf(path) ?? '', found.place?.range ?? { start: 0, end: 0 }),
    severity: toSeverity(found.severity),
    code: found.code,
    source: 'Grainline',
    message: found.message,
    ...(found.related
      ? {
          relatedInformation: found.related.map(({ place, message }) => ({
            location: host.locationOf(place),
            message,
          })),
        }
      : {}),
  };
}

function toSeverity(severity: Severity): DiagnosticSeverity {
  switch (severity) {
    case 'error':
      return DiagnosticSeverity.Error;
    case 'warning':
      return DiagnosticSeverity.Warning;
    case 'information':
      return DiagnosticSeverity.Information;
    case 'hint':
      return DiagnosticSeverity.Hint;
    default:
      return unreachable(severity);
  }
}

function isFirst(found: Diagnostic, index: number, all: readonly Diagnostic[]): boolean {
  const said = ({ code, message, place }: Diagnostic): string => JSON.stringify([code, message, place]);
  return all.findIndex((other) => said(other) === said(found)) === index;
}

/** Two errors about one place: the first says it. */
function overlap(one: Diagnostic, other: Diagnostic): boolean {
  const [a, b] = [one.place?.range, other.place?.range];
  return (
    one.severity === 'error' && a !== undefined && b !== undefined && a.start <= b.end && b.start <= a.end
  );
}
