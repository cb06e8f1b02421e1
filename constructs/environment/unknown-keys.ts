import type { z } from 'zod';
import type { Problem } from '../../lib/problems';
import { suggestion } from '../nearest';

/** Properties that people expect and that cannot be, with the reason. `*` stands for any name. */
const REFUSED: readonly { readonly path: string; readonly problem: Omit<Problem, 'path' | 'got'> }[] = [
  {
    path: 'proxy.readEndpoint',
    problem: {
      code: 'READFLEET_PROXY_READ_ON_INSTANCES',
      message: 'RDS Proxy cannot read from DB-instance replicas: AWS attaches a proxy to the writer only.',
      fix: 'Use topology "multi-az-cluster" or "aurora", or drop proxy.readEndpoint and use readName.',
    },
  },
  {
    path: 'readName',
    problem: {
      code: 'READFLEET_READ_NAME_ON_CLUSTER',
      message: 'AWS gives a cluster a name over its readers, which the contract and the parameter "reader" have.',
      fix: 'Drop readName.',
    },
  },
  ...['instanceClass', 'engineMajor', 'storage', 'parameters', 'securityGroupIds', 'multiAz', 'kmsKeyId'].map(
    (key) => ({
      path: `replicas.*.${key}`,
      problem: {
        code: 'READFLEET_REPLICA_PARITY',
        message: 'A replica takes it from the primary: one that differs falls behind, or cannot be promoted.',
        fix: `Set ${key === 'securityGroupIds' ? 'access' : 'database'}.${key} for all members, or drop it here.`,
      },
    }),
  ),
  {
    path: 'database.autoMinorVersionUpgrade',
    problem: {
      code: 'READFLEET_CLUSTER_UPGRADES',
      message: 'The provider has no word for it on a Multi-AZ cluster: AWS installs minor versions there.',
      fix: 'Drop it. To turn it off, use `aws rds modify-db-cluster --no-auto-minor-version-upgrade` after deployment.',
    },
  },
  {
    path: 'promoted.*.zone',
    problem: {
      code: 'READFLEET_PROMOTED_PLACE',
      message: 'A promoted replica stays where it is: another zone would mean another instance.',
      fix: 'Write { irreversible: true } alone.',
    },
  },
  ...['manageMasterUserPassword', 'masterPassword', 'password'].map((key) => ({
    path: `database.${key}`,
    problem: {
      code: 'READFLEET_PASSWORD',
      message:
        'The master password is made at deployment and stands in no file; AWS manages none where there are replicas.',
      fix: 'Drop it. Raise database.masterPasswordVersion to have a new one made.',
    },
  })),
];

/** One problem per key that the schema does not know, each with what was most likely meant. */
export function unknownKeyProblems(
  schema: z.core.$ZodType,
  issue: z.core.$ZodIssueUnrecognizedKeys,
  input: unknown,
): Problem[] {
  const parent = issue.path.map(String);
  const object = parent.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], input);
  const known = knownKeys(schema, parent, input);
  return issue.keys.map((key) => {
    const path = [...parent, key];
    const got = (object as Record<string, unknown> | undefined)?.[key];
    return {
      path: path.join('.'),
      got,
      ...(refusal(path) ?? {
        code: 'READFLEET_UNKNOWN_KEY',
        message: 'There is no such property.',
        fix: suggestion(key, known),
      }),
    };
  });
}

function refusal(path: readonly string[]): Omit<Problem, 'path' | 'got'> | undefined {
  return REFUSED.find((refused) => {
    const parts = refused.path.split('.');
    return parts.length === path.length && parts.every((part, index) => part === '*' || part === path[index]);
  })?.problem;
}

/** The properties that the schema has at `path`. Of a union, those of the variant that the value names. */
function knownKeys(schema: z.core.$ZodType, path: readonly string[], value: unknown): readonly string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const [key, ...rest] = path;
  const inner = key === undefined ? undefined : (value as Record<string, unknown> | undefined)?.[key];
  switch (def.type) {
    case 'optional':
      return knownKeys(def.innerType, path, value);
    case 'object': {
      const next = key === undefined ? undefined : def.shape[key];
      return key === undefined ? Object.keys(def.shape) : next ? knownKeys(next, rest, inner) : [];
    }
    case 'record':
      return key === undefined ? [] : knownKeys(def.valueType, rest, inner);
    case 'union': {
      const { discriminator } = def as z.core.$ZodDiscriminatedUnionDef;
      const wanted = (value as Record<string, unknown> | undefined)?.[discriminator];
      const option = def.options.find((candidate) =>
        candidate._zod.propValues?.[discriminator]?.has(wanted as z.core.util.Primitive),
      );
      return option ? knownKeys(option, path, value) : [];
    }
    default:
      return [];
  }
}
