import type { Address, ContractMember, FleetContract } from '../../lib/contract';
import { diffContracts } from '../../lib/topology/contract-diff';

/** One thing that is another in a newer contract. */
export interface Change {
  readonly sign: '+' | '-' | '~';
  /** What: `replica green`, `database`. */
  readonly what: string;
  readonly from?: string;
  readonly to?: string;
  /** For an app that is connected. */
  readonly means: string;
}

/** For whoever reads the changes. */
export const WHEN_READ = 'Apps read a contract again at once where they watch it, else at their next start.';

const WHEN = 'when they read the contract again';

/** Everything that differs, and what it means for apps. What members are is told by name; addresses may change below a name. */
export function changesBetween(from: FleetContract, to: FleetContract): Change[] {
  const { added, removed, changed, reweighted, writer, refused = [] } = diffContracts(from, to);
  const before = new Map([from.writer, ...from.readers].map((member) => [member.name, member]));
  const was = (member: ContractMember) => memberText(before.get(member.name) as ContractMember);
  return [
    ...(writer ? [primaryChange(from, writer)] : []),
    ...added.map(
      (member): Change => ({
        sign: '+',
        what: `replica ${member.name}`,
        to: memberText(member),
        means: `A new replica. Apps take it ${WHEN}.`,
      }),
    ),
    ...removed.map(
      (name): Change => ({
        sign: '-',
        what: `replica ${name}`,
        from: memberText(before.get(name) as ContractMember),
        means: `Apps let go of it ${WHEN}; reads under way there may end. Take it down after that.`,
      }),
    ),
    ...changed.map(
      (member): Change => ({
        sign: '~',
        what: `replica ${member.name}`,
        from: was(member),
        to: memberText(member),
        means: `Another server under the same name. Apps connect to it ${WHEN}.`,
      }),
    ),
    ...reweighted.map(
      (member): Change => ({
        sign: '~',
        what: `replica ${member.name}`,
        from: was(member),
        to: memberText(member),
        means: `The same server. Apps give it its new share of reads ${WHEN}.`,
      }),
    ),
    ...refused.map(
      ({ path, got }): Change => ({
        sign: '~',
        what: path,
        from: path === 'auth.password' ? '(hidden)' : valueText(valueAt(from, path)),
        to: valueText(got),
        means:
          'Apps that are connected refuse the whole new contract (READFLEET_CONTRACT_CHANGED) and go on with the old one: restart them.',
      }),
    ),
    ...others(from, to),
  ];
}

function primaryChange(from: FleetContract, writer: ContractMember): Change {
  const wasReplica = from.readers.some(({ name }) => name === writer.name);
  return {
    sign: '~',
    what: 'primary',
    from: memberText(from.writer),
    to: memberText(writer),
    means: `${wasReplica ? 'A replica is the primary now' : 'The primary is elsewhere'}. Apps write there ${WHEN}; those that saw the failover do so already.`,
  };
}

/** What a connected fleet takes no notice of, and who does. */
function others(from: FleetContract, to: FleetContract): Change[] {
  const change = (what: string, was: unknown, is: unknown, means: string): Change[] =>
    JSON.stringify(was) === JSON.stringify(is)
      ? []
      : [{ sign: '~', what, from: valueText(was), to: valueText(is), means }];
  const weightless = ({ weight, zone, resourceId }: ContractMember) => ({ zone, weight, resourceId });
  return [
    ...(from.writer.name === to.writer.name
      ? change(
          'primary, beside its address',
          weightless(from.writer),
          weightless(to.writer),
          'Apps read it when they connect anew.',
        )
      : []),
    ...change('region', from.region, to.region, 'IAM tokens are signed for it: apps that sign their own need it.'),
    ...change(
      'engine.major',
      from.engine.major,
      to.engine.major,
      'Another major version of PostgreSQL: nothing for apps to do.',
    ),
    ...change('lag', from.lag, to.lag, 'Thresholds of alerts: write the rules anew (readfleet alerts).'),
    ...change('proxy', proxyText(from), proxyText(to), 'Only apps that connect via the proxy: restart them.'),
    ...change(
      'readName',
      addressText(from.readName),
      addressText(to.readName),
      'Only clients without the library use it.',
    ),
  ];
}

function memberText(member: ContractMember): string {
  const { zone, weight, region, resourceId } = member;
  const beside = [zone, weight === undefined ? undefined : `weight ${weight}`, region, resourceId].filter(Boolean);
  return `${addressText(member)}${beside.length > 0 ? ` (${beside.join(', ')})` : ''}`;
}

function proxyText({ proxy }: FleetContract): string | undefined {
  if (!proxy) return undefined;
  return `writer ${addressText(proxy.writer) ?? 'none'}, reader ${addressText(proxy.reader) ?? 'none'}, role ${proxy.user ?? 'none'}`;
}

function addressText(address: Address | undefined): string | undefined {
  return address && `${address.host}:${address.port}`;
}

function valueText(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function valueAt(contract: FleetContract, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], contract);
}
