import type { Fleet } from 'readfleet';
import { Service } from 'readfleet/repository';
import { type Article, Articles, Lines, type Order, Orders, type OrderWithLines } from './repositories';

export interface Wanted {
  readonly article: string;
  readonly amount: number;
}

/** What was asked for cannot be done, as things are. */
export class Refused extends Error {
  readonly status = 409;
}

/** Orders, and the stock that they take from. */
export class Checkout extends Service<{ readonly articles: Articles; readonly orders: Orders; readonly lines: Lines }> {
  constructor(fleet: Fleet) {
    super(fleet, { articles: new Articles(fleet), orders: new Orders(fleet), lines: new Lines(fleet) });
  }

  articles(limit: number): Promise<Article[]> {
    return this.repositories.articles.findAll({ limit });
  }

  /** @param critical as the primary has it now, for who is going to act on it */
  article(id: string, critical: boolean): Promise<Article | undefined> {
    const { articles } = this.repositories;
    return critical ? articles.findByIdCritical(id) : articles.findById(id);
  }

  ofCustomer(customer: string): Promise<Order[]> {
    return this.repositories.orders.findMany(
      { customer },
      { orderBy: [{ column: 'placed_at', direction: 'desc' }], limit: 20 },
    );
  }

  /** @param critical as the primary has it now, for who is going to act on it */
  order(id: string, critical: boolean): Promise<OrderWithLines | undefined> {
    return this.repositories.orders.withLines(id, critical ? { consistency: 'strong' } : {});
  }

  /** Takes from the stock, and writes the order down: both, or nothing. @throws Refused */
  place(customer: string, wanted: readonly Wanted[]): Promise<Order> {
    const amounts = new Map<string, number>();
    for (const { article, amount } of wanted) amounts.set(article, (amounts.get(article) ?? 0) + amount);
    return this.transaction(async ({ articles, orders, lines }) => {
      const locked = await articles.lock([...amounts.keys()]);
      if (locked.length < amounts.size) throw new Refused('one of the articles does not exist');
      let cents = 0;
      for (const { id, name, stock, cents: each } of locked) {
        const amount = amounts.get(id) ?? 0;
        if (stock < amount) throw new Refused(`of ${name} there are ${stock}, and ${amount} were asked for`);
        cents += each * amount;
        await articles.move(id, -amount);
      }
      const order = await orders.insert({ customer, cents });
      await lines.insertMany(
        locked.map(({ id }, index) => ({
          order_id: order.id,
          place: index + 1,
          article_id: id,
          amount: amounts.get(id) ?? 0,
        })),
      );
      return order;
    });
  }

  /** @throws StaleVersionError when somebody changed the order since it was looked at */
  pay(id: string, version: number): Promise<Order | undefined> {
    return this.settle(id, version, 'paid');
  }

  /** Gives back what the order took. @throws StaleVersionError */
  cancel(id: string, version: number): Promise<Order | undefined> {
    return this.settle(id, version, 'cancelled');
  }

  private settle(id: string, version: number, status: 'paid' | 'cancelled'): Promise<Order | undefined> {
    return this.transaction(async ({ articles, orders, lines }) => {
      // Of the same version it is the same order: what is looked at here is what is changed below, or nothing is.
      const before = await orders.findById(id);
      if (before && before.version === version && before.status !== 'open')
        throw new Refused(`order ${id} is ${before.status}`);
      const closed = await orders.update(id, { status }, { version });
      if (!closed || status === 'paid') return closed;
      const taken = await lines.findMany({ order_id: id }, { orderBy: [{ column: 'article_id' }] });
      for (const { article_id, amount } of taken) await articles.move(article_id, amount);
      return closed;
    });
  }
}
