import type { Line } from './grid';
import { graph, table, timeline } from './panel';
import { members, type Replication, steps } from './queries';

/** Who lags, and who is ill. */
export function replication(lag: Replication['lag']): readonly Line[] {
  const worst = `max by (member) (${members('lagSeconds')})`;
  return [
    {
      heading: 'Replication',
      height: 8,
      panels: [
        graph({
          title: 'Lag',
          description:
            'Age of what each replica shows, as the process sees it that sees most. The lines are the thresholds of the alerts.',
          queries: [{ expr: worst, legend: '{{member}}' }],
          unit: 's',
          steps: steps(lag.warning.seconds, lag.critical.seconds),
        }),
        graph({
          title: 'WAL not replayed',
          description: 'What the primary has written and the replica has not replayed. None for Aurora.',
          queries: [{ expr: `max by (member) (${members('lagBytes')})`, legend: '{{member}}' }],
          unit: 'bytes',
        }),
        graph({
          title: 'Minutes of the last hour beyond critical',
          description: `Minutes with a lag of more than ${lag.critical.seconds} s.`,
          queries: [{ expr: `count_over_time((${worst} > ${lag.critical.seconds})[1h:1m])`, legend: '{{member}}' }],
          unit: 'short',
        }),
      ],
    },
    {
      height: 7,
      panels: [
        timeline({
          title: 'Health',
          description: 'Share of processes to which the member is healthy; it may lag.',
          queries: [
            {
              expr: `floor(2 * avg by (member, role) (${members('health')}))`,
              legend: '{{member}} ({{role}})',
            },
          ],
          words: {
            0: { text: 'not to most', color: 'red' },
            1: { text: 'to most, not to all', color: 'orange' },
            2: { text: 'to all', color: 'green' },
          },
        }),
        table({
          title: 'Members now',
          description: 'Their states, and how many processes see them so.',
          expr: `count by (member, role, state) (${members('state')} == 1)`,
          valueIs: 'Processes',
          hidden: ['Time'],
        }),
      ],
    },
  ];
}
