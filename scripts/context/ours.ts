/** This engine's answers to the same expressions, in the contexts that it makes for each phase. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTemplate, renderTemplate, TemplateError, type Context } from '../../server/src/jinja/index.ts';
import { runningContext, type Compiler } from '../../server/src/project/compile.ts';
import { profileContext, queryCommentContext } from '../../server/src/project/context/file-contexts.ts';
import type { WarehouseAccess } from '../../server/src/project/context/warehouse-access.ts';
import { fileSet } from '../../server/src/project/files.ts';
import type { ManifestNode } from '../../server/src/project/nodes.ts';
import { yamlContext } from '../../server/src/project/parse/assemble.ts';
import { descriptionContext } from '../../server/src/project/parse/docs.ts';
import { parsingContext } from '../../server/src/project/parse/capture.ts';
import { Problems } from '../../server/src/project/problems.ts';
import { loadProject, projectFileContext, type Project } from '../../server/src/project/project.ts';
import { defaultFlags } from '../../server/src/project/settings.ts';
import { hookMembers } from '../../server/src/run/hooks.ts';
import type { NodeResult } from '../../server/src/run/results.ts';
import { operationContext } from '../../server/src/run/system-node.ts';
import type { Answer, Questions } from './oracle.ts';

const LIBRARY = join(import.meta.dirname, '..', '..', 'server', 'macros');

export function loadOurs(
  files: ReadonlyMap<string, string>,
  environment: ReadonlyMap<string, string>,
): Project {
  const library = readdirSync(LIBRARY, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.sql'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(LIBRARY, path), 'utf8') }));
  const { project, diagnostics } = loadProject({
    files: fileSet(files),
    library,
    settings: {
      target: {
        profileName: 'fixture',
        name: 'dev',
        kind: 'postgres',
        database: 'warehouse',
        schema: 'analytics',
        threads: 4,
        credentials: {
          type: 'postgres',
          dbname: 'warehouse',
          schema: 'analytics',
          threads: 4,
          password: 'p',
          host: 'h',
          port: 5432,
          user: 'u',
        },
      },
      vars: {},
      environment,
      flags: { ...defaultFlags, which: 'build' },
      invocationId: '00000000-0000-4000-8000-000000000000',
      startedAt: Date.UTC(2026, 0, 15, 12),
    },
  });
  if (!project) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return project;
}

/** Without access, what asks the warehouse is answered as while parsing. */
export async function askOurs(
  project: Project,
  questions: Questions,
  access: WarehouseAccess | null,
): Promise<Readonly<Record<string, readonly Answer[]>>> {
  const answers: Record<string, Answer[]> = {};
  for (const [phase, contextOf] of Object.entries(contexts(project, access))) {
    answers[phase] = [];
    for (const template of questions[phase] ?? []) answers[phase].push(await answer(template, contextOf()));
  }
  return answers;
}

/** Every phase's context is made anew for each question. */
export function contexts(
  project: Project,
  access: WarehouseAccess | null,
): Readonly<Record<string, () => Context>> {
  const { world, manifest } = project;
  const { settings } = project.input;
  const ids = [...manifest.nodes.keys()];
  const node = (id: string | undefined): ManifestNode => {
    const found = manifest.nodes.get(id ?? '');
    if (!found) throw new Error(`The project has no ${id ?? 'such node'}.`);
    return found;
  };
  const model = node('model.fixture.orders');
  const test = node(ids.find((id) => id.startsWith('test.')));
  const compiler: Compiler = {
    project,
    access,
    onMessage: () => undefined,
    selected: ids.filter((id) => !id.startsWith('operation.')).sort(),
    ephemeral: new Map(),
  };
  const session = {
    world,
    files: project.input.files,
    docs: manifest.docs,
    problems: new Problems(),
    createdAt: 0,
  };
  const operation = world.macros.byId.get('macro.fixture.operate')?.node;
  if (!operation) throw new Error('The project has no macro to operate.');
  const results: NodeResult[] = [
    {
      uniqueId: 'model.fixture.customers',
      status: 'success',
      timing: [
        { name: 'compile', startedAt: 0, completedAt: 1 },
        { name: 'execute', startedAt: 1, completedAt: 2 },
      ],
      threadId: 'Thread-1',
      executionTime: 0.5,
      adapterResponse: { _message: 'CREATE VIEW', code: 'CREATE VIEW', rows_affected: -1 },
      message: 'CREATE VIEW',
      failures: null,
      compiled: true,
      compiledCode: "select 1 as id, 'a' as name",
      relationName: '"warehouse"."analytics"."customers"',
    },
  ];
  return {
    'profiles.yml': () => profileContext(settings),
    'dbt_project.yml': () => projectFileContext(settings),
    properties: () => yamlContext(world, 'fixture'),
    docs: () => descriptionContext(manifest.docs, world, 'fixture', 'model.fixture.orders', []),
    'query-comment': () => queryCommentContext(world, () => undefined),
    parse: () => parsingContext(session, model).context.context,
    run: () => runningContext(compiler, model).context,
    'run-test': () => runningContext(compiler, test).context,
    operation: () => operationContext(compiler, operation).context,
    hook: () =>
      runningContext(
        compiler,
        node(ids.find((id) => id.startsWith('operation.') && id.includes('on-run-end'))),
        hookMembers(project, results),
      ).context,
  };
}

async function answer(template: string, context: Context): Promise<Answer> {
  try {
    return ['text', (await renderTemplate(parseTemplate(template, 'question.sql'), { context })).text];
  } catch (error) {
    if (error instanceof TemplateError) return ['error', error.pythonClass, error.message, error.message];
    const name = error instanceof Error ? (error.stack ?? error.name) : String(error?.constructor.name);
    return ['error', `not a TemplateError: ${name}`, String(error), ''];
  }
}
