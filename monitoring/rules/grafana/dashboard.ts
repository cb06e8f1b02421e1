import { createHash } from 'node:crypto';
import { APP_METRICS } from '../../metrics/names';
import { seriesOf } from '../promql';
import { type Ruled, replicationThresholds } from '../thresholds';
import { atAGlance } from './at-a-glance';
import { type Placed, placed } from './grid';
import { DATASOURCE } from './panel';
import { latency, pools, routing } from './reads';
import { replication } from './replication';

/** What Grafana imports. Its newer versions raise `schemaVersion` by themselves. */
export interface GrafanaDashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly templating: { readonly list: readonly Readonly<Record<string, unknown>>[] };
  readonly annotations: { readonly list: readonly Readonly<Record<string, unknown>>[] };
  readonly panels: readonly Placed[];
  readonly [more: string]: unknown;
}

/**
 * A dashboard for Grafana on the metrics of the app's processes, to import as it is. It asks for the data source, and begins with the contract's
 * fleet and environment. The lines in its graphs are the contract's thresholds, which are also those of {@link prometheusRules}.
 */
export function grafanaDashboard(contract: Ruled): GrafanaDashboard {
  const { environment, fleet } = contract;
  const { lag } = replicationThresholds(contract);
  const failovers = seriesOf('fleet="$fleet"', 'environment="$environment"')('failovers');
  return {
    id: null,
    // Grafana takes 40 characters; names may be longer.
    uid: `readfleet-${createHash('sha256').update(`${fleet}/${environment}`).digest('hex').slice(0, 16)}`,
    title: `readfleet: ${fleet} ${environment}`,
    tags: ['readfleet', 'postgresql'],
    schemaVersion: 41,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    timezone: 'browser',
    templating: {
      list: [
        { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', refresh: 1 },
        { ...choice('fleet', 'Fleet', ''), current: chosen(fleet) },
        { ...choice('environment', 'Environment', 'fleet="$fleet"'), current: chosen(environment) },
        {
          ...choice('member', 'Member', 'fleet="$fleet",environment="$environment"'),
          multi: true,
          includeAll: true,
          allValue: '.*',
          current: { text: ['All'], value: ['$__all'] },
        },
      ],
    },
    annotations: {
      list: [
        {
          name: 'Failovers',
          datasource: DATASOURCE,
          enable: true,
          iconColor: 'red',
          expr: `max(increase(${failovers}[2m])) > 0`,
          step: '60s',
          titleFormat: 'Another member became the primary',
        },
      ],
    },
    // What is wrong first, then who lags, then where reads go, then why.
    panels: placed([atAGlance(lag), ...replication(lag), ...routing(), ...pools(), ...latency()]),
  };
}

/** A variable whose values are those of a label. */
function choice(name: string, label: string, matchers: string): Readonly<Record<string, unknown>> {
  const query = `label_values(${APP_METRICS.health}{${matchers}}, ${name})`;
  return {
    name,
    label,
    type: 'query',
    datasource: DATASOURCE,
    definition: query,
    query: { query, refId: name },
    refresh: 2,
    sort: 1,
  };
}

function chosen(value: string) {
  return { text: value, value };
}
