import type { QueryConfig } from 'pg';
import type { Statement } from './statement';

/**
 * The named prepared statements that a client has run on connections which it did not keep.
 *
 * On one connection `pg` lets such a statement be called by its name alone later, and refuses the name for another text; here there is no
 * one connection to remember that.
 */
export class NamedStatements {
  private readonly texts = new Map<string, string>();

  /** The statement with its text, where it is called by a name that was used before. */
  complete(statement: Statement): Statement {
    const name = nameOf(statement);
    const text = name !== undefined && statement.text === undefined ? this.texts.get(name) : undefined;
    if (text === undefined) return statement;
    return { ...statement, text, config: { ...(statement.config as QueryConfig), text } };
  }

  /** What `pg` says against a name that stands for another statement. */
  problem(statement: Statement): Error | undefined {
    const name = nameOf(statement);
    const before = name === undefined ? undefined : this.texts.get(name);
    if (before === undefined || before === statement.text) return undefined;
    return new Error(`Prepared statements must be unique - '${name}' was used for a different statement`);
  }

  /** Whether there is anything to remember of it. */
  names(statement: Statement): boolean {
    return nameOf(statement) !== undefined;
  }

  remember(statement: Statement): void {
    const name = nameOf(statement);
    if (name !== undefined && statement.text !== undefined) this.texts.set(name, statement.text);
  }
}

function nameOf({ config }: Statement): string | undefined {
  const name = typeof config === 'string' ? undefined : (config as QueryConfig).name;
  return typeof name === 'string' && name !== '' ? name : undefined;
}
