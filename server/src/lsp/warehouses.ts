/** The warehouse behind each project of the window: connected when it can be, read, and asked about what is typed. */

import type { Diagnostic } from '../base/diagnostic.ts';
import { emptyCatalog } from '../project/catalog.ts';
import type { ProjectHost } from './project-host.ts';
import type { WarehouseState } from './protocol.ts';
import type { EditorSettings } from './settings.ts';
import { WarehouseLink } from './warehouse-link.ts';

export interface WarehouseEvents {
  /** Its state, its catalog or its verdicts are other ones. */
  changed(host: ProjectHost): void;
  /** A bug of ours: what was being asked is given up, and the rest goes on. */
  broken(error: unknown): void;
}

export class Warehouses {
  readonly #settings: () => EditorSettings;
  readonly #events: WarehouseEvents;
  readonly #links = new Map<ProjectHost, WarehouseLink>();
  /** The target that each link was made for. */
  readonly #targets = new WeakMap<WarehouseLink, string>();

  constructor(settings: () => EditorSettings, events: WarehouseEvents) {
    this.#settings = settings;
    this.#events = events;
  }

  /** Connects to the project's target; what was connected before is closed. */
  start(host: ProjectHost): void {
    const before = this.#links.get(host);
    before?.close().catch((error: unknown) => {
      this.#events.broken(error);
    });
    const target = targetOf(host);
    // What another target holds says nothing of this one.
    if (before && this.#targets.get(before) !== target) host.setCatalog(emptyCatalog);
    const link = new WarehouseLink(
      host,
      this.#settings,
      () => {
        if (this.#links.get(host) === link) this.#events.changed(host);
      },
      (error) => {
        this.#events.broken(error);
      },
    );
    this.#links.set(host, link);
    this.#targets.set(link, target);
    link.connect();
  }

  /** Another target: the project is read for it, and its server connected; the same one is connected anew. */
  async retarget(host: ProjectHost, target: string): Promise<void> {
    const before = this.#links.get(host);
    await host.load(target);
    if (before && this.#links.get(host) === before) this.start(host);
  }

  settingsChanged(host: ProjectHost): void {
    this.#links.get(host)?.settingsChanged();
  }

  /** Whatever changed the target (profiles.yml, dbt_project.yml, the user), its server is the one to ask. */
  projectChanged(host: ProjectHost): void {
    const link = this.#links.get(host);
    if (link && this.#targets.get(link) !== targetOf(host)) this.start(host);
    else link?.projectChanged();
  }

  opened(host: ProjectHost): void {
    this.#links.get(host)?.opened();
  }

  /** Reads the catalog anew; resolves when that is done or has failed. */
  async refresh(host: ProjectHost): Promise<void> {
    await this.#links.get(host)?.refresh();
  }

  stateOf(host: ProjectHost): WarehouseState {
    return (
      this.#links.get(host)?.state ?? {
        kind: 'unknown',
        address: null,
        message: null,
        catalogReadAt: null,
      }
    );
  }

  /** What Postgres said of the resources of a file, at their places in its present text. */
  verdicts(host: ProjectHost, path: string): readonly Diagnostic[] {
    return this.#links.get(host)?.verdicts(path) ?? [];
  }

  async close(host: ProjectHost): Promise<void> {
    const link = this.#links.get(host);
    this.#links.delete(host);
    await link?.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#links.keys()].map((host) => this.close(host)));
  }
}

function targetOf({ survey }: ProjectHost): string {
  return survey?.hasTarget ? JSON.stringify(survey.settings.target) : '';
}
