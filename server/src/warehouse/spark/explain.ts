/** Turns the long traces of common failures of a Spark job into one line that says what to do. */

import type { Stream } from './command.ts';

/** Shows every line as Spark wrote it. */
export const TRACE_VARIABLE = 'GRAINLINE_SPARK_TRACE';

interface Explanation {
  readonly pattern: RegExp;
  readonly say: (match: RegExpExecArray) => string;
}

const explanations: readonly Explanation[] = [
  {
    pattern: /ClassNotFoundException: org\.postgresql\.Driver|No suitable driver/,
    say: () =>
      'The job found no Postgres driver: leave spark.driver.extraClassPath and spark.executor.extraClassPath as the launcher sets them, or give the jar with --jars.',
  },
  {
    pattern: /Connection to (\S+) refused/,
    say: ([, address]) =>
      `Nothing answers at ${address ?? 'the warehouse'}: start the warehouse, or let the job take its address from GRAINLINE_HOST and GRAINLINE_PORT.`,
  },
  {
    pattern: /UnknownHostException: ([^\s:]+)/,
    say: ([, host]) =>
      `The host "${host ?? ''}" is unknown to the job: check its name, or list it in GRAINLINE_SPARK_HOSTS.`,
  },
  {
    pattern: /password authentication failed for user "([^"]*)"/,
    say: ([, user]) =>
      `The warehouse refused the password of user "${user ?? ''}": check GRAINLINE_USER and GRAINLINE_PASSWORD, or the target's entry in profiles.yml.`,
  },
  {
    pattern: /FATAL: database "([^"]*)" does not exist/,
    say: ([, database]) =>
      `The server has no database "${database ?? ''}": check the target's dbname in profiles.yml.`,
  },
  {
    pattern: /ERROR: relation "([^"]*)" does not exist/,
    say: ([, relation]) =>
      `The warehouse has no relation "${relation ?? ''}": build the models first (bin/dbt build), or check the schema in GRAINLINE_SCHEMA.`,
  },
  {
    pattern: /UnsupportedClassVersionError/,
    say: () => 'This Java is too old for this Spark: install Java 17 or later, or point JAVA_HOME at one.',
  },
];

/** One line for a known failure in what Spark wrote, or undefined. */
export function explainFailure(text: string): string | undefined {
  for (const { pattern, say } of explanations) {
    const match = pattern.exec(text);
    if (match !== null) return say(match);
  }
  return undefined;
}

/** Where a trace begins: Python's, the JVM's, or an error that Spark logged with one. */
const traceStart =
  /^(Traceback \(most recent call last\)|Exception in thread |\d\d\/\d\d\/\d\d [\d:]+ ERROR )/;
const javaFrame = /^\s+(at \S+\(.*\)|\.\.\. \d+ more|Suppressed: \S+.*)$/;
/** Said by Java or Spark at every start, or a second time beside the trace that says it too. */
const noise =
  /^(WARNING: Using incubator modules|Setting default log level|To adjust logging level|Using Spark's default log4j profile|\{"ts": .*"logger": "SQLQueryContextLogger")/;

/** Milliseconds that a trace is kept back. A job that fails ends sooner; one that lives on has handled the error. */
const PATIENCE = 10_000;

/**
 * Lets a job's output through and keeps a trace back until the exit code tells whether it matters. Spark joins the
 * errors of Python to its output, so traces arrive on either stream.
 */
export class JobOutput {
  private held: string[] = [];
  private release: NodeJS.Timeout | undefined;
  private readonly onLine: (line: string, stream: Stream) => void;
  private readonly whole: boolean;

  constructor(onLine: (line: string, stream: Stream) => void, environment: NodeJS.ProcessEnv) {
    this.onLine = onLine;
    this.whole = (environment[TRACE_VARIABLE] ?? '') !== '';
  }

  push(line: string, stream: Stream): void {
    if (!this.whole && noise.test(line)) return;
    if (this.whole || (this.held.length === 0 && !traceStart.test(line))) {
      this.onLine(line, stream);
      return;
    }
    this.held.push(line);
    this.release ??= setTimeout(() => {
      this.show(this.take());
    }, PATIENCE);
  }

  /** Says the rest: one line for a known failure, else the trace without Java's frames. */
  finish(exitCode: number): void {
    const held = this.take();
    if (held.length === 0) return;
    const explanation = exitCode === 0 ? undefined : explainFailure(held.join('\n'));
    if (explanation !== undefined) {
      this.show([`${explanation} (${TRACE_VARIABLE}=1 shows Spark's own words.)`]);
      return;
    }
    const shown = held.filter((line) => line.trim() !== '' && !javaFrame.test(line));
    this.show(shown);
    if (held.some((line) => javaFrame.test(line))) {
      this.show([`Java's frames are left out: ${TRACE_VARIABLE}=1 shows them.`]);
    }
  }

  private take(): readonly string[] {
    clearTimeout(this.release);
    this.release = undefined;
    const { held } = this;
    this.held = [];
    return held;
  }

  private show(lines: readonly string[]): void {
    for (const line of lines) this.onLine(line, 'stderr');
  }
}
