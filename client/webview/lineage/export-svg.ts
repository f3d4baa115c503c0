/** The drawing as a file that needs nothing else: every colour, width and font of the theme written into it. */

import { render, svg } from 'lit-html';
import { drawing, type Picture } from './drawing.ts';

/** What a style sheet says that a drawing must say itself. */
const LINE = ['stroke-width', 'stroke-dasharray'] as const;
const FONT = ['font-family', 'font-size', 'font-weight', 'text-anchor'] as const;
/** What only a keyboard or a pointer needs. */
const LEFT_OUT = '.place, .hit';
const SHAPES = 'rect, path, circle, text';

/** The whole of it at scale 1, drawn once where nobody sees it, so that the theme's styles are known. */
export function exportedDrawing(picture: Picture, root: HTMLElement): string {
  const { width, height } = picture.view;
  const holder = document.createElement('div');
  holder.className = 'export';
  root.append(holder);
  const whole = { ...picture, camera: { x: 0, y: 0, scale: 1 }, stage: { width, height } };
  render(svg`<svg class="graph" width=${width} height=${height}>${drawing(whole)}</svg>`, holder);
  const drawn = holder.querySelector('svg');
  const text = drawn
    ? selfContained(drawn, width, height, getComputedStyle(document.body).backgroundColor)
    : '';
  holder.remove();
  return text;
}

function selfContained(drawn: SVGSVGElement, width: number, height: number, background: string): string {
  const copy = drawn.cloneNode(true) as SVGSVGElement;
  const originals = [...drawn.querySelectorAll('*')];
  const copies = [...copy.querySelectorAll('*')];
  originals.forEach((original, index) => {
    const target = copies[index];
    if (target) inline(original, target);
  });
  removeComments(copy);
  const page = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  page.setAttribute('width', String(width));
  page.setAttribute('height', String(height));
  page.setAttribute('fill', plainColour(background).colour);
  copy.prepend(page);
  copy.removeAttribute('class');
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  copy.setAttribute('viewBox', `0 0 ${width} ${height}`);
  return `${new XMLSerializer().serializeToString(copy)}\n`;
}

function inline(original: Element, target: Element): void {
  for (const name of ['class', 'role', 'id', 'aria-label', 'aria-selected', 'data-id', 'data-part'])
    target.removeAttribute(name);
  const style = getComputedStyle(original);
  if (style.display === 'none' || original.matches(LEFT_OUT)) {
    target.remove();
    return;
  }
  if (style.opacity !== '1') target.setAttribute('opacity', style.opacity);
  if (!original.matches(SHAPES)) return;
  for (const property of ['fill', 'stroke'] as const) {
    const value = style.getPropertyValue(property);
    const { colour, opacity } = value === 'none' ? NO_COLOUR : plainColour(value);
    target.setAttribute(property, opacity === 0 ? 'none' : colour);
    if (opacity > 0 && opacity < 1) target.setAttribute(`${property}-opacity`, opacity.toFixed(3));
  }
  for (const property of original.matches('text') ? FONT : LINE) {
    const value = style.getPropertyValue(property);
    if (value !== 'none' && value !== 'start') target.setAttribute(property, value);
  }
}

const NO_COLOUR = { colour: 'none', opacity: 0 };

let pixel: CanvasRenderingContext2D | null | undefined;

/** `color-mix` and the like as every program reads a colour: asked of a pixel. */
function plainColour(value: string): { readonly colour: string; readonly opacity: number } {
  pixel ??= document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!pixel) return { colour: value, opacity: 1 };
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = value;
  pixel.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 255] = pixel.getImageData(0, 0, 1, 1).data;
  const hex = [red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('');
  return { colour: `#${hex}`, opacity: alpha / 255 };
}

function removeComments(node: Node): void {
  for (const child of [...node.childNodes]) {
    if (child.nodeType === Node.COMMENT_NODE) child.remove();
    else removeComments(child);
  }
}
