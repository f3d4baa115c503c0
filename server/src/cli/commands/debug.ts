/** `debug`: says what was found and whether the warehouse answers. */

import { FailureError } from '../../base/failure.ts';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../exit-codes.ts';
import { connectionSettings, locate } from '../open-project.ts';
import type { Output } from '../output.ts';
import { VERSION } from '../version.ts';

export async function debugCommand(args: Arguments, output: Output): Promise<number> {
  const { folder, settings } = locate(args);
  const { target } = settings;
  output.log(`grainline version: ${VERSION}`);
  output.log(`node version: ${process.version}`);
  output.log(`project: ${folder}`);
  output.log(`profile: ${target.profileName}, target: ${target.name} (${target.kind})`);
  try {
    const connection = await connectionSettings(folder, target, (line) => {
      output.progress(line);
    });
    output.log(
      `connection: ${connection.user}@${connection.host}:${String(connection.port)}/${connection.database}, schema ${target.schema}`,
    );
    const { postgresWarehouse } = await import('../../warehouse/postgres/warehouse.ts');
    const session = await postgresWarehouse(connection).open('grainline');
    const { rows } = await session.query('select version()');
    await session.close();
    output.log(`server: ${rows[0]?.[0] ?? ''}`);
    output.log(output.paint('green', 'All checks passed!'));
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    output.error(output.paint('red', `Connection test failed: ${error.message}`));
    return EXIT.failed;
  }
}
