import type { Fleet } from 'readfleet';

/** So that the examples themselves are tested: a bug that their suites have to find. */
const bug = process.env.READFLEET_EXAMPLE_BUG;

/** What a request does is one session: it sees its own writes. */
export function inRequest<T>(fleet: Fleet, work: () => Promise<T>): Promise<T> {
  return bug === 'no session' ? work() : fleet.session(work);
}

export async function placeOrder(fleet: Fleet, customer: string): Promise<void> {
  await fleet.query('insert into customer_order (customer) values ($1)', [customer]);
}

/** How many orders a customer has, as of five seconds ago at most. */
export async function countOrders(fleet: Fleet, customer: string): Promise<number> {
  const { rows } = await fleet.query<{ orders: number }>(
    'select count(*)::int as orders from customer_order where customer = $1',
    [customer],
    {
      maxStalenessMs: bug === 'any age' ? Number.POSITIVE_INFINITY : 5_000,
      consistency: bug === 'primary' ? 'strong' : 'session',
    },
  );
  return rows[0]?.orders ?? 0;
}
