/** What a page and its host say to each other: a page asks the server through its host, and asks the host for what only an editor can do. */

import type { Location, Notifications, PreviewOrder, Requests } from '../../server/src/lsp/protocol.ts';

export type PageName = 'grid' | 'lineage' | 'run';

export type FromPage =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'request';
      readonly id: number;
      readonly method: keyof Requests;
      readonly params: unknown;
    }
  | { readonly kind: 'open'; readonly location: Location; readonly beside?: boolean }
  | { readonly kind: 'copy'; readonly text: string }
  | { readonly kind: 'save'; readonly name: string; readonly text: string }
  /** Shows text that is no file, such as compiled SQL. */
  | {
      readonly kind: 'show-text';
      readonly title: string;
      readonly language: 'sql' | 'json' | 'plaintext';
      readonly text: string;
    }
  /** One of the extension's own commands, such as `grainline.build`. */
  | { readonly kind: 'command'; readonly command: string; readonly argument: unknown }
  /** Kept by the host, and given back when the page is shown again. */
  | { readonly kind: 'remember'; readonly state: unknown };

export type ToPage =
  | {
      readonly kind: 'start';
      readonly page: PageName;
      readonly argument: PageArgument;
      readonly state: unknown;
    }
  | { readonly kind: 'response'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly message: string }
  | {
      readonly [Method in keyof Notifications]: {
        readonly kind: 'notification';
        readonly method: Method;
        readonly params: Notifications[Method];
      };
    }[keyof Notifications]
  /** The editor shows another resource; a lineage that is not pinned follows. */
  | { readonly kind: 'focus'; readonly folder: string; readonly uniqueId: string };

/** What a page is opened with. */
export interface PageArgument {
  readonly folder: string;
  readonly previewId?: string;
  /** What the preview was opened with: the grid opens it again to run anew or to fetch more rows. */
  readonly order?: PreviewOrder;
  readonly uniqueId?: string;
  readonly runId?: string;
}
