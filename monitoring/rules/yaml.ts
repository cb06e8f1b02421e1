/** What the writer takes: JSON without null. */
export type Yaml = string | number | boolean | readonly Yaml[] | { readonly [key: string]: Yaml };

/**
 * As YAML, which Prometheus reads. Each text is written as in JSON, which YAML takes as it is: nothing in it can be mistaken for a number, a date
 * or a line of its own. Keys are written as they are: plain words.
 */
export function yaml(value: Yaml): string {
  return `${lines(value).join('\n')}\n`;
}

function lines(value: Yaml): string[] {
  if (isList(value)) {
    if (value.length === 0) return ['[]'];
    return value.flatMap((item) => lines(item).map((line, index) => `${index === 0 ? '- ' : '  '}${line}`));
  }
  if (typeof value !== 'object') return [JSON.stringify(value)];
  const entries = Object.entries(value);
  if (entries.length === 0) return ['{}'];
  return entries.flatMap(([key, inner]) => {
    const [first = '', ...rest] = lines(inner);
    const nested = typeof inner === 'object' && Object.keys(inner).length > 0;
    return nested ? [`${key}:`, ...[first, ...rest].map((line) => `  ${line}`)] : [`${key}: ${first}`];
  });
}

function isList(value: Yaml): value is readonly Yaml[] {
  return Array.isArray(value);
}
