import type uPlot from 'uplot';
import type { Moment } from '../../view';
import { colour } from './chart';

/** What is painted onto a chart by hand. Lengths are in pixels of the canvas: `ratio` of them to one of the page. */

/** A level across the chart, with its name; nothing when it lies above the chart. */
export function level(plot: uPlot, ratio: number, value: number, name: string, tone: 'warn' | 'bad'): void {
  if (value > (plot.scales.y?.max ?? 0)) return;
  const { ctx, bbox } = plot;
  const y = Math.round(plot.valToPos(value, 'y', true));
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = colour(tone);
  ctx.lineWidth = ratio;
  ctx.setLineDash([3 * ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'bottom';
  ctx.fillText(name, bbox.left + 4 * ratio, y - 2 * ratio);
  ctx.restore();
}

/** On top of the chart, a cross for each second in which calls failed, a triangle below it where reads were shed. */
export function marks(plot: uPlot, ratio: number, moments: readonly Moment[]): void {
  const { ctx, bbox } = plot;
  const size = 4 * ratio;
  ctx.save();
  ctx.lineWidth = 2 * ratio;
  ctx.strokeStyle = colour('bad');
  ctx.fillStyle = colour('warn');
  for (const { at, failed, shed } of moments) {
    if (failed === 0 && shed === 0) continue;
    const x = plot.valToPos(at / 1_000, 'x', true);
    if (failed > 0) cross(ctx, x, bbox.top + size * 1.5, size);
    if (shed > 0) triangle(ctx, x, bbox.top + size * 4.5, size);
  }
  ctx.restore();
}

function cross(ctx: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  ctx.beginPath();
  ctx.moveTo(x - size, y - size);
  ctx.lineTo(x + size, y + size);
  ctx.moveTo(x + size, y - size);
  ctx.lineTo(x - size, y + size);
  ctx.stroke();
}

function triangle(ctx: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  ctx.beginPath();
  ctx.moveTo(x - size, y - size);
  ctx.lineTo(x + size, y - size);
  ctx.lineTo(x, y + size);
  ctx.fill();
}

/** Diagonal lines, so that an area is told from its neighbours without its colour. Made again when the scheme changes. */
export function hatching(): (ink: string, paper: string) => CanvasPattern | string {
  let made: { key: string; pattern: CanvasPattern | string } | undefined;
  return (ink, paper) => {
    const key = `${ink} ${paper}`;
    if (made?.key !== key) made = { key, pattern: pattern(ink, paper) };
    return made.pattern;
  };
}

function pattern(ink: string, paper: string): CanvasPattern | string {
  const size = 8;
  const tile = document.createElement('canvas');
  tile.width = tile.height = size;
  const ctx = tile.getContext('2d');
  if (!ctx) return ink;
  ctx.fillStyle = paper;
  ctx.fillRect(0, 0, size, size);
  ctx.strokeStyle = ink;
  ctx.lineWidth = 3;
  ctx.beginPath();
  // Beyond the edges, so that the lines of neighbouring tiles meet.
  for (const shift of [-size, 0, size]) {
    ctx.moveTo(shift - 2, size + 2);
    ctx.lineTo(shift + size + 2, -2);
  }
  ctx.stroke();
  return ctx.createPattern(tile, 'repeat') ?? ink;
}
