import { CONTRACT_VERSION, type FleetContract } from '../lib/contract';
import { LAG_THRESHOLDS } from '../lib/lag/thresholds';

/** What a contract says of one member: its name and where it listens. */
interface Listed {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** What the contract of a local fleet is made of. */
export interface ContractParts {
  readonly fleet: string;
  readonly environment: string;
  readonly major: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly writer: Listed;
  readonly readers: readonly Listed[];
}

/** The fleet contract in the form that a deployment exports: an app cannot tell a laptop's fleet from one on AWS. */
export function localContract(parts: ContractParts): FleetContract {
  const { fleet, environment, major, database, user, password, writer, readers } = parts;
  return {
    version: CONTRACT_VERSION,
    fleet,
    environment,
    topology: 'instances',
    engine: { major },
    database,
    auth: { kind: 'password', user, password },
    tls: 'disable',
    writer: listed(writer),
    readers: readers.map(listed),
    lag: LAG_THRESHOLDS,
  };
}

function listed({ name, host, port }: Listed): Listed {
  return { name, host, port };
}
