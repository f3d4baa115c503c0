/** Text that must fit: SVG does not shorten it by itself. */

const fonts = new Map<string, string>();
const fitted = new Map<string, string>();
let measure: CanvasRenderingContext2D | null | undefined;

export type TextRole = 'name' | 'meta' | 'data';

const FONTS: Readonly<Record<TextRole, readonly [style: string, family: string]>> = {
  name: ['600 13px', '--ui'],
  meta: ['400 11px', '--ui'],
  data: ['400 12px', '--mono'],
};

export function textWidth(text: string, role: TextRole): number {
  measure ??= document.createElement('canvas').getContext('2d');
  if (!measure) return text.length * 7;
  measure.font = fontOf(role);
  return measure.measureText(text).width;
}

/** The text, or as much of it as fits with three dots after it. */
export function fit(text: string, width: number, role: TextRole): string {
  const key = `${role} ${Math.round(width)} ${text}`;
  let known = fitted.get(key);
  if (known === undefined) fitted.set(key, (known = shorten(text, width, role)));
  return known;
}

function shorten(text: string, width: number, role: TextRole): string {
  if (textWidth(text, role) <= width) return text;
  let least = 0;
  let most = text.length;
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (textWidth(`${text.slice(0, middle)}…`, role) <= width) least = middle;
    else most = middle - 1;
  }
  return `${text.slice(0, least)}…`;
}

/** The fonts are those of the theme; when they change, what was measured is forgotten. */
function fontOf(role: TextRole): string {
  let font = fonts.get(role);
  if (font === undefined) {
    const [style, family] = FONTS[role];
    font = `${style} ${getComputedStyle(document.documentElement).getPropertyValue(family) || 'sans-serif'}`;
    fonts.set(role, font);
  }
  return font;
}
