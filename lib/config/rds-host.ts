/** `<name>.<id>.<region>.rds.amazonaws.com`, where the id tells what the name stands for. */
const RDS = /(?:^|\.)([a-z0-9-]+)\.([a-z]{2}(?:-[a-z]+)+-\d)\.rds\.amazonaws\.com(?:\.cn)?$/i;

/** Whether `host` is a name of RDS or Aurora, also of AWS in China. */
export function isRdsHost(host: string): boolean {
  return /\.rds\.amazonaws\.com(?:\.cn)?$/i.test(host);
}

/** The AWS region in a name of RDS, or undefined for any other host. */
export function regionOfHost(host: string): string | undefined {
  return RDS.exec(host)?.[2]?.toLowerCase();
}

/** What a name of RDS stands for, where it is more than one server. */
export type RdsAlias = 'reader endpoint' | 'proxy';

/** Of a name behind which servers change from connection to connection, what it is. The writer endpoint of a cluster is none: it is one server at a time. */
export function aliasOfHost(host: string): RdsAlias | undefined {
  const id = RDS.exec(host)?.[1] ?? '';
  if (/^cluster-(ro|custom)-/i.test(id)) return 'reader endpoint';
  return /^proxy-/i.test(id) ? 'proxy' : undefined;
}
