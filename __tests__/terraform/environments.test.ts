import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironments } from '../../environments';
import { createApp } from '../../main';
import { countActions, ofType, type Plan, type Validation, withWorkspace } from '../../terraform';
import { describeWith, terraform } from '../support/left-out';
import { terraformHere } from '../support/left-out-tools';

/** Each plan runs a provider of 700 MB on a core of its own. */
const AT_A_TIME = 2;
const TEN_MINUTES = 600_000;

interface Verdict {
  readonly validation: Validation;
  readonly plan: Plan;
}

const environments = loadEnvironments().map(({ environment }) => environment);

describeWith(terraform, 'every environment, by the real Terraform and provider', () => {
  const verdicts = new Map<string, PromiseSettledResult<Verdict>>();
  let outdir: string;

  beforeAll(async () => {
    // Made here and not when the file is read: a file of which every test is left out runs no clean-up.
    outdir = mkdtempSync(join(tmpdir(), 'readfleet-test-'));
    createApp({ outdir, offline: false }).synth();
    const waiting = [...environments];
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [settled] = await Promise.allSettled([judge(next.name)]);
        verdicts.set(next.name, settled);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
  }, TEN_MINUTES);

  afterAll(() => rmSync(outdir, { recursive: true, force: true }));

  /** One environment's failure is told by its own tests. */
  function verdict(name: string): Verdict {
    const settled = verdicts.get(name);
    if (settled?.status !== 'fulfilled') throw settled?.reason;
    return settled.value;
  }

  test('there are environments', () => {
    expect(environments.map(({ name }) => name)).toEqual(expect.arrayContaining(['dev', 'production', 'staging']));
  });

  describe.each(environments)('$name', (environment) => {
    test('is valid, without a warning', () => {
      expect(verdict(environment.name).validation).toEqual({ valid: true, diagnostics: [], text: '' });
    });

    test('plans from nothing, without a warning', () => {
      const { plan } = verdict(environment.name);

      expect(plan.warnings).toEqual([]);
      expect(countActions(plan)).toMatchObject({ update: 0, delete: 0 });
      expect(plan.resources.filter(({ mode }) => mode === 'data')).toEqual([]);
    });

    test('plans one primary and each replica, alike in what must be alike', () => {
      const instances = ofType(verdict(environment.name).plan, 'aws_db_instance');
      const replicas = instances.filter(({ after, afterUnknown }) =>
        Boolean(after?.replicate_source_db ?? afterUnknown.replicate_source_db),
      );
      const names = Object.keys(environment.topology === 'instances' ? environment.replicas : {});

      expect(replicas).toHaveLength(names.length);
      expect(instances).toHaveLength(names.length + 1);
      for (const name of names) expect(replicas.some(({ address }) => address.includes(name))).toBe(true);
      for (const { after } of instances) {
        expect(after).toMatchObject({
          instance_class: environment.database.instanceClass,
          storage_encrypted: true,
          publicly_accessible: false,
        });
      }
    });

    test('plans backups of the primary, without which AWS makes no replica', () => {
      const instances = ofType(verdict(environment.name).plan, 'aws_db_instance');
      const backups = instances.map(({ after }) => Number(after?.backup_retention_period ?? 0));

      expect(Math.max(...backups)).toBeGreaterThan(0);
    });

    test('plans a key of its own that rotates', () => {
      const keys = ofType(verdict(environment.name).plan, 'aws_kms_key');

      expect(keys.length).toBeGreaterThan(0);
      for (const { after } of keys) expect(after).toMatchObject({ enable_key_rotation: true });
    });

    test('plans no password that the state would keep', () => {
      const { plan } = verdict(environment.name);

      for (const { after, afterUnknown } of ofType(plan, 'aws_db_instance')) {
        expect(after?.password ?? null).toBeNull();
        expect(afterUnknown.password ?? false).toBe(false);
      }
      for (const { after } of ofType(plan, 'aws_secretsmanager_secret_version')) {
        expect(after?.secret_string ?? null).toBeNull();
      }
      expect(ofType(plan, 'random_password')).toEqual([]);
    });
  });

  function judge(name: string): Promise<Verdict> {
    return withWorkspace(join(outdir, 'stacks', name), terraformHere(), async (workspace) => ({
      validation: await workspace.validate(),
      plan: await workspace.plan(),
    }));
  }
});
