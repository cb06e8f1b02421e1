import {
  EMPTY,
  heard,
  latest,
  MOST_MOMENTS,
  MOST_TOLD,
  serverNow,
  stateSince,
  totals,
} from '../../../monitoring/page/client/model';
import { healthyScene, member, moment, moments, NOW, status } from './scenes';

const BLUE = member('blue');
const PRIMARY = member('primary', { role: 'primary' });

function afterHello() {
  return heard(EMPTY, { kind: 'hello', hello: healthyScene() }, 1_000);
}

test('a hello replaces all that was known: after a restart the server counts from one again', () => {
  const again = {
    ...healthyScene(),
    told: [{ id: 1, at: NOW, event: 'state', tone: 'good' as const, text: 'blue serves' }],
  };

  const model = heard(afterHello(), { kind: 'hello', hello: again }, 2_000);

  expect(model.told).toEqual(again.told);
  expect(model.receivedAt).toBe(2_000);
});

test('a tick brings the status and adds its moment, of ten minutes at most', () => {
  const before = afterHello();
  const next = {
    status: status([PRIMARY, BLUE], { at: NOW + 1_000 }),
    moment: moment([PRIMARY, BLUE], {}, { at: NOW + 1_000 }),
  };

  const model = heard(before, { kind: 'tick', tick: next }, 2_000);

  expect(model.status).toBe(next.status);
  expect(model.history).toHaveLength(MOST_MOMENTS);
  expect(model.history[MOST_MOMENTS - 1]).toBe(next.moment);
  expect(model.history[0]).toBe(before.history[1]);
});

test('what was told already is not told twice', () => {
  const before = afterHello();
  const last = before.told[before.told.length - 1];
  if (!last) throw new Error('the scene tells nothing');

  expect(heard(before, { kind: 'told', told: last }, 0)).toBe(before);
  expect(heard(before, { kind: 'told', told: { ...last, id: last.id + 1 } }, 0).told).toHaveLength(
    before.told.length + 1,
  );
});

test('the oldest events are forgotten', () => {
  let model = afterHello();
  for (let id = 100; id < 100 + MOST_TOLD + 5; id += 1)
    model = heard(model, { kind: 'told', told: { id, at: NOW, event: 'state', tone: 'neutral', text: `${id}` } }, 0);

  expect(model.told).toHaveLength(MOST_TOLD);
  expect(model.told[0]?.id).toBe(105);
});

test("the server's time goes on by our clock", () => {
  expect(serverNow(afterHello(), 4_500)).toBe(NOW + 3_500);
});

test('the latest moments are those of the seconds before the newest', () => {
  const history = moments(10, () => moment([BLUE]));

  expect(latest(history, 3).map(({ at }) => NOW - at)).toEqual([2_000, 1_000, 0]);
  expect(latest([], 3)).toEqual([]);
});

test('totals add up reads by place and by member, and keep the longest', () => {
  const one = moment([PRIMARY, BLUE], { blue: 4, primary: 1 }, { primary: 1, longestReadMs: 3, failed: 1 });
  const other = moment([PRIMARY, BLUE], { blue: 2, primary: 3 }, { fallback: 3, longestReadMs: 9, shed: 2, writes: 5 });

  expect(totals([one, other])).toEqual({
    seconds: 2,
    replica: 6,
    primary: 1,
    fallback: 3,
    reads: 10,
    writes: 25,
    failed: 1,
    shed: 2,
    longestReadMs: 9,
    members: { blue: 6, primary: 4 },
  });
});

test('nothing adds up to nothing', () => {
  expect(totals([])).toMatchObject({ reads: 0, longestReadMs: 0, seconds: 1 });
});

test('a member is in its state since it was last in another', () => {
  const away = { ...BLUE, state: 'ejected' as const };
  const history = moments(10, (ago) => moment([ago >= 6 || ago < 3 ? away : BLUE]));

  expect(stateSince(history, 'blue', 'ejected')).toEqual({ at: NOW - 2_000, atLeast: false });
  expect(stateSince(history, 'blue', 'serving')).toBeUndefined();
  expect(stateSince(history, 'green', 'ejected')).toBeUndefined();
});

test('since when is not known of what was so from the beginning', () => {
  expect(
    stateSince(
      moments(3, () => moment([BLUE])),
      'blue',
      'serving',
    ),
  ).toEqual({ at: NOW - 2_000, atLeast: true });
});
