/** What a release deployed, upgraded to today's code: the real provider plans over the state that the release's stacks left. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../main';
import { type Plan, withWorkspace } from '../../terraform';
import { environmentsOf, releases, stackOf } from '../constructs/releases/releases';
import { describeWith, terraform } from '../support/left-out';
import { terraformHere } from '../support/left-out-tools';
import { stateLeftBy, TEN_MINUTES, twoAtATime } from './verdicts';

/** What may be made anew: it holds nothing, and nobody waits for it. */
const REPLACEABLE: readonly string[] = ['aws_lambda_invocation', 'aws_secretsmanager_secret_version', 'terraform_data'];

describeWith(terraform, 'an upgrade, by the real Terraform and provider', () => {
  describe.each(releases())('of what release %s deployed', (release) => {
    const environments = environmentsOf(release);
    const plans = new Map<string, PromiseSettledResult<Plan>>();
    let outdir: string;

    beforeAll(async () => {
      outdir = mkdtempSync(join(tmpdir(), 'readfleet-test-'));
      createApp({ outdir: join(outdir, 'today'), environments, offline: false }).synth();
      await twoAtATime(environments, async ({ name }) => {
        const [plan] = await Promise.allSettled([upgrade(name)]);
        plans.set(name, plan);
      });
    }, TEN_MINUTES);

    afterAll(() => rmSync(outdir, { recursive: true, force: true }));

    test.each(environments.map(({ name }) => name))('destroys and replaces nothing of %s', (name) => {
      const plan = plans.get(name);
      if (plan?.status !== 'fulfilled') throw plan?.reason;
      const destroyed = plan.value.resources.filter(
        ({ actions, type }) => actions.includes('delete') && !REPLACEABLE.includes(type),
      );

      expect(destroyed.map(({ actions, address }) => `${address}: ${actions.join(' and ')}`)).toEqual([]);
      expect(plan.value.resources.some(({ actions }) => actions.includes('no-op'))).toBe(true);
    });

    async function upgrade(name: string): Promise<Plan> {
      const then = join(outdir, 'then', name);
      mkdirSync(then, { recursive: true });
      writeFileSync(join(then, 'cdk.tf.json'), JSON.stringify(stackOf(release, name)));
      const state = await withWorkspace(then, terraformHere(), stateLeftBy);
      const today = join(outdir, 'today', 'stacks', name);
      return withWorkspace(today, terraformHere(), (workspace) => workspace.planOver(state));
    }
  });
});
