/** A template rendered as far as it can be read: for one that is broken, that asks the warehouse, or of which a run would not show the cursor's part. */

import {
  CapturedText,
  isText,
  str,
  templateFacts,
  type Expression,
  type Statement,
  type Template,
} from '../../jinja/index.ts';
import { lookupsOf } from '../../project/compile.ts';
import { isEphemeral, type ManifestNode } from '../../project/nodes.ts';
import type { Project } from '../../project/project.ts';
import { bodiesOf } from './template-texts.ts';

/** What an expression prints that only a run could tell; as a name it can stand wherever SQL has an expression or a relation. */
const SOMETHING = 'grainline_expression';

/** The branches that the offset stands in are taken, else the first; loops run once. Only refs, sources and constants print what they are. */
export function sketch(
  project: Project,
  node: ManifestNode,
  template: Template,
  offset: number,
): CapturedText {
  const names = new Map([...refNames(project, node, template), ...sourceNames(project, node, template)]);
  const pieces: Pieces = { template, offset, names, own: node.relation_name, text: '', segments: [] };
  add(pieces, innermostBlock(template.body, offset) ?? template.body);
  return new CapturedText(pieces.text, pieces.segments);
}

type Segment = CapturedText['segments'][number];

interface Pieces {
  readonly template: Template;
  readonly offset: number;
  /** What a call prints, by where it starts. */
  readonly names: ReadonlyMap<number, string>;
  readonly own: string | null;
  text: string;
  readonly segments: Segment[];
}

function refNames(project: Project, node: ManifestNode, template: Template): (readonly [number, string])[] {
  const { nodes } = lookupsOf(project);
  return templateFacts(template).refs.flatMap(({ start, name, package: owner, version }) => {
    if (!name) return [];
    const found = nodes.find(
      name.value,
      owner?.value ?? null,
      version?.value ?? null,
      project.world.root.name,
      node.package_name,
    );
    if (found.kind !== 'found') return [];
    return [[start, relationText(found.node)] as const];
  });
}

function relationText(target: ManifestNode): string {
  return isEphemeral(target) ? `__dbt__cte__${target.alias}` : (target.relation_name ?? SOMETHING);
}

function sourceNames(
  project: Project,
  node: ManifestNode,
  template: Template,
): (readonly [number, string])[] {
  const { sources } = lookupsOf(project);
  return templateFacts(template).sources.flatMap(({ start, source, table }) => {
    if (!source || !table) return [];
    const found = sources.find(source.value, table.value, project.world.root.name, node.package_name);
    return found.kind === 'found' ? [[start, found.node.relation_name] as const] : [];
  });
}

/** A block that prints elsewhere is a text of its own. */
function innermostBlock(body: readonly Statement[], offset: number): readonly Statement[] | undefined {
  for (const statement of body) {
    if (statement.start > offset || statement.end < offset) continue;
    for (const inner of bodiesOf(statement)) {
      const deeper = innermostBlock(inner, offset);
      if (deeper) return deeper;
    }
    if (statement.type === 'set-block' || statement.type === 'macro' || statement.type === 'call-block')
      return statement.body;
  }
  return undefined;
}

function add(pieces: Pieces, body: readonly Statement[]): void {
  for (const statement of body) addStatement(pieces, statement);
}

function addStatement(pieces: Pieces, statement: Statement): void {
  switch (statement.type) {
    case 'text':
      put(pieces, 'literal', statement.value, statement);
      return;
    case 'output':
      put(
        pieces,
        'expression',
        statement.expressions.map((part) => printed(pieces, part)).join(''),
        statement,
      );
      return;
    case 'if': {
      const bodies = bodiesOf(statement);
      const taken = bodies.find((body) => holds(body, pieces.offset));
      add(pieces, taken ?? bodies[0] ?? []);
      return;
    }
    case 'for':
    case 'with':
    case 'filter-block':
    case 'block':
    case 'autoescape':
    case 'scope':
      add(pieces, statement.body);
      return;
    case 'call-block':
      put(pieces, 'expression', SOMETHING, statement);
      return;
    case 'set':
    case 'set-block':
    case 'macro':
    case 'do':
    case 'break':
    case 'continue':
      return;
  }
}

function holds(body: readonly Statement[], offset: number): boolean {
  return body.some(({ start, end }) => start <= offset && offset <= end);
}

function put(
  pieces: Pieces,
  kind: Segment['kind'],
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): void {
  if (text === '') return;
  pieces.segments.push({
    start: pieces.text.length,
    end: pieces.text.length + text.length,
    kind,
    source: pieces.template,
    sourceStart: start,
    sourceEnd: end,
    inner: undefined,
    innerStart: 0,
  });
  pieces.text += text;
}

function printed({ names, own }: Pieces, expression: Expression): string {
  if (expression.type === 'const') return isText(expression.value) ? str(expression.value) : SOMETHING;
  if (expression.type === 'name' && expression.name === 'this') return own ?? SOMETHING;
  const name = names.get(expression.start);
  if (name !== undefined) return name;
  const isConfig =
    expression.type === 'call' && expression.callee.type === 'name' && expression.callee.name === 'config';
  return isConfig ? '' : SOMETHING;
}
