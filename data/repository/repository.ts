import type { QueryResult } from 'pg';
import type { Fleet, ReadOptions, Transaction } from '../../lib';
import { ReadfleetError } from '../../lib/errors';
import { copyOf, privateFieldOf, problemOfField } from './copy';
import { type RepositoryDefinition, type Table, tableOf } from './definition';
import { refused, StaleVersionError, told } from './errors';
import { deleteById, insertRows, type Statement, selectById, selectMany, updateById } from './statements';
import type {
  ChangeOptions,
  Changes,
  ColumnOf,
  CriticalOptions,
  FindOptions,
  IdColumns,
  IdOf,
  Insertable,
  Where,
} from './types';

/** What a repository needs of a fleet. */
export type RepositoryFleet = Pick<Fleet, 'query' | 'write' | 'status'>;

/**
 * The rows of one table: reads go where the fleet sends them, writes to the primary, each as one statement.
 *
 * It maps nothing, tracks nothing and joins nothing. What it has no method for is SQL in a method of yours, by {@link rows}.
 *
 * @typeParam Row       what `pg` gives for a row: an `int8` or `numeric` is a text
 * @typeParam Id        the column that is the identifier, or a list of several: `['order_id', 'position']`
 * @typeParam Defaulted columns that an insert may leave out, since they have a default. Those that may be NULL can always be left out
 */
export class Repository<
  Row extends object,
  Id extends IdColumns<Row> = 'id' & ColumnOf<Row>,
  Defaulted extends ColumnOf<Row> = never,
> {
  /** Names for SQL of your own: the table, and the columns of a row as a list, quoted. */
  protected readonly sql: { readonly table: string; readonly columns: string };
  private readonly table: Table;
  private readonly endpoint: string | undefined;
  private readonly transaction: Transaction | undefined;

  /**
   * @throws InvalidConfigError `READFLEET_REPOSITORY_INVALID`, with every problem of the definition
   * @throws ReadfleetError `READFLEET_NOT_A_FLEET`
   */
  constructor(
    private readonly fleet: RepositoryFleet,
    definition: RepositoryDefinition<Row, Id>,
  ) {
    if (typeof fleet?.query !== 'function')
      throw new ReadfleetError(
        'READFLEET_NOT_A_FLEET',
        `a repository must be given a fleet, as connect() resolves to it, got: ${told(fleet)}. Was await forgotten?`,
      );
    this.table = tableOf(definition);
    this.endpoint = definition.endpoint;
    this.sql = { table: this.table.quoted, columns: this.table.list };
  }

  /**
   * The same repository, whose statements all run in the transaction, and so do those of repositories that it has as fields. To be used until that ends.
   *
   * Its reads are as fresh as the transaction is: what they ask for themselves is the transaction's to say, and not heeded.
   *
   * It is a copy, which holds the transaction: so `this` is in it, wherever a method goes. A context of calls (AsyncLocalStorage) would be lost in a
   * generator or a query that is sent later, without a word. The price is that fields of JavaScript's own privacy (`#count`), which cannot be copied, are refused.
   *
   * @throws ReadfleetError `READFLEET_REPOSITORY_ARGUMENT` when a subclass has fields that would run outside of it (functions, fleets, pools, repositories
   * of another fleet), or `#private` ones
   */
  in(transaction: Transaction): this {
    const { label } = this.table;
    if (typeof transaction?.query !== 'function')
      throw refused(label, `in() must be given a transaction, got: ${told(transaction)}.`);
    const hidden = privateFieldOf(this, Repository.prototype);
    if (hidden)
      throw refused(
        label,
        `class ${hidden.of} uses ${hidden.name}, which a copy in a transaction has not. Write \`private ${hidden.name.slice(1)}\` of TypeScript, without the #.`,
      );
    const copy = copyOf(this, (name, value) => {
      if (OWN.has(name)) return value;
      if (value instanceof Repository && value.fleet === this.fleet) return value.in(transaction);
      const problem = problemOfField(value, (one) => one instanceof Repository);
      if (problem) throw refused(label, `${name} of the repository is ${problem}`);
      return value;
    });
    return Object.assign(copy, { transaction });
  }

  /** A row by its identifier, as of the read's own bound of staleness. */
  async findById(id: IdOf<Row, Id>, read?: ReadOptions): Promise<Row | undefined> {
    return (await this.read(selectById(this.table, id), read))[0];
  }

  /**
   * A row as the primary has it now.
   *
   * @throws ReadfleetError `READFLEET_REPOSITORY_ARGUMENT` in a transaction on a replica
   */
  async findByIdCritical(id: IdOf<Row, Id>, read?: CriticalOptions): Promise<Row | undefined> {
    return (await this.read(selectById(this.table, id), { ...read, ...LATEST }))[0];
  }

  /** Rows for which every condition holds: a value, a list of which it is one, or `null`. 100 unless told, by identifier unless told. */
  async findMany(where: Where<Row>, options: FindOptions<Row> = {}): Promise<Row[]> {
    if (typeof options !== 'object' || options === null)
      throw refused(this.table.label, `options of a read must be an object, got: ${told(options)}.`);
    const { orderBy, limit, ...read } = options;
    return this.read(selectMany(this.table, where, { orderBy, limit }), read);
  }

  /** Rows, whatever they hold: the first 100 by identifier, unless told. */
  findAll(options?: FindOptions<Row>): Promise<Row[]> {
    return this.findMany({}, options);
  }

  /**
   * Inserts a row, and gives it as it became.
   *
   * @throws ReadfleetError `READFLEET_NOT_INSERTED` when a trigger or a rule of the table kept it out
   */
  async insert(row: Insertable<Row, Defaulted>): Promise<Row> {
    const [inserted] = await this.write(insertRows(this.table, [row]));
    if (inserted) return inserted;
    throw new ReadfleetError(
      'READFLEET_NOT_INSERTED',
      `${this.table.label}: PostgreSQL took the row and gave none back: a trigger or a rule of the table kept it out.`,
    );
  }

  /** Inserts all of them or none, in one statement of up to 65535 values. */
  async insertMany(rows: readonly Insertable<Row, Defaulted>[]): Promise<Row[]> {
    if (!Array.isArray(rows)) throw refused(this.table.label, `\`rows\` must be a list of rows, got: ${told(rows)}.`);
    return rows.length === 0 ? [] : this.write(insertRows(this.table, rows));
  }

  /**
   * Changes a row, and gives it as it became; undefined when there is none that may be changed. Without a change it is what the primary has.
   *
   * @throws StaleVersionError `READFLEET_STALE_VERSION` when the row is not of the version any more
   */
  async update(id: IdOf<Row, Id>, changes: Changes<Row, Id>, options?: ChangeOptions): Promise<Row | undefined> {
    const statement = updateById(this.table, id, changes, options);
    if (!statement) return this.current(id, options);
    const [updated] = await this.write(statement);
    if (!updated && options) await this.current(id, options);
    return updated;
  }

  /**
   * Deletes a row, and gives what it was; undefined when there was none that may be deleted.
   *
   * @throws StaleVersionError `READFLEET_STALE_VERSION` when the row is not of the version any more
   */
  async delete(id: IdOf<Row, Id>, options?: ChangeOptions): Promise<Row | undefined> {
    const [deleted] = await this.write(deleteById(this.table, id, options));
    if (!deleted && options) await this.current(id, options);
    return deleted;
  }

  /**
   * The rows of a statement of your own, routed by what it is; in the transaction when this repository is. For methods of a subclass:
   *
   * ```ts
   * largest() {
   *   return this.rows<Order>(`select ${this.sql.columns} from ${this.sql.table} order by total desc limit 10`);
   * }
   * ```
   *
   * @param text never built from input: that belongs into `values`
   */
  protected rows<Found extends object = Row>(
    text: string,
    values: unknown[] = [],
    read?: ReadOptions,
  ): Promise<Found[]> {
    return this.read({ text, values }, read) as Promise<object[]> as Promise<Found[]>;
  }

  /** The row as it is now, if it is of the version where one is asked for. */
  private async current(id: IdOf<Row, Id>, options: ChangeOptions | undefined): Promise<Row | undefined> {
    const [row] = await this.read(selectById(this.table, id), LATEST);
    if (!row || !options) return row;
    const now = row[this.table.version?.name as keyof Row];
    // A bigint column is a text in the row, and may be a number to the caller.
    if (String(now) === String(options.version)) return row;
    throw new StaleVersionError(this.table.label, options.version, now, row);
  }

  private async read({ text, values }: Statement, read: ReadOptions | undefined): Promise<Row[]> {
    if (this.transaction) {
      if (read?.consistency === 'strong') this.assertPrimary(this.transaction);
      return rowsOf(await this.transaction.query(text, values));
    }
    return rowsOf(await this.fleet.query(text, values, { endpoint: this.endpoint, ...read }));
  }

  private async write({ text, values }: Statement): Promise<Row[]> {
    return rowsOf(await (this.transaction ? this.transaction.query(text, values) : this.fleet.write(text, values)));
  }

  /** A read-only transaction may run on a replica, which knows nothing of the latest. */
  private assertPrimary({ member }: Transaction): void {
    if (this.fleet.status().members.find(({ name }) => name === member)?.role !== 'replica') return;
    throw refused(
      this.table.label,
      `a read that must see the latest was asked of a transaction on the replica ${member}. Begin it with consistency: 'strong'.`,
    );
  }
}

/** Its own fields, which are as they should be. */
const OWN: ReadonlySet<string> = new Set(['fleet', 'table', 'endpoint', 'transaction', 'sql']);

const LATEST: ReadOptions = Object.freeze({ consistency: 'strong' });

function rowsOf<Row>({ rows }: QueryResult): Row[] {
  return rows;
}
