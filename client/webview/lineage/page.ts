/** The lineage page. */
export {};
