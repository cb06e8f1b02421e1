import { setTimeout as delay } from 'node:timers/promises';
import { type Demo, withDemo } from '../examples/apps/demo';
import { atRate, type Met } from './apps-load';

const RATE = 100;

/** An app whose replica is killed under load, and comes back. */
export interface Killed extends Met {
  readonly app: string;
}

export async function measureKill(app: Demo, quick: boolean): Promise<Killed> {
  const lengthMs = quick ? 3_000 : 6_000;
  // A new connection may take long on a busy machine, which is no fault of the kill's.
  const patient = { ...app, options: { ...app.options, pools: { connectTimeoutMs: 10_000 } } };
  return withDemo(patient, { replicas: 2, port: 0 }, async ({ local, url }) => {
    const request = (turn: number) => app.request(url, turn);
    await atRate(request, RATE, 500);
    const fault = async () => {
      await delay(lengthMs / 4);
      await local.replicas[0]?.kill();
      await delay(lengthMs / 4);
      await local.replicas[0]?.restart();
    };
    const [met] = await Promise.all([atRate(request, RATE, lengthMs), fault()]);
    return { app: app.name, ...met };
  });
}
