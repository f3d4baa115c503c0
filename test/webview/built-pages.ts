/** The pages as the build makes them, in a folder of their own: what is tested is what stands in the working tree. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export function buildPages(): { readonly dist: string; remove(): void } {
  const dist = mkdtempSync(join(tmpdir(), 'grainline-pages-'));
  const script = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url));
  execFileSync(process.execPath, [script, '--out', dist], { stdio: ['ignore', 'pipe', 'pipe'] });
  return {
    dist,
    remove: () => {
      rmSync(dist, { recursive: true, force: true });
    },
  };
}
