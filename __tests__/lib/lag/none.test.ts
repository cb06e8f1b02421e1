import { LsnHistory } from '../../../lib/lag/history';
import { disconnection, lagOf, provenAtOf } from '../../../lib/lag/lag';
import { none } from '../../../lib/lag/none';
import { type LocalFleet, startLocalFleet } from '../../../local';

let local: LocalFleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue'] });
});

afterAll(() => local?.stop());

test('whoever answers is of one role, and nobody is cut off', async () => {
  const [writer] = await local.primary.query(none.sql);
  const [blue] = await local.replica('blue').query(none.sql);
  expect(none.toSighting(writer ?? {}, 7)).toMatchObject({ at: 7, recovering: false, receiving: true });
  expect(none.toSighting(blue ?? {}, 7)).toMatchObject({ at: 7, recovering: true, receiving: true });
});

test('nothing is proved of its age, whatever is known of the primary', () => {
  const history = new LsnHistory();
  history.add(1n, 0);
  const sighting = none.toSighting({ recovering: true }, 7);
  expect(provenAtOf(sighting, history)).toBeUndefined();
  expect(lagOf(sighting, history)).toBeUndefined();
  expect(disconnection(sighting, 3)).toBeUndefined();
});
