import { askStatus, statusAddress } from '../status/remote';
import type { AppFacts } from './facts';

/** What an app that serves the monitoring handler says of its fleet. */
export async function askApp(url: string, token: string | undefined): Promise<AppFacts> {
  const { members, flags } = await askStatus(statusAddress(url), token);
  return {
    url,
    members: members.map(({ name, role, state, reason, reads, pool }) => ({
      ...{ name, role, state, reason, reads },
      connections: pool.total,
    })),
    allOff: flags.allOff,
    endpointsOff: flags.endpoints.filter(({ enabled }) => !enabled).map(({ endpoint }) => endpoint),
  };
}
