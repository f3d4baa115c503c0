/** The lineage page: shows what the host opens it with. */

import './page.css';
import { connect } from '../shared/host.ts';
import { LineagePage } from './lineage-page.ts';

let page: LineagePage | undefined;

connect((host, opening) => {
  page?.close();
  page = new LineagePage(host, opening);
});
