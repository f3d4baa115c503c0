/** Docs blocks of Markdown files, and the descriptions that cite them. */

import { isPromise } from '../../base/maybe-promise.ts';
import {
  parseTemplate,
  renderTemplate,
  str,
  templateFacts,
  TemplateError,
  type Context,
} from '../../jinja/index.ts';
import { yamlContext } from '../context/file-contexts.ts';
import { define } from '../context/host.ts';
import type { World } from '../context/world.ts';
import { stem, type FileSet } from '../files.ts';
import { parsedMacroFile } from '../macros.ts';
import { uniqueId } from '../naming.ts';
import type { DocNode } from '../nodes.ts';
import type { Package } from '../project-file.ts';
import { placeIn, type Problems } from '../problems.ts';
import { hasTemplate } from '../render-yaml.ts';
import type { Describe } from './patches.ts';
import { resourceFiles } from './schema-files.ts';

export function readDocs(files: FileSet, owner: Package, problems: Problems): DocNode[] {
  const paths = owner.docsPaths ?? [
    ...owner.modelPaths,
    ...owner.seedPaths,
    ...owner.snapshotPaths,
    ...owner.analysisPaths,
    ...owner.macroPaths,
    ...owner.testPaths,
  ];
  return resourceFiles(files, owner, paths, ['.md']).flatMap(({ file, originalPath, relativePath }) => {
    const parsed = parsedMacroFile(file);
    for (const fault of parsed.diagnostics)
      problems.error('template-syntax', fault.message, placeIn(file, { start: fault.start, end: fault.end }));
    return parsed.definitions
      .filter((definition) => definition.kind === 'docs')
      .map((definition): DocNode => ({
        name: definition.name.text,
        resource_type: 'doc',
        package_name: owner.name,
        path: relativePath,
        original_file_path: originalPath,
        unique_id: uniqueId('doc', owner.name, definition.name.text),
        block_contents: file.text.slice(definition.body.start, definition.body.end).trim(),
      }));
  });
}

/** The doc a name means for a package: its own first, then the root project's, then any. */
export function findDoc(
  docs: ReadonlyMap<string, DocNode>,
  root: string,
  local: string,
  packageName: string | null,
  name: string,
): DocNode | undefined {
  const candidates = packageName === null ? [root, local] : [packageName];
  for (const candidate of candidates) {
    const found = docs.get(uniqueId('doc', candidate, name));
    if (found) return found;
  }
  if (packageName !== null) return undefined;
  return [...docs.values()].find((doc) => doc.name === name);
}

/** Renders descriptions: `doc()` and whatever else YAML may use. */
export function describer(docs: ReadonlyMap<string, DocNode>, world: World, problems: Problems): Describe {
  return (text, entry) => {
    if (!hasTemplate(text)) return { text, docBlocks: [] };
    const template = parseTemplate(text, entry.yaml.file.path);
    const docBlocks: string[] = [];
    const subject = `${entry.key}.${entry.name}`;
    const context = descriptionContext(docs, world, entry.owner.name, subject, docBlocks);
    try {
      const rendered = renderTemplate(template, { context });
      if (isPromise(rendered)) throw new Error('a description must not wait for the warehouse');
      return { text: rendered.text, docBlocks };
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      const [cited] = templateFacts(template).docs;
      problems.error(
        'description',
        error.pythonClass === 'DocTargetNotFoundError'
          ? `${error.message}. Add a {% docs %} block of that name, or correct the name.`
          : error.message,
        placeIn(entry.yaml.file, entry.yaml.rangeOf([...entry.path, ...(cited ? ['description'] : [])])),
      );
      return { text, docBlocks: [] };
    }
  };
}

/** `subject` is who asks, in messages; the ids of the docs that were asked for are added to `used`. */
export function descriptionContext(
  docs: ReadonlyMap<string, DocNode>,
  world: World,
  packageName: string,
  subject: string,
  used: string[],
): Context {
  const doc = define('doc', '*args', (args) => {
    const names = args.rest.map((name) => str(name));
    if (names.length !== 1 && names.length !== 2) {
      throw new TemplateError(
        'compilation',
        'DocArgsError',
        `doc() takes at most two arguments (${String(names.length)} given)`,
      );
    }
    const name = names.at(-1) ?? '';
    const target = names.length > 1 ? (names[0] ?? null) : null;
    const found = findDoc(docs, world.root.name, packageName, target, name);
    if (!found) {
      throw new TemplateError(
        'compilation',
        'DocTargetNotFoundError',
        `Documentation for '${subject}' depends on doc '${name}' ${target === null ? '' : `in package '${target}' `} which was not found`,
      );
    }
    used.push(found.unique_id);
    return found.block_contents;
  });
  return yamlContext(world, packageName, { doc: () => doc });
}

export { stem };
