/** The distinct `.sql` files below some folders. */

import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface SqlFile {
  readonly path: string;
  readonly text: string;
}

/** In the order of their paths; of files with the same text the first, and none that is not UTF-8. */
export function sqlFiles(folders: readonly string[]): SqlFile[] {
  const seen = new Set<string>();
  const files: SqlFile[] = [];
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for (const folder of folders) {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
      .map((entry) => join(entry.parentPath, entry.name));
    for (const path of paths.sort()) {
      const bytes = readFileSync(path);
      const hash = createHash('md5').update(bytes).digest('base64');
      if (seen.has(hash)) continue;
      seen.add(hash);
      try {
        files.push({ path, text: decoder.decode(bytes) });
      } catch {
        // dbt refuses such a file before any template is read.
      }
    }
  }
  return files;
}
