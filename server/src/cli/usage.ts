/** The texts of --help. */

import { optionsOf } from './arguments.ts';
import { OWN_OPTIONS, GLOBAL_OPTIONS, RUN_OPTIONS, SELECTION_OPTIONS, type Option } from './options.ts';

interface Command {
  readonly name: string;
  readonly arguments?: string;
  readonly help: string;
  readonly groups: readonly ('selection' | 'run')[];
}

export const COMMANDS: readonly Command[] = [
  { name: 'init', help: 'bring the warehouse to its initial state: load raw, seed, run, test', groups: [] },
  { name: 'reset', help: 'the same, from any state', groups: [] },
  { name: 'load-initial', help: '(re)create the raw schema and load data/initial', groups: [] },
  {
    name: 'ingest',
    arguments: '[TABLE/BATCH]',
    help: 'append batches of data/incremental, all or one',
    groups: [],
  },
  {
    name: 'warehouse',
    arguments: 'start|stop|status|url|fetch',
    help: 'the embedded server, and how to reach the target',
    groups: [],
  },
  {
    name: 'build',
    help: 'seeds, models, snapshots and tests, in order of dependency',
    groups: ['selection', 'run'],
  },
  { name: 'run', help: 'models', groups: ['selection', 'run'] },
  { name: 'test', help: 'data tests and unit tests', groups: ['selection', 'run'] },
  { name: 'seed', help: 'CSV files into tables', groups: ['selection', 'run'] },
  { name: 'snapshot', help: 'snapshots', groups: ['selection', 'run'] },
  {
    name: 'clone',
    help: 'relations of another state, as views or copies here',
    groups: ['selection', 'run'],
  },
  { name: 'compile', help: 'SQL as it would run, into target/compiled', groups: ['selection', 'run'] },
  { name: 'show', help: 'a preview of rows', groups: ['selection'] },
  { name: 'ls', help: 'the selected resources', groups: ['selection'] },
  { name: 'parse', help: 'read the project and write its manifest', groups: [] },
  {
    name: 'check',
    help: 'everything that is wrong with the project, without running it',
    groups: ['selection'],
  },
  {
    name: 'render',
    arguments: '[FILE]',
    help: 'one template without a project, or a corpus of templates compared with their expected output',
    groups: [],
  },
  { name: 'grain', help: 'whether each declared grain holds in the warehouse', groups: ['selection'] },
  {
    name: 'analyze',
    arguments: '[QUERY.sql]',
    help: 'the columns, keys and double countings of one query, with or without a project',
    groups: [],
  },
  {
    name: 'lineage',
    arguments: 'MODEL[.COLUMN]',
    help: 'where columns come from and where they go, with the expression at each hop',
    groups: [],
  },
  {
    name: 'source',
    arguments: 'freshness',
    help: 'the age of the newest row of each source',
    groups: ['selection'],
  },
  { name: 'docs', arguments: 'generate', help: 'manifest.json and catalog.json', groups: ['selection'] },
  { name: 'run-operation', arguments: 'MACRO', help: 'call a macro', groups: [] },
  { name: 'retry', help: 'run again what the last command left undone', groups: [] },
  { name: 'debug', help: 'what was found, and whether the warehouse answers', groups: [] },
  { name: 'deps', help: 'install local packages; say what is missing', groups: [] },
  { name: 'clean', help: 'remove the folders of clean-targets', groups: [] },
  { name: 'lsp', help: 'serve an editor over standard input and output', groups: [] },
  {
    name: 'spark-submit',
    arguments: '[options] JOB.py [arguments]',
    help: 'run a PySpark job of pyspark/ against the warehouse',
    groups: [],
  },
];

export function usage(command: string): string {
  const known = COMMANDS.find((candidate) => candidate.name === command);
  if (!known) return overview();
  const groups: readonly (readonly [string, readonly Option[]])[] = [
    ['Options', OWN_OPTIONS[command] ?? []],
    ['Selection', known.groups.includes('selection') ? SELECTION_OPTIONS : []],
    ['Running', known.groups.includes('run') ? RUN_OPTIONS : []],
    [
      'Everywhere',
      command === 'spark-submit' || command === 'lsp'
        ? []
        : GLOBAL_OPTIONS.filter((option) => !option.help.startsWith('accepted')),
    ],
  ];
  const head = `Usage: grainline ${known.name}${known.arguments === undefined ? '' : ` ${known.arguments}`} [options]\n\n${known.help}`;
  return [
    head,
    ...groups
      .filter(([, options]) => options.length > 0)
      .map(([title, options]) => `${title}:\n${options.map(optionLine).join('\n')}`),
  ].join('\n\n');
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const lines = COMMANDS.map(({ name, help }) => `  ${name.padEnd(width)}  ${help}`);
  return `Usage: grainline COMMAND [options]     (bin/dbt is the same program)\n\n${lines.join('\n')}\n\ngrainline COMMAND --help shows a command's options; docs/cli.md has them all.`;
}

function optionLine(option: Option): string {
  const spelled = option.kind === 'toggle' ? `--[no-]${option.name}` : `--${option.name}`;
  const short = option.short === undefined ? '' : `, -${option.short}`;
  const value = option.kind === 'value' ? ' VALUE' : option.kind === 'list' ? ' …' : '';
  const choices = option.choices ? `: ${option.choices.join(', ')}` : '';
  return `  ${`${spelled}${short}${value}`.padEnd(32)}  ${option.help}${choices}`;
}

export { optionsOf };
