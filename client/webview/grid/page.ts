/** The results grid: connects the page with its host and begins. */

import './page.css';
import { connect } from '../shared/host.ts';
import { GridPage } from './grid-page.ts';

const root = document.getElementById('root') ?? document.body;
let page: GridPage | undefined;

connect((host, opening) => {
  page ??= new GridPage(root, opening.state);
  page.start(host, opening);
});
