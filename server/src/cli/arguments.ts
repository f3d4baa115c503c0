/** Reads a command line against the table of options. */

import { closestName } from '../base/closest-name.ts';
import { GLOBAL_OPTIONS, OWN_OPTIONS, RUN_OPTIONS, SELECTION_OPTIONS, type Option } from './options.ts';

export interface Arguments {
  readonly command: string;
  /** What is no option: subcommand, macro name, batch, file. */
  readonly positional: readonly string[];
  readonly values: ReadonlyMap<string, string | boolean | readonly string[]>;
}

/** A mistake on the command line; exit code 2. */
export class UsageError extends Error {}

const ALIASES: Readonly<Record<string, string>> = { list: 'ls' };

export function optionsOf(command: string): readonly Option[] {
  return [...(OWN_OPTIONS[command] ?? []), ...RUN_OPTIONS, ...SELECTION_OPTIONS, ...GLOBAL_OPTIONS];
}

/** Options may stand before the command too, as in `dbt --quiet run`. */
export function parseArguments(argv: readonly string[], environment: ReadonlyMap<string, string>): Arguments {
  const command = commandOf(argv);
  const options = optionsOf(command);
  const values = new Map<string, string | boolean | string[]>();
  const positional: string[] = [];
  let hasCommand = false;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--') {
      positional.push(...argv.slice(at + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      if (!hasCommand && (ALIASES[word] ?? word) === command) hasCommand = true;
      else positional.push(word);
      continue;
    }
    at = readOption(argv, at, options, values);
  }
  for (const option of options) {
    if (option.variable === undefined || values.has(option.name)) continue;
    const set = environment.get(option.variable);
    if (set === undefined || set === '') continue;
    values.set(option.name, option.kind === 'flag' || option.kind === 'toggle' ? isTrue(set) : set);
  }
  for (const option of options) checkChoice(option, values.get(option.name));
  const allowed = TAKES_WORD.has(command) ? 1 : 0;
  const surplus = positional[allowed];
  if (surplus !== undefined && hasCommand)
    throw new UsageError(
      `Unexpected argument '${surplus}'. ${allowed === 0 ? `${command} takes options only, such as --select ${surplus}` : `${command} takes one argument`}; see ${command} --help.`,
    );
  return { command, positional, values };
}

/** Commands with an argument that is no option. */
const TAKES_WORD: ReadonlySet<string> = new Set([
  'help',
  'ingest',
  'warehouse',
  'source',
  'docs',
  'run-operation',
  'render',
  'analyze',
  'lineage',
]);

function checkChoice(
  { name, choices }: Option,
  value: string | boolean | readonly string[] | undefined,
): void {
  if (choices === undefined || value === undefined || typeof value === 'boolean') return;
  const words =
    typeof value === 'string' ? [value] : value.flatMap((word) => word.split(/\s+/).filter(Boolean));
  const wrong = words.find((word) => !choices.includes(word));
  if (wrong !== undefined)
    throw new UsageError(
      `Invalid value for '--${name}': '${wrong}' is not one of ${choices.map((choice) => `'${choice}'`).join(', ')}.`,
    );
}

function isTrue(text: string): boolean {
  return ['1', 't', 'true', 'y', 'yes', 'on'].includes(text.toLowerCase());
}

/** The first word that is neither an option nor an option's value. */
function commandOf(argv: readonly string[]): string {
  const options = [...SELECTION_OPTIONS, ...RUN_OPTIONS, ...GLOBAL_OPTIONS];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (!word.startsWith('-')) return ALIASES[word] ?? word;
    const option = options.find((candidate) => spellings(candidate).includes(word));
    if (option?.kind === 'value') at++;
  }
  return '';
}

function spellings(option: Option): string[] {
  return [
    `--${option.name}`,
    ...(option.short === undefined ? [] : [`-${option.short}`]),
    ...(option.aliases ?? []).map((alias) => (alias.length === 1 ? `-${alias}` : `--${alias}`)),
  ];
}

/** Reads the option at an index; returns the index of its last word. */
function readOption(
  argv: readonly string[],
  at: number,
  options: readonly Option[],
  values: Map<string, string | boolean | string[]>,
): number {
  const word = argv[at] ?? '';
  const equals = word.startsWith('--') ? word.indexOf('=') : -1;
  const spelled = equals < 0 ? word : word.slice(0, equals);
  const attached = equals < 0 ? undefined : word.slice(equals + 1);
  const option = options.find((candidate) => spellings(candidate).includes(spelled));
  if (!option) {
    const negated = options.find(
      (candidate) =>
        candidate.kind === 'toggle' &&
        (spelled === `--no-${candidate.name}` ||
          (candidate.short !== undefined && spelled === `-${candidate.short.toUpperCase()}`)),
    );
    if (!negated) throw unknownOption(spelled, options);
    values.set(negated.name, false);
    return at;
  }
  if (option.kind === 'flag' || option.kind === 'toggle') {
    values.set(option.name, attached === undefined ? true : isTrue(attached));
    return at;
  }
  if (attached !== undefined) {
    values.set(option.name, option.kind === 'list' ? [...listed(values, option.name), attached] : attached);
    return at;
  }
  const next = argv[at + 1];
  if (next === undefined || (option.kind === 'list' && next.startsWith('--'))) {
    throw new UsageError(`${spelled} needs a value: ${option.help}.`);
  }
  if (option.kind === 'value') {
    values.set(option.name, next);
    return at + 1;
  }
  let end = at + 1;
  while (end < argv.length && !(argv[end] ?? '').startsWith('-')) end++;
  const taken = argv.slice(at + 1, Math.max(end, at + 2));
  values.set(option.name, [...listed(values, option.name), ...taken]);
  return at + taken.length;
}

function listed(values: ReadonlyMap<string, string | boolean | string[]>, name: string): string[] {
  const known = values.get(name);
  return Array.isArray(known) ? known : [];
}

function unknownOption(spelled: string, options: readonly Option[]): UsageError {
  const close = closestName(spelled, options.flatMap(spellings));
  return new UsageError(
    `No such option: ${spelled}.${close === undefined ? ' See --help.' : ` Did you mean ${close}?`}`,
  );
}

export function flag(args: Arguments, name: string): boolean {
  return args.values.get(name) === true;
}

/** true, false, or null where it was not said. */
export function toggle(args: Arguments, name: string): boolean | null {
  const value = args.values.get(name);
  return typeof value === 'boolean' ? value : null;
}

export function text(args: Arguments, name: string): string | null {
  const value = args.values.get(name);
  return typeof value === 'string' ? value : null;
}

export function list(args: Arguments, name: string): readonly string[] {
  const value = args.values.get(name);
  return Array.isArray(value) ? (value as readonly string[]) : typeof value === 'string' ? [value] : [];
}

/** A whole number, or the fallback where the option is absent. */
export function numberedOr(args: Arguments, name: string, fallback: number): number {
  const written = text(args, name);
  if (written === null) return fallback;
  const number = Number(written);
  if (!Number.isInteger(number))
    throw new UsageError(`Invalid value for '--${name}': '${written}' is not a whole number.`);
  return number;
}
