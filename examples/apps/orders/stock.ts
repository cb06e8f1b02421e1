import type { Fleet } from 'readfleet';

/** SQL by itself, where a repository would be in the way: each call says where it is to run. */
export class Stock {
  constructor(private readonly fleet: Fleet) {}

  /** As the primary has it: who asks is going to promise it to somebody. */
  async now(article: string): Promise<number | undefined> {
    const { rows } = await this.fleet.criticalRead<{ stock: number }>('select stock from article where id = $1', [
      article,
    ]);
    return rows[0]?.stock;
  }

  async restock(article: string, amount: number): Promise<number | undefined> {
    const { rows } = await this.fleet.write<{ stock: number }>(
      'update article set stock = stock + $2 where id = $1 returning stock',
      [article, amount],
    );
    return rows[0]?.stock;
  }

  /** What sold best. Old figures will do, and when replicas fail it is the first to wait. */
  async sales(): Promise<readonly object[]> {
    const { rows } = await this.fleet.read(
      `select article.name, sum(amount)::int as sold
       from order_line join article on article.id = article_id group by article.id order by sold desc, article.id limit 10`,
      [],
      { endpoint: 'report.sales' },
    );
    return rows;
  }
}
