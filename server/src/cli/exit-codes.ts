/** The exit codes of every command. */

export const EXIT = {
  /** Everything that was asked is done. */
  done: 0,
  /** Something failed: a model, a test, a grain. */
  failed: 1,
  /** The command line or the project cannot be used as it is. */
  unusable: 2,
} as const;
