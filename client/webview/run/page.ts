/** The run page: shows what the host opens it with. */

import './page.css';
import { connect } from '../shared/host.ts';
import { RunPage } from './run-page.ts';

let page: RunPage | undefined;

connect((host, opening) => {
  page?.close();
  page = new RunPage(host, opening);
});
