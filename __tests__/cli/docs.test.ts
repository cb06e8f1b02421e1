import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { COMMANDS } from '../../cli/commands';
import { connect, type Fleet } from '../../lib';
import { type LocalFleet, startLocalFleet } from '../../local';
import { monitoringHandler } from '../../monitoring/http';
import { readfleet } from './fake-io';
import { folder } from './folder';
import { synthesise } from './stack';

/** docs/cli.md is run: each line that begins with a prompt, against a fleet as it describes it. */
const ROOT = path.join(__dirname, '../..');
const DOCS = readFileSync(path.join(ROOT, 'docs/cli.md'), 'utf8');
const TOKEN = 'a-token-of-sixteen-letters';

interface Example {
  readonly line: string;
  readonly args: readonly string[];
  readonly code: number;
  /** Whether a replica is down in it. */
  readonly down: boolean;
  /** What stands under it. */
  readonly output: string;
}

const EXAMPLES: Example[] = [...DOCS.matchAll(/^```console\n\$ ([^\n]*)\n(.*?)^```$/gms)].map(
  ([, line = '', output = '']) => {
    const [command = '', comment = ''] = line.split(/ +# /);
    const [words = ''] = command.split(' | ');
    return {
      line,
      args: words.replace(/^(\w+=\S+ )*readfleet /, '').split(' '),
      code: Number(/exit code (\d+)/.exec(comment)?.[1] ?? 0),
      down: comment.includes('one is down'),
      output,
    };
  },
);

const files = folder();
const before = process.cwd();
let local: LocalFleet;
let fleet: Fleet;
let server: Server;

beforeAll(async () => {
  local = await startLocalFleet({
    replicas: ['blue', 'green'],
    fleet: 'orders',
    database: 'orders',
    parameters: { max_slot_wal_keep_size: '10GB' },
  });
  synthesise(files.path);
  process.chdir(files.path);
  await local.writeContract('.readfleet/fleet.json');
  await local.writeContract('fleet.json');
  const [blue] = local.contract.readers;
  const red = { name: 'red', host: '10.0.3.7', port: 5432 };
  files.write('newer.json', { ...local.contract, readers: [{ ...blue, weight: 2 }, red] });
  files.write('broken.json', { ...local.contract, fleet: 'Orders', writer: { name: 'primary', host: 'db' } });
  fleet = await connect(local.contract);
  await fleet.write('create table purchase (id int primary key)');
  for (let read = 0; read < 50; read += 1) await fleet.query('select 1');
  server = createServer(monitoringHandler(fleet, { token: TOKEN }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  process.chdir(before);
  server?.close();
  await fleet?.close();
  await local?.stop();
});

async function run({ args }: Example) {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ending = new AbortController();
  let lines = 0;
  const told = { out: '', err: '' };
  const { code } = await readfleet(
    args.map((arg) => arg.replace('http://localhost:9000', url)),
    {
      env: { READFLEET_TOKEN: TOKEN },
      signal: ending.signal,
      out(text) {
        told.out += `${text}\n`;
        lines += 1;
        // Whoever watches has seen enough.
        if (args.includes('--watch') && lines === 1) ending.abort();
      },
      err(text) {
        told.err += `${text}\n`;
      },
    },
  );
  return { code, ...told };
}

/** Words without what is another each time: times, numbers, ports, spaces. */
function words(text: string): string[] {
  return text
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '')
    .replace(/\d+(\.\d+)*/g, 'N')
    .replace(/\b(B|kB|MB)\b/g, 'B')
    .replace(/ +/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

test('there is an example of every command', () => {
  expect(new Set(EXAMPLES.map(({ args }) => args[0]))).toEqual(new Set(COMMANDS.map(({ name }) => name)));
  expect(EXAMPLES.length).toBeGreaterThan(12);
});

test.each(EXAMPLES.filter(({ down }) => !down).map((example) => [example.line, example] as const))(
  '$ %s',
  async (_, example) => {
    const { code, out, err } = await run(example);

    expect({ code, out, err }).toMatchObject({ code: example.code });
    if (example.output === '') return;
    const said = new Set(words(out + err));
    // A failover probe is answered by whoever is there.
    const stable = words(example.output).filter(
      (line) => !/routing\.(failover|reads|replica-lost|primary-lost)|^member |^(primary|blue|green) /.test(line),
    );
    expect(stable.filter((line) => !said.has(line))).toEqual([]);
  },
);

test('with a replica down, every example of it', async () => {
  const examples = EXAMPLES.filter(({ down }) => down);
  await local.replica('green').kill();

  for (const example of examples) {
    const { code, out } = await run(example);
    const said = new Set(words(out));

    expect(code).toBe(example.code);
    expect(words(example.output).filter((line) => !said.has(line))).toEqual([]);
  }
  expect(examples.map(({ args }) => args[0])).toEqual(['status', 'doctor']);
});

test('the items that it describes are those that there are', () => {
  const sources = path.join(ROOT, 'cli/doctor/checks');
  const text = readdirSync(sources)
    .map((name) => readFileSync(path.join(sources, name), 'utf8'))
    .join('\n');
  const groups = 'contract|reach|servers|replication|slots|parameters|data|roles|connections|long|routing|app';
  const ids = new Set([...text.matchAll(new RegExp(`'((?:${groups})\\.[a-z-]+)'`, 'g'))].map(([, id]) => id));
  const described = [...DOCS.matchAll(/^\| `([a-z]+\.[a-z-]+)` +\|/gm)].map(([, id]) => id);

  expect(ids.size).toBeGreaterThan(35);
  expect(new Set(described)).toEqual(ids);
  expect(described).toHaveLength(ids.size);
});

test('its anchors lead somewhere', () => {
  const headings = [...DOCS.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading.toLowerCase().replaceAll(' ', '-'),
  );

  for (const [, anchor] of DOCS.matchAll(/\]\(#([^)]+)\)/g)) expect(headings).toContain(anchor);
});
