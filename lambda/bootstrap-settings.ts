import { z } from 'zod';
import { InvalidConfigError } from '../lib/errors';
import { formatProblems, problemsOf } from '../lib/problems';
import { ROLE_KINDS, type RoleKind } from '../lib/roles';

/** A PostgreSQL role that the bootstrap makes. */
export interface RoleToMake {
  readonly name: string;
  /** `proxy` logs in with the password in a secret, each other with IAM. */
  readonly kind: RoleKind;
  /** Of `proxy`: ARN of its secret. */
  readonly secretArn?: string;
}

/** What the bootstrap is told by the deployment. */
export interface BootstrapSettings {
  /** Where the primary listens. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly region?: string;
  /** `disable` is for local fleets. */
  readonly tls: 'verify-full' | 'disable';
  /** ARN of the master user's secret. */
  readonly masterSecretArn: string;
  /**
   * Where to call Secrets Manager.
   * @default - its usual name in the region
   */
  readonly secretsEndpoint?: string;
  readonly roles: readonly RoleToMake[];
}

const SOURCE = 'environment variable READFLEET_BOOTSTRAP';

const word = z.string().min(1);
const schema: z.ZodType<BootstrapSettings> = z.object({
  host: word,
  port: z.int().min(1).max(65_535),
  database: word,
  region: word.optional(),
  tls: z.enum(['verify-full', 'disable']),
  masterSecretArn: word,
  secretsEndpoint: word.optional(),
  roles: z.array(
    z
      .object({ name: word, kind: z.enum(ROLE_KINDS), secretArn: word.optional() })
      .refine(
        (role) => role.kind !== 'proxy' || role.secretArn !== undefined,
        'A role of kind proxy needs a secretArn.',
      ),
  ),
});

/** @throws InvalidConfigError `READFLEET_BOOTSTRAP_SETTINGS`, with every problem at once */
export function parseSettings(text: string | undefined): BootstrapSettings {
  const document = parseJson(text);
  const result = schema.safeParse(document);
  if (result.success) return result.data;
  const problems = problemsOf(result.error, document, 'READFLEET_BOOTSTRAP_SETTINGS');
  throw new InvalidConfigError('READFLEET_BOOTSTRAP_SETTINGS', formatProblems(SOURCE, problems), problems);
}

function parseJson(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `${SOURCE}: not JSON: ${(cause as Error).message}`;
    throw new InvalidConfigError('READFLEET_BOOTSTRAP_SETTINGS', message, []);
  }
}
