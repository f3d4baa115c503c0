/**
 * Evaluates some hundreds of expressions in the contexts of each phase, by dbt-core and by this engine, and says where they differ.
 *
 *     node --import tsx scripts/context-differences.ts [PHASE]… [--record] [--url URL]
 *
 * The expressions and the project stand in test/project/context/members; --record writes dbt's answers beside them, for the tests. Exit code
 * 0 when all is equal, 1 when something differs.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { postgresWarehouse } from '../server/src/warehouse/postgres/warehouse.ts';
import { openAccess } from '../server/src/run/single-session.ts';
import { equalAnswers } from './context/equality.ts';
import { askDbt, type PhaseAnswers } from './context/oracle.ts';
import { askOurs, loadOurs } from './context/ours.ts';
import { ENVIRONMENT, MEMBERS, projectFiles, readQuestions, templateOf } from './context/questions.ts';
import { connect } from './relations/read.ts';
import { serverFor } from './server-for.ts';

const DATABASE = 'warehouse';

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { record: { type: 'boolean' }, url: { type: 'string' } },
  });
  const expressions = readQuestions();
  const questions = Object.fromEntries(
    Object.entries(expressions).map(([phase, lines]) => [phase, lines.map(templateOf)]),
  );
  const scratch = mkdtempSync(join(tmpdir(), 'contexts-'));
  const server = await serverFor(values.url);
  try {
    await makeDatabase(server.settings);
    const settings = { ...server.settings, database: DATABASE };
    const expected = await askDbt(projectFiles(), questions, settings, ENVIRONMENT, scratch);
    if (values.record) {
      writeFileSync(join(MEMBERS, 'recorded.json'), recordingOf(expected));
    }
    const { access, close } = await openAccess(postgresWarehouse(settings));
    const actual = await askOurs(loadOurs(projectFiles(), ENVIRONMENT), questions, access);
    await close();
    let [all, equal] = [0, 0];
    for (const [phase, got] of Object.entries(actual)) {
      if (positionals.length > 0 && !positionals.includes(phase)) continue;
      for (const [index, answer] of got.entries()) {
        const wanted = expected[phase]?.answers[index];
        if (!wanted) continue;
        all++;
        if (equalAnswers(wanted, answer)) equal++;
        else
          console.log(
            `${phase}: ${expressions[phase]?.[index] ?? ''}\n    dbt  ${JSON.stringify(wanted.slice(0, 3))}\n    ours ${JSON.stringify(answer.slice(0, 3))}`,
          );
      }
    }
    console.log(`contexts: ${equal} of ${all} answers equal`);
    return equal === all ? 0 : 1;
  } finally {
    await server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What dbt shows beside its message is left out; a line for each phase's names and for each answer. */
function recordingOf(answers: Readonly<Record<string, PhaseAnswers>>): string {
  const phases = Object.entries(answers).map(([phase, { names, answers: given }]) => {
    const lines = given.map((answer) => JSON.stringify(answer.slice(0, 3)));
    return `${JSON.stringify(phase)}: {"names": ${JSON.stringify(names)}, "answers": [\n${lines.join(',\n')}\n]}`;
  });
  return `{${phases.join(',\n')}}\n`;
}

async function makeDatabase(settings: Parameters<typeof connect>[0]): Promise<void> {
  const client = await connect(settings);
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}
