import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FleetContract } from '../../lib';

/** A folder for the tests of one file, gone with them. */
export function folder(): { readonly path: string; write(name: string, content: unknown): string } {
  const place = mkdtempSync(path.join(tmpdir(), 'readfleet-cli-'));
  afterAll(() => rmSync(place, { recursive: true, force: true }));
  return {
    path: place,
    write(name, content) {
      const file = path.join(place, name);
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
      return file;
    },
  };
}

export const CONTRACT: FleetContract = {
  version: 1,
  fleet: 'orders',
  environment: 'test',
  topology: 'instances',
  engine: { major: 18 },
  database: 'orders',
  auth: { kind: 'password', user: 'app', password: 'open sesame' },
  tls: 'disable',
  writer: { name: 'primary', host: '127.0.0.1', port: 5432 },
  readers: [
    { name: 'blue', host: '127.0.0.1', port: 5433 },
    { name: 'green', host: '127.0.0.1', port: 5434 },
  ],
  lag: { warningSeconds: 1, criticalSeconds: 5 },
};

export const DEPLOYED: FleetContract = {
  ...CONTRACT,
  region: 'eu-central-1',
  auth: { kind: 'iam', user: 'app' },
  tls: 'verify-full',
};
