import uPlot from 'uplot';
import type { Moment, StatusView } from '../../view';
import { type Chart, colour, makeChart } from './chart';
import { duration, milliseconds, rate, whole } from './format';
import { hatching, level, marks } from './painting';
import { lagRows, lagTop, looks, routedRows, stallRows, windowOf } from './series';
import { lagSummary, routedSummary, stallSummary } from './summaries';

type Show = (status: StatusView, history: readonly Moment[]) => void;

/** The three charts: how far behind, where reads went, how long they took. */
export function chartsView(parent: Element): Show {
  const shows = [lagChart(parent), routedChart(parent), stallChart(parent)];
  return (status, history) => {
    for (const show of shows) show(status, history);
  };
}

function lagChart(parent: Element): Show {
  const place = document.createElement('div');
  parent.append(place);
  let chart: Chart | undefined;
  let drawn = '';
  let thresholds: StatusView['thresholds'] = { warningSeconds: 1, criticalSeconds: 5 };
  return (status, history) => {
    thresholds = status.thresholds;
    const names = status.members.filter(({ role }) => role === 'replica').map(({ name }) => name);
    const look = looks(names);
    place.hidden = names.length === 0;
    // Another set of lines is another chart.
    if (drawn !== names.join('\n') || !chart) {
      chart?.remove();
      drawn = names.join('\n');
      chart = makeChart({
        title: 'Replica lag',
        axis: (value) => (value === 0 ? '0' : duration(value)),
        series: names.map((name) => ({
          stroke: () => colour(`hue-${look.get(name)?.hue}`),
          width: 2,
          ...(look.get(name)?.dashed ? { dash: [6, 4] } : {}),
          points: { show: false },
        })),
        top: (rows) => lagTop(rows, thresholds),
        over: (plot, ratio) => {
          level(plot, ratio, thresholds.warningSeconds, 'warning', 'warn');
          level(plot, ratio, thresholds.criticalSeconds, 'critical', 'bad');
        },
      });
      place.append(chart.element);
    }
    const rows = lagRows(history, names);
    const entries = names.map((name, series) => ({
      label: name,
      colour: `hue-${look.get(name)?.hue}`,
      kind: look.get(name)?.dashed ? ('dashed' as const) : ('line' as const),
      value: (index: number) => duration(rows[series + 1]?.[index] ?? null),
    }));
    chart.show(rows, windowOf(history), entries, lagSummary(names, history, thresholds));
  };
}

function routedChart(parent: Element): Show {
  const area = (name: string): uPlot.Series => ({ fill: () => colour(name), width: 0, points: { show: false } });
  const hatch = hatching();
  const chart = makeChart({
    title: 'Where reads went, per second',
    axis: rate,
    series: [
      { ...area('fallback'), fill: () => hatch(colour('fallback'), colour('surface')) },
      area('primary'),
      area('replica'),
    ],
    top: ([, ...rows]) => Math.max(1, ...rows.flat().map((value) => value ?? 0)) * 1.1,
  });
  parent.append(chart.element);
  return (_, history) => {
    const entry = (label: string, name: 'replica' | 'primary' | 'fallback', kind: 'area' | 'hatched') => ({
      label,
      colour: name,
      kind,
      value: (index: number) => rate(history[index]?.[name] ?? 0),
    });
    const entries = [
      entry('replicas', 'replica', 'area'),
      entry('primary, as asked', 'primary', 'area'),
      entry('primary, as fallback', 'fallback', 'hatched'),
    ];
    chart.show(routedRows(history), windowOf(history), entries, routedSummary(history));
  };
}

function stallChart(parent: Element): Show {
  let moments: readonly Moment[] = [];
  const chart = makeChart({
    title: 'Longest read of each second',
    axis: (value) => (value === 0 ? '0' : value < 10 ? `${rate(value)} ms` : duration(value / 1_000)),
    series: [
      {
        stroke: () => colour('hue-purple'),
        fill: () => colour('stall'),
        width: 1.5,
        paths: (uPlot.paths.stepped as NonNullable<typeof uPlot.paths.stepped>)({ align: -1 }),
        points: { show: false },
      },
    ],
    // Room on top, where the marks are.
    top: ([, longest]) => Math.max(10, ...(longest ?? []).map((value) => value ?? 0)) * 1.3,
    over: (plot, ratio) => marks(plot, ratio, moments),
  });
  parent.append(chart.element);
  return (_, history) => {
    moments = history;
    const entries = [
      {
        label: 'longest',
        colour: 'hue-purple',
        kind: 'line' as const,
        value: (index: number) => milliseconds(history[index]?.longestReadMs ?? 0),
      },
      {
        label: 'failed',
        colour: 'bad',
        kind: 'cross' as const,
        value: (index: number) => whole(history[index]?.failed ?? 0),
      },
      {
        label: 'shed',
        colour: 'warn',
        kind: 'triangle' as const,
        value: (index: number) => whole(history[index]?.shed ?? 0),
      },
    ];
    chart.show(stallRows(history), windowOf(history), entries, stallSummary(history));
  };
}
