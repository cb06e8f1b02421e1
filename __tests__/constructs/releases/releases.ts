import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../../constructs';
import { loadEnvironments } from '../../../environments';
import type { Attributes } from '../support/synth';

/** A stack as a release synthesised it. */
export interface ReleasedStack {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
}

/** Releases whose environments are kept, oldest first: see keep.ts. */
export function releases(): string[] {
  return readdirSync(__dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** The environments of a release, checked by today's code. */
export function environmentsOf(release: string): Environment[] {
  return loadEnvironments(join(__dirname, release, 'environments')).map(({ environment }) => environment);
}

/** What the release made of one of its environments. */
export function stackOf(release: string, name: string): ReleasedStack {
  return JSON.parse(readFileSync(join(__dirname, release, 'stacks', `${name}.json`), 'utf8')) as ReleasedStack;
}
