import type { Fleet } from 'readfleet';
import {
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

beforeAll(async () => {
  db = await freshDatabase({ template: shop });
  fleet = await db.connect();
});

afterAll(() => db.drop());

beforeEach(() => {
  recordReads(fleet);
});

test('the page is read from replicas', () =>
  undisturbed(fleet, async () => {
    await caughtUp(fleet);

    expect(await countOrders(fleet, 'ada')).toBe(1);

    expect(fleet).toHaveReadOnlyFrom('replica');
    expect(fleet).not.toHaveWritten();
  }));

test('who has placed an order sees it, though replicas are 2 s behind', () =>
  withLag(fleet, { ms: 2_000 }, async () => {
    const seen = await inRequest(fleet, async () => {
      await placeOrder(fleet, 'grace');
      return countOrders(fleet, 'grace');
    });

    expect(seen).toBe(1);
    expect(fleet).toHaveReadFrom('primary');
  }));

test('others see it later, and are served by replicas meanwhile', () =>
  withLag(fleet, { ms: 2_000 }, async () => {
    await placeOrder(fleet, 'linus');

    expect(await countOrders(fleet, 'linus')).toBe(0);

    expect(fleet).toHaveReadOnlyFrom('replica');
  }));

test('nobody is shown what is older than five seconds', () =>
  withLag(fleet, { ms: 6_000 }, async () => {
    await placeOrder(fleet, 'barbara');

    expect(await countOrders(fleet, 'barbara')).toBe(1);
  }));

test('the page is there while all replicas are down', () =>
  withDown(fleet, 'replicas', async () => {
    expect(await countOrders(fleet, 'ada')).toBe(1);

    expect(fleet).toHaveReadFrom('primary');
  }));

test('the page is there while the primary is down', async () => {
  await caughtUp(fleet);
  await withDown(fleet, 'primary', async () => {
    expect(await countOrders(fleet, 'ada')).toBe(1);

    expect(fleet).toHaveReadFrom('replica');
  });
});
