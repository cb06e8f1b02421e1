import type { Fleet, ReadOptions } from 'readfleet';
import { Repository } from 'readfleet/repository';

export interface Article {
  /** A bigint is a text to `pg`. */
  readonly id: string;
  readonly name: string;
  readonly cents: number;
  readonly stock: number;
}

export class Articles extends Repository<Article, 'id', 'id'> {
  constructor(fleet: Fleet) {
    super(fleet, {
      table: 'article',
      id: 'id',
      columns: { id: 'value', name: 'value', cents: 'value', stock: 'value' },
      endpoint: 'article',
    });
  }

  /** Those that there are, locked in the order of their numbers: whoever locks the same ones waits, and nobody waits in a circle. */
  lock(ids: readonly string[]): Promise<Article[]> {
    return this.rows(
      `select ${this.sql.columns} from ${this.sql.table} where id = any ($1::bigint[]) order by id for update`,
      [ids],
    );
  }

  /** Adds to the stock, or takes from it; undefined for an article that there is not. */
  async move(id: string, amount: number): Promise<Article | undefined> {
    const [moved] = await this.rows(
      `update ${this.sql.table} set stock = stock + $2 where id = $1 returning ${this.sql.columns}`,
      [id, amount],
    );
    return moved;
  }
}

export interface Order {
  readonly id: string;
  readonly customer: string;
  readonly status: 'open' | 'paid' | 'cancelled';
  readonly cents: number;
  readonly placed_at: Date;
  /** Counts the changes: who changes an order says which one was looked at. */
  readonly version: number;
}

export interface OrderWithLines extends Order {
  readonly lines: readonly Pick<Line, 'place' | 'article_id' | 'amount'>[];
}

export class Orders extends Repository<Order, 'id', 'id' | 'status' | 'placed_at' | 'version'> {
  constructor(fleet: Fleet) {
    super(fleet, {
      table: 'orders',
      id: 'id',
      columns: {
        id: 'value',
        customer: 'value',
        status: 'value',
        cents: 'value',
        placed_at: 'value',
        version: 'value',
      },
      version: 'version',
      endpoint: 'order',
    });
  }

  /**
   * One statement, so both are of the same moment, and another member is asked when the first one dies. A transaction would show one moment too, but
   * nobody can repeat that: who knows what else was done in it.
   */
  async withLines(id: string, read: ReadOptions): Promise<OrderWithLines | undefined> {
    const [found] = await this.rows<OrderWithLines>(
      `select ${this.sql.columns}, array(
         select json_build_object('place', place, 'article_id', article_id::text, 'amount', amount)
         from order_line where order_id = orders.id order by place) as lines
       from ${this.sql.table} where id = $1`,
      [id],
      read,
    );
    return found;
  }
}

export interface Line {
  readonly order_id: string;
  readonly place: number;
  readonly article_id: string;
  readonly amount: number;
}

export class Lines extends Repository<Line, ['order_id', 'place']> {
  constructor(fleet: Fleet) {
    super(fleet, {
      table: 'order_line',
      id: ['order_id', 'place'],
      columns: { order_id: 'value', place: 'value', article_id: 'value', amount: 'value' },
      endpoint: 'order',
    });
  }
}
