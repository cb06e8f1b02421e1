const BURSTABLE: Readonly<Record<string, number>> = {
  micro: 2,
  small: 2,
  medium: 2,
  large: 2,
  xlarge: 4,
  '2xlarge': 8,
};

/** vCPUs of a class, e.g. 4 of `db.r6g.xlarge`; undefined where its name does not tell. */
export function vcpusOf(instanceClass: string): number | undefined {
  const [, family = '', size = ''] = instanceClass.split('.');
  if (/^t\d/.test(family)) return BURSTABLE[size];
  if (size === 'medium') return 1;
  if (size === 'large') return 2;
  const times = /^(\d*)xlarge$/.exec(size);
  return times ? 4 * Number(times[1] || 1) : undefined;
}
