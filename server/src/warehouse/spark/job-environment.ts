/** What a job is told about its warehouse: environment variables only, since command lines are public on a machine. */

import type { ConnectionSettings } from '../port.ts';

/** The variables that jobs in `pyspark/` read; docs/spark.md lists them. */
export function jobEnvironment(connection: ConnectionSettings, schema: string): NodeJS.ProcessEnv {
  return {
    GRAINLINE_HOST: connection.host,
    GRAINLINE_PORT: String(connection.port),
    GRAINLINE_USER: connection.user,
    GRAINLINE_PASSWORD: connection.password,
    GRAINLINE_DATABASE: connection.database,
    GRAINLINE_SCHEMA: schema,
    ...(connection.sslmode === undefined ? {} : { GRAINLINE_SSLMODE: connection.sslmode }),
  };
}
