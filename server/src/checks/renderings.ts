/** The code of resources, rendered as in a run but without a warehouse. */

import { isPromise } from '../base/maybe-promise.ts';
import { CapturedText, TemplateError } from '../jinja/index.ts';
import { compileNode, type Compiled, type Compiler } from '../project/compile.ts';
import { isMicrobatch } from '../project/microbatch.ts';
import { isEphemeral, type ManifestNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import { NoWarehouse, type OwnRelation } from './no-warehouse.ts';

export type Rendering =
  | { readonly kind: 'sql'; readonly sql: CapturedText }
  | { readonly kind: 'failed'; readonly error: TemplateError }
  /** The template asks the warehouse: what it prints, or whether it fails, depends on the answer. */
  | { readonly kind: 'unknown' };

export class Renderings {
  readonly #project: Project;
  readonly #known = new Map<string, readonly Rendering[]>();
  readonly #ephemeral: Compiler['ephemeral'];

  constructor(project: Project) {
    this.#project = project;
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
    const access = new NoWarehouse(this.#project.world, node, state);
    const rendering = this.#compile(node, access);
    return { rendering, askedForOwn: access.wasAskedForOwn };
  }

  #compile(node: ManifestNode, access: NoWarehouse): Rendering {
    const compiler: Compiler = {
      project: this.#project,
      access,
      onMessage: () => undefined,
      selected: [],
      ephemeral: this.#ephemeral,
    };
    try {
      const compiled = compileNode(compiler, node);
      if (isPromise(compiled)) throw new Error('without a warehouse there is nothing to wait for');
      // A template may catch the refusal and go on.
      if (access.wasAsked) return { kind: 'unknown' };
      const { own } = compiled;
      return { kind: 'sql', sql: typeof own === 'string' ? new CapturedText(own, []) : own };
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      // "The relation is not there" may be just what the template complains of, and a batch has a context of its own.
      if (access.wasAsked || access.wasAskedForOwn || isMicrobatch(node)) return { kind: 'unknown' };
      return { kind: 'failed', error };
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
