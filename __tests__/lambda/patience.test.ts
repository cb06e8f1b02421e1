import { patiently } from '../../lambda/patience';
import { ManualClock, settle } from '../support/manual-clock';

const failure = (code: string) => Object.assign(new Error(code), { code });

/** What came of an attempt that fails with `failures` in turn, and how often it was tried. */
async function tried(failures: readonly unknown[], limitMs = 10_000) {
  const clock = new ManualClock();
  let tries = 0;
  let outcome: unknown;
  const attempt = async () => {
    const error = failures[tries];
    tries += 1;
    if (error !== undefined) throw error;
    return 'done';
  };
  const run = patiently(attempt, { limitMs, pauseMs: 1_000, clock }).then(
    (result) => {
      outcome = result;
    },
    (error) => {
      outcome = error;
    },
  );
  while (outcome === undefined) {
    await settle();
    await clock.advance(1_000);
  }
  await run;
  return { outcome, tries };
}

test.each([
  ['a name that is not known yet', failure('ENOTFOUND')],
  ['a server that starts', failure('57P03')],
  ['one of several addresses that refuses', new AggregateError([failure('EACCES'), failure('ECONNREFUSED')])],
  ['a connect timeout of pg', new Error('timeout expired')],
  ['a connection that broke while it was opened', new Error('Connection terminated unexpectedly')],
])('%s is tried again', async (_, error) => {
  expect(await tried([error, error])).toEqual({ outcome: 'done', tries: 3 });
});

test('a wrong password is told at once', async () => {
  const wrong = failure('28P01');
  expect(await tried([wrong])).toEqual({ outcome: wrong, tries: 1 });
});

test('patience ends: the last failure is told', async () => {
  const failures = Array.from({ length: 20 }, () => failure('ENOTFOUND'));
  expect(await tried(failures, 3_000)).toEqual({ outcome: failures[3], tries: 4 });
});
