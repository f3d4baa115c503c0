/** Evaluates expressions, one a line, with the modules and a few functions that look into the values. */

import {
  fromJs,
  HostObject,
  parseTemplate,
  renderTemplate,
  repr,
  str,
  TemplateError,
  toList,
  toJs,
  truthy,
  Tuple,
} from '../../../server/src/jinja/index.ts';
import type { Dict, HostFunction, Value } from '../../../server/src/jinja/index.ts';
import {
  AgateTable,
  columnSqlType,
  csvText,
  Decimal,
  jsonText,
  tableFromCsv,
} from '../../../server/src/project/context/agate/index.ts';
import { define } from '../../../server/src/project/context/host.ts';
import type { Bound } from '../../../server/src/project/context/host.ts';
import { modulesValue } from '../../../server/src/project/context/modules/index.ts';
import { compareValues } from '../../../server/src/project/context/modules/order.ts';
import { parsePythonJson, pythonJson } from '../../../server/src/project/context/modules/python-json.ts';
import { fromYaml, toYaml } from '../../../server/src/project/context/modules/python-yaml.ts';

/** 2024-05-17 10:20:30.123 UTC. */
export const NOW = Date.UTC(2024, 4, 17, 10, 20, 30, 123);

/** One line of output for each line: a repr, or the error. */
export function answers(lines: string): string {
  return lines.split('\n').map(answer).join('\n');
}

export function answer(expression: string): string {
  try {
    const rendered = renderTemplate(parseTemplate(`{{ r(${expression}) }}`, 'case.sql'), {
      context: { get: (name) => context.get(name) },
    });
    if (rendered instanceof Promise) return 'a promise';
    return rendered.text.replaceAll('\n', '\\n');
  } catch (error) {
    if (error instanceof TemplateError)
      return `${error.pythonClass}: ${error.message.replaceAll('\n', '\\n')}`;
    throw error;
  }
}

const modules = modulesValue({ now: () => NOW }) as Dict;
const datetime = modules.get('datetime') as Dict;

const context = new Map<string, Value>([
  ...(['datetime', 'date', 'time', 'timedelta'] as const).map(
    (name) => [name, datetime.get(name) ?? null] as const,
  ),
  ['modules', modules],
  ['pytz', modules.get('pytz') ?? null],
  ['re', modules.get('re') ?? null],
  ['it', modules.get('itertools') ?? null],
  ['inf', fromJs(Infinity)],
  ['nan', fromJs(NaN)],
  ...functions({
    r: ['value', (args) => repr(args.value('value'))],
    list: ['value', (args) => toList(args.value('value'))],
    Decimal: [
      'value',
      (args) => {
        const decimal = Decimal.parse(str(args.value('value')));
        if (!decimal)
          throw new TemplateError('arithmetic', 'InvalidOperation', "[<class 'decimal.ConversionSyntax'>]");
        return decimal;
      },
    ],
    compare: [
      'a,b',
      (args) => {
        const order = compareValues(args.value('a'), args.value('b'));
        return new Tuple([order < 0, order === 0, order > 0]);
      },
    ],
    toint: ['value', (args) => operand(args).toInt?.() ?? null],
    tofloat: ['value', (args) => fromFloat(operand(args).toFloat?.() ?? null)],
    rounded: [
      'value,digits=',
      (args) => {
        const digits = args.value('digits');
        return operand(args).round?.(digits === null ? undefined : Number(digits)) ?? null;
      },
    ],
    absolute: ['value', (args) => operand(args).unary?.('abs') ?? null],
    negative: ['value', (args) => operand(args).unary?.('-') ?? null],
    format: ['value,spec', (args) => operand(args).format?.(args.text('spec') ?? '') ?? null],
    csv: [
      'text,text_columns=,delimiter=',
      (args) =>
        tableFromCsv(args.text('text') ?? '', {
          textColumns: new Set((toJs(args.value('text_columns')) ?? []) as string[]),
          delimiter: args.text('delimiter') ?? ',',
        }),
    ],
    printed: [
      'table,max_rows=,max_columns=,max_column_width=,max_precision=,locale=',
      (args) => {
        const printed: string[] = [];
        const source = table(args);
        const printing = new AgateTable({
          columnNames: source.columnNames,
          columnTypes: source.columnTypes,
          cells: source.cells,
          onPrint: (text) => printed.push(text),
        });
        const method = printing.getAttribute('print_table') as HostFunction;
        const given = ['max_rows', 'max_columns', 'max_column_width', 'max_precision', 'locale'].flatMap(
          (name) => {
            const value = args.get(name);
            return value === undefined ? [] : [[name, value] as const];
          },
        );
        void method.call({ positional: [], keyword: new Map(given) });
        return printed.join('');
      },
    ],
    structure: ['table', (args) => str(table(args))],
    csvtext: ['table', (args) => csvText(table(args))],
    jsontext: [
      'table,key=,newline=,indent=',
      (args) =>
        jsonText(table(args), {
          key: args.text('key') ?? undefined,
          isLines: truthy(args.value('newline')),
          indent: args.get('indent') === undefined ? undefined : Number(args.value('indent')),
        }),
    ],
    types: ['table', (args) => table(args).columnTypes.map((type) => type.typeName)],
    sqltypes: [
      'table',
      (args) => table(args).columnNames.map((_, index) => columnSqlType(table(args), index)),
    ],
    tojson: [
      'value,sort_keys=',
      (args) => pythonJson(args.value('value'), { sortKeys: truthy(args.value('sort_keys')) }),
    ],
    fromjson: ['text', (args) => parsePythonJson(args.text('text') ?? '')],
    toyaml: [
      'value,sort_keys=',
      (args) => toYaml(args.value('value'), { sortKeys: truthy(args.value('sort_keys')) }),
    ],
    fromyaml: ['text', (args) => fromYaml(args.text('text') ?? '')],
  }),
]);

function functions(
  all: Readonly<Record<string, readonly [string, (args: Bound) => Value]>>,
): [string, Value][] {
  return Object.entries(all).map(([name, [signature, body]]) => [name, define(name, signature, body)]);
}

function operand(args: Bound): HostObject {
  const value = args.value('value');
  if (value instanceof HostObject) return value;
  throw new Error(`${repr(value)} has no operators of its own`);
}

function fromFloat(value: number | null): Value {
  return value === null ? null : fromJs(Number.isInteger(value) ? value + 0.5 : value);
}

function table(args: Bound): AgateTable {
  const value = args.value('table');
  if (value instanceof AgateTable) return value;
  throw new Error(`${repr(value)} is no table`);
}
