/** Starts VS Code's own server with an extension in it. Knows nothing of what the extension does. */

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface EditorOptions {
  readonly cache: string;
  readonly folder: string;
  readonly vsix: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether a folder counts as trusted without a question. */
  readonly trust?: 'trusted' | 'asked';
}

export interface RunningEditor {
  readonly url: string;
  /** What the editor's processes wrote. */
  readonly log: () => string;
  /** Where its settings and extensions are; its processes name it. */
  readonly home: string;
  setTheme(name: string): void;
  stop(): Promise<void>;
}

/** Nothing that moves, asks, or reaches out. */
const QUIET = {
  'workbench.startupEditor': 'none',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.reduceMotion': 'on',
  'window.commandCenter': false,
  'workbench.tips.enabled': false,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'files.autoSave': 'off',
  'remote.autoForwardPorts': false,
  'workbench.colorTheme': 'Default Dark Modern',
};

/** Of the suite; `GRAINLINE_EDITOR_CACHE` puts it elsewhere. */
export function editorCache(): string {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const cache = process.env.GRAINLINE_EDITOR_CACHE ?? join(here, '../../.cache/editor');
  execFileSync('sh', [join(here, 'install.sh'), cache], { stdio: ['ignore', 'inherit', 'inherit'] });
  return cache;
}

export async function startEditor(options: EditorOptions): Promise<RunningEditor> {
  const node = join(options.cache, 'node');
  const program = join(options.cache, 'node_modules/code-server/lib/vscode/out/server-main.js');
  const home = mkdtempSync(join(tmpdir(), 'grainline-editor-'));
  // A missing folder means "no extension found", and nobody says so.
  for (const part of ['user/User', 'user/logs', 'extensions', 'server']) {
    mkdirSync(join(home, part), { recursive: true });
  }
  const settingsFile = join(home, 'user/User/settings.json');
  writeFileSync(settingsFile, JSON.stringify({ ...QUIET, ...options.settings }));
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    ...options.environment,
  };
  for (const name of ['PORT', 'NODE_OPTIONS', 'VSCODE_PROXY_URI', 'NODE_TEST_CONTEXT']) {
    Reflect.deleteProperty(environment, name);
  }
  const folders = [
    ...['--server-data-dir', join(home, 'server'), '--user-data-dir', join(home, 'user')],
    ...['--extensions-dir', join(home, 'extensions')],
  ];
  execFileSync(node, [program, ...folders, '--install-extension', options.vsix, '--force'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const child = spawn(
    node,
    [
      ...[program, ...folders, '--host', '127.0.0.1', '--port', '0', '--without-connection-token'],
      ...['--accept-server-license-terms', '--telemetry-level', 'off', '--disable-getting-started-override'],
      ...(options.trust === 'asked' ? [] : ['--disable-workspace-trust']),
    ],
    { env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let log = '';
  const port = await new Promise<string>((resolve, reject) => {
    const take = (bytes: Buffer): void => {
      log += bytes.toString();
      const found = /Extension host agent listening on (\d+)/u.exec(log)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', reject);
    child.on('exit', (code) => {
      reject(new Error(`The editor ended with ${String(code)}:\n${log}`));
    });
  });
  return {
    url: `http://127.0.0.1:${port}/?folder=${encodeURI(options.folder)}`,
    log: () => log,
    home,
    setTheme(name) {
      writeFileSync(
        settingsFile,
        JSON.stringify({ ...QUIET, ...options.settings, 'workbench.colorTheme': name }),
      );
    },
    async stop() {
      // The whole group: its extension host outlives the server by seconds.
      const signal = (name: NodeJS.Signals | 0): boolean => {
        try {
          return child.pid !== undefined && process.kill(-child.pid, name);
        } catch {
          return false; // It is gone.
        }
      };
      signal('SIGTERM');
      for (let tries = 0; tries < 25 && signal(0); tries++) await pause(200);
      signal('SIGKILL');
      rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}
