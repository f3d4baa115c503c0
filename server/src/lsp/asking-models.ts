/** Which models ask the warehouse while they are rendered, and which of their statements somebody waits for. */

import type { Answer, Answers } from '../project/answers.ts';
import { ancestors } from '../project/graph.ts';
import type { Project } from '../project/project.ts';
import type { ProjectHost } from './project-host.ts';

/** Of statements that nobody asks any more, so many answers are kept: what was typed away may come back. */
const KEPT_ANSWERS = 20;

export class AskingModels {
  readonly #host: ProjectHost;
  /** The statements of each, by unique id. */
  readonly #asks = new Map<string, readonly string[]>();

  constructor(host: ProjectHost) {
    this.#host = host;
  }

  note(uniqueId: string, asks: readonly string[]): void {
    if (asks.length > 0) this.#asks.set(uniqueId, asks);
    else this.#asks.delete(uniqueId);
  }

  forgetMissing({ manifest }: Project): void {
    for (const id of this.#asks.keys()) if (!manifest.nodes.has(id)) this.#asks.delete(id);
  }

  /**
   * Of what is open and of what that reads; the rest of a large project would put a thousand queries to a warehouse that nobody waits for.
   * An answer from before the catalog was read last serves until it is renewed.
   */
  unanswered(): ReadonlySet<string> {
    const { project, catalog } = this.#host;
    const found = new Set<string>();
    if (!project || this.#asks.size === 0) return found;
    const open = [...project.origins].flatMap(([id, { raw }]) =>
      raw && this.#host.isOpen(raw.file.path) ? [id] : [],
    );
    for (const id of new Set([...open, ...ancestors(project.graph, open)]))
      for (const sql of this.#asks.get(id) ?? []) {
        const answer = catalog.answers.get(sql);
        if (!answer || answer.answeredAt < (catalog.readAt ?? 0)) found.add(sql);
      }
    return found;
  }

  /** Keeps an answer; returns the models that are rendered otherwise by it. */
  learn(sql: string, answer: Answer): readonly string[] {
    const { catalog } = this.#host;
    const before = catalog.answers.get(sql);
    const answers = new Map(catalog.answers);
    // The newest stands last.
    answers.delete(sql);
    answers.set(sql, answer);
    this.#host.setCatalog({ ...catalog, answers: this.#bounded(answers) });
    if (before && saidBy(before) === saidBy(answer)) return [];
    return [...this.#asks].filter(([, asks]) => asks.includes(sql)).map(([id]) => id);
  }

  #bounded(answers: Answers): Answers {
    const asked = new Set([...this.#asks.values()].flat());
    const idle = [...answers.keys()].filter((sql) => !asked.has(sql));
    const dropped = new Set(idle.slice(0, Math.max(0, idle.length - KEPT_ANSWERS)));
    return new Map([...answers].filter(([sql]) => !dropped.has(sql)));
  }
}

function saidBy(answer: Answer): string {
  return JSON.stringify({ ...answer, answeredAt: 0 });
}
