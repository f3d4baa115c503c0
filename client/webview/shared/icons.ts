/** The icons that pages use, by the names that VS Code gives them: its own drawings, inlined, so that they take the text's colour and stay in exports. */

import type { TemplateResult } from 'lit-html';
import { html } from 'lit-html';
import { unsafeHTML } from 'lit-html/directives/unsafe-html.js';
import add from '@vscode/codicons/src/icons/add.svg';
import arrowDown from '@vscode/codicons/src/icons/arrow-down.svg';
import arrowUp from '@vscode/codicons/src/icons/arrow-up.svg';
import arrowSwap from '@vscode/codicons/src/icons/arrow-swap.svg';
import beaker from '@vscode/codicons/src/icons/beaker.svg';
import calendar from '@vscode/codicons/src/icons/calendar.svg';
import check from '@vscode/codicons/src/icons/check.svg';
import chevronDown from '@vscode/codicons/src/icons/chevron-down.svg';
import chevronLeft from '@vscode/codicons/src/icons/chevron-left.svg';
import chevronRight from '@vscode/codicons/src/icons/chevron-right.svg';
import chevronUp from '@vscode/codicons/src/icons/chevron-up.svg';
import circleFilled from '@vscode/codicons/src/icons/circle-filled.svg';
import circleLarge from '@vscode/codicons/src/icons/circle-large.svg';
import circleSlash from '@vscode/codicons/src/icons/circle-slash.svg';
import clearAll from '@vscode/codicons/src/icons/clear-all.svg';
import close from '@vscode/codicons/src/icons/close.svg';
import copy from '@vscode/codicons/src/icons/copy.svg';
import database from '@vscode/codicons/src/icons/database.svg';
import debugStop from '@vscode/codicons/src/icons/debug-stop.svg';
import desktopDownload from '@vscode/codicons/src/icons/desktop-download.svg';
import error from '@vscode/codicons/src/icons/error.svg';
import exportArrow from '@vscode/codicons/src/icons/export.svg';
import eye from '@vscode/codicons/src/icons/eye.svg';
import file from '@vscode/codicons/src/icons/file.svg';
import filter from '@vscode/codicons/src/icons/filter.svg';
import folder from '@vscode/codicons/src/icons/folder.svg';
import goToFile from '@vscode/codicons/src/icons/go-to-file.svg';
import graph from '@vscode/codicons/src/icons/graph.svg';
import history from '@vscode/codicons/src/icons/history.svg';
import info from '@vscode/codicons/src/icons/info.svg';
import json from '@vscode/codicons/src/icons/json.svg';
import key from '@vscode/codicons/src/icons/key.svg';
import layoutSidebarRight from '@vscode/codicons/src/icons/layout-sidebar-right.svg';
import linkExternal from '@vscode/codicons/src/icons/link-external.svg';
import listTree from '@vscode/codicons/src/icons/list-tree.svg';
import loading from '@vscode/codicons/src/icons/loading.svg';
import output from '@vscode/codicons/src/icons/output.svg';
import passFilled from '@vscode/codicons/src/icons/pass-filled.svg';
import pin from '@vscode/codicons/src/icons/pin.svg';
import pinned from '@vscode/codicons/src/icons/pinned.svg';
import play from '@vscode/codicons/src/icons/play.svg';
import references from '@vscode/codicons/src/icons/references.svg';
import refresh from '@vscode/codicons/src/icons/refresh.svg';
import remove from '@vscode/codicons/src/icons/remove.svg';
import runAll from '@vscode/codicons/src/icons/run-all.svg';
import screenFull from '@vscode/codicons/src/icons/screen-full.svg';
import search from '@vscode/codicons/src/icons/search.svg';
import symbolBoolean from '@vscode/codicons/src/icons/symbol-boolean.svg';
import symbolNumeric from '@vscode/codicons/src/icons/symbol-numeric.svg';
import symbolString from '@vscode/codicons/src/icons/symbol-string.svg';
import table from '@vscode/codicons/src/icons/table.svg';
import target from '@vscode/codicons/src/icons/target.svg';
import telescope from '@vscode/codicons/src/icons/telescope.svg';
import terminal from '@vscode/codicons/src/icons/terminal.svg';
import typeHierarchy from '@vscode/codicons/src/icons/type-hierarchy.svg';
import warning from '@vscode/codicons/src/icons/warning.svg';
import wordWrap from '@vscode/codicons/src/icons/word-wrap.svg';
import zoomIn from '@vscode/codicons/src/icons/zoom-in.svg';
import zoomOut from '@vscode/codicons/src/icons/zoom-out.svg';

const DRAWINGS = {
  add,
  'arrow-down': arrowDown,
  'arrow-up': arrowUp,
  'arrow-swap': arrowSwap,
  beaker,
  calendar,
  check,
  'chevron-down': chevronDown,
  'chevron-left': chevronLeft,
  'chevron-right': chevronRight,
  'chevron-up': chevronUp,
  'circle-filled': circleFilled,
  'circle-large': circleLarge,
  'circle-slash': circleSlash,
  'clear-all': clearAll,
  close,
  copy,
  database,
  'debug-stop': debugStop,
  'desktop-download': desktopDownload,
  error,
  export: exportArrow,
  eye,
  file,
  filter,
  folder,
  'go-to-file': goToFile,
  graph,
  history,
  info,
  json,
  key,
  'layout-sidebar-right': layoutSidebarRight,
  'link-external': linkExternal,
  'list-tree': listTree,
  loading,
  output,
  'pass-filled': passFilled,
  pin,
  pinned,
  play,
  references,
  refresh,
  remove,
  'run-all': runAll,
  'screen-full': screenFull,
  search,
  'symbol-boolean': symbolBoolean,
  'symbol-numeric': symbolNumeric,
  'symbol-string': symbolString,
  table,
  target,
  telescope,
  terminal,
  'type-hierarchy': typeHierarchy,
  warning,
  'word-wrap': wordWrap,
  'zoom-in': zoomIn,
  'zoom-out': zoomOut,
};

export type IconName = keyof typeof DRAWINGS;

/** An icon beside a text that says the same; on its own it needs a label on the control around it. */
export function icon(name: IconName): TemplateResult {
  return html`<span class="icon icon-${name}" aria-hidden="true">${unsafeHTML(DRAWINGS[name])}</span>`;
}

/** What stands inside an icon's `<svg viewBox="0 0 16 16">`, for drawings that put icons into their own. */
export function iconPaths(name: IconName): string {
  const svg = DRAWINGS[name];
  return svg.slice(svg.indexOf('>') + 1, svg.lastIndexOf('</svg>'));
}
