/** What Terraform says about a configuration, in the form of its `-json` output. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  /** The resource it is about: `aws_db_instance.primary`. */
  readonly address?: string;
  readonly range?: { readonly file: string; readonly line: number };
  /** The part of the configuration it is in: `resource.aws_db_instance.primary`. */
  readonly context?: string;
  /** The line it points at. */
  readonly code?: string;
}

/** Finds the path of the construct that made a resource: `production/Replica/Instance`. */
export type ConstructPath = (address: string) => string | undefined;

/**
 * The diagnostics in the output of a Terraform command that ran with `-json`: one document (`validate`) or one message
 * per line (`init`, `plan`, `apply`). Lines that are no JSON are passed over.
 */
export function diagnosticsIn(output: string): Diagnostic[] {
  const document = parse(output);
  if (document && Array.isArray(document.diagnostics)) return document.diagnostics.flatMap(diagnostic);
  return output.split('\n').flatMap((line) => {
    const message = parse(line);
    return message?.type === 'diagnostic' ? diagnostic(message.diagnostic) : [];
  });
}

/** Diagnostics as a text for a terminal, errors first. */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  constructPath: ConstructPath = () => undefined,
): string {
  const errorsFirst = [...diagnostics].sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
  return errorsFirst.map((one) => format(one, constructPath)).join('\n');
}

function format(one: Diagnostic, constructPath: ConstructPath): string {
  const address = one.address ?? addressIn(one.context);
  const path = address && constructPath(address);
  const where = [
    address,
    path && `construct ${path}`,
    one.range && `${one.range.file}:${one.range.line}`,
    one.code?.trim(),
  ].filter(Boolean);
  const lines = [`${one.severity === 'error' ? 'Error' : 'Warning'}: ${one.summary}`];
  if (where.length > 0) lines.push(`  ${where.join('  ')}`);
  // Terraform wraps its text to the width of a terminal that we are not; its paragraphs are kept.
  if (one.detail)
    lines.push(
      ...one.detail
        .trim()
        .split('\n')
        .map((line) => `    ${line}`.trimEnd()),
    );
  return lines.join('\n');
}

/** `resource.aws_db_instance.primary` names the resource `aws_db_instance.primary`. */
function addressIn(context: string | undefined): string | undefined {
  return context?.startsWith('resource.') ? context.slice('resource.'.length) : undefined;
}

function diagnostic(value: unknown): Diagnostic[] {
  if (typeof value !== 'object' || value === null) return [];
  const raw = value as {
    severity?: unknown;
    summary?: unknown;
    detail?: unknown;
    address?: unknown;
    range?: { filename?: unknown; start?: { line?: unknown } };
    snippet?: { context?: unknown; code?: unknown };
  };
  if (typeof raw.summary !== 'string') return [];
  return [
    {
      severity: raw.severity === 'warning' ? 'warning' : 'error',
      summary: raw.summary,
      detail: text(raw.detail) ?? '',
      ...defined('address', text(raw.address)),
      ...defined('context', text(raw.snippet?.context)),
      ...defined('code', text(raw.snippet?.code)),
      ...(raw.range
        ? { range: { file: text(raw.range.filename) ?? '', line: Number(raw.range.start?.line ?? 0) } }
        : {}),
    },
  ];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function defined<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, string>);
}

function parse(json: string): Record<string, unknown> | undefined {
  if (!json.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
