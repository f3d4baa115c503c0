/** How wide characters are in the fonts that the editor's user has chosen. */

import type { Measures } from './column-layout.ts';

let known: Measures | undefined;

export function measureFonts(): Measures {
  known ??= measure();
  return known;
}

function measure(): Measures {
  const style = getComputedStyle(document.body);
  const mono = style.getPropertyValue('--vscode-editor-font-family').trim() || 'monospace';
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return { data: 7.3, heading: (text) => text.length * 7.3 };
  context.font = `12px ${mono}`;
  const data = context.measureText('0123456789').width / 10;
  context.font = `600 13px ${style.fontFamily}`;
  return { data, heading: (text) => context.measureText(text).width };
}
