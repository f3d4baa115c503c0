/**
 * What the server understands beyond the Language Server Protocol: types only, shared by the extension, its pages and other editors' plugins.
 * Every request names the project by its folder. A request never waits for a run or for the database, except those that say so.
 */

import type { Arrangement, CellRange, CellSummary, ExportForm, Page } from '../preview/arrangement.ts';
import type {
  LineageGraph,
  LineageNode as GraphNode,
  LineageQuery as GraphQuery,
} from '../ide/lineage/lineage-graph.ts';
import type { How } from '../sql/lineage/how.ts';

/** A document or folder, as the client spells it. */
export type Uri = string;

/** Zero-based line and UTF-16 character, as in the protocol. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface Location {
  readonly uri: Uri;
  readonly range: Range;
}

/** Client to server: parameters and result. */
export interface Requests {
  'grainline/projects': { params: null; result: readonly ProjectState[] };
  'grainline/setTarget': { params: { folder: Uri; target: string }; result: null };
  /** Reads the catalog anew; waits for the warehouse. */
  'grainline/refreshCatalog': { params: { folder: Uri }; result: ProjectState };
  /** The resource that a document is, or that stands at a position of a property file. */
  'grainline/resourceAt': { params: { uri: Uri; position?: Position }; result: Resource | null };
  /** The text of a built-in macro's file, which definitions lead to and no folder has: of URIs with the scheme `grainline-library`. */
  'grainline/libraryText': { params: { uri: Uri }; result: string | null };
  'grainline/compiled': { params: { uri: Uri }; result: CompiledSql | null };
  'grainline/lineage': { params: LineageQuery; result: LineageView };
  /** Where a column of a card comes from and where it goes. */
  'grainline/columnLineage': { params: ColumnLineageQuery; result: ColumnLineageView };
  'grainline/tests': { params: { folder: Uri }; result: readonly TestFile[] };
  /** Starts a run and answers at once; what happens comes as `grainline/run` notifications. Refused while another run of the project goes on. */
  'grainline/startRun': { params: RunOrder; result: { readonly runId: string } };
  /** Starts one of the commands of the terminal as a process; its lines come as `grainline/run` notifications. */
  'grainline/startTask': { params: TaskOrder; result: { readonly runId: string } };
  /** Stops a run or task, on the server too; answers once that was asked. */
  'grainline/cancelRun': { params: { runId: string }; result: null };
  /** The runs of this session and the last one found in target/, newest first. */
  'grainline/runs': { params: { folder: Uri }; result: readonly RunView[] };
  'grainline/batches': { params: { folder: Uri }; result: readonly BatchState[] };
  /** Asks the warehouse whether declared grains hold; waits for it. Without ids: all. */
  'grainline/validateGrain': {
    params: { folder: Uri; uniqueIds?: readonly string[] };
    result: readonly GrainVerdict[];
  };
  /** Starts to fetch rows and answers at once; progress comes as `grainline/preview` notifications. */
  'grainline/openPreview': { params: PreviewOrder; result: PreviewState };
  'grainline/previewPage': { params: PageQuery; result: PreviewPage };
  'grainline/previewSummary': { params: SummaryQuery; result: CellSummary };
  /** The text of a range of the sorted and filtered rows, for the clipboard or a file. */
  'grainline/previewExport': { params: ExportQuery; result: { readonly text: string } };
  /** Stops what is still being fetched; the rows that came stay. */
  'grainline/cancelPreview': { params: { previewId: string }; result: PreviewState };
  'grainline/closePreview': { params: { previewId: string }; result: null };
}

/** Server to client. */
export interface Notifications {
  'grainline/project': ProjectState;
  'grainline/run': RunNews;
  'grainline/preview': PreviewState;
  /** The list of tests or their last results are not what they were. */
  'grainline/testsChanged': { readonly folder: Uri };
  /** Compiled SQL, lineage and what else was derived from the project may have changed. */
  'grainline/projectChanged': { readonly folder: Uri; readonly version: number };
}

export type Notify = <Method extends keyof Notifications>(
  method: Method,
  params: Notifications[Method],
) => void;

export interface ProjectState {
  readonly folder: Uri;
  /** As dbt_project.yml names it; the folder's name while that cannot be read. */
  readonly name: string;
  readonly target: string | null;
  readonly targets: readonly string[];
  readonly phase: 'loading' | 'ready' | 'broken';
  /** What keeps the project from being read, with what to do. */
  readonly problem: { readonly message: string; readonly location?: Location } | null;
  readonly warehouse: WarehouseState;
  /** The run or task that goes on. */
  readonly running: { readonly runId: string; readonly title: string } | null;
  readonly counts: { readonly models: number; readonly sources: number; readonly tests: number };
}

export interface WarehouseState {
  readonly kind: 'unknown' | 'connecting' | 'connected' | 'away' | 'off';
  /** Such as `postgres@127.0.0.1:20123/warehouse`; never a password. */
  readonly address: string | null;
  /** Why it is away or off, with what to do. */
  readonly message: string | null;
  /** The task without which it stays off: there is no embedded server on this machine yet. */
  readonly remedy?: 'fetch-embedded';
  /** When the catalog in use was read, in milliseconds since the epoch. */
  readonly catalogReadAt: number | null;
}

export type ResourceType =
  | 'model'
  | 'source'
  | 'seed'
  | 'snapshot'
  | 'test'
  | 'unit_test'
  | 'analysis'
  | 'exposure'
  | 'metric'
  | 'semantic_model'
  | 'saved_query';

export interface Resource {
  readonly folder: Uri;
  readonly uniqueId: string;
  readonly name: string;
  readonly type: ResourceType;
  readonly location: Location | null;
}

export interface CompiledSql {
  readonly name: string;
  readonly sql: string;
  /** Set when the template cannot be rendered: `sql` is then the last that could, or empty. */
  readonly problem: string | null;
  /** When the warehouse gave the oldest of the answers that the template was rendered with, in milliseconds since the epoch; null when it asked nothing. */
  readonly answeredAt: number | null;
  /** Pieces of `sql` and where in the template they come from, in the order of `sql`; for following the cursor both ways. */
  readonly pieces: readonly CompiledPiece[];
}

export interface CompiledPiece {
  readonly compiled: Range;
  readonly template: Range;
  /** `literal`: the text stands in the template as it is; `expression`: a template expression printed it. */
  readonly kind: 'literal' | 'expression';
}

export type NodeStatus =
  'success' | 'error' | 'skipped' | 'partial success' | 'pass' | 'fail' | 'warn' | 'runtime error' | 'no-op';

// Lineage ---------------------------------------------------------------------------------------------------------

export interface LineageQuery extends GraphQuery {
  readonly folder: Uri;
}

/** The graph with a document for each place. */
export interface LineageView extends Omit<LineageGraph, 'nodes'> {
  readonly nodes: readonly LineageNode[];
}

export interface LineageNode extends Omit<GraphNode, 'place'> {
  readonly location: Location | null;
}

export interface ColumnLineageQuery {
  readonly folder: Uri;
  readonly uniqueId: string;
  readonly column: string;
}

export interface ColumnLineageView {
  /** Upwards, then downwards, nearest first. */
  readonly edges: readonly ColumnLineageEdge[];
  readonly unknown: readonly { readonly uniqueId: string; readonly name: string; readonly reason: string }[];
}

export interface ColumnLineageEdge {
  readonly from: ColumnLineageEnd;
  readonly to: ColumnLineageEnd;
  readonly how: How;
  /** Whether it gives the value, or only decides about rows. */
  readonly gives: 'value' | 'rows';
  /** The expressions on the way, nearest to the result first; empty where nothing is computed. */
  readonly expressions: readonly string[];
}

/** `column` is null for the rows as such. */
export interface ColumnLineageEnd {
  readonly uniqueId: string;
  readonly name: string;
  readonly column: string | null;
}

export type { How } from '../sql/lineage/how.ts';
export type { Layer, LineageEdge, LineageGroup, LineageLane } from '../ide/lineage/lineage-graph.ts';

// Tests -----------------------------------------------------------------------------------------------------------

/** The tests written in one file. */
export interface TestFile {
  readonly uri: Uri;
  /** Below the project's folder. */
  readonly path: string;
  readonly tests: readonly TestEntry[];
}

export interface TestEntry {
  readonly uniqueId: string;
  /** As a person would say it: `unique order_id`. */
  readonly label: string;
  readonly kind: 'generic' | 'singular' | 'unit';
  /** The model or source it tests, where it tests one. */
  readonly of: { readonly uniqueId: string; readonly name: string } | null;
  readonly range: Range;
  readonly last: TestOutcome | null;
}

export interface TestOutcome {
  readonly status: NodeStatus;
  readonly message: string | null;
  /** Rows that the test found; null where it does not count. */
  readonly failures: number | null;
  /** Seconds. */
  readonly time: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Of a unit test that failed: the rows as expected and as they came. */
  readonly difference: UnitTestDifference | null;
}

export interface UnitTestDifference {
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly kind: 'same' | 'expected' | 'actual';
    readonly cells: readonly (string | null)[];
  }[];
}

// Runs ------------------------------------------------------------------------------------------------------------

export interface RunOrder {
  readonly folder: Uri;
  readonly command: 'run' | 'test' | 'build' | 'seed' | 'snapshot' | 'compile';
  /** dbt's selection syntax, such as `+fct_orders`; empty selects everything. */
  readonly select: readonly string[];
  readonly exclude?: readonly string[];
  readonly fullRefresh?: boolean;
}

export interface TaskOrder {
  readonly folder: Uri;
  readonly task: 'init' | 'reset' | 'load-initial' | 'ingest' | 'fetch-embedded';
  /** Of ingest: `table/batch`; absent for all. */
  readonly batch?: string;
}

export interface BatchState {
  /** Such as `events/batch_001`. */
  readonly name: string;
}

/** Everything the run view shows of one run; `RunNews` says what changed of it. */
export interface RunView {
  readonly runId: string;
  readonly folder: Uri;
  /** As one would type it: `grainline build --select +fct_orders`. */
  readonly title: string;
  readonly kind: 'run' | 'task';
  /** What it was started with, to start it again; absent of runs that another program made. */
  readonly order?: RunOrder | TaskOrder;
  readonly state: 'running' | 'cancelling' | 'done' | 'failed' | 'cancelled';
  readonly target: string | null;
  readonly threads: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly nodes: readonly RunNode[];
  readonly log: readonly LogLine[];
}

export interface RunNode {
  readonly uniqueId: string;
  readonly name: string;
  readonly type: ResourceType | 'operation';
  readonly materialized: string | null;
  readonly status: NodeStatus | 'queued' | 'running';
  readonly location: Location | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Rows written, or found by a test. */
  readonly rows: number | null;
  readonly message: string | null;
  /** Where an error stands in the user's file; innermost first are the macros that led to it. */
  readonly error: { readonly location: Location; readonly related: readonly Location[] } | null;
  readonly compiledSql: string | null;
  readonly difference: UnitTestDifference | null;
}

export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly level: 'debug' | 'info' | 'warning' | 'error';
  readonly text: string;
}

/** A change of a run: the fields that changed, the nodes that changed, the lines that came. */
export interface RunNews {
  readonly runId: string;
  readonly folder: Uri;
  /** Everything, when the run begins. */
  readonly begun?: RunView;
  readonly state?: RunView['state'];
  readonly endedAt?: number;
  readonly nodes?: readonly RunNode[];
  readonly log?: readonly LogLine[];
}

// Grain -----------------------------------------------------------------------------------------------------------

export interface GrainVerdict {
  readonly uniqueId: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly verdict: 'holds' | 'refuted' | 'unknown';
  /** Where the grain is declared. */
  readonly location: Location | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly reason: string | null;
  readonly figures: {
    readonly rows: number;
    readonly distinctKeys: number;
    readonly nullKeys: number;
    readonly worst: readonly { readonly key: readonly (string | null)[]; readonly count: number }[];
  } | null;
}

// Previews --------------------------------------------------------------------------------------------------------

/** What to show the rows of. `text`: the document's present text, or a selection in it; `failures`: the rows that a test finds. */
export type PreviewOrder = {
  readonly folder: Uri;
  /** Rows to fetch at most. */
  readonly limit: number;
} & (
  | { readonly of: 'text'; readonly uri: Uri; readonly selection?: Range }
  | { readonly of: 'resource'; readonly uniqueId: string }
  | { readonly of: 'failures'; readonly uniqueId: string }
);

export interface PreviewState {
  readonly previewId: string;
  readonly folder: Uri;
  readonly title: string;
  readonly phase: 'fetching' | 'done' | 'stopped' | 'failed';
  readonly columns: readonly PreviewColumn[];
  /** Fetched so far. */
  readonly rows: number;
  /** Whether the query has rows beyond the limit. */
  readonly hasMore: boolean;
  readonly limit: number;
  /** Milliseconds since the query was sent; up to its end when it is done. */
  readonly elapsed: number;
  readonly connection: string;
  readonly sql: string;
  readonly problem: { readonly message: string; readonly location?: Location } | null;
}

export interface PreviewColumn {
  readonly name: string;
  /** As `format_type` spells it. */
  readonly type: string;
  readonly isNumeric: boolean;
  readonly isKey: boolean;
  /** Of the rows fetched so far. */
  readonly nulls: number;
}

export type { Arrangement, CellRange, CellSummary, Filter, Sort } from '../preview/arrangement.ts';

export interface PageQuery extends Arrangement {
  readonly previewId: string;
  readonly offset: number;
  readonly count: number;
}

/** Cells longer than 256 characters are cut, and their columns listed. */
export type PreviewPage = Page;

export interface SummaryQuery extends Arrangement {
  readonly previewId: string;
  readonly cells: CellRange;
}

export interface ExportQuery extends Arrangement {
  readonly previewId: string;
  /** Absent for all. */
  readonly cells?: CellRange;
  readonly form: ExportForm;
}
