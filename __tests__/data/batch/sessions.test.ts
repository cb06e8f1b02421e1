import { AsyncLocalStorage } from 'node:async_hooks';
import { batch } from '../../../data/batch';
import { channels, connect, type Decision, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { replicated } from '../paging/support';

const NOTES = { from: 'note', by: 'author', type: 'int' };

let local: LocalFleet;
let fleet: Fleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue'] });
  fleet = await connect(local.contract, { maxStalenessMs: Number.POSITIVE_INFINITY });
  await fleet.write('create table note (author int)');
  await fleet.write('insert into note values (1), (2)');
  await replicated(local);
});

afterAll(async () => {
  await fleet?.close();
  await local?.stop();
});

/** The members that were sent reads while `work` ran. */
async function readers<T>(work: () => Promise<T>): Promise<{ value: T; members: string[] }> {
  const members: string[] = [];
  const decided = (message: unknown) => {
    const { kind, member } = message as Decision;
    if (kind === 'read') members.push(member);
  };
  channels.decision.subscribe(decided);
  try {
    return { value: await work(), members };
  } finally {
    channels.decision.unsubscribe(decided);
  }
}

describe('while the replica stands still', () => {
  beforeAll(() => local.replica('blue').pauseReplay());
  afterAll(() => local.replica('blue').resumeReplay());

  test('a session’s loads see what it wrote, and loads of the same tick in no session go to the replica all the same', async () => {
    const counts = batch(fleet).counts(NOTES);
    const { value, members } = await readers(async () => {
      let wrote: () => void = () => undefined;
      const written = new Promise<void>((resolve) => {
        wrote = resolve;
      });
      const session = fleet.session(async () => {
        await fleet.write('insert into note values (1)');
        wrote();
        await written;
        return counts.load(1);
      });
      const outside = written.then(() => counts.load(1));
      return Promise.all([session, outside]);
    });
    expect(value).toEqual([2, 1]);
    expect([...members].sort()).toEqual(['blue', 'primary']);
  });

  test('loads of two sessions in one tick are two statements, each of its own session', async () => {
    const counts = batch(fleet).counts(NOTES);
    const { value, members } = await readers(async () => {
      const wrote = fleet.session(async () => {
        await fleet.write('insert into note values (2)');
        return AsyncLocalStorage.snapshot();
      });
      const inSession = await wrote;
      const other = await fleet.session(async () => AsyncLocalStorage.snapshot());
      // One tick, by turns: whoever comes first must not decide for the others.
      return Promise.all([
        other(() => counts.load(2)),
        inSession(() => counts.load(2)),
        other(() => counts.load(1)),
        inSession(() => counts.load(7)),
      ]);
    });
    expect(value[0]).toBe(1);
    expect(value[1]).toBe(2);
    expect([...members].sort()).toEqual(['blue', 'primary']);
  });

  test('loads of one session are one statement, also of a session within it', async () => {
    const counts = batch(fleet).counts(NOTES);
    const { members } = await readers(() =>
      fleet.session(() => Promise.all([counts.load(1), fleet.session(() => counts.load(2))])),
    );
    expect(members).toEqual(['blue']);
  });

  test('what one session has in its cache is no other’s', async () => {
    const counts = batch(fleet, { cache: true }).counts(NOTES);
    const before = await counts.load(9);
    const within = await fleet.session(async () => {
      await fleet.write('insert into note values (9)');
      const first = await counts.load(9);
      counts.clear(9);
      return [first, await counts.load(9), await counts.load(9)];
    });
    expect([before, ...within, await counts.load(9)]).toEqual([0, 1, 1, 1, 0]);
  });

  test('without a cache, a session reads its own later writes', async () => {
    const counts = batch(fleet).counts(NOTES);
    await fleet.session(async () => {
      const before = await counts.load(5);
      await fleet.write('insert into note values (5)');
      expect([before, await counts.load(5)]).toEqual([0, 1]);
    });
  });
});
