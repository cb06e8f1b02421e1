import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { checkAtSynth, InvalidConfigError, type Problem, tellAllStacks } from '../../constructs';
import { emptyStack } from './support/raw';

const problem = (code: string, where: string): Problem => ({
  code,
  path: where,
  got: 1,
  message: 'It is wrong.',
  fix: 'Mend it.',
});

function thrownBy(work: () => unknown): InvalidConfigError {
  try {
    work();
  } catch (error) {
    return error as InvalidConfigError;
  }
  throw new Error('It did not throw.');
}

describe('a check at synth', () => {
  test('runs when everything is made', () => {
    const stack = emptyStack();
    let made = 'nothing';
    checkAtSynth(stack, () => [problem('READFLEET_A', made)]);
    made = 'all';

    expect(thrownBy(() => Testing.synth(stack, true)).problems.map((one) => one.path)).toEqual(['all']);
  });

  test('is told together with the others of its stack, wherever they were added', () => {
    const stack = emptyStack();
    checkAtSynth(stack, () => [problem('READFLEET_A', 'a')]);
    checkAtSynth(new Construct(stack, 'within'), () => [problem('READFLEET_B', 'b')]);

    expect(thrownBy(() => Testing.synth(stack, true)).message.split('\n')).toEqual([
      'own: 2 problems',
      '  READFLEET_A  a  got: 1',
      '    It is wrong.',
      '    Mend it.',
      '  READFLEET_B  b  got: 1',
      '    It is wrong.',
      '    Mend it.',
    ]);
  });

  test('that finds nothing lets synth through', () => {
    const stack = emptyStack();
    checkAtSynth(stack, () => []);

    expect(() => Testing.synth(stack, true)).not.toThrow();
  });
});

describe('an app of several stacks', () => {
  let outdir: string;
  beforeEach(() => {
    outdir = mkdtempSync(path.join(tmpdir(), 'readfleet-synth-'));
  });
  afterEach(() => rmSync(outdir, { recursive: true }));

  function appOf(checks: Readonly<Record<string, () => readonly Problem[]>>): App {
    const app = new App({ outdir, stackTraces: false });
    for (const [name, check] of Object.entries(checks)) checkAtSynth(new TerraformStack(app, name), check);
    return app;
  }

  test('tells the problems of all at once, stack by stack', () => {
    const app = appOf({
      one: () => [problem('READFLEET_A', 'a')],
      two: () => [],
      three: () => [problem('READFLEET_B', 'b')],
    });
    tellAllStacks(app);

    const error = thrownBy(() => app.synth());
    expect(error).toBeInstanceOf(InvalidConfigError);
    expect(error.code).toBe('READFLEET_STACK_INVALID');
    expect(error.problems.map(({ code }) => code)).toEqual(['READFLEET_A', 'READFLEET_B']);
    expect(error.message.match(/^\w+: 1 problem$/gm)).toEqual(['one: 1 problem', 'three: 1 problem']);
  });

  test('writes no stack that is refused, and no manifest that names it', () => {
    const app = appOf({ one: () => [problem('READFLEET_A', 'a')], two: () => [] });
    tellAllStacks(app);
    thrownBy(() => app.synth());

    expect(existsSync(path.join(outdir, 'stacks/one/cdk.tf.json'))).toBe(false);
    expect(existsSync(path.join(outdir, 'manifest.json'))).toBe(false);
  });

  test('without it stops at the first, as cdktf does', () => {
    const app = appOf({ one: () => [problem('READFLEET_A', 'a')], two: () => [problem('READFLEET_B', 'b')] });

    expect(thrownBy(() => app.synth()).problems.map(({ code }) => code)).toEqual(['READFLEET_A']);
  });

  test('throws what is no problem of a configuration as it is', () => {
    const fault = new TypeError('a bug');
    const app = appOf({
      one: () => {
        throw fault;
      },
    });
    tellAllStacks(app);

    expect(thrownBy(() => app.synth())).toBe(fault);
  });

  test('is written once all is mended', () => {
    let wrong = true;
    const app = appOf({ one: () => (wrong ? [problem('READFLEET_A', 'a')] : []) });
    tellAllStacks(app);
    thrownBy(() => app.synth());
    wrong = false;
    app.synth();

    expect(existsSync(path.join(outdir, 'manifest.json'))).toBe(true);
  });
});
