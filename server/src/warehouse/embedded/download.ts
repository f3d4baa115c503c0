/** One archive from the registry into a file, believed only when its hash is the one that was published. */

import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

import { FailureError } from '../../base/failure.ts';

export interface Download {
  readonly url: URL;
  /** As npm writes it: `sha512-` and the hash in base 64. */
  readonly integrity: string;
  /** Written anew; whoever asked removes it when this fails. */
  readonly file: string;
  readonly signal: AbortSignal | undefined;
  /** After so long without a byte the registry is given up. */
  readonly patienceMs: number;
  /** `total` is what the registry announced, in bytes. */
  readonly onProgress: (received: number, total: number | undefined) => void;
}

/** No server is this large: what goes on after it fills the disk for nothing. */
const MOST_BYTES = 256 * 1024 * 1024;

export async function download(request: Download): Promise<void> {
  const { signal } = request;
  const connection = new AbortController();
  const stop = (): void => {
    connection.abort();
  };
  const patience = setTimeout(stop, request.patienceMs);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    if (signal?.aborted) stop();
    const response = await overNetwork(request, async () => {
      const { url, headers } = withoutPassword(request.url);
      return fetch(url, { headers, signal: connection.signal });
    });
    if (!response.ok || !response.body) throw refused(request.url, response.status);
    await receive(request, response.body, Number(response.headers.get('content-length') ?? 0), patience);
  } finally {
    clearTimeout(patience);
    signal?.removeEventListener('abort', stop);
    stop(); // Of a body that nobody reads to its end.
  }
}

async function receive(
  request: Download,
  body: ReadableStream<Uint8Array>,
  announced: number,
  patience: NodeJS.Timeout,
): Promise<void> {
  const hash = createHash('sha512');
  const reader = body.getReader();
  const file = await open(request.file, 'wx');
  let received = 0;
  try {
    for (;;) {
      const { value, done } = await overNetwork(request, () => reader.read());
      if (done) break;
      patience.refresh();
      received += value.length;
      if (received > MOST_BYTES) break; // Its hash will not do.
      hash.update(value);
      await file.writeFile(value);
      request.onProgress(received, announced > 0 ? announced : undefined);
    }
  } finally {
    await file.close();
  }
  if (`sha512-${hash.digest('base64')}` !== request.integrity) throw falsified(request.url);
}

/** A URL with a password in it is one that `fetch` refuses. */
function withoutPassword(named: URL): { readonly url: URL; readonly headers: Record<string, string> } {
  const url = new URL(named);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const words = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return {
    url,
    headers: {
      // The bytes that were hashed are the compressed ones.
      'accept-encoding': 'identity',
      ...(username === '' ? {} : { authorization: `Basic ${words.toString('base64')}` }),
    },
  };
}

async function overNetwork<T>({ url, signal, patienceMs }: Download, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted) throw new FailureError({ kind: 'cancelled', message: 'Stopped: nothing was kept.' });
    if (!(error instanceof Error)) throw error;
    const reason =
      error.name === 'AbortError'
        ? `nothing came for ${String(Math.ceil(patienceMs / 1000))} s`
        : causeOf(error);
    throw unreachable(url, reason);
  }
}

/** `fetch failed` says nothing; what failed is the cause of it. */
function causeOf(error: Error): string {
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}

const OTHERWISE =
  'or take the package from elsewhere: `npm install` of it in the project is found, too, and knows of proxies and logins';

function unreachable(url: URL, reason: string): FailureError {
  return failure(
    `The server cannot be downloaded from ${url.host} (${reason}): check the network and run the command again, name a registry that can be reached in npm_config_registry, ${OTHERWISE}.`,
  );
}

function refused(url: URL, status: number): FailureError {
  return failure(
    `${url.host} answers ${String(status)} for ${url.pathname}: name a registry that has it in npm_config_registry, ${OTHERWISE}.`,
  );
}

function falsified(url: URL): FailureError {
  return failure(
    `What ${url.host} sent for ${url.pathname} is not what was published (its SHA-512 differs): it was removed and nothing of it was used. Run the command again; when it stays so, do not trust that registry.`,
  );
}

function failure(message: string): FailureError {
  return new FailureError({ kind: 'connection', message });
}
