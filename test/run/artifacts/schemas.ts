/** Checks an artifact against its published JSON schema. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { Ajv2020 } from 'ajv/dist/2020.js';

type SchemaName = 'manifest-v12' | 'run-results-v6' | 'catalog-v1' | 'sources-v3';

/** Fails with the first few violations. */
export function assertValid(schema: SchemaName, artifact: unknown): void {
  const file = new URL(`../../cases/schemas/${schema}.json`, import.meta.url);
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  const valid = validate(JSON.parse(JSON.stringify(artifact)));
  const errors = (validate.errors ?? []).map(
    (error) => `${error.instancePath} ${error.message ?? ''} ${JSON.stringify(error.params)}`,
  );
  assert.ok(valid, errors.slice(0, 10).join('\n'));
}
