/** What has a life, and how it ends. The editor's own class of this name is for what the editor makes. */

export interface Disposable {
  dispose(): void;
}

/** Ends them together. */
export function together(parts: readonly Disposable[], end?: () => void): Disposable {
  return {
    dispose() {
      for (const part of parts) part.dispose();
      end?.();
    },
  };
}
