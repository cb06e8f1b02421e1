import { environmentProblems, type Problem } from '../../../../constructs/environment';
import { MINIMAL, MINIMAL_AURORA } from '../../support/environments';

/** As a person may have written it, whatever the types say. */
function problems(changes: object, base: object = MINIMAL): Problem[] {
  return environmentProblems({ ...base, ...changes });
}

const one = (code: string, path: string) => [expect.objectContaining({ code, path })];

describe('a read name', () => {
  const zone = (domain: string) => ({ zone: { kind: 'create', domain }, name: 'read' });

  test('is of instances: a cluster has one of its own', () => {
    expect(problems({ readName: zone('orders.internal') })).toEqual([]);
    expect(problems({ readName: zone('orders.internal') }, MINIMAL_AURORA)).toEqual(
      one('READFLEET_READ_NAME_ON_CLUSTER', 'readName'),
    );
  });

  test('fits into DNS', () => {
    // 9 for "replicas.", 5 for "read.": 239 are left for the domain.
    const domain = (length: number) =>
      'a.'.repeat(200).slice(0, length - 1 - (length % 2)) + 'b'.repeat(1 + (length % 2));

    expect(domain(239)).toHaveLength(239);
    expect(problems({ readName: zone(domain(239)) })).toEqual([]);
    expect(problems({ readName: zone(domain(240)) })).toEqual(one('READFLEET_NAME_TOO_LONG', 'readName'));
  });
});
