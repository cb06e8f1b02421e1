import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { bundle } from '../../../constructs/functions/bundle';
import { FUNCTIONS } from '../../../constructs/functions/function-names';

const ROOT = path.join(__dirname, '..', '..', '..');
const { zips, inputs } = bundle(ROOT);

/** The bundle made by another process, from another working directory. */
function elsewhere(cwd: string): { hashes: Record<string, string>; inputs: number } {
  const fixture = path.join(__dirname, 'bundle-fixture.ts');
  const printed = execFileSync(process.execPath, ['--import', require.resolve('tsx'), fixture, ROOT], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, TZ: 'Pacific/Auckland' },
  });
  return JSON.parse(printed);
}

test('is the same, to the byte, in every process, working directory and time zone', () => {
  const hashes = FUNCTIONS.map((name) => [name, createHash('sha256').update(zips[name]).digest('hex')]);

  expect(elsewhere(tmpdir())).toEqual({ hashes: Object.fromEntries(hashes), inputs: inputs.length });
});

/** What a function tries to load and does without. */
const TRIED = { emitter: ['pg-native'], bootstrap: ['@aws-sdk/signature-v4-crt', 'pg-native'] };
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

function codeOf(name: (typeof FUNCTIONS)[number]): string {
  return strFromU8(unzipSync(zips[name])['index.js'] ?? new Uint8Array());
}

describe('the emitter, which starts anew whenever Lambda likes,', () => {
  const code = codeOf('emitter');

  test('is no more than 150 KB beside the certificates of Amazon’s authorities', () => {
    expect(code.match(CERTIFICATE)?.length).toBeGreaterThan(90);
    expect(Buffer.byteLength(code.replace(CERTIFICATE, ''))).toBeLessThan(150_000);
  });

  test.each([
    ['the schema library of the contract', /zod|ZodType/],
    ['the parser of SQL', /libpg|parseQuery/],
    ['the SDK of AWS', /aws-sdk|smithy|credentialDefaultProvider/],
  ])('has nothing of %s in it', (_, traces) => {
    expect(code).not.toMatch(traces);
  });
});

describe.each(FUNCTIONS)('the zip of the %s', (name) => {
  const files = unzipSync(zips[name]);
  const code = codeOf(name);

  test('holds one file, which all may read', () => {
    expect(Object.keys(files)).toEqual(['index.js']);
    // In the central directory: made on Unix, -rw-r--r--.
    const directory = Buffer.from(zips[name]).subarray(Buffer.from(zips[name]).indexOf('PK\x01\x02'));
    expect(directory.readUInt8(5)).toBe(3);
    expect((directory.readUInt32LE(38) >>> 16).toString(8)).toBe('100644');
  });

  test('tells nothing of the machine that it was made on', () => {
    expect(code).not.toContain(ROOT);
    expect(code).not.toMatch(/\/node_modules\//);
    expect(code).not.toContain('sourceMappingURL');
  });

  test('needs nothing but Node: what it tries, it does without', () => {
    const needed = [...code.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, module]) => module ?? '');
    const builtin = new Set(require('node:module').builtinModules as string[]);
    const others = needed.filter((module) => !builtin.has(module.replace(/^node:/, '')));
    expect([...new Set(others)].sort()).toEqual(TRIED[name]);
  });

  test('is small enough to be up at once', () => {
    expect(zips[name].length).toBeLessThan(500 * 1_024);
  });
});

test('esbuild that is missing is told of, with the command that brings it', () => {
  jest.doMock('esbuild', () => {
    throw new Error("Cannot find module 'esbuild'");
  });
  try {
    expect(() => bundle(ROOT)).toThrow(
      expect.objectContaining({
        code: 'READFLEET_ESBUILD_MISSING',
        message: expect.stringContaining('npm install --save-dev esbuild'),
      }),
    );
  } finally {
    jest.dontMock('esbuild');
  }
});
