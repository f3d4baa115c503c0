/** The shared corpus: all that dbt projects need renders as Python's Jinja2 renders it, and fails as it fails. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isEqual, readCorpus, runCase } from '../../server/src/cli/template-corpus.ts';

const path = new URL('../../../shared/data/jinja-corpus.json', import.meta.url);

test(
  'templates render and fail as with Python’s Jinja2',
  {
    skip: existsSync(path)
      ? false
      : 'the corpus ../shared/data/jinja-corpus.json is not beside this repository',
  },
  (context) => {
    const results = readCorpus(readFileSync(path, 'utf8')).map((one) => {
      const outcome = runCase(one);
      return { one, outcome, isEqual: isEqual(one, outcome) };
    });
    const relevant = results.filter(({ one }) => one.dbt_relevant);
    const failing = results.filter(({ one }) => one.error !== undefined);
    const equal = results.filter((result) => result.isEqual).length;
    const relevantEqual = relevant.filter((result) => result.isEqual).length;
    const raised = failing.filter(({ outcome }) => outcome.error !== undefined).length;
    context.diagnostic(
      `${equal} of ${results.length} equal, ${relevantEqual} of ${relevant.length} dbt-relevant equal, ` +
        `${raised} of ${failing.length} errors raised`,
    );
    const different = relevant.filter((result) => !result.isEqual);
    assert.deepEqual(
      different.map(({ one, outcome }) => ({ id: one.id, expected: one.expected ?? one.message, outcome })),
      [],
    );
    assert.equal(raised, failing.length);
  },
);
