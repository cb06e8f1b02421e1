import { resolve } from 'node:path';
import { loadEnvironments } from '../../environments';
import { countActions, ofType, type Plan, STAND_IN } from '../../terraform';
import { describeWith, terraform } from '../support/left-out';
import { subjects } from './relations';
import { verdictsOn } from './verdicts';

const examples = loadEnvironments(resolve(__dirname, '..', '..', 'examples'));
const environments = [...loadEnvironments(), ...examples].map(({ environment }) => environment);

describeWith(terraform, 'every environment and example, by the real Terraform and provider', () => {
  const verdict = verdictsOn(environments);

  test('there are environments, and an example of each topology', () => {
    expect(environments.map(({ name }) => name)).toEqual(expect.arrayContaining(['dev', 'production', 'staging']));
    expect(new Set(examples.map(({ environment }) => environment.topology)).size).toBe(3);
  });

  describe.each(environments)('$name', (environment) => {
    const { name } = environment;

    test('is valid, without a warning', () => {
      expect(verdict(name).validation).toEqual({ valid: true, diagnostics: [], text: '' });
    });

    test('plans from nothing, without a warning', () => {
      const { plan } = verdict(name);

      expect(plan.warnings).toEqual([]);
      expect(countActions(plan)).toMatchObject({ update: 0, delete: 0 });
      expect(plan.resources.filter(({ mode }) => mode === 'data')).toEqual([]);
    });

    test('plans one writer and each reader, alike in what must be alike', () => {
      const { plan } = verdict(name);

      switch (environment.topology) {
        case 'instances':
          expectInstances(plan, environment.database.instanceClass, {
            replicas: Object.keys(environment.replicas).length + Object.keys(environment.remoteReplicas).length,
            // A promoted one is an instance like the primary.
            others: 1 + Object.keys(environment.promoted).length,
          });
          break;
        case 'multi-az-cluster':
          expect(ofType(plan, 'aws_rds_cluster').map(({ after }) => after)).toEqual([
            expect.objectContaining({
              db_cluster_instance_class: environment.database.instanceClass,
              engine: 'postgres',
              storage_encrypted: true,
            }),
          ]);
          break;
        case 'aurora':
          expect(ofType(plan, 'aws_rds_cluster').map(({ after }) => after)).toEqual([
            expect.objectContaining({ engine: 'aurora-postgresql', storage_encrypted: true }),
          ]);
          expect(ofType(plan, 'aws_rds_cluster_instance')).toHaveLength(1 + Object.keys(environment.readers).length);
          for (const { after } of ofType(plan, 'aws_rds_cluster_instance')) {
            expect(after).toMatchObject({
              instance_class: environment.database.instanceClass,
              publicly_accessible: false,
            });
          }
      }
    });

    test('plans backups, without which AWS makes no replica', () => {
      const { plan } = verdict(name);
      const backups = [...ofType(plan, 'aws_db_instance'), ...ofType(plan, 'aws_rds_cluster')].map(({ after }) =>
        Number(after?.backup_retention_period ?? 0),
      );

      expect(Math.max(...backups)).toBe(environment.database.backupRetentionDays);
    });

    test('plans a key of its own that rotates', () => {
      const keys = ofType(verdict(name).plan, 'aws_kms_key');

      expect(keys.length).toBeGreaterThan(0);
      for (const { after } of keys) expect(after).toMatchObject({ enable_key_rotation: true });
    });

    test('applies, to an AWS that is mocked', () => {
      const { applied } = verdict(name);

      expect(applied).toMatchObject({ diagnostics: [], text: '', runs: { plan: 'pass' } });
      expect(applied.state?.resources.length).toBe(verdict(name).plan.resources.filter(managed).length);
    });

    test.each(subjects)('what was applied hangs together: %s', (subject) => {
      expect(verdict(name).broken.get(subject)?.join('\n\n')).toBe('');
    });

    test('planned again over what was applied, it changes nothing', () => {
      const { again } = verdict(name);
      if (again.status === 'rejected') throw again.reason;
      const changed = again.value.resources.filter(({ actions }) => actions.join() !== 'no-op');

      expect(changed.map(({ actions, address }) => `${address}: ${actions.join(' and ')}`)).toEqual([]);
    });

    test('nothing secret is in stack, plan or state', () => {
      const { applied, json, plan } = verdict(name);
      const stack = JSON.parse(json) as { readonly resource: object };

      // What stands for each secret while it is applied is in no attribute that is kept, and in no output.
      expect(JSON.stringify(applied.state)).not.toContain(STAND_IN);
      expect(secretsIn(applied.state)).toEqual([]);
      expect(secretsIn({ ...JSON.parse(plan.json), configuration: undefined })).toEqual([]);
      // In the stack they are write-only arguments, of ephemeral values.
      expect(secretsIn(stack.resource).filter((path) => !/_wo$/.test(path))).toEqual([]);
      expect(ephemeralUses(stack).sort()).toEqual(secretsIn({ resource: stack.resource }).sort());
      expect(Object.keys(stack.resource)).not.toContain('random_password');
    });
  });
});

function managed({ mode }: { readonly mode: string }): boolean {
  return mode === 'managed';
}

function expectInstances(
  plan: Plan,
  instanceClass: string,
  expected: { readonly replicas: number; readonly others: number },
): void {
  const instances = ofType(plan, 'aws_db_instance');
  const replicas = instances.filter(({ after, afterUnknown }) =>
    Boolean(after?.replicate_source_db ?? afterUnknown.replicate_source_db),
  );

  expect({ replicas: replicas.length, others: instances.length - replicas.length }).toEqual(expected);
  for (const { after } of instances) {
    expect(after).toMatchObject({
      instance_class: instanceClass,
      storage_encrypted: true,
      publicly_accessible: false,
    });
  }
}

/** Attributes that hold a secret, whichever resource has them. */
const SECRET = /^(\w*_)?(password|secret_string|secret_binary|secret_key|private_key|auth_token)(_wo)?$|^value_wo$/;

/** Where there is a secret: `resource/aws_db_instance/primary/password_wo`. */
function secretsIn(value: unknown, path = ''): string[] {
  return textsIn(value, path).flatMap(([at, text]) => (SECRET.test(at.split('/').at(-1) ?? '') && text ? [at] : []));
}

/** Where an ephemeral value is used. */
function ephemeralUses(value: unknown): string[] {
  return textsIn(value).flatMap(([at, text]) => (text.includes('ephemeral.') ? [at] : []));
}

function textsIn(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, path ? `${path}/${key}` : key));
}
