/** Alert rules and dashboards of a fleet, from its contract. */
export { type GrafanaDashboard, grafanaDashboard } from './grafana/dashboard';
export { prometheusRules, type RulesOptions } from './prometheus-rules';
export type { Ruled } from './thresholds';
