/** Which verdicts are not wanted: in a line by a comment, in a model or a folder by `meta: grainline: ignore:`. */

import type { Diagnostic, Place } from '../../base/diagnostic.ts';
import type { Range } from '../../base/text.ts';
import { closestName } from '../../base/closest-name.ts';
import { asList, isConfig } from '../../project/config.ts';
import type { GraphNode } from '../../project/nodes.ts';
import type { Project } from '../../project/project.ts';
import { configPlace } from '../config-place.ts';

/** The names in a resource's configuration, its folders' included. */
export function ignoredIn({ config }: Pick<GraphNode, 'config'>): ReadonlySet<string> {
  const { grainline } = isConfig(config.meta) ? config.meta : {};
  return new Set(isConfig(grainline) ? asList(grainline.ignore).map(String) : []);
}

interface WrittenName {
  readonly name: string;
  readonly range: Range;
}

interface Comment {
  readonly line: number;
  /** Whether nothing but the comment is in the line: then it is about the next one. */
  readonly isAlone: boolean;
  readonly names: readonly WrittenName[];
}

const IGNORE = /(?:--|#|\/\*)-?\s*grainline:\s*ignore\s+([a-z][a-z, \t-]*)/gu;

const comments = new Map<string, readonly Comment[]>();

/** The comments of a text, in SQL, Jinja or YAML. */
function commentsIn(text: string): readonly Comment[] {
  if (!text.includes('grainline:')) return [];
  let found = comments.get(text);
  if (found) return found;
  found = [...text.matchAll(IGNORE)].map(({ 0: whole, 1: list = '', index }) => {
    const start = index + whole.length - list.length;
    const lineStart = text.lastIndexOf('\n', index) + 1;
    const names = [...list.matchAll(/[a-z]+(?:-[a-z]+)*/gu)].map((match) => ({
      name: match[0],
      range: { start: start + match.index, end: start + match.index + match[0].length },
    }));
    return {
      line: lineOf(text, index),
      isAlone: /^[\s{]*$/u.test(text.slice(lineStart, index)),
      names,
    };
  });
  // Of each file the present text, and not every text that it ever had.
  if (comments.size > 200) comments.clear();
  comments.set(text, found);
  return found;
}

function lineOf(text: string, offset: number): number {
  let line = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** Whether a comment on its line, on the last of its lines, or on the line above says that it is not wanted. */
export function isIgnoredAt(project: Project, code: string, { path, range }: Place): boolean {
  const text = project.input.files.get(path)?.text ?? '';
  const found = commentsIn(text).filter(({ names }) => names.some(({ name }) => name === code));
  if (found.length === 0) return false;
  const [first, last] = [lineOf(text, range.start), lineOf(text, Math.max(range.start, range.end - 1))];
  return found.some(
    ({ line, isAlone }) => line === first || line === last || (isAlone && line === first - 1),
  );
}

/** Names that no verdict has, in the comments of a file and in the settings of the resources that are written there. */
export function unknownIgnores(
  project: Project,
  path: string,
  nodes: readonly GraphNode[],
  known: ReadonlySet<string>,
): readonly Diagnostic[] {
  const text = project.input.files.get(path)?.text ?? '';
  const inComments = commentsIn(text)
    .flatMap(({ names }) => names)
    .filter(({ name }) => !known.has(name))
    .map(({ name, range }) => unknown(name, { path, range }, known, true));
  const inSettings = nodes.flatMap((node) =>
    [...ignoredIn(node)]
      .filter((name) => !known.has(name))
      .flatMap((name) => {
        const place = configPlace(project, node.unique_id, 'meta');
        return place?.path === path ? [unknown(name, place, known, false)] : [];
      }),
  );
  return [...inComments, ...inSettings];
}

function unknown(name: string, place: Place, known: ReadonlySet<string>, isWord: boolean): Diagnostic {
  const close = closestName(name, [...known]);
  return {
    code: 'unknown-ignore',
    severity: 'warning',
    message: `no verdict is called '${name}'.${close === undefined ? ` There is ${[...known].map((each) => `'${each}'`).join(', ')}.` : ` Did you mean '${close}'?`}`,
    place,
    ...(close !== undefined && isWord ? { suggestion: { range: place.range, text: close } } : {}),
  };
}
