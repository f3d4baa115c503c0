/** One query's doubts, tried on rows: its declared key, and the aggregates that seem to count twice. */

import type { Analysis } from '../sql/grain/analyze.ts';
import type { DoubleCounting } from '../sql/grain/double-counting.ts';
import { loadNodePrinter } from '../sql/plan/deparser.ts';
import type { SqlParser } from '../sql/parser.ts';
import type { Session } from '../warehouse/port.ts';
import { aggregateClaims, keyClaim, type Claim } from './claims.ts';
import { hintsOf } from './hints.ts';
import { refute, type RefuteOptions, type Witness } from './refute.ts';
import { readTables } from './tables.ts';

export interface Doubts {
  readonly session: Session;
  readonly parser: SqlParser;
  readonly text: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly key: readonly string[] | undefined;
  /** Undefined where the query is not understood. */
  readonly analysis: Analysis | undefined;
  readonly found: readonly (DoubleCounting & { readonly written: string })[];
  readonly options: RefuteOptions;
}

export interface Refutation {
  readonly key: Witness | undefined;
  /** For each found: rows on which it was seen, or that it held on all that were tried, or that nothing could be tried. */
  readonly aggregates: readonly (Witness | 'held' | 'not tried')[];
}

export async function refuteQuery(doubts: Doubts): Promise<Refutation> {
  const { session, parser, analysis, found, options } = doubts;
  const tables = await readTables(session);
  const hints = hintsOf(parser, analysis?.statement, tables);
  const key = keyOf(doubts);
  const claims: Claim[] = key ? [key] : [];
  let aggregates: readonly (Claim | undefined)[] = [];
  if (analysis && found.length > 0) {
    const make = aggregateClaims(await loadNodePrinter(), analysis.statement, analysis.derivation);
    aggregates = found.map((each) => make.claim(each, each.written, each.repeated));
    claims.push(...aggregates.filter((claim) => claim !== undefined));
  }
  const { witnesses, tries, failures } = await refute(session, tables, hints, claims, options);
  return {
    key: key && witnesses.get(key),
    aggregates: found.map((_, index) => {
      const claim = aggregates[index];
      if (!claim || tries === 0) return 'not tried';
      return witnesses.get(claim) ?? (failures.has(claim) ? 'not tried' : 'held');
    }),
  };
}

/** Of a text that stores its rows, or whose columns are not those of the server, nothing is asked. */
function keyOf({ key, columns, text, analysis }: Doubts): Claim | undefined {
  if (!key || !/^\s*(?:select|with|values|table|\(|--|\/\*)/i.test(text)) return undefined;
  const ids = analysis?.columns.map((column) => column.id) ?? [];
  const shown = columns.map((column, index) => ({ ...column, id: ids[index] ?? -1 }));
  return keyClaim({ sql: text, columns: shown }, key);
}
