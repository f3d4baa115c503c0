/** A Docker engine with the images that the compose file needs: the machine's own, else one started here with stand-ins. */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Engine {
  /** For every docker and compose command. */
  readonly environment: NodeJS.ProcessEnv;
  /** The words of the Compose command. */
  readonly compose: readonly string[];
  stop(): Promise<void>;
}

const images = ['postgres:18', 'node:22-bookworm-slim', 'debian:bookworm-slim'];

/** Kept between runs: the stand-ins take minutes to make. */
const folder = join(tmpdir(), 'grainline-docker');

/** The engine, or one sentence that says what is missing here and how to get it. */
export async function findEngine(): Promise<Engine | string> {
  const compose = [['docker', 'compose'], ['docker-compose']].find((words) =>
    succeeds([...words, 'version']),
  );
  if (compose === undefined)
    return 'Docker Compose is missing: install it (on Debian: apt install docker-compose).';
  if (succeeds(['docker', 'version'])) {
    const missing = images.find(
      (image) => !succeeds(['docker', 'image', 'inspect', image]) && !succeeds(['docker', 'pull', image]),
    );
    return missing === undefined
      ? { environment: process.env, compose, stop: async () => undefined }
      : `The image ${missing} cannot be pulled: connect this machine to an image registry, or load the image.`;
  }
  if (process.getuid?.() !== 0 || !succeeds(['dockerd', '--version'])) {
    return 'No Docker engine answers: start Docker, or run this as root where dockerd is installed (on Debian: apt install docker.io).';
  }
  return startEngine(compose);
}

/** An engine of our own, whose images and volumes are nobody else's; images that cannot be pulled are made. */
async function startEngine(compose: readonly string[]): Promise<Engine | string> {
  mkdirSync(folder, { recursive: true });
  const socket = `unix://${join(folder, 'socket')}`;
  const log = join(folder, 'log');
  const output = openSync(log, 'w');
  const daemon = spawn(
    'dockerd',
    [
      ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')],
      ...['-H', socket, '--pidfile', join(folder, 'pid')],
    ],
    { stdio: ['ignore', output, output] },
  );
  const ended = new Promise<void>((resolve) => daemon.once('exit', resolve));
  const environment = { ...process.env, DOCKER_HOST: socket, DOCKER_BUILDKIT: '0' };
  const stop = async (): Promise<void> => {
    daemon.kill('SIGTERM');
    await ended;
  };
  for (let waited = 0; !succeeds(['docker', 'version'], environment); waited += 1) {
    if (waited === 60 || daemon.exitCode !== null) {
      await stop();
      return `dockerd does not start here: ${readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? ''}`;
    }
    await sleep(500);
  }
  const absent = images.filter(
    (image) =>
      !succeeds(['docker', 'image', 'inspect', image], environment) &&
      !succeeds(['docker', 'pull', image], environment),
  );
  if (absent.length > 0) {
    if (!existsSync('/usr/sbin/debootstrap')) {
      await stop();
      return `The image ${absent[0] ?? ''} cannot be pulled, and a stand-in needs debootstrap: apt install debootstrap.`;
    }
    const script = join(import.meta.dirname, 'stand-ins', 'build.sh');
    const made = spawnSync('sh', [script, join(folder, 'stand-ins')], { env: environment, encoding: 'utf8' });
    if (made.status !== 0) {
      await stop();
      throw new Error(`The stand-in images could not be made:\n${made.stderr.slice(-2000)}`);
    }
  }
  return { environment, compose, stop };
}

function succeeds(words: readonly string[], environment = process.env): boolean {
  const [file, ...rest] = words;
  return (
    spawnSync(file as string, rest, { env: environment, stdio: 'ignore', timeout: 300_000 }).status === 0
  );
}
