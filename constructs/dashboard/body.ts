import { seconds } from '../alarms/amount';
import {
  borrowLatency,
  clientConnections,
  connections,
  cpu,
  duration,
  errors,
  failedConnections,
  failedInvocations,
  freeLocalStorage,
  freeStorage,
  health,
  invocations,
  lagBytes,
  lagSeconds,
  type Metric,
  pinnedConnections,
  proxiedConnections,
  refusedClients,
  replicaLag,
  slotDisk,
  slotLag,
  uptime,
  visibleMessages,
  walDisk,
} from '../alarms/metrics';
import { readServers, type WatchedEmitter, type WatchedFleet, type WatchedProxy } from '../alarms/watched';
import { allMembers, type FleetInstance } from '../members';
import { placed } from './grid';
import { alarmStatus, graph, type Line, type Mark, ORANGE, type PlacedWidget, RED, text, type Widget } from './widget';

/** The fleet that a dashboard shows, and the alarms at its top. */
export interface DashboardBodyProps extends WatchedFleet {
  /** ARNs of the alarms whose state is shown, the worst first; may be tokens. */
  readonly alarmArns: readonly string[];
}

/** What CloudWatch takes as a dashboard. */
export interface DashboardBody {
  /** Three hours: what led to an alarm is on it. */
  readonly start: '-PT3H';
  readonly periodOverride: 'inherit';
  readonly widgets: readonly PlacedWidget[];
}

/** The dashboard of a fleet: what is wrong first, then who lags, then why. */
export function dashboardBody(props: DashboardBodyProps): DashboardBody {
  const { alarmArns, emitter, environment, fleet, members, proxy } = props;
  const title = (markdown: string) => [text(`## ${markdown}`)];
  const rows: readonly (readonly Widget[])[] = [
    alarmStatus(`${fleet} ${environment}`, alarmArns),
    title('Replication'),
    ...(members.topology === 'aurora' ? auroraReads(props) : replicaReads(props)),
    title('Servers'),
    ...servers(props),
    ...(proxy ? [title('Proxy'), ...proxyRows(props, proxy)] : []),
    ...(emitter ? [title('Emitter'), emitterRow(props, emitter)] : []),
  ];
  return { start: '-PT3H', periodOverride: 'inherit', widgets: placed(rows) };
}

function replicaReads(props: DashboardBodyProps): readonly (readonly Widget[])[] {
  const { members, region } = props;
  const { topology } = members;
  return [
    graph(
      region,
      'Lag',
      members.readers.map(({ name }) => [name, lagSeconds(props, name)]),
      lagMarks(props),
    ),
    [
      ...graph(
        region,
        'Health (1: well)',
        allMembers(members).map(({ name }) => [name, health(props, name)]),
      ),
      ...graph(
        region,
        'WAL not replayed',
        members.readers.map(({ name }) => [name, lagBytes(props, name)]),
      ),
      ...graph(
        region,
        "AWS's own lag (up to 300 s when the primary is idle)",
        perServer(readServers(members), (identifier) => replicaLag(topology, identifier)),
      ),
    ],
  ];
}

function auroraReads(props: DashboardBodyProps): readonly (readonly Widget[])[] {
  const { members, region } = props;
  return [
    graph(
      region,
      'Lag',
      perServer(members.instances, (identifier) => replicaLag('aurora', identifier)),
      lagMarks(props),
    ),
    graph(
      region,
      'Uptime',
      perServer(members.instances, (identifier) => uptime('aurora', identifier)),
    ),
  ];
}

function lagMarks({ lag }: WatchedFleet): readonly Mark[] {
  return [
    { label: 'warning', at: seconds(lag.warningSeconds), color: ORANGE },
    { label: 'critical', at: seconds(lag.criticalSeconds), color: RED },
  ];
}

function servers({ members, region }: DashboardBodyProps): readonly (readonly Widget[])[] {
  const { instances, topology } = members;
  const writers = instances.filter(({ canWrite }) => canWrite);
  const storage =
    topology === 'aurora'
      ? graph(
          region,
          'Local storage left',
          perServer(instances, (identifier) => freeLocalStorage(topology, identifier)),
        )
      : graph(
          region,
          'Storage left',
          perServer(instances, (identifier) => freeStorage(topology, identifier)),
        );
  return [
    [
      ...graph(region, 'CPU', perServer(instances, cpu)),
      ...graph(region, 'Connections', perServer(instances, connections)),
      ...storage,
    ],
    [
      ...graph(region, 'WAL that the slowest slot has not received', perServer(writers, slotLag)),
      ...graph(region, 'Files of replication slots', perServer(writers, slotDisk)),
      ...graph(region, 'WAL on disk', perServer(writers, walDisk)),
    ],
  ];
}

function proxyRows({ region }: WatchedFleet, { proxyName }: WatchedProxy): readonly (readonly Widget[])[] {
  return [
    [
      ...graph(region, 'Connections', [
        ['of clients', clientConnections(proxyName)],
        ['to the database', proxiedConnections(proxyName)],
        ['pinned to one client', pinnedConnections(proxyName)],
      ]),
      ...graph(region, 'Wait for a connection', [['average', borrowLatency(proxyName)]]),
      ...graph(region, 'Failures', [
        ['to connect to the database', failedConnections(proxyName)],
        ['of clients to log in', refusedClients(proxyName)],
      ]),
    ],
  ];
}

function emitterRow({ region }: WatchedFleet, emitter: WatchedEmitter): readonly Widget[] {
  const { deadLetterQueueName, functionName, ruleName } = emitter;
  return [
    ...graph(region, 'Invocations', [
      ['made', invocations(functionName)],
      ['failed', errors(functionName)],
      ['not made', failedInvocations(ruleName)],
    ]),
    ...graph(region, 'Duration', [['longest', duration(functionName)]]),
    ...graph(region, 'Dead letters', [['waiting', visibleMessages(deadLetterQueueName)]]),
  ];
}

function perServer(servers: readonly FleetInstance[], metric: (identifier: string) => Metric): readonly Line[] {
  return servers.map(({ identifier, name }) => [name, metric(identifier)]);
}
