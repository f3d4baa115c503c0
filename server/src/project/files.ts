/** The files a project is made of, as values: a path below the root, and a text. */

import { isSpace, strippedRange } from '../jinja/index.ts';

/** One text file. The object's identity stands for its contents: an edit makes another object. */
export interface SourceFile {
  /** Relative to the root project's folder, with `/`. */
  readonly path: string;
  readonly text: string;
  /** A seed too large to be read while parsing; its text is empty here. */
  readonly isLarge?: boolean;
  /** Of a packed macro file: what each of its macros calls, as `macroCalls` reads it. */
  readonly calls?: Readonly<Record<string, readonly string[]>>;
}

/** Files by path. */
export type FileSet = ReadonlyMap<string, SourceFile>;

export function fileSet(texts: Iterable<readonly [path: string, text: string]>): FileSet {
  return new Map([...texts].map(([path, text]) => [path, { path, text }]));
}

/** The same set with one file added or replaced; every other file stays the same object. */
export function withFile(files: FileSet, path: string, text: string): FileSet {
  const old = files.get(path);
  if (old?.text === text) return files;
  return new Map(files).set(path, { path, text });
}

/** The text as dbt reads a file: stripped as Python strips, which a byte order mark survives, because positions and hashes refer to the stripped contents. */
export function strippedText(file: SourceFile): string {
  return file.text.slice(...strippedRange(file.text, isSpace, 'both'));
}

/** Where the stripped text starts in the file. */
export function strippedStart(file: SourceFile): number {
  return strippedRange(file.text, isSpace, 'left')[0];
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The name without its last extension. */
export function stem(path: string): string {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? name : name.slice(0, dot);
}

export function extension(path: string): string {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot).toLowerCase();
}

/** Joins with `/` and folds `.` and empty parts away; `..` is kept as it is. */
export function joinPath(...parts: readonly string[]): string {
  return parts
    .flatMap((part) => part.split('/'))
    .filter((part, index) => part !== '.' && (part !== '' || index === 0))
    .join('/');
}
