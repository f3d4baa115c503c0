/** The part of the `pg` driver that the adapter stands on: messages of the wire protocol, handed to one exchange at a time. */

import type { Duplex } from 'node:stream';

import type { Client } from 'pg';

/** What the driver's connection lets an exchange send. */
export interface Wire {
  readonly stream: Duplex;
  query(text: string): void;
  parse(message: { readonly text: string; readonly name: string }): void;
  bind(message: { readonly portal?: string; readonly values: readonly (string | null)[] }): void;
  /** `P` describes a portal, `S` a statement. */
  describe(message: { readonly type: 'P' | 'S'; readonly name: string }): void;
  execute(message: { readonly portal?: string; readonly rows: number }): void;
  sync(): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
  /** Messages that the driver does not hand to an exchange. */
  on: WireListening;
  off: WireListening;
}

interface WireListening {
  (event: 'noData', listener: () => void): void;
  (event: 'parameterDescription', listener: (message: WireParameters) => void): void;
}

export interface WireParameters {
  readonly dataTypeIDs: readonly number[];
}

export interface WireField {
  readonly name: string;
  readonly dataTypeID: number;
  readonly dataTypeModifier: number;
}

/** An object the driver accepts in place of a query: it is told every message until the server is ready again. */
export interface Submittable {
  submit(wire: Wire): void;
  handleRowDescription(message: { readonly fields: readonly WireField[] }): void;
  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void;
  handleCommandComplete(message: { readonly text: string }): void;
  handleEmptyQuery(): void;
  handlePortalSuspended(): void;
  handleCopyInResponse(wire: Wire): void;
  handleCopyData(): void;
  handleError(error: Error): void;
  handleReadyForQuery(): void;
}

/** An ErrorResponse or NoticeResponse as the driver parses it; absent fields are undefined. */
export interface ServerMessage extends Error {
  readonly severity?: string;
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
  /** One-based, counted in code points. */
  readonly position?: string;
  readonly where?: string;
}

/** The driver's client with the two fields a CancelRequest needs, which its published types leave out. */
export type DriverClient = Client & {
  readonly processID: number;
  readonly secretKey: number;
  readonly connection: {
    on(event: 'readyForQuery', listener: (message: { readonly status: 'I' | 'T' | 'E' }) => void): void;
  };
};

/** Loads the driver on first use: commands that never reach a server start without it. */
export async function loadDriver(): Promise<{ readonly Client: typeof Client }> {
  const driver = await import('pg');
  return driver.default;
}

/** Hands an exchange to the driver, whose types know only `submit`. */
export function submit(client: DriverClient, exchange: Submittable): void {
  (client.query as unknown as (this: DriverClient, exchange: Submittable) => void).call(client, exchange);
}
