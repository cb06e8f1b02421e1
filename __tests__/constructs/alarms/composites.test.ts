import fc from 'fast-check';
import type { CompositeName } from '../../../constructs/alarms/composites';
import { alarmsIn } from '../../../constructs/alarms/expression';
import { fleet, members, specified, told } from './support';

const instances = specified(fleet());
const cluster = specified(fleet('multi-az-cluster'));
const aurora = specified(fleet('aurora'));
const emitterIsSilent = ['emitter-errors', 'emitter-idle', 'emitter-quiet'];

describe('one cause is told once', () => {
  test.each<[string, readonly string[], readonly CompositeName[]]>([
    ['nothing', [], []],
    ['one replica lags a little', ['blue-lag-warning'], ['reads-lagging']],
    ['both lag a little, since the primary is busy', ['blue-lag-warning', 'green-lag-warning'], ['reads-lagging']],
    ['one replica is down', ['blue-unhealthy'], ['reads-degraded']],
    ['one replica is down, and AWS sees it too', ['blue-unhealthy', 'blue-backstop-lag'], ['reads-degraded']],
    ['the emitter is wrong, and AWS sees the lag', ['blue-backstop-lag'], ['reads-degraded']],
    ['the emitter fails', ['emitter-errors'], ['reads-degraded']],
    ['the emitter is not called', ['emitter-idle'], ['reads-degraded']],
    [
      'the emitter is silent, so every replica seems unhealthy',
      [...emitterIsSilent, 'blue-unhealthy', 'green-unhealthy'],
      ['reads-degraded'],
    ],
    [
      'the emitter is silent and leaves letters',
      [...emitterIsSilent, 'emitter-dead-letters', 'emitter-not-called'],
      ['reads-degraded'],
    ],
    ['single measurements fail', ['emitter-dead-letters'], ['emitter-dropped']],
    ['a dead slot keeps WAL', ['primary-slot-lag', 'primary-wal-disk', 'primary-slot-disk'], ['wal-held-back']],
    ['the disks fill', ['primary-free-storage', 'blue-free-storage'], ['storage-low']],
    ['everyone is busy', ['primary-cpu', 'blue-cpu', 'green-cpu'], ['cpu-high']],
    ['connections run out', ['blue-connections'], ['connections-high']],
    ['the proxy makes clients wait', ['proxy-wait', 'proxy-setup-failed'], ['proxy-struggling']],
  ])('%s', (_, on, expected) => {
    expect(told(instances.composites, on)).toEqual(expected);
  });
});

describe('reads on the primary', () => {
  test.each([
    ['every replica is down', ['blue-unhealthy', 'green-unhealthy'], true],
    ['every replica is far behind', ['blue-lag-critical', 'green-lag-critical'], true],
    ['one is down, the other far behind', ['blue-unhealthy', 'green-lag-critical'], true],
    ['one is well', ['blue-unhealthy', 'blue-lag-critical'], false],
    ['they are a little behind', ['blue-lag-warning', 'green-lag-warning'], false],
  ])('of instances: %s', (_, on, expected) => {
    expect(told(instances.composites, on).includes('reads-on-primary')).toBe(expected);
  });

  test('is a worse state than degraded reads, and is told beside them', () => {
    expect(told(instances.composites, ['blue-unhealthy', 'green-unhealthy'])).toEqual([
      'reads-on-primary',
      'reads-degraded',
    ]);
  });

  test.each([
    ['Multi-AZ cluster', cluster, ['one', 'two', 'three']],
    ['Aurora', aurora, ['primary', 'blue', 'green']],
  ] as const)('of a %s: all servers but the present writer, whichever it is', (_, { composites }, servers) => {
    for (const writer of servers) {
      const out = servers.filter((name) => name !== writer).map((name) => `${name}-unhealthy`);
      expect(told(composites, out)).toContain('reads-on-primary');
      expect(told(composites, out.slice(1))).not.toContain('reads-on-primary');
    }
  });

  test('with any number of readers: when no reader is left', () => {
    const readers = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 15 });
    const topologies = fc.constantFrom('instances' as const, 'aurora' as const);
    fc.assert(
      fc.property(topologies, readers, fc.infiniteStream(fc.boolean()), (topology, names, bits) => {
        fc.pre(!names.includes('primary'));
        const { composites } = specified(fleet(topology, { members: members(topology, names) }));
        const servers = topology === 'instances' ? names : ['primary', ...names];
        const out = servers.filter(() => bits.next().value);
        const left = servers.length - out.length - (topology === 'aurora' ? 1 : 0);

        expect(
          told(
            composites,
            out.map((name) => `${name}-lag-critical`),
          ).includes('reads-on-primary'),
        ).toBe(left <= 0);
      }),
    );
  });
});

describe.each([
  ['instances', instances],
  ['Multi-AZ cluster', cluster],
  ['Aurora', aurora],
])('every alarm of %s', (_, { alarms, composites }) => {
  test('alone tells someone', () => {
    for (const { name, feeds } of alarms) expect(told(composites, [name])).toContain(feeds);
  });

  test('that a composite speaks of is there', () => {
    const names = alarms.map(({ name }) => name);

    expect(names).toEqual(expect.arrayContaining(composites.flatMap(({ rule }) => alarmsIn(rule))));
  });
});
