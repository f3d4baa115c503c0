/** What the user sets in the editor, under `grainline`. */

export interface EditorSettings {
  /** The target of profiles.yml; empty takes the profile's own. */
  readonly target: string;
  /** Whether Postgres is asked while typing. */
  readonly describe: boolean;
  /** Whether CTEs and joins show what their rows are one row for. */
  readonly grainHints: boolean;
  /** Rows that a preview fetches at first. */
  readonly previewLimit: number;
}

export const defaultSettings: EditorSettings = {
  target: '',
  describe: true,
  grainHints: true,
  previewLimit: 1000,
};

/** Whatever a client sends; what is missing or of another type has its default. */
export function readSettings(sent: unknown): EditorSettings {
  const given = typeof sent === 'object' && sent !== null ? (sent as Record<string, unknown>) : {};
  const { target, describe, grainHints, previewLimit } = given;
  return {
    target: typeof target === 'string' ? target : defaultSettings.target,
    describe: typeof describe === 'boolean' ? describe : defaultSettings.describe,
    grainHints: typeof grainHints === 'boolean' ? grainHints : defaultSettings.grainHints,
    previewLimit:
      typeof previewLimit === 'number' && previewLimit > 0
        ? Math.floor(previewLimit)
        : defaultSettings.previewLimit,
  };
}
