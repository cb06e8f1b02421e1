import { parseArgs } from 'node:util';
import { type ConnectOptions, connect, type Fleet } from 'readfleet';
import { type LocalFleet, startLocalFleet } from 'readfleet/local';
import { type Kind, loadTable } from './load';

/** A running server of an example. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** What an example app brings along. All else here is around it: servers for a laptop, a load, the end. */
export interface Demo {
  readonly name: string;
  readonly options: ConnectOptions;
  /** Tables, and something in them. */
  prepare(fleet: Fleet): Promise<void>;
  serve(fleet: Fleet, port: number): Promise<Served>;
  /** One request as users send them, the most of them reads. Rejects when the app fails. */
  request(url: string, turn: number): Promise<Kind>;
  /** Figures of its own, as text. */
  figures?(fleet: Fleet): Promise<string>;
  /** What to try, by hand. */
  hints(url: string): readonly string[];
}

const HELP = `npx tsx examples/apps/<app> [--replicas 2] [--port 0] [--load [seconds]]

Starts a primary and replicas on this machine, and the app on them, until it is interrupted.
  --load     instead prints what replicas change: requests with and without them, and while one of them is killed
  --seconds  of each of them. Default: 5`;

/** Runs an example: by itself until SIGINT or SIGTERM, or with `--load` until its figures are there. */
export async function runDemo(demo: Demo, args = process.argv.slice(2)): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      replicas: { type: 'string', default: '2' },
      port: { type: 'string', default: '0' },
      load: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '5' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await withDemo(demo, { replicas: Number(values.replicas), port: Number(values.port) }, async (running) => {
    if (values.load) {
      const figures = await demo.figures?.(running.fleet);
      if (figures) console.log(figures);
      console.log(await loadTable(demo, running, Number(values.seconds) * 1_000));
      return;
    }
    console.log([`${demo.name}: ${running.url}`, ...demo.hints(running.url).map((hint) => `  ${hint}`)].join('\n'));
    await interrupted;
  });
}

export interface Running {
  readonly local: LocalFleet;
  readonly fleet: Fleet;
  readonly url: string;
}

/** Runs `work` while the example runs; ends all of it then, whatever happened. */
export async function withDemo<T>(
  demo: Pick<Demo, 'options' | 'prepare' | 'serve'>,
  { replicas, port }: { readonly replicas: number; readonly port: number },
  work: (running: Running) => Promise<T>,
): Promise<T> {
  await using local = await startLocalFleet({ replicas, parameters: { shared_buffers: '128MB' } });
  const fleet = await connect(local.contract, demo.options);
  try {
    await demo.prepare(fleet);
    const served = await demo.serve(fleet, port);
    try {
      return await work({ local, fleet, url: served.url });
    } finally {
      await served.close();
    }
  } finally {
    await fleet.close();
  }
}
