import { type App, type Capped, primaryOf, withCapped, withServer } from './apps-capped';
import { asMany } from './apps-load';

const REPLICAS = 3;
const CALLERS = 16;

/** As many requests as so many replicas answer, in one round. */
export interface Throughput {
  readonly round: number;
  readonly replicas: number;
  /** Requests a second. */
  readonly rate: number;
  /** CPU of the least busy server that serves reads, of what it may use: about 1, or the servers were not the limit. */
  readonly load: number;
  readonly primaryLoad: number;
}

/** Read throughput of an app by the primary alone, and with one, two and three replicas. */
export async function measureThroughput(app: App, quick: boolean, share: number): Promise<readonly Throughput[]> {
  return withCapped(app, { replicas: REPLICAS, share }, async (capped) => {
    const found: Throughput[] = [];
    for (let round = 0; round < (quick ? 1 : 2); round += 1) {
      for (let replicas = 0; replicas <= REPLICAS; replicas += 1) {
        const rate = await withServer(app, capped, replicas, async (url, fleet) => {
          const request = (turn: number) => app.request(url, turn);
          await asMany(request, CALLERS, 2_000);
          const before = usedOf(capped);
          const primary = primaryOf(capped, fleet).usedSeconds;
          const begin = performance.now();
          const reached = await asMany(request, CALLERS, quick ? 1_500 : 4_000);
          const allowed = ((performance.now() - begin) / 1_000) * share;
          const readers =
            replicas === 0 ? ['primary'] : capped.local.replicas.slice(0, replicas).map(({ name }) => name);
          const after = usedOf(capped);
          const loads = readers.map((name) => ((after.get(name) ?? 0) - (before.get(name) ?? 0)) / allowed);
          return {
            rate: reached,
            load: Math.min(...loads),
            primaryLoad: (primaryOf(capped, fleet).usedSeconds - primary) / allowed,
          };
        });
        found.push({ round, replicas, ...rate });
      }
    }
    return found;
  });
}

function usedOf({ caps }: Capped): Map<string, number> {
  return new Map([...caps].map(([name, cap]) => [name, cap.usedSeconds()]));
}
