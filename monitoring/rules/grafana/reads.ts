import { part } from '../promql';
import type { Line } from './grid';
import { graph, heatmap, timeline } from './panel';
import { fleet, members, POOL_STEPS, POOL_USE, quantiles, rate } from './queries';

/** Where reads go, and what becomes of those that find no replica. */
export function routing(): readonly Line[] {
  return [
    {
      heading: 'Routing',
      height: 8,
      panels: [
        graph({
          title: 'Where reads go',
          description:
            'Shares of replicas, of the primary because the read asked for it, and of the primary for want of a replica.',
          queries: [{ expr: `sum by (target) (${rate(fleet('reads'))})`, legend: '{{target}}' }],
          unit: 'reqps',
          shares: true,
        }),
        graph({
          title: 'Reads by endpoint and reason',
          description: 'Per second. `strong` is the choice of the app, `fallback` the trouble of the replicas.',
          queries: [{ expr: `sum by (endpoint, reason) (${rate(fleet('reads'))})`, legend: '{{endpoint}} {{reason}}' }],
          unit: 'reqps',
        }),
        graph({
          title: 'Fallback, shed, hedged',
          description:
            'Per second: reads on the primary for want of a replica, reads that failed for want of both, reads asked twice.',
          queries: [
            { expr: `sum(${rate(fleet('reads', 'target="fallback"'))})`, legend: 'fallback' },
            { expr: `sum by (endpoint, priority) (${rate(fleet('shed'))})`, legend: 'shed {{endpoint}} {{priority}}' },
            { expr: `sum(${rate(fleet('hedged'))})`, legend: 'hedged' },
          ],
          unit: 'reqps',
        }),
      ],
    },
    {
      height: 7,
      panels: [
        graph({
          title: 'Reads that the primary bears for replicas',
          description: 'Now, and how many it may bear; beyond, reads wait and are shed.',
          queries: [
            { expr: `sum(${fleet('bulkhead')})`, legend: 'under way' },
            { expr: `sum(${fleet('bulkheadMax')})`, legend: 'most' },
          ],
          unit: 'short',
        }),
        graph({
          title: 'Rollout',
          description: 'Share of keys that replicas may serve, by endpoint: the least of all processes.',
          queries: [{ expr: `min by (endpoint) (${fleet('rollout')})`, legend: '{{endpoint}}' }],
          unit: 'percent',
          max: 100,
        }),
        graph({
          title: 'Failures',
          description:
            'Per second: calls that failed for their caller; statements that a member did not answer, most of which another did.',
          queries: [
            { expr: `sum by (kind) (${rate(fleet('failures'))})`, legend: '{{kind}} failed' },
            { expr: `sum by (member) (${rate(members('statementFailures'))})`, legend: 'not answered by {{member}}' },
          ],
          unit: 'reqps',
        }),
      ],
    },
  ];
}

/** What the app has of each member. */
export function pools(): readonly Line[] {
  return [
    {
      heading: 'Members',
      height: 7,
      panels: [
        timeline({
          title: 'Circuit breakers',
          description: 'The worst of all processes.',
          queries: [{ expr: `max by (member) (${members('breaker')})`, legend: '{{member}}' }],
          words: {
            0: { text: 'closed', color: 'green' },
            1: { text: 'half-open', color: 'orange' },
            2: { text: 'open', color: 'red' },
          },
        }),
        graph({
          title: 'Connections in use',
          description:
            'Of what the pools may open, all processes together. The lines are the thresholds of the alerts.',
          queries: [{ expr: POOL_USE, legend: '{{member}}' }],
          unit: 'percentunit',
          steps: POOL_STEPS,
          max: 1,
        }),
        graph({
          title: 'Callers that wait for a connection',
          description: 'All processes together. Well: 0.',
          queries: [{ expr: `sum by (member) (${members('waiting')})`, legend: '{{member}}' }],
          unit: 'short',
        }),
      ],
    },
  ];
}

/** How long all of it takes. */
export function latency(): readonly Line[] {
  const reads = part(fleet('calls', 'kind="read"'), 'bucket');
  return [
    {
      heading: 'Latency',
      height: 8,
      panels: [
        heatmap({
          title: 'Reads',
          description: 'What callers waited, all attempts together.',
          expr: `sum by (le) (increase(${reads}[$__rate_interval]))`,
        }),
        graph({
          title: 'Calls',
          description: 'What callers waited, by kind.',
          queries: quantiles(fleet('calls'), ['kind'], '{{kind}}'),
          unit: 's',
        }),
      ],
    },
    {
      height: 8,
      panels: [
        graph({
          title: 'Statements by member',
          description: 'One statement on one member, with the wait for a connection.',
          queries: quantiles(members('statements'), ['member'], '{{member}}'),
          unit: 's',
        }),
        graph({
          title: 'Time to decide',
          description: 'What routing costs, and the wait for a replica to catch up with a session.',
          queries: quantiles(fleet('decisions'), [], ''),
          unit: 's',
        }),
      ],
    },
  ];
}
