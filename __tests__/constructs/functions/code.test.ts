import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cachedBundles } from '../../../constructs/functions/bundle-cache';
import { findCode, functionCode } from '../../../constructs/functions/code';

let outdir: string;
let packages: string[];
let text: string;

beforeAll(() => {
  outdir = mkdtempSync(path.join(tmpdir(), 'readfleet-synth-'));
  // The bundles are there, as they are in every synth but the first after a change.
  functionCode('emitter');
  const fixture = path.join(__dirname, 'synth-fixture.ts');
  const printed = execFileSync(process.execPath, ['--import', require.resolve('tsx'), fixture, outdir], {
    encoding: 'utf8',
  });
  packages = JSON.parse(printed);
  text = readFileSync(path.join(outdir, 'stacks', 'fleet', 'cdk.tf.json'), 'utf8');
});

afterAll(() => rmSync(outdir, { recursive: true, force: true }));

describe.each(['emitter', 'bootstrap'] as const)('the code of the %s', (name) => {
  const attributes = () => JSON.parse(text).resource.aws_lambda_function[name];

  test('lies beside the Terraform JSON, which names it relative to itself', () => {
    const { filename, source_code_hash: hash } = attributes();
    const zip = readFileSync(path.join(outdir, 'stacks', 'fleet', filename));

    expect(path.isAbsolute(filename)).toBe(false);
    expect(filename).toMatch(new RegExp(`^assets/.*/${name}\\.zip$`));
    expect(createHash('sha256').update(zip).digest('base64')).toBe(hash);
  });

  test('is told apart by its content alone', () => {
    const { hash, file } = functionCode(name);
    expect(hash.toString('base64')).toBe(attributes().source_code_hash);
    expect(createHash('sha256').update(readFileSync(file)).digest()).toEqual(hash);
  });
});

test('no path of this machine is in what is deployed', () => {
  const resources = JSON.stringify(JSON.parse(text).resource);
  expect(resources).not.toContain(path.join(__dirname, '..', '..', '..'));
  expect(resources).not.toContain(tmpdir());
});

test('who synthesises loads no AWS SDK, no database driver, and nothing to bundle with while nothing changed', () => {
  expect(packages).toContain('@cdktf/provider-aws');
  // esbuild is there whatever we do: tsx, which runs the sources, brings it.
  expect(packages.filter((name) => /^(@aws-sdk|@smithy)\/|^(pg|fflate)$/.test(name))).toEqual([]);
});

test('a process looks at the sources once for both functions, and reads each once', () => {
  const cached = jest.fn(cachedBundles);
  jest.isolateModules(() => {
    jest.doMock('../../../constructs/functions/bundle-cache', () => ({ cachedBundles: cached }));
    const fresh: typeof import('../../../constructs/functions/code') = require('../../../constructs/functions/code');
    const first = fresh.functionCode('emitter');
    fresh.functionCode('bootstrap');
    expect(fresh.functionCode('emitter')).toBe(first);
  });
  expect(cached).toHaveBeenCalledTimes(1);
});

describe('in the package', () => {
  let house: string;

  beforeEach(() => {
    house = mkdtempSync(path.join(tmpdir(), 'readfleet-package-'));
    mkdirSync(path.join(house, 'lambda'));
  });

  afterEach(() => rmSync(house, { recursive: true, force: true }));

  test('what was built is what is deployed', () => {
    const file = path.join(house, 'lambda', 'emitter.zip');
    writeFileSync(file, 'built');
    expect(findCode('emitter', house)).toEqual({ file, hash: createHash('sha256').update('built').digest() });
  });

  test('code that is not there is told of, with where it should be', () => {
    expect(() => findCode('emitter', house)).toThrow(
      expect.objectContaining({
        code: 'READFLEET_FUNCTION_CODE_MISSING',
        message: expect.stringContaining(path.join(house, 'lambda')),
      }),
    );
  });
});
