import { type Alert, inWords } from './alert';
import { FLEET, MEMBER, mostProcesses, type Series } from './promql';
import { APP_THRESHOLDS, type replicationThresholds } from './thresholds';

/** Taken out by hand, or the writer of a cluster at present: neither is ill. */
const ON_PURPOSE = 'state=~"draining|writing"';

/** A minute is as bad as its worst sample, as in CloudWatch: lag that goes up and down does not start anew each time. */
const worst = (lag: string) => `max_over_time(${lag}[1m])`;
const worstHealth = (health: string) => `min_over_time(${health}[1m])`;

/** Alerts on replicas, each and all. */
export function replicaAlerts(series: Series, thresholds: ReturnType<typeof replicationThresholds>): readonly Alert[] {
  return [
    lag(series, 'warning', thresholds.lag.warning),
    lag(series, 'critical', thresholds.lag.critical),
    unhealthy(series, thresholds.unhealthySeconds),
    noReplica(series),
    breaker(series),
    disagrees(series),
  ];
}

function lag(
  series: Series,
  severity: 'warning' | 'critical',
  { seconds, forSeconds }: { readonly seconds: number; readonly forSeconds: number },
): Alert {
  const measured = worst(series('lagSeconds'));
  const left = severity === 'warning' ? 'Reads with a tighter bound have left it.' : 'Most reads have left it.';
  return {
    name: 'HighReplicationLag',
    severity,
    // The value is what the process sees that sees most; a process that has just begun knows only that it is a lot (infinite).
    expr: `max by (${MEMBER}) (${measured}) and ${mostProcesses(MEMBER, `${measured} > ${seconds}`, measured)}`,
    forSeconds,
    summary: '{member} lags',
    when: `lag > ${seconds} s for ${inWords(forSeconds)}`,
    meaning: `{member} shows data more than ${seconds} s old. ${left}`,
    value: 'It is up to {{ $value | humanizeDuration }} behind.',
    first: 'what the primary writes (a bulk load, a migration, a vacuum), and CPU and I/O of the replica.',
    runbook: 'lag-high.md',
  };
}

/** A series for each process and member that the process finds ill. */
function ill(series: Series, ...matchers: readonly string[]): string {
  const health = worstHealth(series('health', ...matchers));
  return `${health} == 0 unless ignoring (state) ${series('state', ...matchers, ON_PURPOSE)} == 1`;
}

function unhealthy(series: Series, forSeconds: number): Alert {
  const replica = 'role="replica"';
  return {
    name: 'ReplicaUnhealthy',
    severity: 'critical',
    expr: mostProcesses(MEMBER, ill(series, replica), series('health', replica)),
    forSeconds,
    summary: '{member} is unhealthy',
    when: `unhealthy for ${inWords(forSeconds)}`,
    meaning: '{member} does not answer, or replicates no more. No reads are sent to it.',
    value: "{{ $value | humanizePercentage }} of the app's processes say so.",
    first:
      "whether every member is unhealthy (then: the primary); else pg_stat_wal_receiver on it, and the server's log.",
    runbook: 'not-replicating.md',
  };
}

function noReplica(series: Series): Alert {
  const perProcess = (...matchers: readonly string[]) => series('state', 'role="replica"', ...matchers);
  const all = `max without (member, role, state) (${perProcess()})`;
  const serving = `max without (member, role, state) (${perProcess('state="serving"')} == 1)`;
  return {
    name: 'NoReplicaServes',
    severity: 'critical',
    expr: mostProcesses(FLEET, `${all} unless ${serving}`, all),
    forSeconds: APP_THRESHOLDS.noReplicaSeconds,
    summary: 'No replica serves',
    when: `no replica is within the fleet's bound on staleness for ${inWords(APP_THRESHOLDS.noReplicaSeconds)}`,
    meaning: 'Every replica is unhealthy or too far behind: reads fall on the primary, or are shed.',
    value: "{{ $value | humanizePercentage }} of the app's processes say so.",
    first: 'the primary before its replicas; then switch off endpoints that can wait.',
    runbook: 'lag-high.md',
  };
}

function breaker(series: Series): Alert {
  const state = series('breaker');
  return {
    name: 'CircuitBreakerOpen',
    severity: 'warning',
    // Between two openings it is half-open for a moment, and stays what it is if no trial succeeds.
    expr: mostProcesses(MEMBER, `max_over_time(${state}[2m]) == 2`, state),
    forSeconds: APP_THRESHOLDS.breakerSeconds,
    summary: 'The breaker of {member} stays open',
    when: `open for ${inWords(APP_THRESHOLDS.breakerSeconds)}`,
    meaning: 'Statements on {member} go on failing, or somebody forced its breaker open: it gets none but trials.',
    value: "{{ $value | humanizePercentage }} of the app's processes say so.",
    first: 'whether it was forced open and forgotten; else what statements on {member} fail with.',
    runbook: 'connection-failures.md',
  };
}

function disagrees(series: Series): Alert {
  const by = `${MEMBER}, role`;
  return {
    name: 'ProcessDisagrees',
    severity: 'warning',
    expr: `(${ill(series)}) unless on (${by}) (${mostProcesses(by, ill(series), series('health'))})`,
    forSeconds: APP_THRESHOLDS.disagreesSeconds,
    summary: '{instance} alone cannot use {member}',
    when: `unhealthy for ${inWords(APP_THRESHOLDS.disagreesSeconds)} to a process, and not to most`,
    meaning: '{instance} finds {member} unhealthy, most other processes do not: the trouble is between the two.',
    first: 'the network, DNS and certificates of that process; restart it elsewhere.',
    runbook: 'connection-failures.md',
  };
}
