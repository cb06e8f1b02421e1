import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { functionCode } from '../../constructs/functions/code';
import type { BootstrapSettings } from '../../lambda/bootstrap-settings';
import { type LocalFleet, startLocalFleet } from '../../local';

const SECRETS = {
  'arn:proxy': { username: 'app_proxy', password: 'a password of the proxy' },
};

let local: LocalFleet;
let folder: string;
let secretsManager: Server;
/** What the functions asked Secrets Manager for. */
const asked: string[] = [];

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue'] });
  // Away from every node_modules: what runs here runs on Lambda.
  folder = mkdtempSync(path.join(tmpdir(), 'readfleet-lambda-'));
  secretsManager = createServer(async (request, response) => {
    const { SecretId: arn } = JSON.parse(await bodyOf(request));
    asked.push(arn);
    const { user: username, password } = local.contract.auth as { user: string; password: string };
    const content = arn === 'arn:master' ? { username, password } : SECRETS[arn as keyof typeof SECRETS];
    response.writeHead(content ? 200 : 400, { 'Content-Type': 'application/x-amz-json-1.1' });
    response.end(
      JSON.stringify(
        content ? { ARN: arn, SecretString: JSON.stringify(content) } : { __type: 'ResourceNotFoundException' },
      ),
    );
  });
  await new Promise<void>((resolve) => secretsManager.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await new Promise((resolve) => secretsManager.close(resolve));
  await local?.stop();
});

/** Runs the bundled function in a process of its own, as Lambda does: a folder with the zip's content, and environment variables. */
async function invoke(name: 'emitter' | 'bootstrap', variables: Record<string, string>) {
  const { 'index.js': code } = unzipSync(readFileSync(functionCode(name).file));
  writeFileSync(path.join(folder, `${name}.js`), code as Uint8Array);
  const script = `require('./${name}.js').handler({}).then(
    (result) => { console.error(JSON.stringify({ result })); process.exit(0) },
    (error) => { console.error(JSON.stringify({ code: error.code, name: error.name, message: error.message })); process.exit(1) })`;
  const child = spawn(process.execPath, ['--no-warnings', '-e', script], {
    cwd: folder,
    env: { PATH: process.env.PATH, AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let told = '';
  child.stdout.on('data', (data) => {
    printed += data;
  });
  child.stderr.on('data', (data) => {
    told += data;
  });
  await new Promise((resolve) => child.on('close', resolve));
  return { lines: printed.split('\n').filter(Boolean), answer: JSON.parse(told) };
}

test('the emitter that is deployed measures a real fleet', async () => {
  const { lines, answer } = await invoke('emitter', { READFLEET_CONTRACT: JSON.stringify(local.contract) });

  expect(answer).toEqual({});
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { Member: 'primary', state: 'serving', replica_health: 1 },
    { Member: 'blue', state: 'serving', replica_health: 1, replica_lag_bytes: 0 },
  ]);
});

describe('the bootstrap that is deployed', () => {
  const settings = (changes: Partial<BootstrapSettings> = {}) => ({
    READFLEET_BOOTSTRAP: JSON.stringify({
      host: local.contract.writer.host,
      port: local.contract.writer.port,
      database: local.contract.database,
      region: 'eu-central-1',
      tls: 'disable',
      masterSecretArn: 'arn:master',
      secretsEndpoint: `http://127.0.0.1:${(secretsManager.address() as AddressInfo).port}`,
      roles: [{ name: 'app_proxy', kind: 'proxy', secretArn: 'arn:proxy' }],
      ...changes,
    } satisfies BootstrapSettings),
  });

  test('reads its secrets where it is told to, and makes the roles', async () => {
    const { lines, answer } = await invoke('bootstrap', settings());

    expect(answer).toEqual({ result: { roles: { app_proxy: 'made' } } });
    expect(lines).toEqual([]);
    expect(asked.sort()).toEqual(['arn:master', 'arn:proxy']);
    expect(await local.primary.query("select rolcanlogin from pg_roles where rolname = 'app_proxy'")).toEqual([
      { rolcanlogin: true },
    ]);
  });

  test('says which secret is missing; the names of errors are whole', async () => {
    const { answer } = await invoke('bootstrap', settings({ masterSecretArn: 'arn:nobody' }));

    expect(answer).toMatchObject({ code: 'READFLEET_BOOTSTRAP_SECRET', name: 'ReadfleetError' });
    expect(answer.message).toMatch(/the secret of the master user \(arn:nobody\): .* deploy again once it was written/);
  });
});

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    let body = '';
    request.on('data', (data) => {
      body += data;
    });
    request.on('end', () => resolve(body));
  });
}
