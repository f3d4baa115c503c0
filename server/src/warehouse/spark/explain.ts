/** Turns the long traces of common failures of a Spark job into one line that says what to do. */

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
const javaFrame = /^\s+(at \S+\(.*\)|\.\.\. \d+ more)$/;
/** Said at every start by Java or Spark, about nothing that a user can change. */
const noise =
  /^(WARNING: Using incubator modules|Setting default log level|To adjust logging level|Using Spark's default log4j profile|WARNING: package sun\.security\.action not in java\.base)/;

/** Lets a job's error output through and keeps a trace back until the exit code tells whether it matters. */
export class ErrorOutput {
  private readonly held: string[] = [];
  private readonly whole: boolean;

  constructor(whole: boolean) {
    this.whole = whole;
  }

  /** The lines to show now. */
  push(line: string): readonly string[] {
    if (this.whole) return [line];
    if (this.held.length === 0 && noise.test(line)) return [];
    if (this.held.length === 0 && !traceStart.test(line)) return [line];
    this.held.push(line);
    return [];
  }

  /** The lines to show at the end: one for a known failure, else the trace without Java's frames. */
  finish(exitCode: number): readonly string[] {
    if (this.held.length === 0) return [];
    const explanation = exitCode === 0 ? undefined : explainFailure(this.held.join('\n'));
    if (explanation !== undefined) return [explanation, `${TRACE_VARIABLE}=1 shows the whole trace.`];
    const shown = this.held.filter((line) => !javaFrame.test(line));
    return shown.length === this.held.length
      ? shown
      : [...shown, `Java's frames are left out: ${TRACE_VARIABLE}=1 shows them.`];
  }
}
