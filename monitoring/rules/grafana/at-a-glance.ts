import { APP_THRESHOLDS } from '../thresholds';
import type { Line } from './grid';
import { stat } from './panel';
import { aboveZero, fleet, POOL_STEPS, POOL_USE, REPLICA_SHARE, type Replication, rate, steps } from './queries';

/** One figure for each thing that can be wrong. */
export function atAGlance(lag: Replication['lag']): Line {
  const replicas = fleet('health', 'role="replica"');
  const serving = `count by (member) (${fleet('state', 'role="replica"', 'state="serving"')} == 1)`;
  return {
    heading: 'At a glance',
    height: 4,
    panels: [
      stat({
        title: 'Primary',
        description: 'Share of processes that have a healthy primary.',
        expr: `avg(max without (member, role) (${fleet('health', 'role="primary"')}))`,
        unit: 'percentunit',
        steps: [
          { color: 'red', value: null },
          { color: 'orange', value: 0.5 },
          { color: 'green', value: 1 },
        ],
      }),
      stat({
        title: 'Replicas that serve',
        description: 'Those within the bound on staleness, in the eyes of most processes.',
        expr: `count(${serving} / count by (member) (${replicas}) > 0.5) or vector(0)`,
        unit: 'short',
        steps: [
          { color: 'red', value: null },
          { color: 'green', value: 1 },
        ],
      }),
      stat({
        title: 'Highest lag',
        description: 'Of any replica, as any process sees it.',
        expr: `max(${fleet('lagSeconds')})`,
        unit: 's',
        steps: steps(lag.warning.seconds, lag.critical.seconds),
      }),
      stat({
        title: 'Reads on replicas',
        description: 'Share, without what a switch sent to the primary.',
        expr: REPLICA_SHARE,
        unit: 'percentunit',
        steps: [
          { color: 'red', value: null },
          { color: 'green', value: APP_THRESHOLDS.replicaUsePercent / 100 },
        ],
      }),
      stat({
        title: 'Fallback',
        description: 'Reads per second that the primary serves for want of a replica.',
        expr: `sum(${rate(fleet('reads', 'target="fallback"'))})`,
        unit: 'reqps',
        steps: aboveZero('orange'),
      }),
      stat({
        title: 'Shed',
        description: 'Reads per second that nobody could take.',
        expr: `sum(${rate(fleet('shed'))})`,
        unit: 'reqps',
        steps: aboveZero('red'),
      }),
      stat({
        title: 'Fullest pool',
        description: 'Connections in use, all processes together, of the member that has most in use.',
        expr: `max(${POOL_USE})`,
        unit: 'percentunit',
        steps: POOL_STEPS,
      }),
      stat({
        title: 'Replicas are',
        description: 'Off: somebody sent all reads to the primary, in some process at least.',
        expr: `max(${fleet('allOff')})`,
        unit: 'short',
        words: { 0: { text: 'on', color: 'green' }, 1: { text: 'off', color: 'red' } },
      }),
    ],
  };
}
