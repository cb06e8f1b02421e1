import { type CustomTypesConfig, type PoolClient, TypeOverrides } from 'pg';

type Parser = (value: string) => unknown;
/** `setTypeParser` without its many overloads. */
type SetParser = (oid: number, format: string, parser: Parser) => void;
type GetParser = (oid: number, format?: string) => Parser;

/**
 * The type parsers that an app set on a client: they hold wherever its statements run.
 *
 * On a connection they are undone when it is given back: its next user never asked for them.
 */
export class TypeParsers {
  private readonly overrides: { setTypeParser: SetParser; getTypeParser: GetParser };
  private readonly set = new Map<string, { oid: number; format: string; parser: Parser }>();
  private undo: (() => void)[] = [];

  /** @param types the parsers of the pool, where it has its own */
  constructor(types: CustomTypesConfig | undefined) {
    this.overrides = new TypeOverrides(types) as never;
  }

  /** To be sent with a statement that runs on whatever connection the fleet chooses. */
  get forStatement(): CustomTypesConfig {
    return this.overrides as never;
  }

  getTypeParser(oid: number, format?: string): Parser {
    return this.overrides.getTypeParser(oid, format);
  }

  /** @param client the connection that is held at present */
  setTypeParser(oid: number, format: string, parser: Parser, client: PoolClient | undefined): void {
    this.overrides.setTypeParser(oid, format, parser);
    this.set.set(`${format} ${oid}`, { oid, format, parser });
    if (client) this.applyOne(oid, format, parser, client);
  }

  applyTo(client: PoolClient): void {
    for (const { oid, format, parser } of this.set.values()) this.applyOne(oid, format, parser, client);
  }

  undoAll(): void {
    // The latest first, so that a parser that was set twice becomes what it was before the first time.
    for (const undo of this.undo.reverse()) undo();
    this.undo = [];
  }

  private applyOne(oid: number, format: string, parser: Parser, client: PoolClient): void {
    const before = (client.getTypeParser as GetParser).call(client, oid, format);
    const set = client.setTypeParser as unknown as SetParser;
    set.call(client, oid, format, parser);
    this.undo.push(() => set.call(client, oid, format, before));
  }
}
