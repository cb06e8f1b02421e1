import { type ParseArgsConfig, parseArgs } from 'node:util';
import { suggest } from './suggest';
import { UsageError } from './usage-error';

export type Options = NonNullable<ParseArgsConfig['options']>;

/** Arguments of a command, as `node:util` types them. */
export type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>;

/**
 * @param takes what may stand beside the options, e.g. `['file', 'other file']`; none by default
 * @throws UsageError with what was probably meant
 */
export function readArgs<O extends Options>(
  args: readonly string[],
  options: O,
  takes: readonly string[] = [],
): Parsed<O> {
  const parsed = parse(args, options);
  const extra = parsed.positionals[takes.length];
  if (extra !== undefined) {
    throw new UsageError(
      takes.length === 0
        ? `It takes options only, got: ${extra}`
        : `It takes no more than ${takes.map((name) => `<${name}>`).join(' ')}, got: ${extra}`,
    );
  }
  return parsed;
}

/**
 * A whole number that an option was given.
 *
 * @throws UsageError
 */
export function wholeNumber(
  option: string,
  text: string | undefined,
  fallback: number,
  min = 1,
  max = 100_000,
): number {
  if (text === undefined) return fallback;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`--${option} must be a whole number, ${min} to ${max}, got: ${text}`);
}

function parse<O extends Options>(args: readonly string[], options: O): Parsed<O> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const unknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? /'(--?[^']*)'/.exec(message)?.[1] : undefined;
    // Its message ends with advice on how to write an argument that begins with a hyphen: nobody here takes one.
    if (unknown === undefined) throw new UsageError(message.split(/\.\s/)[0] ?? message);
    const meant = suggest(unknown.replace(/^-+/, ''), Object.keys(options));
    throw new UsageError(`There is no option ${unknown}.${meant === undefined ? '' : ` Did you mean --${meant}?`}`);
  }
}
