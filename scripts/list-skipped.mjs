/** A reporter for node:test that writes one line for each skipped test, with its reason. */

export default async function* listSkipped(events) {
  for await (const { type, data } of events) {
    if ((type !== 'test:pass' && type !== 'test:fail') || data.skip === undefined) continue;
    const reason = typeof data.skip === 'string' && data.skip !== '' ? `: ${data.skip}` : '';
    yield `  ${data.file ?? ''} › ${data.name}${reason}\n`;
  }
}
