import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Testing } from 'cdktf';

let shared: string | undefined;

/**
 * An app for a test. Where no folder is named, all apps of a test file share one, which goes when its tests are done: cdktf's own way
 * leaves a folder behind for each app.
 */
export function testApp(outdir: string = sharedFolder()): App {
  return Testing.app({ stackTraces: false, outdir });
}

function sharedFolder(): string {
  shared ??= mkdtempSync(join(tmpdir(), 'readfleet-synth-'));
  return shared;
}

// A script that a test starts has no hooks, and names its folder itself.
if (typeof afterAll === 'function') {
  afterAll(() => {
    if (shared !== undefined) rmSync(shared, { recursive: true, force: true });
  });
}
