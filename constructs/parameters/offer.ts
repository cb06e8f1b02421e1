import { suggestion } from '../nearest';
import { entryOf, PARAMETER_NAMES, type ParameterTarget, specFor } from './catalogue';
import { type Refused, refused } from './refusal';
import type { CatalogueEntry, FixedBecause, Flavour, ParameterSpec } from './spec';

const BECAUSE: Readonly<Record<FixedBecause, string>> = {
  'built-in': 'PostgreSQL was built or initialised with it.',
  files: 'RDS chooses where the server listens and where its files are.',
  recovery: 'RDS archives, recovers and replicates by itself.',
  logs: 'RDS collects the logs in a form of its own.',
  safety: 'RDS keeps what guards the data and the service.',
  developers: 'It is for developers of PostgreSQL, and RDS does not offer it.',
};

const ENGINES = { rds: 'RDS for PostgreSQL', aurora: 'Aurora PostgreSQL' } as const;

/** What of this name can be set there, or why nothing can. */
export function offered(name: string, target: ParameterTarget): { readonly spec: ParameterSpec } | Refused {
  const entry = entryOf(name);
  if (!entry) return unknown(name);
  if (entry.type === 'fixed') return fixed(entry);
  return (
    wrongMajor(entry, target.engineMajor) ?? wrongFlavour(entry, target.flavour) ?? { spec: specFor(entry, target) }
  );
}

function unknown(name: string) {
  const near = suggestion(name, PARAMETER_NAMES);
  return refused(
    'READFLEET_PARAMETER_UNKNOWN',
    'The catalogue of parameters has no such name.',
    `${near.startsWith('Did') ? `${near} ` : ''}Set it with custom() when RDS has it.`,
  );
}

function fixed({ because, instead }: Extract<CatalogueEntry, { type: 'fixed' }>) {
  return refused(
    'READFLEET_PARAMETER_FIXED',
    `AWS refuses to set it: ${BECAUSE[because]}`,
    instead ? `Drop it, and set ${instead}.` : 'Drop it.',
  );
}

function wrongMajor({ since, until }: ParameterSpec, major: number | undefined) {
  if (major === undefined) return undefined;
  if (since !== undefined && major < since) {
    return refused(
      'READFLEET_PARAMETER_MAJOR',
      `PostgreSQL has it since ${since}, and the engine is ${major}.`,
      `Drop it, or set engineMajor to ${since} or later.`,
    );
  }
  if (until !== undefined && major > until) {
    return refused(
      'READFLEET_PARAMETER_MAJOR',
      `PostgreSQL had it until ${until}, and the engine is ${major}.`,
      'Drop it.',
    );
  }
  return undefined;
}

function wrongFlavour({ only }: ParameterSpec, flavour: Flavour | undefined) {
  if (only === undefined || flavour === undefined) return undefined;
  const engine = flavour === 'aurora' ? 'aurora' : 'rds';
  if (engine === only) return undefined;
  return refused(
    'READFLEET_PARAMETER_FLAVOUR',
    `${ENGINES[engine]} does not let it be set; ${ENGINES[only]} does.`,
    'Drop it, or set it with custom() when AWS has added it since.',
  );
}
