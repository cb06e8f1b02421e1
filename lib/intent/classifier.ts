import { fingerprintSync, loadModule, parseSync } from 'libpg-query';
import { LRUCache } from 'lru-cache';
import { builtinCatalogue, type FunctionCatalogue } from './catalogue';
import { LONGEST, tooDeep } from './depth';
import { hintIn } from './hint';
import { ANYTHING, BINDS, both, certain, type Finding, type Intent, primary, type Target } from './intent';
import { Names } from './names';
import { judgeStatement } from './statement';
import type { Tree } from './walk';

/** What a classifier knows of the database, and how much it remembers. */
export interface ClassifierOptions {
  /**
   * What names stand for.
   * @default - PostgreSQL's own functions only: every user-defined function, operator and type goes to the primary
   */
  readonly functions?: FunctionCatalogue;
  /**
   * How many statements are remembered. Their texts are kept, up to 1000 characters each on average.
   * @default 5000
   */
  readonly cacheSize?: number;
}

/** Tells from the text of a statement where it may run. */
export interface Classifier {
  /**
   * Where `sql` may run. Pure, synchronous, and never throws: what cannot be understood goes to the primary, whose
   * error the caller then sees.
   */
  classify(sql: string): Intent;
  /**
   * A standby refused `sql`: to the primary from now on, and with it every statement that differs in constants only.
   * A hint in a comment does not bring it back, and neither does a new catalogue.
   */
  learn(sql: string, reason: string): void;
  /** Judges by this catalogue from now on. What was remembered is forgotten, what was learned is not. */
  use(functions: FunctionCatalogue): void;
}

const READS: Intent = Object.freeze({ target: 'replica', reason: 'reads' });
const PROMISED: Intent = Object.freeze({ target: 'replica', reason: 'hint' });
const HINTED: Intent = primary('hint');
/** No statement at all, as in a ping. */
const EMPTY: Finding = certain('not understood');
/** Invalid, or valid only for a PostgreSQL newer than the parser: the primary will tell. If it runs, it may be anything. */
const NOT_UNDERSTOOD: Finding = certain('not understood', ANYTHING);

/** A word of these is in every statement that changes what a read's names stand for; and in some strings and comments. */
const DEFINING = /\b(create|alter|drop|import|call|do|execute|prepared)\b/i;

const DEFAULT_CACHE_SIZE = 5_000;
const CHARACTERS_PER_TEXT = 1_000;
/** Refusals are few: one per shape of statement. */
const LEARNED_SIZE = 1_000;

/**
 * Loads PostgreSQL's parser and gives a classifier that uses it. The parser is loaded once per process.
 *
 * `replica` is promised only for what is provably harmless on a hot standby. What no text can prove:
 * - The session: a temporary table that shadows a real one, a changed `search_path` or role. Once a session has
 *   state, keep it on its server and do not ask a classifier.
 * - Labels: a function declared STABLE is believed, and what it calls is not read. PostgreSQL itself holds such
 *   functions to write nothing, but they may take advisory locks or read session state.
 * - Implicit calls of user-defined code: implicit casts, comparison and sort support of user-defined types.
 * - Without a server's catalogue: what views, row-security policies and shadowing functions hide, and which tables are
 *   unlogged or foreign. With one: what DDL has changed since it was read.
 * - `standard_conforming_strings = off`: texts are read as PostgreSQL reads them by default since 9.1.
 * A standby refuses every write among these with an error, after which {@link Classifier.learn} is to be called.
 */
export async function loadClassifier(options: ClassifierOptions = {}): Promise<Classifier> {
  await loadModule();
  return new ParsingClassifier(options);
}

class ParsingClassifier implements Classifier {
  private readonly known: LRUCache<string, Intent>;
  private readonly learned = new LRUCache<string, Intent>({ max: LEARNED_SIZE });
  private names: Names;

  constructor(options: ClassifierOptions) {
    const max = options.cacheSize ?? DEFAULT_CACHE_SIZE;
    // Bound by length too: applications that write values into their statements make an endless number of long ones.
    const maxSize = max * CHARACTERS_PER_TEXT;
    this.known = new LRUCache({ max, maxSize, sizeCalculation: (_intent, sql) => sql.length + 1 });
    this.names = new Names(options.functions ?? builtinCatalogue(), judgeHidden);
  }

  classify(sql: string): Intent {
    const known = this.known.get(sql);
    if (known !== undefined) return known;
    const intent = this.learnedOf(sql, this.judge(sql));
    this.known.set(sql, intent);
    return intent;
  }

  learn(sql: string, reason: string): void {
    // It was taken for a read and is none, so what it does to a session is not known either.
    this.learned.set(shapeOf(sql), primary(reason, BINDS));
    // Others of the same shape may be known as reads by their own text.
    this.known.clear();
  }

  use(functions: FunctionCatalogue): void {
    this.names = new Names(functions, judgeHidden);
    this.known.clear();
  }

  private judge(sql: string): Intent {
    const unread = unreadable(sql);
    if (unread !== undefined) return unread.intent;
    try {
      return hinted(judgeText(sql, this.names), hintIn(sql));
    } catch {
      return NOT_UNDERSTOOD.intent;
    }
  }

  private learnedOf(sql: string, intent: Intent): Intent {
    if (this.learned.size === 0 || intent.target === 'primary') return intent;
    return this.learned.get(shapeOf(sql)) ?? intent;
  }
}

/** What is not given to the parser, for being too much or nothing. */
function unreadable(sql: string): Finding | undefined {
  if (sql.length > LONGEST) return unread(sql, 'too long to analyse');
  return tooDeep(sql) ? unread(sql, 'too deep to analyse') : undefined;
}

/** Bulk inserts are long; they need not have the catalogue looked at each time. */
function unread(sql: string, reason: string): Finding {
  return certain(reason, DEFINING.test(sql) ? ANYTHING : BINDS);
}

/** The caller's word about a finding. To keep a statement on the primary is always his right; to let it go, if nothing certain speaks against it. */
function hinted(finding: Finding | undefined, hint: Target | undefined): Intent {
  if (finding === undefined) return hint === 'primary' ? HINTED : READS;
  const { intent, arguable } = finding;
  if (hint === undefined) return intent;
  if (hint === 'replica') return arguable ? PROMISED : intent;
  const session = intent.session === 'begin read only' ? 'begin' : intent.session;
  return primary(HINTED.reason, { session, ddl: intent.ddl });
}

/** What speaks against running all statements of a text on a standby. Throws when it cannot be parsed. */
function judgeText(sql: string, names: Names): Finding | undefined {
  // The parser would stop at a NUL and judge what is before it.
  if (sql.includes('\0')) return NOT_UNDERSTOOD;
  if (sql === '') return EMPTY;
  const statements = parseSync(sql).stmts ?? [];
  if (statements.length === 0) return EMPTY;
  let found: Finding | undefined;
  for (const { stmt } of statements) {
    const finding = judgeStatement(stmt as Tree, names);
    found = both(found, statements.length > 1 ? amongOthers(finding) : finding);
  }
  return found;
}

/** Of several statements in one text nobody tells which one an effect comes after: whatever it is, it binds. */
function amongOthers(finding: Finding | undefined): Finding | undefined {
  if (finding?.intent.session === undefined || finding.intent.session === 'binds') return finding;
  return { ...finding, intent: primary(finding.intent.reason, { ...finding.intent, session: 'binds' }) };
}

/** As {@link judgeText}, for what the catalogue holds: a text of the server's that we cannot read is no proof. */
function judgeHidden(sql: string, names: Names): Finding | undefined {
  try {
    return unreadable(sql) ?? judgeText(sql, names);
  } catch {
    return NOT_UNDERSTOOD;
  }
}

/** The same for statements that differ in constants, comments and white space only. */
function shapeOf(sql: string): string {
  try {
    return fingerprintSync(sql);
  } catch {
    return sql;
  }
}
