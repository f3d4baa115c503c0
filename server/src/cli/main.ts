/** The command line: one program under two names, grainline and dbt. */

import { FailureError, type Failure } from '../base/failure.ts';
import { closestName } from '../base/closest-name.ts';
import { flag, parseArguments, text, toggle, UsageError, type Arguments } from './arguments.ts';
import { EXIT } from './exit-codes.ts';
import { environmentMap, ProjectErrors } from './open-project.ts';
import { terminalOutput, type Output } from './output.ts';
import { VERSION } from './version.ts';

/** Commands are loaded when they are called: most never need the driver, the parser or the launcher. */
const COMMANDS: Readonly<
  Record<string, (args: Arguments, output: Output, words: readonly string[]) => Promise<number>>
> = {
  build: async (args, output) => (await import('./commands/run.ts')).runCommand(args, 'build', output),
  run: async (args, output) => (await import('./commands/run.ts')).runCommand(args, 'run', output),
  test: async (args, output) => (await import('./commands/run.ts')).runCommand(args, 'test', output),
  seed: async (args, output) => (await import('./commands/run.ts')).runCommand(args, 'seed', output),
  snapshot: async (args, output) => (await import('./commands/run.ts')).runCommand(args, 'snapshot', output),
  clone: async (args, output) => (await import('./commands/run.ts')).runCommand(args, 'clone', output),
  compile: async (args, output) =>
    args.values.has('inline')
      ? (await import('./commands/show.ts')).showCommand(args, output)
      : (await import('./commands/run.ts')).runCommand(args, 'compile', output),
  show: async (args, output) => (await import('./commands/show.ts')).showCommand(args, output),
  ls: async (args, output) => (await import('./commands/ls.ts')).lsCommand(args, output),
  parse: async (args, output) => (await import('./commands/parse.ts')).parseCommand(args, output),
  render: async (args, output) => (await import('./commands/render.ts')).renderCommand(args, output),
  check: async (args, output) => (await import('./commands/check.ts')).checkCommand(args, output),
  grain: async (args, output) => (await import('./commands/grain.ts')).grainCommand(args, output),
  analyze: async (args, output) => (await import('./commands/analyze.ts')).analyzeCommand(args, output),
  lineage: async (args, output) => (await import('./commands/lineage.ts')).lineageCommand(args, output),
  source: async (args, output) => (await import('./commands/freshness.ts')).sourceCommand(args, output),
  docs: async (args, output) => (await import('./commands/docs.ts')).docsCommand(args, output),
  retry: async (args, output) => (await import('./commands/retry.ts')).retryCommand(args, output),
  'run-operation': async (args, output) =>
    (await import('./commands/run-operation.ts')).runOperationCommand(args, output),
  debug: async (args, output) => (await import('./commands/debug.ts')).debugCommand(args, output),
  deps: async (args, output) => (await import('./commands/deps.ts')).depsCommand(args, output),
  clean: async (args, output) => (await import('./commands/clean.ts')).cleanCommand(args, output),
  init: async (args, output) => (await import('./commands/init.ts')).initCommand(args, output),
  reset: async (args, output) => (await import('./commands/init.ts')).initCommand(args, output),
  'load-initial': async (args, output) =>
    (await import('./commands/load.ts')).loadInitialCommand(args, output),
  ingest: async (args, output) => (await import('./commands/load.ts')).ingestCommand(args, output),
  warehouse: async (args, output) => (await import('./commands/warehouse.ts')).warehouseCommand(args, output),
};

/** Serves an editor over standard input and output until it hangs up; the server then ends the process. */
async function serveEditor(): Promise<number> {
  if (!process.argv.includes('--stdio')) process.argv.push('--stdio');
  await import('../lsp/main.ts');
  return new Promise(() => undefined);
}

async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === 'spark-submit') return sparkSubmit(argv.slice(1));
  if (argv[0] === 'lsp' && !argv.includes('--help')) return serveEditor();
  const args = parseArguments(argv, environmentMap());
  if (flag(args, 'version')) {
    process.stdout.write(`grainline ${VERSION}\n`);
    return EXIT.done;
  }
  if (flag(args, 'help') || args.command === '' || args.command === 'help') {
    const { usage } = await import('./usage.ts');
    process.stdout.write(`${usage(args.command === 'help' ? (args.positional[0] ?? '') : args.command)}\n`);
    return args.command === '' && !flag(args, 'help') ? EXIT.unusable : EXIT.done;
  }
  const command = Object.hasOwn(COMMANDS, args.command) ? COMMANDS[args.command] : undefined;
  if (!command) {
    const close = closestName(args.command, Object.keys(COMMANDS));
    throw new UsageError(
      `No such command '${args.command}'.${close === undefined ? ' See grainline --help.' : ` Did you mean '${close}'?`}`,
    );
  }
  const output = terminalOutput({
    isQuiet: toggle(args, 'quiet') ?? ['error', 'none'].includes(text(args, 'log-level') ?? ''),
    colors: toggle(args, 'use-colors'),
  });
  return command(args, output, argv);
}

async function sparkSubmit(words: readonly string[]): Promise<number> {
  if (words.length === 0 || words[0] === '--help') {
    const { usage } = await import('./usage.ts');
    process.stdout.write(`${usage('spark-submit')}\n`);
    return words.length === 0 ? EXIT.unusable : EXIT.done;
  }
  const args = parseArguments(['spark-submit'], environmentMap());
  const output = terminalOutput({ isQuiet: false, colors: null });
  return (await import('./commands/spark-submit.ts')).sparkSubmitCommand(words, args, output);
}

/** The user's mistakes and the world's refusals are one clear message; anything else is our bug and says so. */
async function run(): Promise<number> {
  try {
    return await main(process.argv.slice(2));
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`Error: ${error.message}\n`);
      return EXIT.unusable;
    }
    if (error instanceof ProjectErrors) {
      const { diagnosticLine } = await import('./report-diagnostics.ts');
      for (const diagnostic of error.diagnostics)
        process.stderr.write(`${diagnosticLine(diagnostic, error.texts)}\n`);
      return EXIT.unusable;
    }
    if (error instanceof FailureError) {
      process.stderr.write(`Error: ${failureText(error.failure)}\n`);
      // As in dbt: a warehouse that cannot be reached is a mistake in the profile more often than not.
      return error.failure.kind === 'connection' ? EXIT.unusable : EXIT.failed;
    }
    if (error instanceof Error && error.name === 'TemplateError') {
      process.stderr.write(`Error: ${error.message}\n`);
      return EXIT.unusable;
    }
    if (error instanceof Error && error.name === 'UnreadableFile') {
      process.stderr.write(`Error: ${error.message}\n`);
      return EXIT.unusable;
    }
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOSPC') {
      process.stderr.write(
        'Error: the disk is full. Free some space and run the command again; nothing that was there is lost.\n',
      );
      return EXIT.failed;
    }
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      process.stderr.write(
        `Error: ${(error as Error).message}. Give yourself the right to read and write there.\n`,
      );
      return EXIT.failed;
    }
    if (error instanceof Error && 'syscall' in error && typeof code === 'string') {
      process.stderr.write(
        `Error: the system refuses: ${error.message}. Put right what stands there and run the command again.\n`,
      );
      return EXIT.failed;
    }
    const detail =
      error instanceof Error
        ? process.env.GRAINLINE_DEBUG === undefined
          ? error.message
          : (error.stack ?? error.message)
        : String(error);
    process.stderr.write(
      `Internal error: ${detail}\nThis is a bug in Grainline. Set GRAINLINE_DEBUG=1 and run the command again to see where; please report it.\n`,
    );
    return EXIT.unusable;
  }
}

/** The server's message with what it adds to it. */
function failureText(failure: Failure): string {
  if (failure.kind !== 'query') return failure.message;
  const { message, detail, hint } = failure;
  return [message, detail, hint].filter((part) => part !== undefined).join('\n  ');
}

process.exitCode = await run();
