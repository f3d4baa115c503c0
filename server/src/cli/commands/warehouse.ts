/** `warehouse start|stop|status|url`: the server of the target, and the embedded one's life. */

import type { Target } from '../../project/settings.ts';
import type { ConnectionSettings } from '../../warehouse/port.ts';
import { UsageError, type Arguments } from '../arguments.ts';
import { EXIT } from '../exit-codes.ts';
import { connectionSettings, locate, stateFolder } from '../open-project.ts';
import type { Output } from '../output.ts';

export async function warehouseCommand(args: Arguments, output: Output): Promise<number> {
  const [action] = args.positional;
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
        `warehouse needs one of start, stop, status, url; got ${action === undefined ? 'nothing' : `'${action}'`}.`,
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
