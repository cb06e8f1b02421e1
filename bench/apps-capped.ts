import type { Demo } from '../examples/apps/demo';
import { connect, type Fleet } from '../lib';
import { type LocalFleet, startLocalFleet } from '../local';
import { CpuCap, findControllers } from './cgroup';

/** Servers that each have the same small share of a core, so that they are the limit, and not the machine that all of them share. */
export interface Capped {
  readonly local: LocalFleet;
  readonly caps: ReadonlyMap<string, CpuCap>;
}

export type App = Pick<Demo, 'name' | 'options' | 'prepare' | 'serve' | 'request'>;

/** Runs `work` on the servers of an app, which are capped once its tables are filled. */
export async function withCapped<T>(
  app: App,
  { replicas, share }: { readonly replicas: number; readonly share: number },
  work: (capped: Capped) => Promise<T>,
): Promise<T> {
  const controllers = findControllers();
  const local = await startLocalFleet({ replicas, parameters: { shared_buffers: '128MB' } });
  const caps = new Map<string, CpuCap>();
  try {
    const fleet = await connect(local.contract);
    await app.prepare(fleet).finally(() => fleet.close());
    for (const { name, pid } of local.members) {
      const cap = new CpuCap(controllers, name, share);
      caps.set(name, cap);
      if (pid !== undefined) await cap.add(pid);
    }
    return await work({ local, caps });
  } finally {
    await local.stop();
    for (const cap of caps.values()) await cap.remove();
  }
}

/** Runs `work` while the app serves from so many of the replicas. */
export async function withServer<T>(
  app: App,
  { local }: Pick<Capped, 'local'>,
  replicas: number,
  work: (url: string, fleet: Fleet) => Promise<T>,
): Promise<T> {
  const { contract } = local;
  const fleet = await connect(
    { ...contract, readers: contract.readers.slice(0, replicas) },
    // A round is shorter than a slow start, and a small server takes its time for the first connections.
    { ...app.options, slowStartMs: 0, pools: { connectTimeoutMs: 10_000 } },
  );
  try {
    const { url, close } = await app.serve(fleet, 0);
    return await work(url, fleet).finally(close);
  } finally {
    await fleet.close();
  }
}

/** What the primary has done so far. */
export interface Primary {
  /** Statements and transactions that read. */
  readonly reads: number;
  readonly usedSeconds: number;
}

export function primaryOf({ caps }: Capped, fleet: Fleet): Primary {
  return {
    reads: fleet.status().members.find(({ name }) => name === 'primary')?.reads ?? Number.NaN,
    usedSeconds: caps.get('primary')?.usedSeconds() ?? Number.NaN,
  };
}
