import uPlot from 'uplot';
import { el, list, setAttributes, setText, svg, type View } from './dom';
import type { Rows } from './series';

/** One line or area of a chart, and its entry below. */
export interface Entry {
  readonly label: string;
  /** Name of a colour of the style sheet, without the dashes. */
  readonly colour: string;
  readonly kind: 'line' | 'dashed' | 'area' | 'hatched' | 'cross' | 'triangle';
  /** What it is now, or at the pointer. @param index of the moment */
  value(index: number): string;
}

export interface ChartOptions {
  readonly title: string;
  /** How the axis names its values. */
  readonly axis: (value: number) => string;
  readonly series: readonly uPlot.Series[];
  /** Highest value of the axis. */
  readonly top: (rows: Rows) => number;
  /** Painted over the series. */
  readonly over?: (chart: uPlot, ratio: number) => void;
}

export interface Chart {
  readonly element: Element;
  /** @param summary the chart in words, for whoever does not see it */
  show(rows: Rows, range: readonly [number, number], entries: readonly Entry[], summary: string): void;
  remove(): void;
}

const HEIGHT = 190;
const AXIS_WIDTH = 54;
const FONT = '12px system-ui, sans-serif';
/** Charts share the pointer: one moment in all of them. */
const TOGETHER = 'moments';

/** A colour of the style sheet, as it is in this scheme. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** A chart over time with its title and its legend. */
export function makeChart({ title, axis, series, top, over }: ChartOptions): Chart {
  const canvas = el('div', { class: 'canvas', role: 'img' });
  const legend = el('ul', { class: 'legend' });
  const element = el('figure', {}, el('figcaption', {}, title), canvas, legend);
  let entries: readonly Entry[] = [];
  let range: readonly [number, number] = [0, 1];
  let rows: Rows = [[]];
  const showLegend = list<Entry>(legend, ({ label }) => label, legendEntry);
  const values = (pointed: number | null | undefined) => {
    index = pointed ?? rows[0].length - 1;
    showLegend(entries);
  };
  let index = 0;
  const at = () => index;

  const chart = new uPlot(
    {
      width: 300,
      height: HEIGHT,
      padding: [10, 10, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: false }, y: false, sync: { key: TOGETHER } },
      scales: {
        x: { time: true, range: () => [range[0], range[1]] },
        y: { range: () => [0, top(rows)] },
      },
      axes: [
        {
          stroke: () => colour('muted'),
          font: FONT,
          grid: { show: false },
          ticks: { stroke: () => colour('line'), size: 4 },
          values: (_, splits) => splits.map((second) => new Date(second * 1_000).toTimeString().slice(0, 5)),
          incrs: [60, 120, 300],
          space: 44,
          size: 26,
        },
        {
          stroke: () => colour('muted'),
          font: FONT,
          grid: { stroke: () => colour('line'), width: 1 },
          ticks: { show: false },
          values: (_, splits) => splits.map(axis),
          space: 36,
          size: AXIS_WIDTH,
          gap: 6,
        },
      ],
      series: [{}, ...series],
      hooks: {
        setCursor: [({ cursor }) => values(cursor.idx)],
        ...(over ? { draw: [(drawn: uPlot) => over(drawn, uPlot.pxRatio)] } : {}),
      },
    },
    [[]] as unknown as uPlot.AlignedData,
    canvas,
  );
  const observer = new ResizeObserver(() => {
    if (canvas.clientWidth > 0) chart.setSize({ width: canvas.clientWidth, height: HEIGHT });
  });
  observer.observe(canvas);

  function legendEntry(entry: Entry): View<Entry> {
    const value = el('span', { class: 'value' });
    return {
      element: el('li', {}, marker(entry), el('span', {}, entry.label), value),
      update: (shown) => setText(value, at() < 0 ? '' : shown.value(at())),
    };
  }

  return {
    element,
    show: (shownRows, shownRange, shownEntries, summary) => {
      rows = shownRows;
      range = shownRange;
      entries = shownEntries;
      setAttributes(canvas, { 'aria-label': `${title}. ${summary}` });
      chart.setData(shownRows as unknown as uPlot.AlignedData);
      values(chart.cursor.idx);
    },
    remove: () => {
      observer.disconnect();
      chart.destroy();
      element.remove();
    },
  };
}

/** As the chart draws it. Its colour by the style sheet, so that it follows the scheme. */
function marker({ colour: name, kind }: Entry): SVGElement {
  const shape = {
    line: () => svg('path', { d: 'M0 6h18' }),
    dashed: () => svg('path', { d: 'M0 6h5m3 0h5m3 0h2' }),
    area: () => svg('path', { d: 'M1 1h16v10H1z', class: 'filled' }),
    hatched: () => svg('path', { d: 'M1 11L11 1M6 11l10-10M12 11l5-5M1 6l5-5M1 1h16v10H1z' }),
    cross: () => svg('path', { d: 'M5 2l8 8M13 2l-8 8' }),
    triangle: () => svg('path', { d: 'M4 2h10l-5 8z', class: 'filled' }),
  }[kind]();
  return svg('svg', { class: `marker ${name}`, viewBox: '0 0 18 12', 'aria-hidden': 'true' }, shape);
}
