import { type Alert, duration } from './alert';
import { fleetAlertList } from './alerts';
import type { Ruled } from './thresholds';
import { type Yaml, yaml } from './yaml';

export interface RulesOptions {
  /**
   * Where the runbooks are, e.g. `https://git.example/orders/blob/main/docs/runbooks`: the beginning of each alert's `runbook`.
   * @default "docs/runbooks/"
   */
  readonly runbookBase?: string;
  /**
   * Labels that each alert gets beside `severity`, for Alertmanager to route by, e.g. `{ team: 'orders' }`.
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Alert rules for Prometheus on the metrics of the app's processes, as YAML: one group for the fleet, with the thresholds of its contract.
 *
 * @param contract of it, the fleet, the environment and the thresholds
 */
export function prometheusRules(contract: Ruled, options: RulesOptions = {}): string {
  const { environment, fleet } = contract;
  const rules = fleetAlertList(contract).map((alert) => rule(alert, options));
  return (
    `# Alert rules of the database fleet ${fleet} in ${environment}, written by "npx readfleet alerts". Change its thresholds in its environment.\n` +
    yaml({ groups: [{ name: `readfleet-${fleet}-${environment}`, rules }] })
  );
}

function rule(alert: Alert, { labels = {}, runbookBase = 'docs/runbooks/' }: RulesOptions): Yaml {
  const { expr, first, forSeconds, meaning, name, runbook, severity, summary, value } = alert;
  return {
    alert: name,
    expr,
    ...(forSeconds === 0 ? {} : { for: duration(forSeconds) }),
    labels: { ...labels, severity },
    annotations: {
      summary: `${templated(summary)} ({{ $labels.fleet }} {{ $labels.environment }})`,
      description: templated([meaning, ...(value ? [value] : []), `First: ${first}`].join(' ')),
      runbook: `${runbookBase.replace(/(?<=[^/])$/, '/')}${runbook}`,
    },
  };
}

function templated(text: string): string {
  return text.replace(/\{(member|instance)\}/g, '{{ $labels.$1 }}');
}
