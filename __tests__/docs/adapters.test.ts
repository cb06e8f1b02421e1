/** docs/adapters.md against what was seen; its links, and those of docs/migrate and of two of docs/orms; the steps of a migration, walked. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { columns, matrix, PAGE, written } from '../../docs/adapters-matrix';
import { type ConnectOptions, connect, type Decision, type Fleet } from '../../lib';
import { type LocalFleet, startLocalFleet } from '../../local';
import { eventually } from '../support/eventually';

const ROOT = path.join(__dirname, '../..');
const page = readFileSync(PAGE, 'utf8');
const MIGRATE = path.join(ROOT, 'docs/migrate');
const DOCUMENTS = [
  PAGE,
  ...['pg', 'kysely'].map((orm) => path.join(ROOT, `docs/orms/${orm}.md`)),
  ...readdirSync(MIGRATE).map((file) => path.join(MIGRATE, file)),
];

describe('the tables', () => {
  test('are what the tests of the adapters wrote down: npx tsx docs/adapters-matrix.ts', () => {
    expect(page).toBe(written(page));
  });

  test('explain every word in them', () => {
    const cells = matrix(columns())
      .split('\n')
      .slice(2)
      .flatMap((row) => row.split('|').slice(2, -1));
    const words = new Set(cells.map((cell) => cell.trim().slice(2)));
    for (const word of words) expect(page).toContain(`\n| ${word.padEnd(15)} | `);
  });

  test.each(columns())('$label has a line of code and a page', ({ name, label }) => {
    expect(page).toMatch(new RegExp(`^\\| ${label} +\\| \`.*\` +\\| \\[${label}\\]\\(orms/${name}\\.md\\) +\\|$`, 'm'));
  });

  test('go between their marks, and nowhere else', () => {
    expect(() => written('a page without marks')).toThrow('docs/adapters.md has no');
  });
});

describe.each(DOCUMENTS.map((file) => [path.relative(ROOT, file), file]))('%s', (_, file) => {
  test('its links lead somewhere', () => {
    const links = [...readFileSync(file, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => String(link));
    const dead = links.filter((link) => !leads(path.dirname(file), link));
    expect(dead).toEqual([]);
  });
});

function leads(folder: string, link: string): boolean {
  if (/^https?:/.test(link)) return true;
  const [target = '', anchor] = link.split('#');
  const file = path.join(folder, target);
  if (!existsSync(file)) return false;
  return anchor === undefined || anchorsOf(readFileSync(file, 'utf8')).includes(anchor);
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    String(heading)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the steps of docs/migrate/README.md, on a fleet', () => {
  const READS = 100;
  let local: LocalFleet;
  let fleet: Fleet;

  beforeAll(async () => {
    local = await startLocalFleet({ replicas: ['blue'] });
  });

  afterEach(() => fleet?.close());
  afterAll(() => local?.stop());

  async function at(options: ConnectOptions): Promise<void> {
    let draws = 0;
    fleet = await connect(local.contract, {
      maxStalenessMs: Number.POSITIVE_INFINITY,
      // As chance has it in the long run.
      random: () => (draws++ % READS) / READS,
      ...options,
    });
    await eventually(() => fleet.status().members.every(({ state }) => state.kind === 'serving'));
  }

  /** Where a hundred reads were sent, and why; by the pool that an app has. */
  async function sent(): Promise<Record<string, number>> {
    const seen: Record<string, number> = {};
    const tell = (message: unknown) => {
      const { target, reason } = message as Decision;
      seen[`${target}: ${reason}`] = (seen[`${target}: ${reason}`] ?? 0) + 1;
    };
    subscribe('readfleet:decision', tell);
    try {
      for (let n = 0; n < READS; n += 1) await fleet.pool.query('select 1');
    } finally {
      unsubscribe('readfleet:decision', tell);
    }
    return seen;
  }

  const servedByReplica = () => fleet.status().members.find(({ name }) => name === 'blue')?.reads;

  test('off: the primary answers, and nothing is judged', async () => {
    await at({ readReplicas: false });
    expect(await sent()).toEqual({});
    expect(servedByReplica()).toBe(0);
  });

  test('look: each read is judged, and read from the primary', async () => {
    await at({ endpoints: { '*': { rollout: 0 } } });
    expect(await sent()).toEqual({ 'primary: not in the rollout': READS });
  });

  test('10 %, 100 %, one part off, a step back, all off', async () => {
    await at({ endpoints: { '*': { rollout: 0 } } });
    fleet.flags.rollout('*', 10);
    expect(await sent()).toEqual({ 'replica: replica': 10, 'primary: not in the rollout': 90 });
    fleet.flags.rollout('*', 100);
    expect(await sent()).toEqual({ 'replica: replica': READS });

    fleet.flags.disable('checkout');
    const before = servedByReplica();
    await fleet.query('select 1', [], { endpoint: 'checkout' });
    expect(servedByReplica()).toBe(before);

    fleet.flags.rollout('*', 10);
    expect(await sent()).toEqual({ 'replica: replica': 10, 'primary: not in the rollout': 90 });
    fleet.flags.disableAll();
    expect(await sent()).toEqual({});
  });

  test('all but one part, in the options', async () => {
    await at({ endpoints: { '*': { rollout: 100 }, checkout: { enabled: false } } });
    expect(await sent()).toEqual({ 'replica: replica': READS });
    const before = servedByReplica();
    await fleet.query('select 1', [], { endpoint: 'checkout' });
    expect(servedByReplica()).toBe(before);
  });
});
