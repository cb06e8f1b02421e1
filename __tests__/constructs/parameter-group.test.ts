import { Testing } from 'cdktf';
import { ClusterParameterGroup, type Environment, ParameterGroup, parameterDefaults } from '../../constructs';
import { type Attributes, parse } from './support/synth';

/** The one group that `make` puts into a stack. */
function group(type: string, make: (scope: ConstructorParameters<typeof ParameterGroup>[0]) => void): Attributes {
  return parse(Testing.synthScope((scope) => make(scope))).one(type, 'fleet');
}

const parameters = { work_mem: '16MB', max_connections: 400, random_page_cost: 1.1 } as const;
const name = 'orders-production';

test('instances have a group with values in the units of RDS, sorted by name, each with its apply method', () => {
  const made = group('aws_db_parameter_group', (scope) => {
    new ParameterGroup(scope, 'parameters', { name, engineMajor: 17, parameters });
  });

  expect(made).toMatchObject({
    name: 'orders-production-postgres17',
    family: 'postgres17',
    parameter: [
      { name: 'max_connections', value: '400', apply_method: 'pending-reboot' },
      { name: 'random_page_cost', value: '1.1', apply_method: 'immediate' },
      { name: 'work_mem', value: '16384', apply_method: 'immediate' },
    ],
  });
});

test.each([
  ['cluster', 'postgres17'],
  ['aurora', 'aurora-postgresql17'],
] as const)('a group of flavour %s has the family %s, and the same values', (flavour, family) => {
  const made = group('aws_rds_cluster_parameter_group', (scope) => {
    new ClusterParameterGroup(scope, 'parameters', { name, flavour, engineMajor: 17, parameters });
  });

  expect(made).toMatchObject({
    name: `orders-production-${family}`,
    family,
    parameter: [
      { name: 'max_connections', value: '400', apply_method: 'pending-reboot' },
      { name: 'random_page_cost', value: '1.1', apply_method: 'immediate' },
      { name: 'work_mem', value: '16384', apply_method: 'immediate' },
    ],
  });
});

describe('a major upgrade', () => {
  /** Groups of all flavours for a major. */
  function groups(engineMajor: Environment['database']['engineMajor']): readonly Attributes[] {
    return [
      group('aws_db_parameter_group', (scope) => {
        new ParameterGroup(scope, 'parameters', { name, engineMajor, parameters: parameterDefaults('instance') });
      }),
      ...(['cluster', 'aurora'] as const).map((flavour) =>
        group('aws_rds_cluster_parameter_group', (scope) => {
          const props = { name, flavour, engineMajor, parameters: parameterDefaults(flavour) };
          new ClusterParameterGroup(scope, 'parameters', props);
        }),
      ),
    ];
  }

  test('makes the new group before the old one goes: both are needed for a while', () => {
    for (const made of groups(17)) expect(made.lifecycle).toEqual({ create_before_destroy: true });
  });

  test('changes the name with the family, since two groups cannot have one name', () => {
    const before = groups(17);
    for (const [index, after] of groups(18).entries()) {
      expect(after.family).not.toBe(before[index]?.family);
      expect(after.name).not.toBe(before[index]?.name);
      // What would replace the group within a family, where the name could not change.
      expect(after.description).toBe(before[index]?.description);
    }
  });
});

test('everything that is refused is told at once, by where the group stands', () => {
  const wrong = { io_method: 'worker', apg_ccm_enabled: true, port: 1, ...parameters } as never;
  const make = () =>
    Testing.synthScope((scope) => {
      new ParameterGroup(scope, 'parameters', { name, engineMajor: 17, parameters: wrong });
    });

  expect(make).toThrow(
    expect.objectContaining({
      code: 'READFLEET_PARAMETERS_INVALID',
      message: expect.stringMatching(/parameters: 3 problems/),
      problems: [
        expect.objectContaining({ code: 'READFLEET_PARAMETER_MAJOR', path: 'io_method' }),
        expect.objectContaining({ code: 'READFLEET_PARAMETER_FLAVOUR', path: 'apg_ccm_enabled' }),
        expect.objectContaining({ code: 'READFLEET_PARAMETER_FIXED', path: 'port' }),
      ],
    }),
  );
});

test('a cluster group refuses what its flavour refuses', () => {
  const make = () =>
    Testing.synthScope((scope) => {
      const props = { name, flavour: 'aurora', engineMajor: 17, parameters: { wal_keep_size: '1GB' } } as const;
      new ClusterParameterGroup(scope, 'parameters', props);
    });

  expect(make).toThrow(expect.objectContaining({ code: 'READFLEET_PARAMETERS_INVALID' }));
});
