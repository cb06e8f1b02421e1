import { connect, type Fleet, type FleetContract } from '../../../lib';
import { resolveOptions } from '../../../lib/check-options';
import { iamPasswords, withLogin } from '../../../lib/config/login';
import type { PasswordKeeper } from '../../../lib/members/connection';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { eventually } from '../../support/eventually';
import { ManualClock, settle } from '../../support/manual-clock';
import { awsVariables } from './aws-endpoint';

/** What is signed is counted, and on a fleet of this machine, which takes no tokens, it is a password. */
let signed: { hostname: string; port: number; username: string; region?: string }[] = [];
let tokenFor: undefined | ((hostname: string) => string);

jest.mock('@aws-sdk/rds-signer', () => {
  const { Signer } = jest.requireActual('@aws-sdk/rds-signer');
  return {
    Signer: class {
      private readonly real;
      constructor(private readonly login: (typeof signed)[number]) {
        this.real = new Signer(login);
      }
      getAuthToken() {
        signed.push(this.login);
        return tokenFor ? Promise.resolve(tokenFor(this.login.hostname)) : this.real.getAuthToken();
      }
    },
  };
});

const before = { ...process.env };

beforeEach(() => {
  signed = [];
  tokenFor = undefined;
  Object.assign(process.env, awsVariables({ url: 'http://127.0.0.1:1' } as never));
});

afterAll(() => {
  process.env = before;
});

const HOST = 'orders.c1abc.eu-central-1.rds.amazonaws.com';
const writer = { name: 'primary', host: HOST, port: 5_432 };
const blue = { name: 'blue', host: 'blue.example', port: 5_433 };

describe('a token', () => {
  let clock: ManualClock;
  let passwords: PasswordKeeper;

  beforeEach(() => {
    clock = new ManualClock();
    passwords = iamPasswords('app', 'eu-north-1', { clock, random: () => 0 });
  });

  test('is of one host and user, signed with the app’s own credentials', async () => {
    const token = await passwords(writer);
    expect(token).toMatch(new RegExp(`^${HOST}:5432/\\?`));
    const { searchParams } = new URL(`https://${token}`);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      Action: 'connect',
      DBUser: 'app',
      'X-Amz-Credential': expect.stringMatching(/^id\/\d+\/eu-central-1\/rds-db\/aws4_request$/),
      'X-Amz-Expires': '900',
    });
  });

  test.each([
    [writer, 'eu-central-1'],
    [{ ...writer, region: 'eu-west-1' }, 'eu-west-1'],
    [blue, 'eu-north-1'],
  ])('is signed for the member’s region, the one in its name, or the fleet’s: %j', async (member, region) => {
    await passwords(member);
    expect(signed).toEqual([{ hostname: member.host, port: member.port, username: 'app', region }]);
  });

  test('is made once for each member, however many connections are opened at the same time', async () => {
    await Promise.all([passwords(writer), passwords(writer), passwords(blue), passwords(writer)]);
    expect(signed.map(({ hostname }) => hostname)).toEqual([HOST, blue.host]);
  });

  test('does ten minutes of its fifteen, and is replaced before it ends', async () => {
    await passwords(writer);
    await clock.advance(10 * 60_000 - 1);
    await passwords(writer);
    await settle();
    expect(signed).toHaveLength(1);
    await clock.advance(1);
    await passwords(writer);
    await settle();
    expect(signed).toHaveLength(2);
  });

  test('that was refused is made anew, and no other member’s', async () => {
    tokenFor = (host) => `of ${host}`;
    await Promise.all([passwords(writer), passwords(blue)]);
    tokenFor = (host) => `another of ${host}`;
    passwords.refused(writer, `of ${HOST}`);
    expect(await Promise.all([passwords(writer), passwords(blue)])).toEqual([`another of ${HOST}`, 'of blue.example']);
  });
});

describe('connect() with a contract that says IAM', () => {
  const contract: FleetContract = {
    ...{ version: 1, fleet: 'orders', environment: 'dev', topology: 'instances', engine: { major: 17 } },
    ...{ database: 'shop', auth: { kind: 'iam', user: 'app' }, tls: 'verify-full', writer, readers: [blue] },
    lag: { warningSeconds: 1, criticalSeconds: 5 },
  } as FleetContract;

  test('signs for every member before the first connection: finding credentials may take longer than that has', async () => {
    const settings = await withLogin(contract, resolveOptions({}));
    expect(signed.map(({ hostname, username }) => [hostname, username])).toEqual([
      [HOST, 'app'],
      [blue.host, 'app'],
    ]);
    await (settings.password as PasswordKeeper)(writer);
    expect(signed).toHaveLength(2);
  });

  test('signs for another user, and for the proxy’s hosts and role, when told to', async () => {
    await withLogin(contract, resolveOptions({ user: 'reports' }));
    const proxy = { writer: { host: 'the-proxy', port: 5_432 }, user: 'app_proxy' };
    await withLogin({ ...contract, proxy }, resolveOptions({ via: 'proxy' }));
    expect(signed.map(({ hostname, username }) => [hostname, username])).toEqual([
      [HOST, 'reports'],
      [blue.host, 'reports'],
      ['the-proxy', 'app_proxy'],
    ]);
  });

  test('signs nothing when the code gives a password', async () => {
    const settings = resolveOptions({ password: 'x' });
    expect(await withLogin(contract, settings)).toBe(settings);
    expect(signed).toEqual([]);
  });

  test('without credentials says so, and connects to nobody', async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    await expect(connect(contract)).rejects.toMatchObject({
      code: 'READFLEET_IAM_TOKEN',
      message: expect.stringMatching(/^no IAM token can be signed for app on primary: .*AWS_ACCESS_KEY_ID/),
    });
  });

  describe('on a fleet that runs', () => {
    let local: LocalFleet;
    let fleet: Fleet | undefined;

    beforeAll(async () => {
      local = await startLocalFleet({ replicas: ['blue'] });
    });

    afterEach(async () => {
      await fleet?.close();
    });

    afterAll(() => local?.stop());

    test('a token that servers do not take any more is replaced, and nothing fails', async () => {
      tokenFor = () => 'first';
      await local.primary.query(`create role app login password 'first'`);
      const source: FleetContract = { ...local.contract, auth: { kind: 'iam', user: 'app' } };
      fleet = await eventually(() => connect(source, { pools: { maxUses: 1 } }));
      expect((await fleet.query('select current_user as me')).rows).toEqual([{ me: 'app' }]);
      const before = signed.length;
      tokenFor = () => 'second';
      await local.primary.query(`alter role app password 'second'`);
      for (let turn = 0; turn < 10; turn += 1) await fleet.query('select 1');
      await fleet.write('select 1');
      // One for each member at most, and none for each connection.
      expect(signed.length - before).toBeLessThanOrEqual(4);
    });
  });
});
