import { CatalogueKeeper, type FunctionCatalogue } from '../../../lib/intent';
import { ManualClock, settle } from '../../support/manual-clock';

/** A server whose catalogue has a version, and that counts what it is asked. */
class FakeServer {
  version = 'v1';
  versionsAsked = 0;
  /** Versions at which the catalogue was read. */
  readonly read: string[] = [];
  refusing: Error | undefined;
  /** What happens before each answer. */
  before: () => Promise<void> | void = () => undefined;

  readonly run = async (sql: string): Promise<{ rows: unknown[] }> => {
    const asksVersion = sql.includes('AS version');
    if (asksVersion) this.versionsAsked += 1;
    const { version } = this;
    await this.before();
    if (this.refusing !== undefined) throw this.refusing;
    if (asksVersion) return { rows: [{ version }] };
    if (!sql.includes('pg_operator')) return { rows: [] };
    this.read.push(version);
    return { rows: [{ schema: 'public', name: version, volatile: false }] };
  };
}

let clock: ManualClock;
let server: FakeServer;
let errors: Error[];
/** The operators of each catalogue that was put to use: the server names one after its version. */
let used: string[][];
let keeper: CatalogueKeeper;

beforeEach(() => {
  clock = new ManualClock();
  server = new FakeServer();
  errors = [];
  used = [];
  keeper = new CatalogueKeeper(server.run, use, { clock, checkMs: 1_000, onError: (error) => errors.push(error) });
});

afterEach(() => keeper.stop());

function use({ operators }: FunctionCatalogue): void {
  used.push([...operators.keys()]);
}

describe('load', () => {
  test('reads the catalogue and puts it to use', async () => {
    await keeper.load();

    expect(used).toEqual([['v1']]);
    expect(errors).toEqual([]);
  });

  test('two at once look once', async () => {
    await Promise.all([keeper.load(), keeper.load()]);

    expect(server.read).toEqual(['v1']);
  });

  test('does not reject when the server does not answer, and tells of it', async () => {
    server.refusing = new Error('no route');

    await expect(keeper.load()).resolves.toBeUndefined();

    expect(errors).toEqual([server.refusing]);
    expect(used).toEqual([]);
  });

  test('tells of what is no Error as an Error', async () => {
    server.refusing = 'gone' as never;

    await keeper.load();

    expect(errors).toEqual([new Error('gone')]);
  });

  test('what the catalogue is given to may refuse it, and is given it again', async () => {
    const given: unknown[] = [];
    const refusing = new CatalogueKeeper(
      server.run,
      (catalogue) => {
        given.push(catalogue);
        throw new Error('not this one');
      },
      { clock, checkMs: 1_000, onError: (error) => errors.push(error) },
    );
    await refusing.load();
    await clock.advance(1_000);
    refusing.stop();

    expect(given).toHaveLength(2);
    expect(errors.map(({ message }) => message)).toEqual(['not this one', 'not this one']);
  });

  test('what could not be read is tried again at the next regular look', async () => {
    server.refusing = new Error('no route');
    await keeper.load();
    server.refusing = undefined;

    await clock.advance(999);
    expect(used).toEqual([]);
    await clock.advance(1);
    expect(used).toEqual([['v1']]);
  });

  test('asks for the version once more after reading, because a change may have come in between', async () => {
    server.before = () => {
      // As soon as somebody reads, another one changes.
      if (server.versionsAsked === 1) server.version = 'v2';
    };
    await keeper.load();
    await clock.advance(0);

    expect(server.read).toEqual(['v2', 'v2']);
    expect(used).toEqual([['v2'], ['v2']]);
    expect(server.versionsAsked).toBe(3);
  });
});

describe('the regular look', () => {
  test('asks for the version alone, for as long as it is the same', async () => {
    await keeper.load();
    await clock.advance(0);
    const asked = server.versionsAsked;

    await clock.advance(3_000);

    expect(server.versionsAsked).toBe(asked + 3);
    expect(used).toHaveLength(1);
  });

  test('finds what another process has changed', async () => {
    await keeper.load();
    await clock.advance(0);
    server.version = 'v2';

    await clock.advance(1_000);

    expect(used).toEqual([['v1'], ['v2']]);
  });

  test('comes once a minute by default', async () => {
    const byDefault = new CatalogueKeeper(server.run, use, { clock });
    await byDefault.load();
    await clock.advance(0);
    server.version = 'v2';

    await clock.advance(59_999);
    expect(used).toHaveLength(1);
    await clock.advance(1);
    expect(used).toHaveLength(2);
    byDefault.stop();
  });

  test('begins with the first load', async () => {
    expect(clock.timers).toBe(0);
    await clock.advance(5_000);
    expect(server.versionsAsked).toBe(0);
  });

  test('goes on when the server does not answer, with nobody to tell', async () => {
    const untold = new CatalogueKeeper(server.run, use, { clock, checkMs: 1_000 });
    await untold.load();
    server.refusing = new Error('no route');
    server.version = 'v2';
    await clock.advance(2_000);
    server.refusing = undefined;

    await clock.advance(1_000);

    expect(used).toEqual([['v1'], ['v2']]);
    untold.stop();
  });
});

describe('changed', () => {
  beforeEach(async () => {
    await keeper.load();
    await clock.advance(0);
    server.versionsAsked = 0;
  });

  test('looks at once', async () => {
    server.version = 'v2';

    keeper.changed();
    await settle();

    expect(used).toEqual([['v1'], ['v2']]);
  });

  test('forgets nothing when the catalogue is the same', async () => {
    keeper.changed();
    await settle();

    expect(server.versionsAsked).toBe(1);
    expect(used).toHaveLength(1);
  });

  test('a hundred at once are one look, and one after it', async () => {
    for (let i = 0; i < 100; i++) keeper.changed();
    await settle();

    expect(server.versionsAsked).toBe(2);
  });

  test('while a look is under way, is looked for by another one, after it', async () => {
    let answer: () => void = () => undefined;
    server.before = () => new Promise<void>((resolve) => (answer = resolve));
    keeper.changed();
    await settle();
    // The answer to the first question is already made up, and does not know of this.
    server.version = 'v2';
    keeper.changed();
    keeper.changed();
    await settle();
    expect(server.versionsAsked).toBe(1);

    server.before = () => undefined;
    answer();
    await settle();

    expect(used).toEqual([['v1'], ['v2']]);
  });

  test('puts off the regular look, which is counted from the last one', async () => {
    await clock.advance(900);
    keeper.changed();
    await settle();
    expect(server.versionsAsked).toBe(1);

    await clock.advance(999);
    expect(server.versionsAsked).toBe(1);
    await clock.advance(1);
    expect(server.versionsAsked).toBe(2);
  });

  test('keeps the server busy for a tenth of the time at most', async () => {
    server.before = () => new Promise<void>((resolve) => clock.after(10, resolve));
    keeper.changed();
    await clock.advance(10);
    expect(server.versionsAsked).toBe(1);

    keeper.changed();
    keeper.changed();
    await clock.advance(89);
    expect(server.versionsAsked).toBe(1);
    await clock.advance(1);
    expect(server.versionsAsked).toBe(2);
    expect(clock.timers).toBeLessThanOrEqual(1);
  });
});

describe('stop', () => {
  test('ends the regular look', async () => {
    await keeper.load();
    keeper.stop();

    expect(clock.timers).toBe(0);
    const asked = server.versionsAsked;
    await clock.advance(10_000);
    expect(server.versionsAsked).toBe(asked);
  });

  test('makes load and changed do nothing', async () => {
    keeper.stop();

    await keeper.load();
    keeper.changed();
    await settle();

    expect(server.versionsAsked).toBe(0);
    expect(clock.timers).toBe(0);
  });

  test.each([1, 2, 3, 7])(
    'of %i answers, no catalogue comes to use after it, and no error is told',
    async (answers) => {
      let answered = 0;
      server.before = () => {
        answered += 1;
        if (answered === answers) {
          keeper.stop();
          server.refusing = new Error('the pool is closed');
        }
      };
      await keeper.load();

      expect(used).toEqual([]);
      expect(errors).toEqual([]);
      expect(clock.timers).toBe(0);
    },
  );

  test('asks no further question', async () => {
    let asked = 0;
    server.before = () => {
      asked += 1;
      keeper.stop();
    };
    await keeper.load();

    expect(asked).toBe(1);
  });

  test('sets no timer for a change that is told of afterwards', async () => {
    server.before = () => new Promise<void>((resolve) => clock.after(10, resolve));
    void keeper.load();
    // The load, the pause after it and the question that follows.
    await clock.advance(720);
    keeper.stop();

    keeper.changed();

    expect(clock.timers).toBe(0);
  });

  test('during the last answer too, gives out no catalogue', async () => {
    server.before = () => {
      if (server.read.length === 1) keeper.stop();
    };
    await keeper.load();

    expect(used).toEqual([]);
  });
});
