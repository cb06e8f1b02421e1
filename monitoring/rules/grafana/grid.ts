import { DATASOURCE, type Panel } from './panel';

/** How wide Grafana's dashboards are. */
export const COLUMNS = 24;

/** Panels side by side, under a heading of their own or under that of the line before. */
export interface Line {
  readonly heading?: string;
  /** In Grafana's units of 30 pixels. */
  readonly height: number;
  readonly panels: readonly Panel[];
}

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export type Placed = {
  readonly id: number;
  readonly gridPos: Place;
  readonly type: string;
  readonly title: string;
} & Readonly<Record<string, unknown>>;

/** Line below line, each as wide as the dashboard, its panels as wide as each other. */
export function placed(lines: readonly Line[]): readonly Placed[] {
  const all: Placed[] = [];
  let y = 0;
  for (const { heading, height, panels } of lines) {
    if (heading !== undefined) {
      all.push({
        id: all.length + 1,
        type: 'row',
        title: heading,
        collapsed: false,
        panels: [],
        gridPos: { x: 0, y, w: COLUMNS, h: 1 },
      });
      y += 1;
    }
    const w = Math.floor(COLUMNS / panels.length);
    panels.forEach((panel, index) => {
      all.push({ id: all.length + 1, datasource: DATASOURCE, ...panel, gridPos: { x: index * w, y, w, h: height } });
    });
    y += height;
  }
  return all;
}
