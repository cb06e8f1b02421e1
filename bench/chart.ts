/** One bar: how long it is, and what stands at its end. */
export interface Bar {
  readonly label: string;
  /** 0 or more; what is not finite has no bar, only its text. */
  readonly value: number;
  readonly text: string;
  /** Drawn in the stronger colour. */
  readonly ours?: boolean;
}

export interface BarGroup {
  readonly label: string;
  readonly bars: readonly Bar[];
}

export interface BarChart {
  readonly title: string;
  /** What the length of a bar means, and its unit. */
  readonly subtitle: string;
  readonly groups: readonly BarGroup[];
  /** A value to compare with, drawn as a line through all bars. */
  readonly reference?: number;
  /** @default - the greatest value */
  readonly most?: number;
}

const WIDTH = 860;
const MARGIN = 24;
const LABELS = 240;
/** Room for the text at the end of the longest bar. */
const TEXTS = 220;
const BAR = 15;
const ROW = 22;
const GROUP = 38;
const HEAD = 84;
/** Keeps the line of the reference away from a text on it. */
const HALO = 'stroke="#ffffff" stroke-width="5" paint-order="stroke"';

/**
 * A chart of horizontal bars in groups, as SVG that stands alone: no script, no font, no style sheet.
 *
 * It paints its own white ground, so that it reads the same on a light page and on a dark one.
 */
export function barChart({ title, subtitle, groups, reference, most }: BarChart): string {
  const values = groups.flatMap(({ bars }) => bars.map(({ value }) => value)).filter(Number.isFinite);
  const greatest = Math.max(most ?? Math.max(0, ...values), reference ?? 0) || 1;
  const scale = (WIDTH - 2 * MARGIN - LABELS - TEXTS) / greatest;
  const left = MARGIN + LABELS;

  const parts: string[] = [];
  let y = HEAD;
  for (const { label, bars } of groups) {
    parts.push(text(MARGIN, y + 12, label, 'font-weight="600"'));
    y += GROUP - 14;
    for (const bar of bars) {
      const length = Number.isFinite(bar.value) ? Math.min(bar.value, greatest) * scale : 0;
      const fill = bar.ours ? '#1f6f5c' : '#9fb3c8';
      parts.push(
        text(left - 10, y + BAR - 3, bar.label, 'text-anchor="end"'),
        `<rect x="${left}" y="${y}" width="${rounded(length)}" height="${BAR}" rx="2" fill="${fill}"/>`,
        text(left + length + 8, y + BAR - 3, bar.text, `fill="#52606d" ${HALO}`),
      );
      y += ROW;
    }
    y += 14;
  }
  const height = y + MARGIN - 10;
  const line =
    reference === undefined
      ? []
      : [
          `<line x1="${rounded(left + reference * scale)}" x2="${rounded(left + reference * scale)}" y1="${HEAD - 10}" ` +
            `y2="${y - 6}" stroke="#7b8794" stroke-dasharray="3 3"/>`,
        ];
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" ` +
      `font-family="system-ui, sans-serif" font-size="13" fill="#1f2933" role="img" aria-label="${escaped(title)}">`,
    `<rect width="${WIDTH}" height="${height}" rx="8" fill="#ffffff"/>`,
    text(MARGIN, 34, title, 'font-size="18" font-weight="600"'),
    text(MARGIN, 56, subtitle, 'fill="#52606d"'),
    // Below the bars, so that it crosses no text.
    ...line,
    ...parts,
    '</svg>',
  ].join('\n')}\n`;
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${rounded(x)}" y="${rounded(y)}" ${attributes}>${escaped(content)}</text>`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
