import type { ContractMember, FleetContract } from '../contract';
import { messageOf, ReadfleetError } from '../errors';
import { type Addresses, addressesOf, type PasswordKeeper } from '../members/connection';
import type { Settings } from '../options';
import { rdsSigner } from './aws/peers';
import { secretReader, type TextReader } from './aws/read';
import { Kept } from './kept';
import { regionOfHost } from './rds-host';

const MINUTE_MS = 60_000;
/** A token is good for a quarter of an hour. */
const TOKEN = { freshMs: 10 * MINUTE_MS, usableMs: 14 * MINUTE_MS };
/** A secret is read again when a server refuses it; by the clock only so that a rotation is not first noticed by a refusal. */
const SECRET = { freshMs: 60 * MINUTE_MS, usableMs: Number.POSITIVE_INFINITY };

type Surroundings = Pick<Settings, 'clock' | 'random'>;

/**
 * The settings with a user and a password, where the contract says how to get them: IAM tokens, or a secret. A password that was passed wins.
 *
 * @throws ReadfleetError `READFLEET_PEER_MISSING`, `READFLEET_AWS_UNREADABLE`, `READFLEET_SECRET_INVALID`
 */
export async function withLogin(contract: FleetContract, settings: Settings): Promise<Settings> {
  if (settings.password !== undefined) return settings;
  const { auth } = contract;
  const role = settings.via === 'proxy' ? contract.proxy?.user : undefined;
  if (auth.kind === 'iam') {
    const user = settings.user ?? role ?? auth.user;
    const password = iamPasswords(user, contract.region, settings);
    await firstTokens(addressesOf(contract, settings.via), password);
    return { ...settings, password };
  }
  // The secret is of another role than the proxy's.
  if (auth.kind !== 'secret' || (role !== undefined && settings.user === undefined)) return settings;
  const read = secretReader(auth.secretArn, contract.region);
  return { ...settings, ...(await secretLogin(auth.secretArn, read, settings.user, settings)) };
}

/** To find credentials may take longer than a connection has; and where there are none, this is the moment to say so. */
async function firstTokens({ writer, readers }: Addresses, password: PasswordKeeper): Promise<void> {
  const made = await Promise.allSettled([writer, ...readers].map((member) => password(member)));
  const [first] = made;
  if (first?.status === 'rejected' && made.every(({ status }) => status === 'rejected')) throw first.reason;
}

/** Tokens of IAM: one for each member, since each is good for one host. */
export function iamPasswords(user: string, region: string | undefined, around: Surroundings): PasswordKeeper {
  const { Signer } = rdsSigner();
  const kept = new Map<string, Kept>();
  const of = (member: ContractMember): Kept => {
    const { host, port } = member;
    const key = `${host}:${port}`;
    let token = kept.get(key);
    if (!token) {
      const where = member.region ?? regionOfHost(host) ?? region;
      const signer = new Signer({
        hostname: host,
        port,
        username: user,
        ...(where !== undefined && { region: where }),
      });
      token = new Kept(() => signed(signer, member, user), { ...TOKEN, ...around });
      kept.set(key, token);
    }
    return token;
  };
  return keeper(
    (member) => of(member).get(),
    (member, password) => of(member).refused(password),
  );
}

/**
 * @param user whom to log in as. @default - whom the secret names
 * @throws ReadfleetError `READFLEET_AWS_UNREADABLE`, `READFLEET_SECRET_INVALID`
 */
export async function secretLogin(
  name: string,
  read: TextReader,
  user: string | undefined,
  around: Surroundings,
): Promise<{ readonly user: string; readonly password: PasswordKeeper }> {
  const first = parseLogin(name, await read());
  const as = user ?? first.username;
  let next: typeof first | undefined = first;
  let last = first.password;
  const kept = new Kept(
    async () => {
      const { username, password } = next ?? parseLogin(name, await read());
      next = undefined;
      // Rotation between two users leaves the password of ours as it is while the secret names the other.
      if (user !== undefined || username === as) last = password;
      return last;
    },
    { ...SECRET, ...around },
  );
  return {
    user: as,
    password: keeper(
      () => kept.get(),
      (_, password) => kept.refused(password),
    ),
  };
}

function keeper(make: (member: ContractMember) => Promise<string>, refused: PasswordKeeper['refused']): PasswordKeeper {
  return Object.assign(make, { refused });
}

async function signed(
  signer: { getAuthToken(): Promise<string> },
  { name }: ContractMember,
  user: string,
): Promise<string> {
  try {
    return await signer.getAuthToken();
  } catch (cause) {
    throw new ReadfleetError(
      'READFLEET_IAM_TOKEN',
      `no IAM token can be signed for ${user} on ${name}: ${messageOf(cause)}. The app needs credentials of AWS (a role, a profile, or ` +
        'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY) and a region, which the contract or AWS_REGION names.',
      { cause },
    );
  }
}

function parseLogin(name: string, text: string): { readonly username: string; readonly password: string } {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // The parser's message quotes what it read.
    content = undefined;
  }
  const { username, password } = (content ?? {}) as { username?: unknown; password?: unknown };
  if (typeof username === 'string' && username !== '' && typeof password === 'string' && password !== '') {
    return { username, password };
  }
  throw new ReadfleetError(
    'READFLEET_SECRET_INVALID',
    `secret ${name}: its content must be JSON with "username" and "password", e.g. { "username": "app", "password": "…" }.`,
  );
}
