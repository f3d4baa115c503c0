/** `warehouse start|stop|status|url|fetch`: the server of the target, and the embedded one's life. */

import { dirname } from 'node:path';
import type { Target } from '../../project/settings.ts';
import type { FetchProgress } from '../../warehouse/embedded/fetch-distribution.ts';
import type { ConnectionSettings } from '../../warehouse/port.ts';
import { UsageError, type Arguments } from '../arguments.ts';
import { EXIT } from '../exit-codes.ts';
import { interruption } from '../interruption.ts';
import { connectionSettings, findProjectFolder, locate, stateFolder } from '../open-project.ts';
import type { Output } from '../output.ts';

export async function warehouseCommand(args: Arguments, output: Output): Promise<number> {
  const [action] = args.positional;
  // For it no target need be named yet.
  if (action === 'fetch') return fetchServer(findProjectFolder(args), output);
  const { folder, settings } = locate(args);
  switch (action) {
    case 'start':
      return start(folder, settings.target, output);
    case 'stop':
      return stop(folder, settings.target, output);
    case 'status':
      return status(folder, settings.target, output);
    case 'url':
      output.print(
        libpqUrl(
          await connectionSettings(folder, settings.target, (line) => {
            output.progress(line);
          }),
        ),
      );
      return EXIT.done;
    default:
      throw new UsageError(
        `warehouse needs one of start, stop, status, url, fetch; got ${action === undefined ? 'nothing' : `'${action}'`}.`,
      );
  }
}

async function start(folder: string, target: Target, output: Output): Promise<number> {
  requireEmbedded(target, 'start');
  const connection = await connectionSettings(folder, target, (line) => {
    output.log(line);
  });
  output.print(
    `The embedded warehouse runs on ${connection.host}:${String(connection.port)}. Connect with: psql "$(grainline warehouse url)"`,
  );
  return EXIT.done;
}

async function stop(folder: string, target: Target, output: Output): Promise<number> {
  requireEmbedded(target, 'stop');
  const { stopEmbedded } = await import('../../warehouse/embedded/launcher.ts');
  const stopped = await stopEmbedded({ stateFolder: stateFolder(folder) });
  output.print(stopped ? 'The embedded warehouse has stopped.' : 'The embedded warehouse was not running.');
  return EXIT.done;
}

async function status(folder: string, target: Target, output: Output): Promise<number> {
  if (target.kind !== 'embedded') {
    const connection = await connectionSettings(folder, target, () => undefined);
    output.print(
      `target '${target.name}': ${connection.host}:${String(connection.port)}/${connection.database}. \`grainline debug\` tries the connection.`,
    );
    return EXIT.done;
  }
  const { embeddedStatus } = await import('../../warehouse/embedded/launcher.ts');
  const found = embeddedStatus({ stateFolder: stateFolder(folder) });
  if (found.running)
    output.print(
      `running: pid ${String(found.pid)}, ${found.settings.host}:${String(found.settings.port)}, data in ${found.dataFolder}`,
    );
  else output.print(found.created ? `stopped: data in ${found.dataFolder}` : 'not created yet');
  return found.running ? EXIT.done : EXIT.failed;
}

async function fetchServer(projectFolder: string, output: Output): Promise<number> {
  const { lookForDistribution } = await import('../../warehouse/embedded/distribution.ts');
  const found = lookForDistribution([projectFolder]);
  if (found) {
    output.print(`Postgres ${found.version} is here already, in ${found.folder}: nothing to fetch.`);
    return EXIT.done;
  }
  const { fetchDistribution } = await import('../../warehouse/embedded/fetch-distribution.ts');
  const stop = interruption(output, 'Stopping: what was downloaded is removed.');
  try {
    const report = progressReport(output);
    const { folder, version } = await fetchDistribution({
      environment: process.env,
      signal: stop.signal,
      onProgress: report,
    });
    output.print(
      `Postgres ${version} is in ${dirname(folder)}, where all projects of this user find it. Nothing else on this machine was changed; to undo it, delete that folder. Next: grainline warehouse start`,
    );
    return EXIT.done;
  } finally {
    stop.dispose();
  }
}

/** Redrawn with every piece on a terminal; elsewhere a line for each tenth. */
function progressReport(output: Output): (progress: FetchProgress) => void {
  let tenths = 0;
  return (progress) => {
    switch (progress.kind) {
      case 'asking':
        output.log(`Fetching ${progress.name} ${progress.version} from ${progress.host}`);
        return;
      case 'receiving': {
        const { received, total } = progress;
        const line =
          total === undefined ? megabytes(received) : `${megabytes(received)} of ${megabytes(total)}`;
        if (output.isTerminal) output.progress(line);
        const reached = total === undefined ? 0 : Math.floor((received / total) * 10);
        if (!output.isTerminal && reached > tenths) output.log(line);
        tenths = reached;
        return;
      }
      case 'unpacking':
        output.log('The download is what was published (SHA-512). Unpacking');
        return;
    }
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function requireEmbedded(target: Target, action: string): void {
  if (target.kind === 'embedded') return;
  throw new UsageError(
    `the target '${target.name}' is a Postgres of its own; only the embedded warehouse can be told to ${action}. Add --target embedded.`,
  );
}

/** As libpq reads it; every part percent-encoded. */
export function libpqUrl(connection: ConnectionSettings): string {
  const { user, password, host, port, database } = connection;
  const server = host.includes(':') ? `[${host}]` : encodeURIComponent(host);
  return `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${server}:${String(port)}/${encodeURIComponent(database)}`;
}
