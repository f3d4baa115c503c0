/** The language server as a process of its own: over stdio, or over IPC when an editor forks it. */

export {};
