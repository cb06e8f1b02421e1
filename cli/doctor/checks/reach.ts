import type { Facts, MemberFacts } from '../facts';
import { factOf, isFound } from '../found';
import { type Group, type Item, notOk, ok, warning } from '../item';
import { type Reached, reached } from './fleet';

/** Is everybody there, and is the way to them safe. */
export const reach: Group = {
  title: 'Members answer',
  judge: (facts) => [...answers(facts), ...encryption(facts)],
};

function answers(facts: Facts): Item[] {
  const there = reached(facts);
  const silent = facts.members.flatMap((member) =>
    isFound(member.server) ? [] : [silence(member, member.server.missing)],
  );
  if (there.length === 0) return silent;
  const slowest = Math.max(...there.map(({ facts: { connectMs } }) => connectMs));
  return [ok('reach.answers', `${names(there)}; connecting takes up to ${slowest.toFixed(0)} ms`), ...silent];
}

/** What to do, by what kept a member from answering: the words of Node, of TLS and of PostgreSQL. */
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'Nothing listens there: is its server running, and is this its port?'],
  [/ENOTFOUND|EAI_AGAIN/, 'Its name is unknown here: private names resolve inside of their network only.'],
  [
    /timeout|timed out|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/i,
    'No way there, or it hangs: look at its security group (is the client group attached here?), at routes, and at the server itself.',
  ],
  [
    /password authentication failed|PAM authentication failed/,
    'Wrong password or role. An IAM token is good for 15 minutes and one host, and its role needs rds_iam: readfleet sql.',
  ],
  [
    /no pg_hba\.conf entry/,
    'The server lets nobody in from here as this role, or only with TLS: look at its pg_hba.conf.',
  ],
  [/role ".*" does not exist/, 'Make the role on the primary: readfleet sql.'],
  [/database ".*" does not exist/, 'The contract names another database than there is.'],
  [/permission denied for database/, 'Grant the role CONNECT on the database: readfleet sql does.'],
  [
    /too many (clients|connections)|remaining connection slots/,
    'It is full: fewer or smaller pools, or a larger max_connections.',
  ],
  [/starting up|shutting down|not yet accepting|recovery mode/, 'It is on its way: ask again in a minute.'],
  [
    /certificate|self.signed|issuer|altnames/i,
    'Its certificate is not trusted: name its authorities with --ca; the host must be one that the certificate names.',
  ],
  [/does not support SSL/, 'The contract asks for TLS and the server has none: turn it on (ssl = on).'],
];

function silence(member: MemberFacts, why: string): Item {
  const [, fix] = CAUSES.find(([pattern]) => pattern.test(why)) ?? [undefined, 'Look at the log of its server.'];
  return notOk('reach.answers', `${member.host}:${member.port} does not: ${why}`, fix, member.name);
}

const LOOPBACK = /^(127\.|::1$|localhost$)/;

function encryption(facts: Facts): Item[] {
  const id = 'reach.tls';
  const there = reached(facts);
  if (there.length === 0) return [];
  const bare = there.filter(({ facts: { basics } }) => basics.tls === null);
  const abroad = bare.filter(({ host }) => !LOOPBACK.test(host));
  if (abroad.length > 0) {
    return [
      notOk(
        id,
        `connections to ${names(abroad)} are not encrypted, and leave this machine`,
        'Write tls: "verify-full" into the contract, and turn TLS on at the servers.',
      ),
    ];
  }
  if (bare.length > 0) return [ok(id, 'not encrypted; nothing leaves this machine')];
  const lax = there.filter(takesOthersWithoutTls);
  if (lax.length > 0) {
    return [
      warning(
        id,
        `encrypted; but ${names(lax)} would take clients without TLS too`,
        'Set the parameter rds.force_ssl to 1.',
      ),
    ];
  }
  const versions = [...new Set(there.map(({ facts: { basics } }) => basics.tls))].join(', ');
  // Without a check by name and authority there would be no connection.
  return [ok(id, `encrypted (${versions}), certificates verified`)];
}

/** RDS can be told to refuse them. */
function takesOthersWithoutTls({ facts: { settings } }: Reached): boolean {
  const force = factOf(settings)?.['rds.force_ssl']?.value;
  return force !== undefined && force !== '1' && force !== 'on';
}

function names(members: readonly { readonly name: string }[]): string {
  return members.map(({ name }) => name).join(', ');
}
