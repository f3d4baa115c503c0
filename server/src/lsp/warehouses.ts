/** The warehouse behind each project of the window: connected when it can be, read, and asked about what is typed. */

import type { Diagnostic } from '../base/diagnostic.ts';
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

  constructor(settings: () => EditorSettings, events: WarehouseEvents) {
    this.#settings = settings;
    this.#events = events;
  }

  /** Connects to the project's target; what was connected before is closed. */
  start(host: ProjectHost): void {
    void this.#links.get(host)?.close();
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
    link.connect();
  }

  /** Another target: the project is read for it, and its server connected. */
  async retarget(host: ProjectHost, target: string): Promise<void> {
    await host.load(target);
    this.start(host);
  }

  settingsChanged(host: ProjectHost): void {
    this.#links.get(host)?.settingsChanged();
  }

  projectChanged(host: ProjectHost): void {
    this.#links.get(host)?.projectChanged();
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
