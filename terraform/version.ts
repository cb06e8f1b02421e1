/** Terraform itself: 1.11 is the first with write-only arguments, which keep the password out of the state. */
export const TERRAFORM_FLOOR = '1.11.0';

/** The AWS provider: 5.100 is the oldest that every synthesised attribute was held against. */
export const PROVIDER_FLOOR = '5.100.0';

/** The first AWS provider that is too new to be trusted unseen. */
export const PROVIDER_CEILING = '7.0.0';

/** As Terraform's own configuration language writes it. */
export const PROVIDER_CONSTRAINT = `>= ${PROVIDER_FLOOR}, < ${PROVIDER_CEILING}`;

const VERSION = /^v?(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

/**
 * The order of two versions, as `Array.prototype.sort` wants it. Text that is no version sorts before every version.
 *
 * A pre-release comes before its release; two pre-releases of one release compare as text, which is enough to be stable.
 */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [VERSION.exec(left), VERSION.exec(right)];
  if (!a || !b) return Number(Boolean(a)) - Number(Boolean(b));
  for (const part of [1, 2, 3]) {
    const difference = Number(a[part]) - Number(b[part]);
    if (difference !== 0) return difference;
  }
  const [preA, preB] = [a[4] ?? '', b[4] ?? ''];
  if (preA === preB) return 0;
  if (preA === '' || preB === '') return preA === '' ? 1 : -1;
  return preA < preB ? -1 : 1;
}

/** Whether Terraform is new enough. */
export function isSupportedTerraform(version: string): boolean {
  return compareVersions(version, TERRAFORM_FLOOR) >= 0;
}

/** Whether a provider satisfies {@link PROVIDER_CONSTRAINT}. Pre-releases never do, as in Terraform. */
export function isSupportedProvider(version: string): boolean {
  return (
    !version.includes('-') &&
    compareVersions(version, PROVIDER_FLOOR) >= 0 &&
    compareVersions(version, PROVIDER_CEILING) < 0
  );
}
