/** Copying what is selected and saving all that matches, in each form. The host writes the text: the page holds only some of the rows. */

import type { ExportQuery } from '../../../server/src/lsp/protocol.ts';
import type { Host } from '../shared/host.ts';
import type { MenuGroups } from '../shared/menu.ts';
import type { ShownResult } from './grid-model.ts';
import { rangeOf, rectangleOf } from './selection.ts';
import { fileName, plural } from './wording.ts';

type Announce = (text: string) => void;

export function copyCells(
  host: Host,
  result: ShownResult,
  form: Exclude<ExportQuery['form'], 'cell'>,
  announce: Announce,
): void {
  const cells = rangeOf(result.selection);
  if (!cells) {
    const { left, right } = rectangleOf(result.selection);
    host.copy(
      result.state.columns
        .slice(left, right + 1)
        .map(({ name }) => name)
        .join('\t'),
    );
    announce('Copied the column name');
    return;
  }
  const size = (cells.toRow - cells.fromRow + 1) * cells.columns.length;
  host
    .request('grainline/previewExport', {
      ...result.pages.arrangement,
      previewId: result.state.previewId,
      cells,
      // One cell by itself is copied as it is, without the quotes of a table.
      form: form === 'tsv' && size === 1 ? 'cell' : form,
    })
    .then(
      ({ text }) => {
        host.copy(text);
        announce(`Copied ${plural(size, 'cell')}`);
      },
      (error: unknown) => {
        announce(error instanceof Error ? error.message : String(error));
      },
    );
}

export function copyGroups(host: Host, result: ShownResult, announce: Announce): MenuGroups {
  const item = (label: string, form: Exclude<ExportQuery['form'], 'cell'>, hint?: string) => ({
    label,
    ...(hint !== undefined && { hint }),
    choose: () => {
      copyCells(host, result, form, announce);
    },
  });
  return [
    [item('Copy', 'tsv', 'Ctrl+C'), item('Copy with headers', 'tsv-with-headers')],
    [
      item('Copy as CSV', 'csv'),
      item('Copy as Markdown', 'markdown'),
      item('Copy as JSON', 'json'),
      item('Copy as SQL VALUES', 'sql-values'),
    ],
  ];
}

export function exportGroups(host: Host, result: ShownResult, announce: Announce): MenuGroups {
  const item = (label: string, form: Exclude<ExportQuery['form'], 'cell'>, ending: string) => ({
    label,
    choose: () => {
      save(host, result, form, ending, announce);
    },
  });
  return [
    [
      item('Save as CSV…', 'csv', 'csv'),
      item('Save as TSV…', 'tsv-with-headers', 'tsv'),
      item('Save as JSON…', 'json', 'json'),
      item('Save as Markdown…', 'markdown', 'md'),
      item('Save as SQL VALUES…', 'sql-values', 'sql'),
    ],
  ];
}

function save(
  host: Host,
  result: ShownResult,
  form: ExportQuery['form'],
  ending: string,
  announce: Announce,
): void {
  host
    .request('grainline/previewExport', {
      ...result.pages.arrangement,
      previewId: result.state.previewId,
      form,
    })
    .then(
      ({ text }) => {
        host.save(fileName(result.state.title, ending), text);
      },
      (error: unknown) => {
        announce(error instanceof Error ? error.message : String(error));
      },
    );
}
