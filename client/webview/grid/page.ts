/** The grid page. */
export {};
