/** The code of resources, rendered as in a run, with what is known of the warehouse and without waiting for it. */

import { isPromise } from '../base/maybe-promise.ts';
import { CapturedText, TemplateError } from '../jinja/index.ts';
import type { TemplateQuestion } from '../project/answers.ts';
import { emptyCatalog, type Catalog } from '../project/catalog.ts';
import { compileNode, type Compiled, type Compiler } from '../project/compile.ts';
import { isMicrobatch } from '../project/microbatch.ts';
import { isEphemeral, type ManifestNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import { KnownAnswers, type OwnRelation } from './known-answers.ts';

export type Rendering =
  | {
      readonly kind: 'sql';
      readonly sql: CapturedText;
      /** What was asked and answered; the SQL holds for these answers. */
      readonly questions: readonly TemplateQuestion[];
    }
  | { readonly kind: 'failed'; readonly error: TemplateError }
  /** What the template prints, or whether it fails, depends on what nobody knows yet. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly questions: readonly TemplateQuestion[] };

export function questionsOf(rendering: Rendering): readonly TemplateQuestion[] {
  return rendering.kind === 'failed' ? [] : rendering.questions;
}

export class Renderings {
  readonly #project: Project;
  readonly #catalog: Catalog;
  readonly #known = new Map<string, readonly Rendering[]>();
  readonly #ephemeral: Compiler['ephemeral'];

  constructor(project: Project, catalog: Catalog = emptyCatalog) {
    this.#project = project;
    this.#catalog = catalog;
    this.#ephemeral = standIns(project);
  }

  /** None for seeds and Python; else one, and a second as on an incremental run where the template asks whether its relation exists. */
  of(node: ManifestNode): readonly Rendering[] {
    if (node.resource_type === 'seed' || node.language !== 'sql') return [];
    let known = this.#known.get(node.unique_id);
    if (!known) this.#known.set(node.unique_id, (known = this.#render(node)));
    return known;
  }

  #render(node: ManifestNode): readonly Rendering[] {
    const first = this.#attempt(node, 'absent');
    if (!first.askedForOwn) return [first.rendering];
    return [first.rendering, this.#attempt(node, 'present').rendering];
  }

  #attempt(
    node: ManifestNode,
    state: OwnRelation,
  ): { readonly rendering: Rendering; readonly askedForOwn: boolean } {
    const access = new KnownAnswers(this.#project, this.#catalog, node, state);
    const rendering = this.#compile(node, access);
    return { rendering, askedForOwn: access.wasAskedForOwn };
  }

  #compile(node: ManifestNode, access: KnownAnswers): Rendering {
    const compiler: Compiler = {
      project: this.#project,
      access,
      onMessage: () => undefined,
      selected: [],
      ephemeral: this.#ephemeral,
    };
    const { questions } = access;
    try {
      const compiled = compileNode(compiler, node);
      if (isPromise(compiled)) throw new Error('an editor waits for no warehouse');
      // A template may catch a refusal and go on.
      if (access.unknown !== undefined) return { kind: 'unknown', reason: access.unknown, questions };
      const { own } = compiled;
      return { kind: 'sql', sql: typeof own === 'string' ? new CapturedText(own, []) : own, questions };
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      // A run may find another warehouse: what is not there yet, or other rows. And a batch has a context of its own.
      if (questions.length === 0 && !access.wasAskedForOwn && !isMicrobatch(node) && !access.unknown)
        return { kind: 'failed', error };
      const reason = access.unknown ?? `its template fails with what is known now: ${error.message}`;
      return { kind: 'unknown', reason, questions };
    }
  }
}

/** An ephemeral model's faults are its own; to the models that read it, it is a CTE like any other. */
function standIns(project: Project): Compiler['ephemeral'] {
  const own = new CapturedText('select 1', []);
  const found = new Map<string, Compiled>();
  for (const node of project.manifest.nodes.values()) {
    if (isEphemeral(node)) found.set(node.unique_id, { node, code: own, own, ctes: [] });
  }
  return found;
}
