/** What the caller says beside the files: target, variables, environment, flags. */

/** One output of profiles.yml, resolved. */
export interface Target {
  readonly profileName: string;
  readonly name: string;
  /** The output's `type` as written: `postgres`, or `embedded` for the server that Grainline brings. */
  readonly kind: 'postgres' | 'embedded';
  readonly database: string;
  readonly schema: string;
  readonly threads: number;
  /** Everything of the output as written and rendered, dbt's names (`host`, `port`, `user`, `dbname`, …); holds the password. */
  readonly credentials: Readonly<Record<string, unknown>>;
}

export type YamlValue = unknown;

/** dbt's command-line flags that change what a project means or how it runs. */
export interface Flags {
  readonly fullRefresh: boolean | null;
  readonly storeFailures: boolean;
  readonly empty: boolean;
  readonly failFast: boolean;
  readonly warnError: boolean;
  readonly warnErrorOptions: WarnErrorOptions;
  readonly favorState: boolean;
  readonly defer: boolean;
  readonly introspect: boolean;
  readonly indirectSelection: IndirectSelection;
  readonly sample?: string;
  readonly eventTimeStart?: string;
  readonly eventTimeEnd?: string;
  readonly quiet: boolean;
  /** The subcommand, as `flags.WHICH` shows it: `run`, `build`, `generate`, … */
  readonly which: string;
  /** Flags of dbt_project.yml and of the environment, under their upper-case names, for `flags.X` in templates. */
  readonly others: Readonly<Record<string, unknown>>;
}

export interface WarnErrorOptions {
  readonly error: readonly string[] | 'all';
  readonly warn: readonly string[];
  readonly silence: readonly string[];
}

export type IndirectSelection = 'eager' | 'cautious' | 'buildable' | 'empty';

/** Everything that is not a file. */
export interface Settings {
  readonly target: Target;
  /** `--vars`. */
  readonly vars: Readonly<Record<string, unknown>>;
  /** The environment that `env_var` may read. */
  readonly environment: ReadonlyMap<string, string>;
  readonly flags: Flags;
  readonly invocationId: string;
  /** When the command started, in milliseconds since the epoch. */
  readonly startedAt: number;
}

export const defaultFlags: Flags = {
  fullRefresh: null,
  storeFailures: false,
  empty: false,
  failFast: false,
  warnError: false,
  warnErrorOptions: { error: [], warn: [], silence: [] },
  favorState: false,
  defer: false,
  introspect: true,
  indirectSelection: 'eager',
  quiet: false,
  which: 'parse',
  others: {},
};

/** The dbt-core version whose behaviour this engine follows; what `dbt_version` shows. */
export const DBT_VERSION = '1.11.0';
