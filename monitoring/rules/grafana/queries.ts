import { BY_HAND } from '../fleet-alerts';
import { part, seriesOf } from '../promql';
import { APP_THRESHOLDS, type replicationThresholds } from '../thresholds';
import type { Query, Step } from './panel';

export type Replication = ReturnType<typeof replicationThresholds>;

/** Of the fleet that whoever looks has chosen, and of the members. */
export const fleet = seriesOf('fleet="$fleet"', 'environment="$environment"');
export const members = seriesOf('fleet="$fleet"', 'environment="$environment"', 'member=~"$member"');
export const rate = (series: string) => `rate(${series}[$__rate_interval])`;

export const steps = (warning: number, critical: number): readonly Step[] => [
  { color: 'green', value: null },
  { color: 'orange', value: warning },
  { color: 'red', value: critical },
];
export const aboveZero = (color: Step['color']): readonly Step[] => [
  { color: 'green', value: null },
  { color, value: 0.001 },
];
export const POOL_STEPS = steps(APP_THRESHOLDS.poolPercent.warning / 100, APP_THRESHOLDS.poolPercent.critical / 100);

const QUANTILES = [0.5, 0.95, 0.99];
export const quantiles = (histogram: string, by: readonly string[], legend: string): readonly Query[] =>
  QUANTILES.map((quantile) => ({
    expr: `histogram_quantile(${quantile}, sum by (${['le', ...by].join(', ')}) (${rate(part(histogram, 'bucket'))}))`,
    legend: [legend, `p${quantile * 100}`].filter((text) => text !== '').join(' '),
  }));

/** Share of reads that replicas serve, without what a switch sent to the primary. */
export const REPLICA_SHARE = `1 - sum(rate(${fleet('reads', 'target!="replica"', BY_HAND)}[5m])) / sum(rate(${fleet('reads', BY_HAND)}[5m]))`;
/** Share of the pools' connections that are in use, by member. */
export const POOL_USE = `sum by (member) (${members('connections', 'state="active"')}) / sum by (member) (${members('poolMax')})`;
