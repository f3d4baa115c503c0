/** The one sentence that ends a submission before a job started. */

/** Why no job can run here; its message is one line that says what to do. */
export class SparkUnavailable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SparkUnavailable';
  }
}
