/** Checks what a user sees of a failing job. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JobOutput } from '../../server/src/warehouse/spark/explain.ts';

function shown(exitCode: number, lines: readonly string[], environment: NodeJS.ProcessEnv = {}): string[] {
  const seen: string[] = [];
  const output = new JobOutput((line) => seen.push(line), environment);
  for (const line of lines) output.push(line, 'stdout');
  output.finish(exitCode);
  return seen;
}

function trace(exception: string): readonly string[] {
  return [
    'Traceback (most recent call last):',
    '  File "/project/pyspark/job.py", line 3, in <module>',
    'py4j.protocol.Py4JJavaError: An error occurred while calling o43.jdbc.',
    `: ${exception}`,
    '\tat org.postgresql.Driver.connect(Driver.java:305)',
    '\tSuppressed: org.apache.spark.util.Utils$Original: Full stacktrace',
    '\t\tat org.postgresql.Driver.connect(Driver.java:305)',
    '\t\t... 24 more',
    '',
  ];
}

const known: readonly (readonly [exception: string, explanation: RegExp])[] = [
  ['java.lang.ClassNotFoundException: org.postgresql.Driver', /^The job found no Postgres driver: /],
  ['java.sql.SQLException: No suitable driver', /^The job found no Postgres driver: /],
  [
    'org.postgresql.util.PSQLException: Connection to warehouse:5432 refused. Check that …',
    /^Nothing answers at warehouse:5432: start the warehouse/,
  ],
  ['java.net.UnknownHostException: wharehouse', /^The host "wharehouse" is unknown to the job: /],
  [
    'org.postgresql.util.PSQLException: FATAL: password authentication failed for user "ann"',
    /^The warehouse refused the password of user "ann": /,
  ],
  [
    'org.postgresql.util.PSQLException: FATAL: database "wh" does not exist',
    /^The server has no database "wh": /,
  ],
  [
    'org.postgresql.util.PSQLException: ERROR: relation "mart.x" does not exist',
    /^The warehouse has no relation "mart.x": build the models first/,
  ],
];

for (const [exception, explanation] of known) {
  test(`one line explains ${exception}`, () => {
    const lines = shown(1, ['week orders', ...trace(exception)]);
    assert.equal(lines.length, 2);
    assert.equal(lines[0], 'week orders');
    assert.match(lines[1] ?? '', explanation);
  });
}

test('another failure keeps the Python trace and leaves out the frames of Java', () => {
  assert.deepEqual(shown(1, trace('java.lang.ArithmeticException: / by zero')), [
    'Traceback (most recent call last):',
    '  File "/project/pyspark/job.py", line 3, in <module>',
    'py4j.protocol.Py4JJavaError: An error occurred while calling o43.jdbc.',
    ': java.lang.ArithmeticException: / by zero',
    "Java's frames are left out: GRAINLINE_SPARK_TRACE=1 shows them.",
  ]);
});

test('a trace that the job handled is no failure', () => {
  const lines = shown(0, [...trace('java.net.UnknownHostException: x'), 'went on without it']);
  assert.equal(lines[0], 'Traceback (most recent call last):');
  assert.ok(lines.includes('went on without it'));
  assert.ok(!lines.some((line) => line.startsWith('The host')));
});

test('GRAINLINE_SPARK_TRACE=1 shows every line as it came', () => {
  const lines = ['WARNING: Using incubator modules: x', ...trace('java.net.UnknownHostException: x')];
  assert.deepEqual(shown(1, lines, { GRAINLINE_SPARK_TRACE: '1' }), lines);
});

test('what Java says at every start is not shown', () => {
  assert.deepEqual(shown(0, ['WARNING: Using incubator modules: jdk.incubator.vector', 'rows 40']), [
    'rows 40',
  ]);
});
