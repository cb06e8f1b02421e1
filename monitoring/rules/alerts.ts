import type { Alert, Severity } from './alert';
import { fleetAlerts } from './fleet-alerts';
import { seriesOf } from './promql';
import { replicaAlerts } from './replica-alerts';
import { type Ruled, replicationThresholds } from './thresholds';

const ORDER: readonly Severity[] = ['critical', 'warning', 'info'];

/** Every alert of a fleet, as data, the gravest first. No member is named: they hold on when one is added or removed. */
export function fleetAlertList(contract: Ruled): readonly Alert[] {
  const { environment, fleet } = contract;
  const series = seriesOf(`fleet="${fleet}"`, `environment="${environment}"`);
  const alerts = [...replicaAlerts(series, replicationThresholds(contract)), ...fleetAlerts(series)];
  return ORDER.flatMap((severity) => alerts.filter((alert) => alert.severity === severity));
}
