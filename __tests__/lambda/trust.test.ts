import { chown, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connections } from '../../lambda/connection';
import type { EmitterContract } from '../../lambda/emitter-contract';
import { iamToken } from '../../lambda/iam-token';
import type { FleetContract } from '../../lib/contract';
import { type LocalFleet, startLocalFleet } from '../../local';
import { selfSigned } from '../lib/members/self-signed';
import { eventually } from '../support/eventually';
import { Invoked } from './invoked';
import { emitterContract, measureOf } from './support';

const REGION = 'eu-central-1';
const ROLE = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'k3y-of-the-role',
  AWS_SESSION_TOKEN: 's3ssion',
};
/** Of a token: whoever has it is the role, for a quarter of an hour. */
const SIGNATURE = /Signature/i;

let local: LocalFleet;
const before = { ...process.env };

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue'] });
  Object.assign(process.env, ROLE);
});

afterAll(async () => {
  process.env = before;
  await local?.stop();
});

/** What AWS deploys: the emitter's own role, with IAM. */
const withIam = (user: string, contract = local.contract): FleetContract => ({
  ...contract,
  region: REGION,
  auth: { kind: 'iam', user },
});

function expectNoSecret(output: readonly string[]): void {
  const text = output.join('');
  for (const secret of [ROLE.AWS_SECRET_ACCESS_KEY, ROLE.AWS_SESSION_TOKEN]) expect(text).not.toContain(secret);
  expect(text).not.toMatch(SIGNATURE);
}

async function makeRole(name: string, password: string): Promise<void> {
  await local.primary.query(`create role ${name} login password '${password}'`);
  await local.primary.query(`grant pg_monitor to ${name}`);
  await eventually(async () => {
    const rows = await local.replica('blue').query('select from pg_roles where rolname = $1', [name]);
    return rows.length === 1;
  });
}

describe('the first invocation, before the roles are made', () => {
  test('tells of every member why it is not known, fails nothing, and is well once the role is there', async () => {
    const { contract } = local;
    const auth = { kind: 'password', user: 'comes_later', password: 'hunter2 of the emitter' } as const;
    const lambda = new Invoked({ ...contract, auth });
    try {
      const early = await lambda.sample();
      for (const member of ['primary', 'blue']) {
        expect(early[member]).toMatchObject({
          state: 'ejected',
          reason: expect.stringContaining('"comes_later"'),
          replica_health: 0,
        });
      }
      await makeRole(auth.user, auth.password);
      const { primary, blue } = await lambda.sample();
      expect([primary?.state, blue?.state]).toEqual(['serving', 'serving']);
      expect(blue?.server_connections).toEqual(expect.any(Number));
      expect(lambda.output.join('')).not.toContain('hunter2');
    } finally {
      lambda.end();
    }
  });

  test('a token that is not taken is in no line of the log', async () => {
    await makeRole('takes_no_token', 'another');
    const lambda = new Invoked(withIam('takes_no_token'));
    try {
      const { blue } = await lambda.sample();
      expect(blue).toMatchObject({ state: 'ejected', reason: expect.stringContaining('authentication failed') });
      expectNoSecret(lambda.output);
    } finally {
      lambda.end();
    }
  });

  test('a function without a role’s credentials says so', async () => {
    delete process.env.AWS_SECRET_ACCESS_KEY;
    const lambda = new Invoked(withIam('takes_no_token'));
    try {
      const { primary } = await lambda.sample();
      expect(primary?.reason).toContain('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set');
      expectNoSecret(lambda.output);
    } finally {
      lambda.end();
      Object.assign(process.env, ROLE);
    }
  });
});

describe('with TLS', () => {
  const certificate = selfSigned(['127.0.0.1']);
  const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

  beforeAll(async () => {
    for (const member of [local.primary, local.replica('blue')]) {
      const { dataDir } = member;
      const { uid, gid } = await stat(dataDir);
      for (const [name, text] of [
        ['server.crt', certificate.cert],
        ['server.key', certificate.key],
      ] as const) {
        await writeFile(path.join(dataDir, name), text, { mode: 0o600 });
        await chown(path.join(dataDir, name), uid, gid);
      }
      await member.query('alter system set ssl = on');
      await member.query('select pg_reload_conf()');
      await eventually(async () => (await member.query('show ssl'))[0]?.ssl === 'on');
    }
    // A server of RDS asks IAM whether a token is right; this one has it for a password.
    const { host, port } = local.primary;
    const credentials = {
      accessKeyId: ROLE.AWS_ACCESS_KEY_ID,
      secretAccessKey: ROLE.AWS_SECRET_ACCESS_KEY,
      sessionToken: ROLE.AWS_SESSION_TOKEN,
    };
    await makeRole('takes_tokens', iamToken({ host, port, user: 'takes_tokens', region: REGION }, credentials, NOW));
  });

  /** One look at the primary, by who trusts `authorities`. */
  async function look(changes: Partial<EmitterContract>, authorities: string[]) {
    const contract = emitterContract(withIam('takes_tokens'), { tls: 'verify-full', readers: [], ...changes });
    jest.spyOn(Date, 'now').mockReturnValue(NOW);
    const measure = measureOf(contract, { configOf: connections(contract, () => authorities) });
    try {
      const [primary] = await measure.take();
      const [row] = await local.primary.query<{ ssl: boolean }>(
        "select ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'readfleet-emitter'",
      );
      return { state: primary?.state, isEncrypted: row?.ssl };
    } finally {
      measure.close();
      jest.restoreAllMocks();
    }
  }

  test('a token of IAM logs in, and all goes over TLS', async () => {
    expect(await look({}, [certificate.cert])).toEqual({
      state: expect.objectContaining({ kind: 'serving' }),
      isEncrypted: true,
    });
  });

  test('a server whose authority is not known is told nothing: not the token, and not in the clear', async () => {
    expect(await look({}, [selfSigned().cert])).toEqual({
      state: { kind: 'ejected', reason: expect.stringMatching(/certificate|signature/) },
      isEncrypted: undefined,
    });
  });

  test('a server of another name is told nothing either', async () => {
    const { port } = local.primary;
    const writer = { name: 'primary', host: 'localhost', port };
    expect((await look({ writer }, [certificate.cert])).state).toEqual({
      kind: 'ejected',
      reason: expect.stringContaining("Hostname/IP does not match certificate's altnames"),
    });
  });

  test('the handler trusts Amazon’s authorities alone, which did not sign this server', async () => {
    const lambda = new Invoked({ ...withIam('takes_tokens'), tls: 'verify-full' });
    try {
      const { primary, blue } = await lambda.sample();
      for (const member of [primary, blue]) {
        expect(member).toMatchObject({ state: 'ejected', reason: expect.stringMatching(/certificate/) });
      }
      expectNoSecret(lambda.output);
    } finally {
      lambda.end();
    }
  });
});

test('a server without TLS is told nothing when TLS is asked for', async () => {
  const plain = await startLocalFleet({ replicas: 0 });
  const lambda = new Invoked({ ...withIam('takes_tokens', plain.contract), tls: 'verify-full' });
  try {
    const { primary } = await lambda.sample();
    expect(primary).toMatchObject({ state: 'ejected', reason: expect.stringContaining('does not support SSL') });
  } finally {
    lambda.end();
    await plain.stop();
  }
});
