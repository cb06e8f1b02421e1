import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../constructs';
import { createApp } from '../../main';
import {
  type AppliedState,
  type MockTestOutcome,
  type Plan,
  settled,
  type TerraformWorkspace,
  type Validation,
  withWorkspace,
} from '../../terraform';
import { terraformHere } from '../support/left-out-tools';
import { relationsOf, type Subject } from './relations';

/** Each runs a provider of 700 MB on a core of its own. */
const AT_A_TIME = 2;
export const TEN_MINUTES = 600_000;

/** All that Terraform and the real provider say of one environment. To prepare a workspace costs the most, so it is one. */
export interface Verdict {
  /** The synthesised stack. */
  readonly json: string;
  readonly validation: Validation;
  /** From nothing, with the real provider. */
  readonly plan: Plan;
  /** Applied to a mocked AWS. */
  readonly applied: MockTestOutcome;
  /** What does not hold of what was applied, by subject. */
  readonly broken: ReadonlyMap<Subject, readonly string[]>;
  /** With the real provider again, over what was applied. */
  readonly again: PromiseSettledResult<Plan>;
}

/** Judges environments before the tests of this file run. One environment's failure is told by its own tests. */
export function verdictsOn(environments: readonly Environment[]): (name: string) => Verdict {
  const verdicts = new Map<string, PromiseSettledResult<Verdict>>();
  let outdir: string;

  beforeAll(async () => {
    // Made here and not when the file is read: a file of which every test is left out runs no clean-up.
    outdir = mkdtempSync(join(tmpdir(), 'readfleet-test-'));
    createApp({ outdir, environments, offline: false }).synth();
    await twoAtATime(environments, async (environment) => {
      const [settledVerdict] = await Promise.allSettled([judge(environment, join(outdir, 'stacks', environment.name))]);
      verdicts.set(environment.name, settledVerdict);
    });
  }, TEN_MINUTES);

  afterAll(() => rmSync(outdir, { recursive: true, force: true }));

  return (name) => {
    const verdict = verdicts.get(name);
    if (verdict?.status !== 'fulfilled') throw verdict?.reason;
    return verdict.value;
  };
}

/** What a stack leaves when it is applied: see `settled`. */
export async function stateLeftBy(workspace: TerraformWorkspace): Promise<AppliedState> {
  const plan = await workspace.plan();
  const { state, text } = await workspace.mockTest();
  if (!state) throw new Error(`It cannot be applied.\n${text}`);
  return settled(state, plan);
}

/** Does something with each of several, two of them at a time. */
export async function twoAtATime<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

function judge(environment: Environment, folder: string): Promise<Verdict> {
  const json = readFileSync(join(folder, 'cdk.tf.json'), 'utf8');
  const relations = relationsOf(environment, json);
  return withWorkspace(folder, terraformHere(), async (workspace) => {
    const validation = await workspace.validate();
    const plan = await workspace.plan();
    const applied = await workspace.mockTest([...relations.values()].flat());
    if (!applied.state) throw new Error(`${environment.name} cannot be applied\n${applied.text}`);
    const [again] = await Promise.allSettled([workspace.planOver(settled(applied.state, plan))]);
    const outcomes = applied.relations.values();
    const broken = new Map(
      [...relations].map(([subject, asked]) => [
        subject,
        asked.flatMap(() => outcomes.next().value ?? []).flatMap(({ holds, text }) => (holds ? [] : [text])),
      ]),
    );
    return { json, validation, plan, applied, broken, again };
  });
}
