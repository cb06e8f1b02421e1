import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Fleet } from 'readfleet';
import {
  assertNotWritten,
  assertReadFrom,
  assertReadOnlyFrom,
  caughtUp,
  type FreshDatabase,
  freshDatabase,
  recordReads,
  undisturbed,
  withDown,
  withLag,
} from 'readfleet/testing';
import { countOrders, inRequest, placeOrder } from '../app/orders';
import { shop } from '../app/schema';

let db: FreshDatabase;
let fleet: Fleet;

before(async () => {
  db = await freshDatabase({ template: shop });
  fleet = await db.connect();
});

after(() => db.drop());

beforeEach(() => {
  recordReads(fleet);
});

test('the page is read from replicas', () =>
  undisturbed(fleet, async () => {
    await caughtUp(fleet);

    assert.equal(await countOrders(fleet, 'ada'), 1);

    assertReadOnlyFrom(fleet, 'replica');
    assertNotWritten(fleet);
  }));

test('who has placed an order sees it, though replicas are 2 s behind', () =>
  withLag(fleet, { ms: 2_000 }, async () => {
    const seen = await inRequest(fleet, async () => {
      await placeOrder(fleet, 'grace');
      return countOrders(fleet, 'grace');
    });

    assert.equal(seen, 1);
    assertReadFrom(fleet, 'primary');
  }));

test('others see it later, and are served by replicas meanwhile', () =>
  withLag(fleet, { ms: 2_000 }, async () => {
    await placeOrder(fleet, 'linus');

    assert.equal(await countOrders(fleet, 'linus'), 0);

    assertReadOnlyFrom(fleet, 'replica');
  }));

test('nobody is shown what is older than five seconds', () =>
  withLag(fleet, { ms: 6_000 }, async () => {
    await placeOrder(fleet, 'barbara');

    assert.equal(await countOrders(fleet, 'barbara'), 1);
  }));

test('the page is there while all replicas are down', () =>
  withDown(fleet, 'replicas', async () => {
    assert.equal(await countOrders(fleet, 'ada'), 1);

    assertReadFrom(fleet, 'primary');
  }));

test('the page is there while the primary is down', async () => {
  await caughtUp(fleet);
  await withDown(fleet, 'primary', async () => {
    assert.equal(await countOrders(fleet, 'ada'), 1);

    assertReadFrom(fleet, 'replica');
  });
});
