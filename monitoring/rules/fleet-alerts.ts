import { type Alert, inWords } from './alert';
import { FLEET, MEMBER, mostProcesses, part, type Series } from './promql';
import { APP_THRESHOLDS } from './thresholds';

/** Reads that somebody kept from replicas by a switch: they say nothing of how well replicas are used. */
export const BY_HAND = 'reason!~"switched off|endpoint disabled|not in the rollout"';

const total = (series: string, window: string) => `sum by (${FLEET}) (rate(${series}[${window}]))`;

/** Alerts on the primary, and on what the app's reads and writes come to. */
export function fleetAlerts(series: Series): readonly Alert[] {
  return [
    primary(series),
    failover(series),
    calls(series),
    anyShed(series),
    manyShed(series),
    fallback(series),
    lowUse(series),
    pools(series, 'warning'),
    pools(series, 'critical'),
    switchedOff(series),
    silent(series),
  ];
}

function primary(series: Series): Alert {
  const forSeconds = APP_THRESHOLDS.primarySeconds;
  const health = series('health', 'role="primary"');
  // The best of each process: after a failover, it knows the primary of before as well.
  const best = (of: string) => `max without (member, role) (${of})`;
  return {
    name: 'PrimaryUnhealthy',
    severity: 'critical',
    expr: mostProcesses(FLEET, `${best(`min_over_time(${health}[1m])`)} == 0`, best(health)),
    forSeconds,
    summary: 'The primary is unhealthy',
    when: `no primary answers for ${inWords(forSeconds)}`,
    meaning: 'The primary does not answer, or is in recovery. Writes fail; reads go on where replicas may serve them.',
    value: "{{ $value | humanizePercentage }} of the app's processes say so.",
    first: "the server's events and log. A failover that is under way needs a minute or two.",
    runbook: 'primary-lost.md',
  };
}

function failover(series: Series): Alert {
  return {
    name: 'FailoverHappened',
    severity: 'warning',
    expr: `count by (${FLEET}) (increase(${series('failovers')}[15m]) > 0)`,
    forSeconds: 0,
    summary: 'Another member is the primary',
    when: 'a process followed a failover within 15 min',
    meaning: 'Another member became the primary, and the one before is fenced: it gets neither reads nor writes.',
    value: 'Processes that followed: {{ $value }}.',
    first: 'whether all processes name the same primary; then have the one before follow it.',
    runbook: 'primary-lost.md',
  };
}

function calls(series: Series): Alert {
  const { failuresPercent, failuresSeconds } = APP_THRESHOLDS;
  const share = `${total(series('failures'), '5m')} / ${total(part(series('calls'), 'count'), '5m')}`;
  return {
    name: 'CallsFail',
    severity: 'critical',
    expr: `${share} > ${failuresPercent / 100}`,
    forSeconds: failuresSeconds,
    summary: 'Calls fail',
    when: `> ${failuresPercent} % of calls fail for ${inWords(failuresSeconds)}`,
    meaning: "Callers get errors of a member, of routing or of time. Errors of a statement's own are not counted.",
    value: 'Share of calls: {{ $value | humanizePercentage }}.',
    first: "which members are unhealthy, and the codes of the errors in the app's log.",
    runbook: 'connection-failures.md',
  };
}

function anyShed(series: Series): Alert {
  return {
    name: 'ReadsShed',
    severity: 'warning',
    expr: `sum by (${FLEET}) (increase(${series('shed')}[5m])) > 0`,
    forSeconds: 0,
    summary: 'Reads are shed',
    when: 'any read is shed within 5 min',
    meaning: 'The primary could not take all the reads that replicas did not: some failed, the least important first.',
    value: 'About {{ $value | humanize }} in five minutes.',
    first: 'why replicas do not take them; then switch off endpoints that can wait.',
    runbook: 'switch-off.md',
  };
}

function manyShed(series: Series): Alert {
  const { failuresPercent, failuresSeconds } = APP_THRESHOLDS;
  const shed = total(series('shed'), '5m');
  return {
    ...anyShed(series),
    severity: 'critical',
    // What was shed was not routed.
    expr: `${shed} / (${shed} + ${total(series('reads'), '5m')}) > ${failuresPercent / 100}`,
    forSeconds: failuresSeconds,
    when: `> ${failuresPercent} % of reads are shed for ${inWords(failuresSeconds)}`,
    value: 'Share of reads: {{ $value | humanizePercentage }}.',
  };
}

function fallback(series: Series): Alert {
  return {
    name: 'FallbackToPrimary',
    severity: 'info',
    expr: `sum by (${FLEET}) (increase(${series('reads', 'target="fallback"')}[5m])) > 0`,
    forSeconds: 0,
    summary: 'The primary serves reads of replicas',
    when: 'any read falls back within 5 min',
    meaning: 'No replica was fresh enough for some reads, so the primary served them.',
    value: 'About {{ $value | humanize }} in five minutes.',
    first:
      "lag and health of the replicas, and whether reads ask for a tighter bound than the fleet's polls can prove.",
    runbook: 'lag-high.md',
  };
}

function lowUse(series: Series): Alert {
  const { replicaUsePercent, replicaUseSeconds } = APP_THRESHOLDS;
  // The other way round: where no replica ever served, there are no series of reads on replicas to be few.
  const elsewhere = total(series('reads', 'target!="replica"', BY_HAND), '10m');
  return {
    name: 'LowReplicaUsage',
    severity: 'warning',
    expr: `1 - ${elsewhere} / ${total(series('reads', BY_HAND), '10m')} < ${replicaUsePercent / 100}`,
    forSeconds: replicaUseSeconds,
    summary: 'Replicas serve few reads',
    when: `< ${replicaUsePercent} % of reads on replicas for ${inWords(replicaUseSeconds)}; what a switch sent to the primary left out`,
    meaning: 'Most reads go to the primary, because they ask for it or because no replica is fresh enough.',
    value: 'Share of replicas: {{ $value | humanizePercentage }}.',
    first: "reads by reason on the dashboard: `strong` is the app's choice, `fallback` is the replicas' trouble.",
    runbook: 'roll-out.md',
  };
}

function pools(series: Series, severity: 'warning' | 'critical'): Alert {
  const { poolPercent, poolSeconds } = APP_THRESHOLDS;
  const percent = poolPercent[severity];
  const sum = (of: string) => `sum by (${MEMBER}) (${of})`;
  return {
    name: 'HighConnectionPoolUtilization',
    severity,
    expr: `${sum(series('connections', 'state="active"'))} / ${sum(series('poolMax'))} > ${percent / 100}`,
    forSeconds: poolSeconds,
    summary: "The app's connections to {member} run out",
    when: `> ${percent} % of the pools' connections in use for ${inWords(poolSeconds)}, all processes together`,
    meaning: 'Soon callers wait for a connection to {member}.',
    value: 'In use: {{ $value | humanizePercentage }}.',
    first: 'slow statements and long transactions on {member}; then the size of the pools.',
    runbook: 'connection-failures.md',
  };
}

function switchedOff(series: Series): Alert {
  const forSeconds = APP_THRESHOLDS.switchedOffSeconds;
  return {
    name: 'ReplicasSwitchedOff',
    severity: 'warning',
    expr: `count by (${FLEET}) (${series('allOff')} == 1)`,
    forSeconds,
    summary: 'Replicas are switched off',
    when: `all endpoints switched off by hand for ${inWords(forSeconds)}, in any process`,
    meaning: 'Somebody sent all reads to the primary, and nobody has taken it back.',
    value: "In {{ $value }} of the app's processes.",
    first: 'who did, and whether the reason is gone; then fleet.flags.enableAll().',
    runbook: 'switch-off.md',
  };
}

function silent(series: Series): Alert {
  const forSeconds = APP_THRESHOLDS.silentSeconds;
  return {
    name: 'FleetMetricsMissing',
    severity: 'critical',
    expr: `absent(${series('health')})`,
    forSeconds,
    summary: 'No process tells of this fleet',
    when: `no metrics at all from any process for ${inWords(forSeconds)}`,
    meaning:
      'Either no process of the app runs, or Prometheus does not reach any. No other alert of this fleet can fire.',
    first: 'the targets of Prometheus, then the app.',
    runbook: 'README.md',
  };
}
