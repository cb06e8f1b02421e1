import { FLEET_LABELS, INSTRUMENTS } from '../../../monitoring/metrics/instruments';

/** What PromQL itself knows, of what the rules and dashboards use. */
const LANGUAGE = new Set(
  (
    'absent and avg bool by count count_over_time floor histogram_quantile ignoring increase max max_over_time min min_over_time ' +
    'on or rate sum unless vector without'
  ).split(' '),
);
/** What Prometheus adds to each series, and to the buckets of histograms. */
const ADDED = ['instance', 'job', 'le'];

const LABELS = new Map<string, readonly string[]>(
  Object.values(INSTRUMENTS).flatMap(({ kind, labels, name }) => {
    const all = [...FLEET_LABELS, ...labels, ...ADDED];
    const names = kind === 'histogram' ? ['_bucket', '_count', '_sum'].map((part) => `${name}${part}`) : [name];
    return names.map((each) => [each, all] as const);
  }),
);

const SELECTOR = /(\w+)\{([^}]*)\}/g;
const GROUPING = /\b(by|without|on|ignoring) \(([^)]*)\)/g;

/** Names of the metrics that an expression asks for. */
export function metricsIn(expr: string): readonly string[] {
  return [...expr.matchAll(SELECTOR)].map(([, name = '']) => name);
}

/** Labels that the expression's last grouping leaves. */
export function labelsLeft(expr: string): readonly string[] {
  return [...expr.matchAll(GROUPING)].flatMap(([, , labels = '']) => words(labels));
}

/** What is wrong with an expression: metrics that no process tells, labels that they do not have, words that PromQL does not know. */
export function unknownIn(expr: string): readonly string[] {
  const metrics = [...expr.matchAll(SELECTOR)];
  const known = new Set(metrics.flatMap(([, name = '']) => LABELS.get(name) ?? []));
  const rest = expr
    .replace(SELECTOR, ' ')
    .replace(GROUPING, ' ')
    .replace(/\[[^\]]*\]/g, ' ');
  return [
    ...metrics.flatMap(([, name = '', matchers = '']) => {
      const labels = LABELS.get(name);
      if (!labels) return [name];
      const asked = [...matchers.matchAll(/(\w+)(?:=~|!~|!=|=)"/g)].map(([, label = '']) => label);
      return asked.filter((label) => !labels.includes(label)).map((label) => `${name}{${label}}`);
    }),
    ...labelsLeft(expr).filter((label) => !known.has(label)),
    ...(rest.match(/[A-Za-z_]\w*/g) ?? []).filter((word) => !LANGUAGE.has(word)),
  ];
}

function words(text: string): readonly string[] {
  return text.split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
}
