import { type AlarmSpec, above } from './alarm';
import { pieces, seconds } from './amount';
import { borrowLatency, failedConnections } from './metrics';
import type { WatchedProxy } from './watched';

/** The alarms of the proxy. How many connections the database has left is said by the servers' own. */
export function proxyAlarms(
  { proxyName }: WatchedProxy,
  { proxyWaitSeconds }: { readonly proxyWaitSeconds: number },
): readonly AlarmSpec[] {
  return [
    {
      name: 'proxy-wait',
      condition: above(borrowLatency(proxyName), seconds(proxyWaitSeconds)),
      points: { breaching: 3, of: 5 },
      missing: 'notBreaching',
      meaning: `Clients of the proxy wait more than ${proxyWaitSeconds} s for a connection, on average.`,
      first: 'pinned connections on the dashboard, long transactions, then proxy.maxConnectionsPercent.',
      feeds: 'proxy-struggling',
    },
    {
      name: 'proxy-setup-failed',
      condition: above(failedConnections(proxyName), pieces(0)),
      points: { breaching: 3, of: 5 },
      missing: 'notBreaching',
      meaning: 'The proxy cannot connect to the database.',
      first:
        "whether the password of the proxy's role is the one in its secret, and whether the database takes connections.",
      feeds: 'proxy-struggling',
    },
  ];
}
