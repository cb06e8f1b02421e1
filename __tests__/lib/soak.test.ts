import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { type LocalFleet, startLocalFleet } from '../../local';
import type { SoakOrder, SoakReport } from '../support/soak-fixture';

/** A million takes some ten minutes. */
const LONG = process.env.READFLEET_LONG === '1';
const TURNS = LONG ? 1_000_000 : 20_000;
/** Caches that fill up and code that is compiled, however many the turns. */
const GROWTH_BYTES = 2 << 20;

let local: LocalFleet;
let child: ChildProcess;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
});

afterAll(async () => {
  child?.kill('SIGKILL');
  await local?.stop();
});

test(
  `a process that asks a fleet ${TURNS} times, in every way, holds on to nothing`,
  async () => {
    child = fork(path.join(__dirname, '..', 'support', 'soak-fixture.ts'), {
      execArgv: ['--expose-gc', '--import', 'tsx'],
      cwd: path.join(__dirname, '..', '..'),
    });
    const exited = once(child, 'exit');
    const began = performance.now();
    const order: SoakOrder = { contract: local.contract, turns: TURNS };
    child.send(order);
    const report = await new Promise<SoakReport>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`it ended before its work did, with ${code}`)));
      child.on('message', (message: SoakReport | string) => {
        if (typeof message !== 'string') resolve(message);
        else restartOne().then(() => child.send('restored'), reject);
      });
    });
    const seconds = (performance.now() - began) / 1_000;
    const { turns, spans, ...rest } = report;
    const [first, , last] = spans;
    const growth = (last?.heapBytes ?? Number.NaN) - (first?.heapBytes ?? Number.NaN);
    process.stdout.write(
      `soak: ${turns} turns, ${Math.round(turns / seconds)} a second; heap ${spans.map(({ heapBytes }) => (heapBytes / 2 ** 20).toFixed(1)).join(', ')} MB after each third\n`,
    );

    expect(rest).toEqual({ strangeFailures: [], warnings: [], leftOpen: [] });
    expect(spans.map(({ left }) => left)).toEqual([[], [], []]);
    expect(last?.listeners).toEqual(first?.listeners);
    expect(growth).toBeLessThan(GROWTH_BYTES);
    // It ends by itself.
    expect(await exited).toEqual([0, null]);
  },
  LONG ? 7_200_000 : 300_000,
);

async function restartOne(): Promise<void> {
  await local.replica('blue').kill();
  await local.replica('blue').restart();
}
