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
  if (!context) return { data: 7.3, heading: 7.3 };
  const sample = 'customer_order_id_0123456789';
  const width = (font: string): number => {
    context.font = font;
    return context.measureText(sample).width / sample.length;
  };
  return { data: width(`12px ${mono}`), heading: width(`600 13px ${style.fontFamily}`) };
}
