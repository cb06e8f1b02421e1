import type { ContractAuth, ContractMember, FleetContract, Topology } from '../lib/contract';
import { ReadfleetError } from '../lib/errors';

/** What the emitter uses of the fleet contract. */
export type EmitterContract = Pick<
  FleetContract,
  'fleet' | 'environment' | 'topology' | 'region' | 'database' | 'tls' | 'writer' | 'readers'
> & {
  readonly auth: Exclude<ContractAuth, { kind: 'secret' }>;
  readonly lag: Pick<FleetContract['lag'], 'criticalSeconds'>;
};

const VERSION: FleetContract['version'] = 1;
const TOPOLOGIES: Readonly<Record<Topology, true>> = { instances: true, 'multi-az-cluster': true, aurora: true };
const TLS: Readonly<Record<FleetContract['tls'], true>> = { 'verify-full': true, disable: true };

/**
 * The contract that the deployment gave the function.
 *
 * The deployment has checked it whole, by the schema of `lib/contract.ts`; the library of that schema is larger than all else here together.
 * So this checks what the function uses, for those who change its variables by hand. It says where something is wrong and not what stands
 * there: that may be a password.
 *
 * @param source where it came from, for the message
 * @throws ReadfleetError `READFLEET_EMITTER_SETTINGS`
 */
export function parseEmitterContract(text: string | undefined, source: string): EmitterContract {
  const refuse = (problem: string): never => {
    throw new ReadfleetError('READFLEET_EMITTER_SETTINGS', `${source}: ${problem}. Deploy the fleet again.`);
  };
  const contract = parseObject(text) ?? refuse('not JSON, or no object');
  if (contract.version !== VERSION) refuse(`must be of version ${VERSION}, got: ${JSON.stringify(contract.version)}`);
  const wrong = wrongPaths(contract);
  if (wrong.length > 0) refuse(`missing or wrong: ${wrong.join(', ')}`);
  const { auth, region } = contract as unknown as EmitterContract;
  if (auth.kind === 'iam' && region === undefined) refuse('it has no region, and an IAM token is signed for one');
  return contract as unknown as EmitterContract;
}

type Unchecked = Readonly<Record<string, unknown>>;

function wrongPaths(contract: Unchecked): string[] {
  const { auth, fleet, environment, database, lag, readers, region, tls, topology, writer } = contract;
  const right: Readonly<Record<string, boolean>> = {
    fleet: isText(fleet),
    environment: isText(environment),
    topology: isText(topology) && Object.hasOwn(TOPOLOGIES, topology),
    region: region === undefined || isText(region),
    database: isText(database),
    tls: isText(tls) && Object.hasOwn(TLS, tls),
    auth: isAuth(auth),
    'lag.criticalSeconds': isObject(lag) && typeof lag.criticalSeconds === 'number' && lag.criticalSeconds > 0,
    writer: isMember(writer),
    readers: Array.isArray(readers),
  };
  const members = Array.isArray(readers) ? readers.map((reader, index) => [`readers[${index}]`, isMember(reader)]) : [];
  return [...Object.entries(right), ...members].flatMap(([path, isRight]) => (isRight ? [] : [String(path)]));
}

function isAuth(auth: unknown): boolean {
  if (!isObject(auth) || !isText(auth.user)) return false;
  return auth.kind === 'iam' || (auth.kind === 'password' && typeof auth.password === 'string');
}

function isMember(member: unknown): member is ContractMember {
  if (!isObject(member)) return false;
  const { name, host, port, region } = member;
  const isPort = Number.isInteger(port) && (port as number) >= 1 && (port as number) <= 65_535;
  return isText(name) && isText(host) && isPort && (region === undefined || isText(region));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isObject(value: unknown): value is Unchecked {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined for anything else. Why it is no JSON is not told: the message would quote the text, a password in it. */
function parseObject(text = ''): Unchecked | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
