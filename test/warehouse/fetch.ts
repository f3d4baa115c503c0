/** A process of its own that fetches a server: `fetch.ts VERSION INTEGRITY`. Prints how many bytes have come. */

import { fetchDistribution } from '../../server/src/warehouse/embedded/fetch-distribution.ts';

const [version = '', integrity = ''] = process.argv.slice(2);
await fetchDistribution({
  environment: process.env,
  published: { version, integrity },
  onProgress: (progress) => {
    if (progress.kind === 'receiving') console.log(progress.received);
  },
});
