import { resolveOptions } from '../../lib/check-options';
import type { FleetContract } from '../../lib/contract';
import { clientConfig, credentialsOf } from '../../lib/members/connection';
import { DEFAULT_ROLE_NAMES } from '../../lib/roles';
import type { Login } from '../credentials';
import { askApp } from './ask-app';
import { type About, askMember } from './ask-member';
import type { Facts, MemberFacts, PoolPlan } from './facts';
import { find } from './found';
import { probeRouting } from './routing-probe';

const CONNECT_MS = 3_000;

export interface GatherOptions {
  readonly login: Login;
  readonly pools: PoolPlan;
  /** Whether a session of our own may be cut on a server. */
  readonly allowFailoverProbe: boolean;
  /** Of an app's monitoring handler. */
  readonly url: string | undefined;
  readonly token: string | undefined;
}

/** Asks everybody at once; whoever does not answer holds up nobody. */
export async function gather(contract: FleetContract, options: GatherOptions): Promise<Facts> {
  const { login, pools, url } = options;
  const credentials = credentialsOf(contract, resolveOptions({ ...login, applicationName: 'readfleet doctor' }));
  const appUser = 'user' in contract.auth ? contract.auth.user : login.user;
  const about: About = { user: appUser, roles: [appUser, login.user, DEFAULT_ROLE_NAMES.emitter] };
  const { writer, readers } = contract;
  const members = [writer, ...readers].map(
    async (member, index): Promise<MemberFacts> => ({
      name: member.name,
      role: index === 0 ? 'primary' : 'replica',
      host: member.host,
      port: member.port,
      server: await find(askMember(clientConfig(member, credentials, CONNECT_MS), about)),
    }),
  );
  const [asked, { routing, loss }, app] = await Promise.all([
    Promise.all(members),
    probeRouting(contract, login, options.allowFailoverProbe),
    url === undefined ? undefined : find(askApp(url, options.token)),
  ]);
  return { contract, user: login.user, pools, members: asked, routing, loss, app };
}
