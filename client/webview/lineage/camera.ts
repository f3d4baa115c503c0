/** Which part of the drawing is seen, and how large: screen = drawing × scale + offset. */

export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
}

export const SMALLEST = 0.1;
export const LARGEST = 2;
/** Lanes' headings stand over the drawing's upper edge. */
export const HEADINGS = 36;
const EDGE = 16;
const KEPT = 80;
/** What is this much out of view is drawn too, so that a quick pan does not show an empty edge. */
const BEYOND = 300;

/** Zooms so that the point of the drawing under `at` stays under it. */
export function zoomed(
  camera: Camera,
  factor: number,
  at: { readonly x: number; readonly y: number },
): Camera {
  const scale = clamp(camera.scale * factor, SMALLEST, LARGEST);
  const ratio = scale / camera.scale;
  return { scale, x: at.x - (at.x - camera.x) * ratio, y: at.y - (at.y - camera.y) * ratio };
}

/** Everything, never larger than life. */
export function fitting(drawing: Size, stage: Size): Camera {
  const room = { width: stage.width - 2 * EDGE, height: stage.height - HEADINGS - EDGE };
  const scale = clamp(
    Math.min(room.width / drawing.width, room.height / drawing.height, 1),
    SMALLEST,
    LARGEST,
  );
  return {
    scale,
    x: (stage.width - drawing.width * scale) / 2,
    y: Math.max((stage.height - drawing.height * scale) / 2, HEADINGS - 36 * scale),
  };
}

/** A rectangle in the middle, at a size at which it can be read. */
export function centred(rectangle: Rectangle, stage: Size, scale: number): Camera {
  return {
    scale,
    x: stage.width / 2 - (rectangle.x + rectangle.width / 2) * scale,
    y: (stage.height + HEADINGS) / 2 - (rectangle.y + rectangle.height / 2) * scale,
  };
}

/** Moves no more than it must for a rectangle to be seen whole. */
export function revealing(camera: Camera, rectangle: Rectangle, stage: Size): Camera {
  const left = rectangle.x * camera.scale + camera.x;
  const top = rectangle.y * camera.scale + camera.y;
  return {
    scale: camera.scale,
    x: camera.x + shift(left, rectangle.width * camera.scale, EDGE, stage.width - EDGE),
    y: camera.y + shift(top, rectangle.height * camera.scale, HEADINGS + 8, stage.height - EDGE),
  };
}

function shift(start: number, length: number, from: number, to: number): number {
  if (start < from || length > to - from) return from - start;
  return Math.min(0, to - (start + length));
}

/** Nobody pans to where there is nothing: a piece of the drawing stays in view. */
export function within(camera: Camera, drawing: Size, stage: Size): Camera {
  const x = clamp(camera.x, KEPT - drawing.width * camera.scale, stage.width - KEPT);
  const y = clamp(camera.y, HEADINGS + KEPT - drawing.height * camera.scale, stage.height - KEPT);
  return { scale: camera.scale, x, y };
}

/** The part of the drawing that is worth drawing. */
export function inView(camera: Camera, stage: Size): Rectangle {
  const beyond = BEYOND / camera.scale;
  return {
    x: -camera.x / camera.scale - beyond,
    y: -camera.y / camera.scale - beyond,
    width: stage.width / camera.scale + 2 * beyond,
    height: stage.height / camera.scale + 2 * beyond,
  };
}

export function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
