/** The run page. */
export {};
