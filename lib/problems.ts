import type { z } from 'zod';

/** One thing wrong with a document that a person wrote, told so that they can mend it. */
export interface Problem {
  /** Stable: tests, suppressions and searches hold on to it. */
  readonly code: string;
  /** Where, in the words of the document: `replicas.blue.zone`. */
  readonly path: string;
  /** What stood there. */
  readonly got: unknown;
  /** What is wrong, and why AWS, PostgreSQL or readfleet refuses it. */
  readonly message: string;
  /** What to write instead. */
  readonly fix?: string;
}

/**
 * All problems of one document as a text for a terminal.
 *
 * @param source what was read, e.g. `environments/production.ts`
 */
export function formatProblems(source: string, problems: readonly Problem[]): string {
  const lines = [`${source}: ${problems.length} problem${problems.length === 1 ? '' : 's'}`];
  for (const problem of problems) {
    lines.push(
      `  ${problem.code}  ${problem.path || '(the document)'}  got: ${show(problem.path, problem.got)}`,
      `    ${problem.message}`,
    );
    if (problem.fix) lines.push(`    ${problem.fix}`);
  }
  return lines.join('\n');
}

/** What `params` of a custom zod issue may carry, to give it a code and a fix of its own. */
export interface IssueParams {
  readonly code: string;
  readonly fix?: string;
  /** Where the issue is told of a value other than the one at its path. */
  readonly got?: unknown;
}

/**
 * Zod's issues in our form.
 *
 * @param input what was parsed, to show the value that was refused
 * @param code  for issues that carry none of their own
 */
export function problemsOf(error: z.ZodError, input: unknown, code: string): Problem[] {
  return error.issues.map((issue) => {
    const params = (issue.code === 'custom' ? issue.params : undefined) as IssueParams | undefined;
    const got = params && 'got' in params ? params.got : valueAt(input, issue.path);
    return {
      code: params?.code ?? code,
      path: pathText(issue.path),
      got,
      message: got === undefined && !params ? 'It is missing.' : issue.message,
      ...(params?.fix ? { fix: params.fix } : {}),
    };
  });
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key)),
    '',
  );
}

const SECRET_KEY = /password|secret|token/i;

/** Short, and with nothing that looks like a password. */
function show(path: string, value: unknown): string {
  if (value === undefined) return 'nothing';
  if (SECRET_KEY.test(path) && typeof value === 'string') return '(hidden)';
  const text = asText(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

function asText(value: unknown): string {
  // JSON knows neither NaN nor Infinity.
  if (typeof value === 'number') return String(value);
  try {
    return JSON.stringify(value, (key, inner) => (SECRET_KEY.test(key) ? '(hidden)' : inner)) ?? String(value);
  } catch {
    // A bigint, a circle, an object that throws when it is looked at: a problem with it must be told all the same.
    return `(a value of type ${typeof value})`;
  }
}
