import {
  type FunctionCatalogue,
  type FunctionEntry,
  type OperatorEntry,
  type RelationEntry,
  resolve,
  type TypeEntry,
} from './catalogue';
import { isHarmless, ruleOf, volatile } from './function-rules';
import { arguable, BINDS, both, certain, type Finding, primary } from './intent';
import { isTemporarySchema, looksLikeSequence, relationRule } from './relation-rules';

const SYSTEM = 'pg_catalog';

/** What stands behind an entry although the statement does not say it: a view's query, a policy, a default. */
type Hidden = { readonly hidden?: readonly string[] };

/**
 * Judges the names in a statement by the rules and the catalogue.
 *
 * Hidden expressions are judged as statements of their own, once each, when a name first leads to them.
 */
export class Names {
  private readonly judged = new Map<Hidden, Finding | undefined>();
  /** By name, of functions that the catalogue knows: statements may name no end of others. */
  private readonly rules = new Map<string, Finding | undefined>();

  /** @param read judges the text of a whole statement */
  constructor(
    private readonly catalogue: FunctionCatalogue,
    private readonly read: (sql: string, names: Names) => Finding | undefined,
  ) {}

  function(schema: string | undefined, name: string): Finding | undefined {
    // Code of the user's that may be volatile may do anything to a session.
    if (schema !== undefined && isTemporarySchema(schema)) return arguable('temporary function', BINDS);
    const rule = this.rule(name);
    if (rule !== undefined) return rule;
    const entries = resolve(this.catalogue.functions, schema, name);
    if (entries.length === 0) return arguable(`unknown function ${name}`, BINDS);
    return this.all(entries, (entry) => this.functionEntry(entry, name));
  }

  /**
   * A name after a dot. `t.f` and `(x).f` call f(t) and f(x) when there is no such column, also for built-in
   * functions and plain values: `(1).pg_advisory_lock` takes a lock.
   *
   * @param certainlyNoColumn `(x).f` on a value, where nothing but a function or a field of a composite is meant
   */
  field(name: string, certainlyNoColumn: boolean): Finding | undefined {
    const entries = resolve(this.catalogue.functions, undefined, name);
    if (entries.length === 0) {
      return certainlyNoColumn && this.catalogue.source === 'builtin'
        ? arguable(`unknown field ${name}`, BINDS)
        : undefined;
    }
    const unary = entries.filter((entry) => entry.unary);
    if (unary.length === 0) return undefined;
    return this.rule(name) ?? this.all(unary, (entry) => this.functionEntry(entry, name));
  }

  operator(schema: string | undefined, name: string): Finding | undefined {
    const entries = resolve(this.catalogue.operators, schema, name);
    if (entries.length === 0) return arguable(`unknown operator ${name}`, BINDS);
    const isVolatile = entries.some((entry: OperatorEntry) => entry.volatile);
    return isVolatile ? arguable(`volatile operator ${name}`, BINDS) : undefined;
  }

  type(schema: string | undefined, name: string): Finding | undefined {
    const entries = resolve(this.catalogue.types, schema, name);
    if (entries.length === 0) return arguable(`unknown type ${name}`, BINDS);
    return this.all(entries, (entry: TypeEntry) =>
      entry.volatile ? arguable(`volatile type ${name}`, BINDS) : this.hidden(entry, `type ${name}`),
    );
  }

  relation(schema: string | undefined, name: string): Finding | undefined {
    const rule = relationRule(schema, name);
    if (rule !== undefined) return rule;
    if (this.catalogue.source === 'builtin') {
      return looksLikeSequence(name) ? arguable('reads a sequence') : undefined;
    }
    return this.all(resolve(this.catalogue.relations, schema, name), (entry: RelationEntry) => {
      switch (entry.kind) {
        case 'sequence':
          return arguable('reads a sequence');
        case 'unlogged':
          // Refused by every standby: its rows are in no WAL.
          return certain('unlogged table');
        case 'foreign':
          return arguable('foreign table');
        case 'view':
          return this.hidden(entry, `view ${name}`);
        case 'guarded':
          return this.hidden(entry, `policy on ${name}`);
        default:
          return undefined;
      }
    });
  }

  private functionEntry(entry: FunctionEntry, name: string): Finding | undefined {
    if (!entry.volatile) return this.hidden(entry, `default in ${name}`);
    if (entry.schema !== SYSTEM) return arguable(volatile(name), BINDS);
    return isHarmless(name) ? undefined : certain(volatile(name), BINDS);
  }

  private hidden(entry: Hidden, where: string): Finding | undefined {
    if (entry.hidden === undefined || entry.hidden.length === 0) return undefined;
    if (this.judged.has(entry)) return this.judged.get(entry);
    // Seen as harmless while being judged, so that a view or policy that leads to itself comes to an end.
    this.judged.set(entry, undefined);
    const finding = this.all(entry.hidden, (sql) => this.read(sql, this));
    const verdict = finding && {
      intent: primary(`${where}: ${finding.intent.reason}`, finding.intent),
      arguable: finding.arguable,
    };
    this.judged.set(entry, verdict);
    return verdict;
  }

  private rule(name: string): Finding | undefined {
    const known = this.rules.get(name);
    if (known !== undefined || this.rules.has(name)) return known;
    const rule = ruleOf(name);
    if (this.catalogue.functions.has(name)) this.rules.set(name, rule);
    return rule;
  }

  private all<Item>(items: readonly Item[], judge: (item: Item) => Finding | undefined): Finding | undefined {
    let found: Finding | undefined;
    for (const item of items) found = both(found, judge(item));
    return found;
  }
}
