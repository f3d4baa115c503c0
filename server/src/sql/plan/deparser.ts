/** Postgres's tree back to text: loaded once, when something is first to be refuted. */

import type { Node } from 'libpg-query';

/** Throws an Error for a tree that it does not know. */
export type NodePrinter = (node: Node) => string;

let loading: Promise<NodePrinter> | undefined;

export function loadNodePrinter(): Promise<NodePrinter> {
  loading ??= load();
  return loading;
}

async function load(): Promise<NodePrinter> {
  const { Deparser } = await import('pgsql-deparser');
  return (node) => Deparser.deparse(node, { pretty: false });
}
