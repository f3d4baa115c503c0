/** The one border between offsets into texts and the protocol's lines and characters, and between paths and URIs. */

import { pathToFileURL, fileURLToPath } from 'node:url';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Range as OffsetRange } from '../base/text.ts';
import type { Place } from '../base/diagnostic.ts';
import { LIBRARY } from '../ide/source-files.ts';
import type { Location, Position, Range, Uri } from './protocol.ts';

/** Files of the built-in macro library and other text that has no file: `grainline-library:/dbt/…`. */
export const LIBRARY_SCHEME = 'grainline-library';

const documents = new Map<string, TextDocument>();
const KEPT_DOCUMENTS = 64;

/** The protocol's lines end with a carriage return alone, too; a document of it counts as an editor does. */
function documentOf(text: string): TextDocument {
  let document = documents.get(text);
  if (!document) {
    if (documents.size >= KEPT_DOCUMENTS) documents.clear();
    documents.set(text, (document = TextDocument.create('', '', 0, text)));
  }
  return document;
}

export function toPosition(text: string, offset: number): Position {
  return documentOf(text).positionAt(offset);
}

export function toRange(text: string, range: OffsetRange): Range {
  return { start: toPosition(text, range.start), end: toPosition(text, range.end) };
}

export function fromPosition(text: string, position: Position): number {
  return documentOf(text).offsetAt(position);
}

export function fromRange(text: string, range: Range): OffsetRange {
  return { start: fromPosition(text, range.start), end: fromPosition(text, range.end) };
}

/** Undefined for what is no file. */
export function toFilePath(uri: Uri): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

export function toUri(absolutePath: string): Uri {
  return pathToFileURL(absolutePath).href;
}

/** Below the folder, with `/`; undefined when the file is elsewhere. */
export function pathBelow(folder: string, absolutePath: string): string | undefined {
  const path = relative(folder, absolutePath);
  if (path === '' || path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) return undefined;
  return path.split(sep).join('/');
}

export function uriOf(folder: string, path: string): Uri {
  if (path.startsWith(LIBRARY)) return `${LIBRARY_SCHEME}:/${path.slice(LIBRARY.length)}`;
  // profiles.yml may stand elsewhere, and says its whole path.
  return toUri(resolve(folder, path));
}

/** `textOf` gives the text of a path of the project; a place in a text that nobody has is its beginning. */
export function toLocation(
  folder: string,
  place: Place,
  textOf: (path: string) => string | undefined,
): Location {
  const text = textOf(place.path) ?? '';
  return { uri: uriOf(folder, place.path), range: toRange(text, place.range) };
}
