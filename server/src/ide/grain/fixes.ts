/** What would set a verdict right: the many side brought to one row, a key that is told, a grain that is true. */

import type { Diagnostic, Place } from '../../base/diagnostic.ts';
import { isConfig } from '../../project/config.ts';
import { entryRange, type SchemaEntry } from '../../project/parse/schema-files.ts';
import type { Scan } from '../../sql/plan/plan.ts';
import { wordOf } from '../../sql/written-scalar.ts';
import type { CodeAction, TextEdit } from '../answers.ts';
import { identifierText } from '../columns/identifier-text.ts';
import { idOfRelation } from '../columns/parent-columns.ts';
import { literalPlace } from '../columns/rendered.ts';
import { resourcesIn } from '../file-resources.ts';
import { declaredGrain, grainPlace } from '../grain.ts';
import type { Snapshot } from '../snapshot.ts';
import { keysOf, type Repeating } from './certainty.ts';
import {
  certainDoubleCountings,
  doubleCountingPlace,
  type CertainDoubleCounting,
} from './double-counting.ts';
import { joinRange } from './join-range.ts';
import { modelAnalysis } from './model-analysis.ts';
import { aggregatedUses } from './pre-aggregation.ts';
import { placeIn, type Subject } from './subject.ts';
import { rowPer } from './words.ts';
import { wrongKey } from './wrong-key.ts';

type Fix = Pick<CodeAction, 'title' | 'edits'>;

export function grainFixes(snapshot: Snapshot, diagnostic: Diagnostic): readonly CodeAction[] {
  const fixes = diagnostic.code === 'double-counting' ? countingFixes(snapshot, diagnostic) : diagnostic.code === 'grain-not-unique' ? grainDeclared(snapshot, diagnostic) : []; // prettier-ignore
  return fixes.map((fix) => ({ ...fix, fixes: diagnostic, isPreferred: false }));
}

function subjectsAt(snapshot: Snapshot, { path }: Place): readonly Subject[] {
  const { code, entries } = resourcesIn(snapshot.project, path);
  return [...new Set([...code, ...entries])].flatMap((id): readonly Subject[] => {
    const node = snapshot.project.manifest.nodes.get(id);
    if (node?.resource_type !== 'model' && node?.resource_type !== 'snapshot') return [];
    const model = modelAnalysis(snapshot, id);
    return model.kind === 'analyzed' ? [{ snapshot, node, model }] : [];
  });
}

function countingFixes(snapshot: Snapshot, { place }: Diagnostic): readonly Fix[] {
  if (!place) return [];
  for (const subject of subjectsAt(snapshot, place))
    for (const certain of certainDoubleCountings(subject)) {
      const at = doubleCountingPlace(subject, certain.found);
      if (at?.path !== place.path || at.range.start !== place.range.start) continue;
      return [
        ...preAggregated(subject, certain),
        ...countedOnce(subject, certain),
        ...deduplicated(subject, certain),
        ...certain.by.flatMap((many) => uniqueTest(subject, many)),
      ];
    }
  return [];
}

interface ManySide {
  readonly scan: Scan;
  readonly by: readonly string[];
  readonly key: readonly string[];
  /** The relation as the template writes it. */
  readonly place: Place;
  readonly written: string;
  /** What stands behind the replaced text, where no alias does yet. */
  readonly alias: string;
}

/** A relation that is joined by its own name, and compared by columns of its own. */
function manySide({ snapshot, node, model }: Subject, { by }: CertainDoubleCounting): ManySide | undefined {
  const [many] = by;
  const scan = many?.join?.right;
  if (!many?.join || by.length !== 1 || scan?.kind !== 'scan' || many.joinedBy.length === 0) return undefined;
  const range = joinRange(model.tree, many.join);
  const place = placeIn({ snapshot, node, model }, range);
  const text = place && snapshot.project.input.files.get(place.path)?.text;
  if (!place || text === undefined) return undefined;
  const next = model.tree.tokens.find(({ range: at, isComment }) => !isComment && at.start >= range.end);
  const isNamed = next !== undefined && (wordOf(model.tree, next) === 'as' || (next.name === 'IDENT' && !next.isKeyword)); // prettier-ignore
  return {
    scan,
    by: many.joinedBy,
    key: many.keys[0] ?? [],
    place,
    written: text.slice(place.range.start, place.range.end),
    alias: isNamed ? '' : ` as ${identifierText(snapshot.parser, scan.alias, 'alone')}`,
  };
}

function preAggregated(subject: Subject, certain: CertainDoubleCounting): readonly Fix[] {
  const { snapshot, node, model } = subject;
  const many = manySide(subject, certain);
  const uses = many && aggregatedUses(model.analysis, many.scan, many.by);
  const first = model.tree.tokens.find(({ isComment }) => !isComment);
  const start = first && literalPlace(snapshot.project, model.rendered, first.range);
  if (!many || !uses || !first || start?.path !== many.place.path) return [];
  const name = `${many.scan.relation.name}_per_${many.by.join('_')}`.slice(0, 63);
  if (model.tree.text.includes(name) || node.resource_type !== 'model') return [];
  const word = (column: string): string => identifierText(snapshot.parser, column, 'alone');
  const list = [...many.by.map(word), ...uses.map((use) => `${use.function}(${word(use.column)}) as ${word(use.column)}`)]; // prettier-ignore
  const cte = `${word(name)} as (\n  select ${list.join(', ')}\n  from ${many.written}\n  group by ${many.by.map(word).join(', ')}\n)`;
  const isWith = wordOf(model.tree, first) === 'with';
  const second = model.tree.tokens.find(
    ({ range, isComment }) => !isComment && range.start >= first.range.end,
  );
  if (isWith && second && wordOf(model.tree, second) === 'recursive') return [];
  const at = isWith ? start.range.end : start.range.start;
  const insertion: TextEdit = { path: start.path, range: { start: at, end: at }, text: isWith ? ` ${cte},` : `with ${cte}\n` }; // prettier-ignore
  return [
    {
      title: `Aggregate '${many.scan.relation.name}' per ${many.by.join(', ')} in a CTE`,
      edits: [
        insertion,
        { path: many.place.path, range: many.place.range, text: `${word(name)}${many.alias}` },
      ],
    },
  ];
}

/** Counting a key's values counts each row once. */
function countedOnce(subject: Subject, { found }: CertainDoubleCounting): readonly Fix[] {
  const { snapshot, model } = subject;
  const { call, plan, measured } = found;
  const [argument, ...others] = call.arguments;
  const { derivation } = model.analysis;
  if (plan.kind !== 'aggregate' || call.function !== 'count' || argument?.kind !== 'column' || others.length > 0) return []; // prettier-ignore
  const source = measured.length === 1 && measured[0] !== undefined ? derivation.attributes.source(measured[0])?.plan : undefined; // prettier-ignore
  if (source?.kind !== 'scan') return [];
  const column = source.columns.find(({ id }) => id === argument.column)?.name;
  const isKeyColumn = (keysOf(derivation, source) ?? []).some((key) => key.length === 1 && key[0] === column);
  const place = doubleCountingPlace(subject, found);
  const text =
    place && snapshot.project.input.files.get(place.path)?.text.slice(place.range.start, place.range.end);
  const bracket = text?.indexOf('(') ?? -1;
  if (!isKeyColumn || !place || text?.toLowerCase().startsWith('count') !== true || bracket < 0) return [];
  const at = place.range.start + bracket + 1;
  return [
    {
      title: 'Count each value once',
      edits: [{ path: place.path, range: { start: at, end: at }, text: 'distinct ' }],
    },
  ];
}

function deduplicated(subject: Subject, certain: CertainDoubleCounting): readonly Fix[] {
  const many = manySide(subject, certain);
  if (!many) return [];
  const word = (column: string): string => identifierText(subject.snapshot.parser, column, 'alone');
  const on = many.by.map(word);
  const order = [...on, ...many.key.map(word).filter((column) => !on.includes(column))];
  const text = `(select distinct on (${on.join(', ')}) * from ${many.written} order by ${order.join(', ')})${many.alias}`;
  return [
    {
      title: `Keep the first row of '${many.scan.relation.name}' for each ${many.by.join(', ')}`,
      edits: [{ path: many.place.path, range: many.place.range, text }],
    },
  ];
}

/** Of a column that the relation's entry in a property file lists. */
function uniqueTest({ snapshot: { project } }: Subject, many: Repeating): readonly Fix[] {
  const scan = many.join?.right;
  const [column, ...others] = many.joinedBy;
  if (scan?.kind !== 'scan' || column === undefined || others.length > 0) return [];
  const id = idOfRelation(project, scan.relation.schema, scan.relation.name);
  const entry = id === undefined ? undefined : project.origins.get(id)?.entry;
  const edit = entry && testEdit(entry, column);
  if (!edit || !project.input.files.has(edit.path)) return [];
  return [
    { title: `Say that '${scan.relation.name}' has one row per ${column}: a unique test`, edits: [edit] },
  ];
}

function testEdit(entry: SchemaEntry, column: string): TextEdit | undefined {
  const columns: unknown = entry.value.columns;
  const list: readonly unknown[] = Array.isArray(columns) ? columns : [];
  const index = list.findIndex((each) => isConfig(each) && String(each.name).toLowerCase() === column);
  const found = list[index];
  if (!isConfig(found)) return undefined;
  const { path, text } = entry.yaml.file;
  const insert = (at: number, written: string): TextEdit => ({
    path,
    range: { start: at, end: at },
    text: written,
  });
  const key = 'data_tests' in found ? 'data_tests' : 'tests' in found ? 'tests' : undefined;
  if (key !== undefined) {
    const { start } = entryRange(entry, 'columns', index, key);
    return text.charAt(start) === '[' ? insert(start + 1, 'unique, ') : undefined;
  }
  const { start, end } = entryRange(entry, 'columns', index, 'name');
  const line = text.slice(text.lastIndexOf('\n', start) + 1, start);
  if (line.includes('{')) return insert(end, ', data_tests: [unique]');
  return insert(end, `\n${' '.repeat(line.replace(/name:\s*$/u, '').length)}data_tests: [unique]`);
}

/** In a property file; in a template the whole of `meta` would have to be written anew. */
function grainDeclared(snapshot: Snapshot, { place }: Diagnostic): readonly Fix[] {
  if (!place || !/\.ya?ml$/u.test(place.path)) return [];
  for (const { node, model } of subjectsAt(snapshot, place)) {
    const at = grainPlace(snapshot.project, node.unique_id);
    const wrong = wrongKey(model, declaredGrain(node) ?? []);
    if (!wrong || at?.path !== place.path || at.range.start !== place.range.start) continue;
    const edit = { path: at.path, range: at.range, text: `[${wrong.proven.join(', ')}]` };
    return [{ title: `Declare ${rowPer(wrong.proven)}`, edits: [edit] }];
  }
  return [];
}
